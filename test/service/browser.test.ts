import { Routes } from '../../src/contract/routes';
import { TokenTransport } from '../../src';
import type { Browser } from './support/browser';
import { FOREIGN_ORIGINS, loggedIn, ORIGIN, parseSetCookie, SECOND_ORIGIN, SECURITY_HEADERS } from './support/browser';
import type { Answer, CallOptions } from './support/client';
import { testOnlyBehind } from './support/front';
import { sendRaw } from './support/raw';
import type { Service } from './support/service';
import { PASSWORD, startService, stopServices, UNTHROTTLED } from './support/service';
import { Tables } from './support/tables';

afterAll(stopServices);

const WEB = { ...UNTHROTTLED, webApp: { origins: [ORIGIN, SECOND_ORIGIN] }, abuse: { registrationsPerHour: 1000, attemptsPerHour: 100 } };
const NO_SESSION = '/me/sessions/AAAAAAAAAAAAAAAAAAAAAA';

const generation = (browser: Browser) => Number(browser.jar.get('rt')!.split('.')[3]);
const claims = (token: string) => JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString('utf8'));

describe('cookie transport', () => {
  let service: Service;

  beforeAll(async () => {
    service = await startService(WEB);
  });

  afterEach(() => {
    service.instance.faults.remove();
  });

  test('WB-02 the journey of a browser: the refresh token is in the cookie and in no body', async () => {
    const { browser, email, bearer } = await loggedIn(service);
    expect([...browser.jar.keys()].sort()).toEqual(['dt', 'rt']);
    const bodies: string[] = [];
    let answer = await browser.post('/token/refresh', {});
    bodies.push(answer.text);
    expect([answer.status, generation(browser)]).toEqual([200, 1]);
    answer = await browser.send('GET', '/me', { bearer: answer.body.access_token });
    expect([answer.status, answer.body.email]).toEqual([200, email]);
    answer = await browser.post('/me/password', { current_password: PASSWORD, new_password: `${PASSWORD} again` }, { bearer });
    bodies.push(answer.text);
    expect([answer.status, generation(browser)]).toEqual([200, 0]);
    answer = await browser.post('/token/refresh');
    bodies.push(answer.text);
    expect([answer.status, generation(browser)]).toEqual([200, 1]);
    for (const body of bodies) expect(body).not.toMatch(/rt1\.|dt[12]\.|refresh_token|device_token/);
    // AND a token in the body is none of the browser's ways
    expect((await browser.post('/token/refresh', { refresh_token: browser.jar.get('rt') })).status).toBe(400);
    const last = browser.jar.get('rt');
    expect((await browser.post('/logout')).status).toBe(204);
    expect([...browser.jar.keys()]).toEqual(['dt']);
    expect((await browser.post('/token/refresh', {}, { headers: { cookie: `rt=${last}` } })).body.code).toBe('session_revoked');
    expect((await browser.send('GET', '/me', { bearer: answer.body.access_token })).status).toBe(401);
  });

  test('SE-06 WB-01 Max-Age is what remains of the session', async () => {
    const { browser } = await loggedIn(service);
    // 14 days without a refresh, and never beyond 30 days.
    for (const left of [14, 10]) {
      service.advance(10 * 86_400);
      const answer = await browser.post('/token/refresh');
      const { attributes } = parseSetCookie(answer.setCookie[0]!);
      expect(Number(attributes['max-age'])).toBe(answer.body.refresh_expires_in);
      expect(Math.abs(Number(attributes['max-age']) - left * 86_400)).toBeLessThan(60);
    }
  });

  test('SE-13 a login takes over no session that the browser brought along', async () => {
    const { browser, email } = await loggedIn(service);
    const before = browser.jar.get('rt')!.split('.')[2];
    expect((await browser.post('/login', { email, password: PASSWORD })).status).toBe(200);
    expect(browser.jar.get('rt')!.split('.')[2]).not.toBe(before);
    const planted = await browser.post('/login', { email, password: PASSWORD }, { headers: { cookie: 'rt=rt1.planted.AAAAAAAAAAAAAAAAAAAAAA.0.x' } });
    expect(planted.status).toBe(200);
    expect(browser.jar.get('rt')).not.toContain('planted');
  });

  test('T23 WB-03 what another site can cause is refused, rotates nothing, opens nothing and sets no cookie', async () => {
    const { browser, email, bearer } = await loggedIn(service);
    const newcomer = service.newEmail();
    const bodies: Record<string, object> = {
      '/token/refresh': {}, '/logout': {}, '/login': { email, password: PASSWORD }, '/register': { email: newcomer, password: PASSWORD },
      '/logout/all': {}, '/me/password': { current_password: PASSWORD, new_password: `${PASSWORD} forged` },
    };
    const logins = service.audit('login_succeeded').length;
    const { cookie } = browser;
    const good = { 'origin': ORIGIN, 'x-csrf-protection': '1', cookie };
    const form = 'application/x-www-form-urlencoded';
    const why = (forgery: string) => (forgery.startsWith('no origin') ? /no Origin header/ : /(no|empty) custom header|form of the app|without header/.test(forgery) ? /no header x-csrf/ : /not one of those|more than one Origin/);
    for (const [route, body] of Object.entries(bodies)) {
      const json = JSON.stringify(body);
      const guarded = ['/logout/all', '/me/password'].includes(route) ? { bearer } : {};
      const forgeries: [string, number, CallOptions][] = [
        ['no origin', 403, { headers: { cookie, 'x-csrf-protection': '1' }, body }],
        ['no origin, as a navigation', 403, { headers: { cookie, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }, body }],
        ...FOREIGN_ORIGINS.map((origin): [string, number, CallOptions] => [origin, 403, { headers: { ...good, origin }, body }]),
        ['no custom header', 403, { headers: { cookie, origin: ORIGIN }, body }],
        ['empty custom header', 403, { headers: { ...good, 'x-csrf-protection': '' }, body }],
        ['form of another site', 403, { headers: { cookie, 'origin': 'https://evil.example', 'content-type': form }, body: 'email=a&password=b' }],
        ['form of the app', 403, { headers: { cookie, 'origin': ORIGIN, 'content-type': form }, body: 'email=a&password=b' }],
        ['form with the header', 415, { headers: { ...good, 'content-type': form }, body: 'email=a&password=b' }],
        ['text/plain', 415, { headers: { ...good, 'content-type': 'text/plain' }, body: json }],
        ['text/plain without header', 403, { headers: { cookie, 'origin': ORIGIN, 'content-type': 'text/plain' }, body: json }],
        ['multipart', 415, { headers: { ...good, 'content-type': 'multipart/form-data; boundary=x' }, body: json }],
        ['JSON hidden in a list', 415, { headers: { ...good, 'content-type': 'text/plain, application/json' }, body: json }],
      ];
      for (const [name, status, options] of forgeries) {
        const answer = await service.call('POST', route, { ...guarded, ...options });
        expect([route, name, answer.status, answer.setCookie]).toEqual([route, name, status, []]);
        if (status === 403) expect(answer.body.code).toBe('origin_refused');
        if (status === 403) expect([name, answer.body.detail]).toEqual([name, expect.stringMatching(why(name))]);
      }
      for (const method of ['GET', 'HEAD', 'PUT']) {
        const answer = await service.call(method, route, { headers: good });
        expect([route, method, answer.status, answer.setCookie]).toEqual([route, method, 404, []]);
      }
    }
    // THEN nothing happened: the session is where it was, nobody logged in, nobody was registered
    expect(service.audit('login_succeeded')).toHaveLength(logins);
    expect((await service.admin({ action: 'find', email: newcomer })).users).toEqual([]);
    expect((await browser.send('GET', '/me', { bearer })).status).toBe(200);
    expect((await browser.post('/token/refresh')).status).toBe(200);
    expect(generation(browser)).toBe(1);
  });

  test('T23 WB-03 the deletion of an account needs the access token, which no other site has', async () => {
    const { browser, bearer } = await loggedIn(service);
    for (const origin of [undefined, 'https://evil.example']) {
      const headers = { cookie: browser.cookie, ...origin === undefined ? {} : { origin } };
      const body = { password: PASSWORD };
      expect((await service.call('DELETE', '/me', { headers, body })).status).toBe(401);
      expect((await service.call('DELETE', '/me', { headers, bearer, body })).status).toBe(403);
    }
    expect((await browser.send('GET', '/me', { bearer })).status).toBe(200);
  });

  test('CK-01 a cookie that a sibling subdomain planted beside ours is not taken for it, and two of ours are refused', async () => {
    const { browser } = await loggedIn(service);
    const { browser: thief } = await loggedIn(service);
    const onTheWire = (text: string) => Buffer.from(text, 'utf8').toString('latin1');
    const own = browser.jar.get('rt')!;
    const planted = thief.jar.get('rt')!;
    for (const space of ['\u00a0', '\u2000', '\u2003', '\u2028', '\u3000', '\ufeff', '\v', '\f', '\x85'].filter((each) => each > ' ')) {
      const before = generation(browser);
      const answer = await browser.post('/token/refresh', {}, { headers: { cookie: onTheWire(`${space}rt=${planted}; rt=${browser.jar.get('rt')}`) } });
      expect([JSON.stringify(space), answer.status, generation(browser)]).toEqual([JSON.stringify(space), 200, before + 1]);
      expect(browser.jar.get('rt')!.split('.')[2]).toBe(own.split('.')[2]);
    }
    for (const route of ['/token/refresh', '/logout', '/login']) {
      for (const cookie of [`rt=${planted}; rt=${browser.jar.get('rt')}`, `dt=a; rt=${planted};\tdt=b`]) {
        const answer = await browser.send('POST', route, { body: {}, headers: { cookie } });
        expect([route, cookie, answer.status, answer.body.code, answer.setCookie]).toEqual([route, cookie, 400, 'validation_failed', []]);
      }
    }
    // THEN both sessions live on, each where it was.
    expect((await browser.post('/token/refresh')).status).toBe(200);
    expect((await thief.post('/token/refresh')).status).toBe(200);
    expect(generation(thief)).toBe(1);
  });

  test('T19 WB-01 an access token in a cookie and a refresh cookie as bearer open nothing', async () => {
    const { browser, bearer } = await loggedIn(service);
    for (const cookie of [`access_token=${bearer}`, `authorization=Bearer ${bearer}`, `rt=${bearer}`]) {
      expect((await service.call('GET', '/me', { headers: { cookie } })).status).toBe(401);
    }
    expect((await browser.post('/token/refresh', {}, { headers: { cookie: `rt=${bearer}` } })).status).toBe(401);
    expect((await browser.send('GET', '/me', { bearer: browser.jar.get('rt')! })).status).toBe(401);
  });

  /** Every route, each with a success and failures of several kinds. */
  async function everyAnswer(): Promise<[string, Answer][]> {
    const answers: [string, Answer][] = [];
    const requested = new Set<string>();
    const { browser, email, bearer } = await loggedIn(service);
    const add = async (method: string, route: string, options: CallOptions = {}) => {
      requested.add(`${method} ${route.replace(/(?<=sessions\/).+/, '{sid}')}`);
      answers.push([`${method} ${route}`, await browser.send(method, route, options)]);
    };
    const post = (route: string, body: unknown, options: CallOptions = {}) => add('POST', route, { ...options, body });
    for (const route of ['/register', '/login', '/token/refresh', '/logout', '/token/revoke', '/logout/all', '/me/password']) {
      await post(route, '{', { bearer });
      await post(route, { unknown: true }, { bearer });
      await post(route, 'x'.repeat(9000), { bearer });
      await post(route, {}, { bearer, headers: { origin: 'https://evil.example' } });
      await post(route, {}, { bearer: 'x.y.z' });
    }
    const fresh = await loggedIn(service);
    for (const [name, value] of fresh.browser.jar) browser.jar.set(name, value);
    await post('/register', { email: service.newEmail(), password: PASSWORD }, { from: service.newSource() });
    await post('/register', { email, password: PASSWORD }, { from: service.newSource() });
    await post('/login', { email, password: 'not the password at all' });
    await post('/login', { email, password: PASSWORD });
    const token = answers.at(-1)![1].body.access_token as string;
    await post('/token/refresh', {});
    await post('/token/refresh', {}, { headers: { cookie: 'rt=rt1.forged' } });
    await add('GET', '/me', { bearer: token });
    await add('GET', '/me');
    await add('PATCH', '/me', { bearer: token, body: { profile: {} } });
    await add('PATCH', '/me', { bearer: token, body: { profile: { role: 'admin' } } });
    await add('GET', '/me/sessions', { bearer: token });
    await add('DELETE', NO_SESSION, { bearer: token });
    await post('/me/password', { current_password: 'not the password at all', new_password: `${PASSWORD} 2` }, { bearer: token });
    await post('/me/password', { current_password: PASSWORD, new_password: `${PASSWORD} 2` }, { bearer: token });
    const renewed = answers.at(-1)![1].body.access_token as string;
    await post('/token/revoke', { token: 'rt1.unknown' });
    await add('DELETE', `/me/sessions/${claims(renewed).sid}`, { bearer: renewed });
    await post('/login', { email, password: `${PASSWORD} 2` });
    await post('/logout/all', {}, { bearer: answers.at(-1)![1].body.access_token });
    await post('/login', { email, password: `${PASSWORD} 2` });
    await post('/logout', {});
    await post('/logout', {});
    await post('/login', { email, password: `${PASSWORD} 2` });
    await add('DELETE', '/me', { bearer: answers.at(-1)![1].body.access_token, body: { password: `${PASSWORD} 2` } });
    await add('GET', '/.well-known/jwks.json');
    await add('GET', '/.well-known/openid-configuration');
    await add('GET', '/health');
    service.instance.faults.add({ service: 'dynamodb', effect: 'error' });
    await post('/login', { email, password: PASSWORD });
    await post('/token/refresh', {}, { headers: { cookie: fresh.browser.cookie } });
    await add('GET', '/me', { bearer: fresh.bearer });
    service.instance.faults.remove();
    expect(Routes.map(({ method, path }) => `${method} ${path}`).filter((route) => !requested.has(route))).toEqual([]);
    return answers;
  }

  test('WB-01 WB-05 cookies and security headers of every route, in success, refusal and outage', async () => {
    const answers = await everyAnswer();
    const statuses = new Set(answers.map(([, { status }]) => status));
    expect([...statuses].sort()).toEqual([200, 201, 204, 400, 401, 403, 404, 409, 413, 503]);
    const set: string[] = [];
    for (const [route, answer] of answers) {
      const cached = route.includes('.well-known') ? { 'cache-control': expect.stringMatching(/^public, max-age=\d+$/) } : {};
      expect([route, answer.status, answer.headers]).toEqual([route, answer.status, expect.objectContaining({ ...SECURITY_HEADERS, ...cached })]);
      for (const text of answer.setCookie) {
        const { name, value, attributes } = parseSetCookie(text);
        set.push(`${answer.status} ${name}`);
        expect([route, name]).toEqual([route, expect.stringMatching(/^(rt|dt)$/)]);
        expect(attributes).toEqual({ 'path': '/', 'max-age': expect.stringMatching(/^\d+$/), 'httponly': true, 'samesite': 'Strict' });
        expect(Buffer.byteLength(text)).toBeLessThan(4096);
        expect(value === '').toBe(attributes['max-age'] === '0');
      }
    }
    // Cookies come with 200 (issued) and 204 (the session is gone); a logout whose session is none takes the dead cookie away.
    expect([...new Set(set)].sort()).toEqual(['200 dt', '200 rt', '204 rt', '401 rt']);
    const on401 = answers.filter(([, { status, setCookie }]) => status === 401 && setCookie.length > 0).map(([route]) => route);
    expect(new Set(on401)).toEqual(new Set(['POST /logout']));
  });

  test('WB-06 a refresh that fails leaves the cookie alone, and the session lives on when the cause is gone', async () => {
    const { browser } = await loggedIn(service);
    const refusals: [string, CallOptions, number][] = [
      ['forged', { headers: { cookie: 'rt=rt1.abcdefgh.AAAAAAAAAAAAAAAAAAAAAA.0.AAAA' } }, 401],
      ['empty', { headers: { cookie: 'rt=' } }, 401],
      ['none', { headers: { cookie: 'x=y' } }, 401],
      ['unknown member', { body: { more: 1 } }, 400],
    ];
    for (const [name, options, status] of refusals) {
      const answer = await browser.send('POST', '/token/refresh', { body: {}, ...options });
      expect([name, answer.status, answer.setCookie]).toEqual([name, status, []]);
    }
    service.instance.faults.add({ service: 'dynamodb', effect: 'error' });
    const outage = await browser.post('/token/refresh');
    expect([outage.status, outage.headers['retry-after'] !== undefined, outage.setCookie]).toEqual([503, true, []]);
    service.instance.faults.remove();
    expect((await browser.post('/token/refresh')).status).toBe(200);
    // AND even a dead session's cookie is left to the next login
    const dead = browser.jar.get('rt');
    await browser.post('/logout');
    const late = await browser.post('/token/refresh', {}, { headers: { cookie: `rt=${dead}` } });
    expect([late.status, late.setCookie]).toEqual([401, []]);
  });

  const preflight = (origin: string, path: string, method = 'POST') => service.call('OPTIONS', path.replace('{sid}', 'AAAAAAAAAAAAAAAAAAAAAA'), {
    headers: { origin, 'access-control-request-method': method, 'access-control-request-headers': 'content-type,x-csrf-protection' },
  });
  const listed = (header: string | string[] | undefined) => String(header).split(',').sort();
  const REQUEST_HEADERS = ['authorization', 'content-type', 'x-correlation-id', 'x-csrf-protection'];

  test('WB-04 preflight and request: the exact origins of the list, nothing for others', async () => {
    for (const origin of [ORIGIN, SECOND_ORIGIN, ...FOREIGN_ORIGINS]) {
      const allowed = origin === ORIGIN || origin === SECOND_ORIGIN;
      for (const { path } of Routes) {
        const answer = await preflight(origin, path);
        expect([origin, path, answer.status]).toEqual([origin, path, 204]);
        expect([origin, answer.headers['access-control-allow-origin']]).toEqual([origin, allowed ? origin : undefined]);
        expect(answer.headers['access-control-allow-credentials']).toBe(allowed ? 'true' : undefined);
        expect(answer.headers).toMatchObject(SECURITY_HEADERS);
        expect(answer.headers['access-control-allow-methods'] ?? '').not.toContain('*');
      }
      for (const answer of [await service.call('GET', '/health', { headers: { origin } }), await service.post('/login', {}, { headers: { origin, 'x-csrf-protection': '1' } })]) {
        expect([origin, answer.headers['access-control-allow-origin']]).toEqual([origin, allowed ? origin : undefined]);
        expect(answer.headers['access-control-allow-credentials']).toBe(allowed ? 'true' : undefined);
        expect(answer.headers.vary).toBe('Origin');
      }
    }
    expect(listed((await preflight(ORIGIN, '/login')).headers['access-control-allow-headers'])).toEqual(REQUEST_HEADERS);
  });

  testOnlyBehind('rest', 'each of its resources answers preflights itself')('WB-04 a preflight names the methods of its route, and that it depends on the origin', async () => {
    for (const { path } of Routes) {
      const { headers } = await preflight(ORIGIN, path);
      expect([path, listed(headers['access-control-allow-methods'])]).toEqual([path, Routes.filter((one) => one.path === path).map(({ method }) => method).sort()]);
      for (const origin of [ORIGIN, 'https://evil.example']) expect((await preflight(origin, path)).headers.vary).toBe('Origin');
    }
  });

  testOnlyBehind('http', 'one configuration answers all preflights')('WB-04 a preflight names the methods of the API to the origins of the list, and nothing to others', async () => {
    const methods = [...new Set(Routes.map(({ method }) => method))].sort();
    for (const { path } of Routes) expect(listed((await preflight(ORIGIN, path)).headers['access-control-allow-methods'])).toEqual(methods);
    const { headers } = await preflight('https://evil.example', '/login');
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
    // And what is no preflight finds no route.
    expect((await service.call('OPTIONS', '/login', { headers: { origin: ORIGIN } })).status).toBe(404);
  });

  test('RC-02 T21 no header and no absolute URI moves the issuer, the key set or the discovery document', async () => {
    const plain = (await service.call('GET', '/.well-known/openid-configuration')).body;
    const keys = (await service.call('GET', '/.well-known/jwks.json')).text;
    const { browser, email } = await loggedIn(service);
    const spoofs: Record<string, string>[] = [
      { host: 'evil.localhost' },
      { host: 'evil.localhost:443' },
      { 'x-forwarded-host': 'evil.example' },
      { 'x-forwarded-proto': 'http', 'x-forwarded-port': '81', 'x-forwarded-prefix': '/evil' },
      { forwarded: 'host=evil.example;proto=http' },
      { 'x-original-url': 'https://evil.example/', 'x-rewrite-url': '/evil', 'x-host': 'evil.example' },
    ];
    for (const headers of spoofs) {
      expect((await service.call('GET', '/.well-known/openid-configuration', { headers })).body).toEqual(plain);
      expect((await service.call('GET', '/.well-known/jwks.json', { headers })).text).toBe(keys);
      const login = await browser.post('/login', { email, password: PASSWORD }, { headers });
      expect(claims(login.body.access_token).iss).toBe(plain.issuer);
      expect(login.setCookie.join()).not.toMatch(/domain/i);
    }
    const path = new URL(`${service.url}/.well-known/openid-configuration`).pathname;
    const absolute = await sendRaw(service.url, `GET http://evil.localhost${path} HTTP/1.1\r\nHost: evil.localhost\r\nConnection: close\r\n\r\n`);
    expect(absolute.status).toBe(200);
    expect(JSON.parse(absolute.body)).toEqual(plain);
    // A name that is not the API's own does not get that far: API Gateway and CloudFront refuse it.
    expect((await service.call('GET', '/.well-known/openid-configuration', { headers: { host: 'evil.example' } })).status).toBe(403);
    expect(JSON.stringify(await new Tables(service).rows('Users'))).not.toContain('evil.');
  });
});

describe('token transport both', () => {
  let service: Service;

  beforeAll(async () => {
    service = await startService({ ...WEB, tokens: { transport: TokenTransport.both() } });
  });

  test('WB-02 WB-03 browsers use the cookie and its guards, other clients the body', async () => {
    const { browser, email } = await loggedIn(service, SECOND_ORIGIN);
    expect([...browser.jar.keys()].sort()).toEqual(['dt', 'rt']);
    const native = await service.post('/login', { email, password: PASSWORD });
    expect([native.status, native.setCookie]).toEqual([200, []]);
    expect(native.body.refresh_token).toMatch(/^rt1\./);
    const refreshed = await service.refresh(native.body.refresh_token);
    expect([refreshed.status, refreshed.setCookie]).toEqual([200, []]);
    // A cookie makes a browser of the client, whatever it leaves out.
    const cookie = browser.cookie;
    const withCookie: [string, CallOptions][] = [
      ['no origin', { headers: { cookie } }],
      ['no header', { headers: { cookie, origin: SECOND_ORIGIN } }],
      ['evil', { headers: { cookie, 'origin': 'https://evil.example', 'x-csrf-protection': '1' } }],
      ['evil, body only', { headers: { 'origin': 'https://evil.example' }, body: { refresh_token: refreshed.body.refresh_token } }],
    ];
    for (const [name, options] of withCookie) {
      const answer = await service.call('POST', '/token/refresh', { body: {}, ...options });
      expect([name, answer.status, answer.setCookie]).toEqual([name, 403, []]);
    }
    expect((await browser.post('/token/refresh')).status).toBe(200);
    expect(generation(browser)).toBe(1);
    const out = await service.post('/logout', { refresh_token: refreshed.body.refresh_token });
    expect([out.status, out.setCookie]).toEqual([204, []]);
    expect((await browser.post('/token/refresh')).status).toBe(200);
  });
});
