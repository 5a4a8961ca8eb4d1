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

const verdict = (transport: TokenTransport, given: Given, use: CookieUse = 'session'): string => {
  try {
    policy(transport).admit(request(given), use);
    return 'admitted';
  } catch (error) {
    return `${(error as AuthError).code} ${(error as AuthError).reason}`;
  }
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
      expect(verdict(transport, { headers: { ...good, origin } })).toBe('origin_refused origin_not_allowed');
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

  test('without origins no browser is let in', () => {
    expect(() => policy('body', []).admit(request({ headers: good }), 'session')).toThrow('origin_refused');
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
    expect({ ...parseCookies(' a=1;b = 2 ;c; =x;a=3; __proto__=4;d=e=f') }).toEqual(Object.assign(Object.create(null), { a: '1', b: '2', d: 'e=f', ['__proto__']: '4' }));
    expect({ ...parseCookies(undefined) }).toEqual({});
  });
});
