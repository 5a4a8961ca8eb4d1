import { AuthError } from '../../../lambda/domain/errors';
import type { CookieUse, TokenTransport } from '../../../lambda/http/browser';
import { BrowserPolicy } from '../../../lambda/http/browser';
import { Cookies, parseCookies } from '../../../lambda/http/cookies';
import { toRequest } from '../../../lambda/http/request';
import type { Given } from './events';
import { restEvent } from './events';

const ORIGIN = 'https://app.example.com';
const policy = (transport: TokenTransport, origins = [ORIGIN]) => new BrowserPolicy({ origins, transport }, new Cookies(false));
const request = (given: Given) => toRequest(restEvent({ body: {}, ...given }));

const refusal = (transport: TokenTransport, given: Given, use: CookieUse = 'session', origins?: string[]): AuthError | undefined => {
  try {
    policy(transport, origins).admit(request(given), use);
    return undefined;
  } catch (error) {
    return error as AuthError;
  }
};

const verdict = (...given: Parameters<typeof refusal>): string => {
  const error = refusal(...given);
  return error ? `${error.code} ${error.reason}` : 'admitted';
};

const good = { 'origin': ORIGIN, 'x-csrf-protection': '1' };

const STRANGE_ORIGINS = [
  'null',
  'https://evil.example',
  'https://app.example.com.evil.io',
  'https://evil-app.example.com',
  'https://sibling.example.com',
  'https://example.com',
  'http://app.example.com',
  'https://app.example.com:8443',
  'https://app.example.com/',
  'HTTPS://APP.EXAMPLE.COM',
  `${ORIGIN}, https://evil.example`,
  '',
];

describe('WB-03 T23 requests that another site could have caused', () => {
  test.each(['cookie', 'both'] as const)('transport %s admits the web app', (transport) => {
    expect(verdict(transport, { headers: good, cookies: { '__Host-rt': 'x' } })).toBe('admitted');
  });

  test.each(['body', 'cookie', 'both'] as const)('transport %s refuses every strange origin', (transport) => {
    for (const origin of STRANGE_ORIGINS) {
      expect(verdict(transport, { headers: { ...good, origin } })).toBe(`origin_refused origin_${origin.includes(',') ? 'repeated' : 'not_allowed'}`);
    }
  });

  test.each(['cookie', 'both'] as const)('transport %s refuses a cookie without an origin, and an origin without the header', (transport) => {
    expect(verdict(transport, { cookies: { '__Host-rt': 'x' }, headers: { 'x-csrf-protection': '1' } })).toBe('origin_refused origin_missing');
    expect(verdict(transport, { cookies: { '__Host-dt': 'x' }, headers: { 'x-csrf-protection': '1' } })).toBe('origin_refused origin_missing');
    expect(verdict(transport, { headers: { 'sec-fetch-site': 'cross-site' } })).toBe('origin_refused origin_missing');
    expect(verdict(transport, { cookies: { '__Host-rt': 'x' }, headers: { origin: ORIGIN } })).toBe('origin_refused csrf_header_missing');
    expect(verdict(transport, { headers: { origin: ORIGIN } }, 'bearer')).toBe('origin_refused csrf_header_missing');
  });

  test('transport cookie has no other clients on the routes that open and continue sessions', () => {
    expect(verdict('cookie', {})).toBe('origin_refused origin_missing');
    expect(verdict('cookie', {}, 'bearer')).toBe('admitted');
    expect(verdict('cookie', {}, 'none')).toBe('admitted');
  });

  test('transport both lets clients that are no browsers use the body', () => {
    expect(verdict('both', {})).toBe('admitted');
    expect(policy('both').usesCookies(request({}))).toBe(false);
    expect(policy('both').usesCookies(request({ headers: good }))).toBe(true);
    expect(policy('body').usesCookies(request({ headers: good, cookies: { '__Host-rt': 'x' } }))).toBe(false);
  });

  test('WB-03 each condition is told apart by its detail', () => {
    const requests: Record<string, string>[] = [{ ...good, origin: 'https://evil.example' }, { 'x-csrf-protection': '1' }, { origin: ORIGIN }];
    const details = requests.map((headers) => refusal('cookie', { headers })?.detail);
    expect(details).toEqual([expect.stringContaining('not one of those'), expect.stringContaining('no Origin header'), expect.stringContaining('no header x-csrf-protection')]);
  });
});

describe('apps that are no pages', () => {
  const APPS = ['capacitor://localhost', 'ionic://localhost', 'chrome-extension://aaaabbbbccccddddeeeeffffgggghhhh', 'moz-extension://b8d3c1de-0000-4000-8000-000000000000'];

  test('where the team lists no origin and there are no cookies, an Origin decides nothing', () => {
    for (const origin of [...APPS, ...STRANGE_ORIGINS]) {
      const expected = origin.includes(',') ? 'origin_refused origin_repeated' : 'admitted';
      for (const use of ['session', 'bearer', 'none'] as const) expect(verdict('body', { headers: { origin } }, use, [])).toBe(expected);
    }
  });

  test('once it lists some, others are refused with every transport', () => {
    for (const transport of ['body', 'cookie', 'both'] as const) {
      for (const origin of [...APPS, 'null']) expect(verdict(transport, { headers: { ...good, origin } })).toBe('origin_refused origin_not_allowed');
    }
  });

  test.each(APPS)('%s, listed, keeps its tokens itself where there is a choice', (origin) => {
    const app = { headers: { origin, 'sec-fetch-site': 'cross-site' } };
    expect(verdict('both', app, 'session', [ORIGIN, origin])).toBe('admitted');
    expect(policy('both', [ORIGIN, origin]).usesCookies(request(app))).toBe(false);
    // Never where the team wants tokens in cookies only,
    expect(policy('cookie', [ORIGIN, origin]).usesCookies(request(app))).toBe(true);
    // and a cookie makes a browser of it.
    expect(verdict('both', { ...app, cookies: { '__Host-rt': 'x' } }, 'session', [ORIGIN, origin])).toBe('origin_refused csrf_header_missing');
    expect(policy('both', [origin]).corsHeaders(request(app))).toMatchObject({ 'access-control-allow-origin': origin });
  });
});

describe('WB-04 CORS', () => {
  test('the exact origin, never a reflection of another one', () => {
    expect(policy('cookie').corsHeaders(request({ headers: good }))).toMatchObject({
      'access-control-allow-origin': ORIGIN,
      'access-control-allow-credentials': 'true',
      'vary': 'Origin',
    });
    for (const origin of STRANGE_ORIGINS) {
      expect(policy('cookie').corsHeaders(request({ headers: { origin } }))).toEqual({ vary: 'Origin' });
    }
    expect(policy('cookie').corsHeaders(request({}))).toEqual({ vary: 'Origin' });
  });

  test('credentials only where cookies are used', () => {
    expect(policy('body').corsHeaders(request({ headers: good }))).not.toHaveProperty('access-control-allow-credentials');
  });

  test('CO-01 a public document everybody, and the pages of the list with their cookies', () => {
    expect(policy('cookie').corsHeaders(request({ headers: { origin: 'https://evil.example' } }), 'everybody'))
      .toEqual({ 'vary': 'Origin', 'access-control-allow-origin': '*', 'access-control-expose-headers': expect.stringContaining('retry-after') });
    expect(policy('cookie').corsHeaders(request({ headers: good }), 'everybody')).toEqual(policy('cookie').corsHeaders(request({ headers: good })));
    expect(policy('body', []).corsHeaders(request({}), 'everybody')).toMatchObject({ 'access-control-allow-origin': '*' });
  });

  test('nothing without origins', () => {
    expect(policy('body', []).corsHeaders(request({ headers: good }))).toEqual({});
  });
});

describe('WB-01 cookies', () => {
  test('attributes', () => {
    const cookies = new Cookies(false);
    expect(cookies.refresh('t', 99.9)).toBe('__Host-rt=t; Path=/; Max-Age=99; Secure; HttpOnly; SameSite=Strict');
    expect(cookies.device('d', -5)).toBe('__Host-dt=d; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Strict');
    expect(cookies.clearRefresh()).toBe('__Host-rt=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Strict');
  });

  test('the local instance goes without the prefix that plain http cannot have', () => {
    expect(new Cookies(true).refresh('t', 10)).toBe('rt=t; Path=/; Max-Age=10; HttpOnly; SameSite=Strict');
  });

  test('parsing', () => {
    expect({ ...parseCookies(' a=1;b = 2 ;c; =x;a=3; __proto__=4;d=e=f;\tg\t=\t5\t') })
      .toEqual(Object.assign(Object.create(null), { a: ['1', '3'], b: ['2'], d: ['e=f'], g: ['5'], ['__proto__']: ['4'] }));
    expect({ ...parseCookies(undefined) }).toEqual({});
  });

  // Every character that `trim` takes away beside SP and HTAB, and some that other parsers do.
  const SPACES = ['\u00a0', '\u1680', ...Array.from({ length: 11 }, (_, index) => String.fromCharCode(0x2000 + index)), '\u2028', '\u2029', '\u202f', '\u205f', '\u3000', '\ufeff',
    '\v', '\f', '\n', '\r', '\u0000', '\u0085', '\u180e', '\u200b', '\u00c2\u00a0', '\ufffd', '"', ',', '(', '@', '[', '{', '\\', '/'];

  test.each(SPACES.map((space) => [JSON.stringify(space), space]))('CK-01 %s is part of a name, and such a name is nobody\'s', (_, space) => {
    for (const name of [`${space}__Host-rt`, `__Host-rt${space}`, `${space} __Host-rt`, `__Host${space}-rt`]) expect({ ...parseCookies(`${name}=planted`) }).toEqual({});
    // AND the cookie that the browser itself holds is the one that counts.
    expect(parseCookies(`${space}__Host-rt=planted; __Host-rt=own`)['__Host-rt']).toEqual(['own']);
  });

  test.each(['__Host-rt', '__Host-dt'])('CK-01 %s twice: the request is refused, whatever is in it', (name) => {
    const twice = [{ cookie: `${name}=a; ${name}=b` }, { cookie: `${name}=a;\t${name} =a` }, { cookie: [`${name}=a`, `x=y; ${name}=b`] }];
    for (const headers of twice) {
      for (const use of ['session', 'bearer'] as const) {
        const error = refusal('cookie', { headers: { ...good, ...headers } }, use);
        expect([error?.code, error?.status, error?.reason, error?.detail]).toEqual(['validation_failed', 400, 'cookie_repeated', expect.stringContaining(name)]);
      }
      expect(verdict('body', { headers: { ...good, ...headers } })).toBe('admitted');
      expect(verdict('cookie', { headers: { ...good, ...headers } }, 'none')).toBe('admitted');
    }
    expect(verdict('cookie', { headers: { ...good, cookie: `${name}=a; other=1; other=2` } })).toBe('admitted');
  });

  test('CK-01 a header full of white space is read in linear time', () => {
    expect({ ...parseCookies(`${' '.repeat(200_000)}a${' \t'.repeat(200_000)}=${' '.repeat(200_000)}`) }).toEqual({ a: [''] });
  });
});
