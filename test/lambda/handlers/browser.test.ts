import type { Service } from './service';
import { Browser, EMAIL, FRONTS, ORIGIN, PASSWORD, startService } from './service';

describe.each(FRONTS)('behind %s', (front) => {
  const start = async (transport: 'cookie' | 'both' = 'cookie', tokens = {}): Promise<{ service: Service; browser: Browser }> => {
    const service = await startService({ front, http: { transport }, tokens });
    const browser = new Browser(service);
    await browser.send({ path: '/register', body: { email: EMAIL, password: PASSWORD } });
    return { service, browser };
  };

  const login = (browser: Browser) => browser.send({ path: '/login', body: { email: EMAIL, password: PASSWORD } });

  describe('cookie transport', () => {
    test('WB-01 WB-02 the long-lived tokens travel in cookies and nowhere else', async () => {
      const { service, browser } = await start();
      const answer = await login(browser);
      expect(answer.cookies).toHaveLength(2);
      for (const cookie of answer.cookies) {
        expect(cookie).toMatch(/^__Host-(rt=[\w.-]+; Path=\/; Max-Age=1209600|dt=[\w.-]+; Path=\/; Max-Age=2592000); Secure; HttpOnly; SameSite=Strict$/);
        expect(cookie.length).toBeLessThan(4096);
      }
      expect(answer.body).not.toHaveProperty('refresh_token');
      expect(answer.body).not.toHaveProperty('device_token');
      expect(answer.headers).toMatchObject({ 'access-control-allow-origin': ORIGIN, 'access-control-allow-credentials': 'true', 'vary': 'Origin' });

      // SE-06: what remains, never more.
      service.world.clock.advance(13 * 86400);
      expect((await browser.send({ path: '/token/refresh' })).body).toMatchObject({ refresh_expires_in: 1209600 });
      service.world.clock.advance(13 * 86400);
      const refreshed = await browser.send({ path: '/token/refresh' });
      expect(refreshed.cookies).toEqual([expect.stringMatching(/^__Host-rt=rt1\.[^;]+; Path=\/; Max-Age=345600; /)]);
      expect(refreshed.body).toMatchObject({ refresh_expires_in: 345600 });
      expect(refreshed.body).not.toHaveProperty('refresh_token');
    });

    test('the device cookie makes a known device of the browser', async () => {
      const { service, browser } = await start();
      await login(browser);
      for (let n = 0; n < 12; n += 1) {
        await new Browser(service).send({ path: '/login', body: { email: EMAIL, password: 'wrong wrong wrong wrong' } });
      }
      expect((await login(new Browser(service))).status).toBe(429);
      expect((await login(browser)).status).toBe(200);
    });

    test('logout clears the refresh cookie, whatever it held, and keeps the device', async () => {
      const { browser } = await start();
      await login(browser);
      const answer = await browser.send({ path: '/logout' });
      expect(answer).toMatchObject({ status: 204, cookies: ['__Host-rt=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Strict'] });
      expect(Object.keys(browser.jar)).toEqual(['__Host-dt']);

      const garbage = await browser.send({ path: '/logout', cookies: { '__Host-rt': 'garbage' } });
      expect(garbage).toMatchObject({ status: 401, body: { code: 'invalid_token' }, cookies: [expect.stringContaining('Max-Age=0')] });
    });

    test('an outage leaves the cookie for the next try', async () => {
      const { service, browser } = await start();
      await login(browser);
      for (const path of ['/logout', '/token/refresh']) {
        service.world.calls.failAll('sessions');
        expect(await browser.send({ path })).toMatchObject({ status: 503, cookies: [] });
        service.world.calls.reset();
      }
      expect((await browser.send({ path: '/token/refresh' })).status).toBe(200);
    });

    test('what ends the session by the access token clears the cookie too', async () => {
      const { service, browser } = await start();
      const { body } = await login(browser);
      const { body: { sessions } } = await browser.send({ method: 'GET', path: '/me/sessions', bearer: body.access_token });
      expect((await browser.send({ method: 'DELETE', path: `/me/sessions/${sessions[0].sid}`, bearer: body.access_token })).cookies).toHaveLength(1);
      const again = await login(browser);
      expect((await browser.send({ path: '/logout/all', bearer: again.body.access_token })).cookies).toEqual([expect.stringMatching(/^__Host-rt=; .*Max-Age=0/)]);
      const last = await login(browser);
      const changed = await browser.send({ path: '/me/password', bearer: last.body.access_token, body: { current_password: PASSWORD, new_password: `${PASSWORD} 2` } });
      expect(changed.cookies).toEqual([expect.stringMatching(/^__Host-rt=rt1\./), expect.stringMatching(/^__Host-dt=dt2\./)]);
      expect(changed.body).not.toHaveProperty('refresh_token');
      expect((await browser.send({ method: 'DELETE', path: '/me', bearer: changed.body.access_token, body: { password: `${PASSWORD} 2` } })).cookies).toHaveLength(1);
      expect(service.world.tables.profiles.size).toBe(0);
    });
  });

  describe('WB-06 a refresh that fails never touches the cookie', () => {
    test.each([
      ['lost its race without a grace', { refreshGrace: 0 }, 0],
      ['came back too late for a lost answer', {}, 3600],
      ['came after the end', {}, 31 * 86400],
    ])('%s', async (_, tokens, seconds) => {
      const { service, browser } = await start('cookie', tokens);
      await login(browser);
      const old = browser.jar['__Host-rt']!;
      expect((await browser.send({ path: '/token/refresh' })).status).toBe(200);
      service.world.clock.advance(seconds);
      const again = () => browser.send({ path: '/token/refresh', cookies: { '__Host-rt': old } });
      expect([await again(), await again()]).toMatchObject([{ status: 401, cookies: [] }, { status: 401, cookies: [] }]);
    });

    test('no cookie, an emptied cookie, a forged cookie', async () => {
      const { service, browser } = await start();
      await login(browser);
      const jars: Record<string, string>[] = [{}, { '__Host-rt': '' }, { '__Host-rt': 'rt1.aaaaaaaa.AAAAAAAAAAAAAAAAAAAAAA.0.AAAA' }];
      for (const cookies of jars) {
        expect(await new Browser(service).send({ path: '/token/refresh', cookies })).toMatchObject({ status: 401, body: { code: 'invalid_token' }, cookies: [] });
      }
      expect(await browser.send({ path: '/token/refresh', body: { refresh_token: 'rt1' } })).toMatchObject({ status: 400, cookies: [] });
      expect((await browser.send({ path: '/token/refresh' })).status).toBe(200);
    });
  });

  describe.each(['cookie', 'both'] as const)('WB-03 T23 cross-site requests, transport %s', (transport) => {
    const json = { 'content-type': 'application/json' };
    const good = { ...json, 'origin': ORIGIN, 'x-csrf-protection': '1' };
    const attacks: [string, Record<string, string>, string | undefined, string?][] = [
      ['no Origin', { ...json, 'x-csrf-protection': '1' }, '{}'],
      ['Origin null', { ...good, origin: 'null' }, '{}'],
      ['another site', { ...good, origin: 'https://evil.example' }, '{}'],
      ['our origin as a prefix', { ...good, origin: `${ORIGIN}.evil.io` }, '{}'],
      ['a sibling subdomain', { ...good, origin: 'https://blog.example.com' }, '{}'],
      ['plain http', { ...good, origin: 'http://app.example.com' }, '{}'],
      ['text/plain', { ...good, 'content-type': 'text/plain' }, '{}'],
      ['a form', { ...good, 'content-type': 'application/x-www-form-urlencoded' }, 'a=b'],
      ['an upload', { ...good, 'content-type': 'multipart/form-data; boundary=x' }, '--x--'],
      ['no custom header', { ...json, origin: ORIGIN }, '{}'],
      ['GET', good, undefined, 'GET'],
    ];

    test.each(attacks)('%s', async (_, headers, raw, method = 'POST') => {
      const { service, browser } = await start(transport);
      await login(browser);
      const before = { ...browser.jar };
      for (const path of ['/token/refresh', '/login', '/logout', '/register']) {
        const answer = await service.send({ method, path, headers, cookies: before, ...(raw === undefined ? {} : { raw }) });
        expect([403, 404, 415]).toContain(answer.status);
        if (answer.status === 403) expect(answer.body.code).toBe('origin_refused');
        expect(answer.cookies).toEqual([]);
      }
      // Neither rotated nor ended.
      expect(service.world.tables.sessions.size).toBe(1);
      expect([...service.world.tables.sessions.values()][0]).toMatchObject({ n: 0, state: 'live' });
    });
  });

  describe('transport both', () => {
    test('browsers get cookies, other clients bodies', async () => {
      const { service, browser } = await start('both');
      expect((await login(browser)).cookies).toHaveLength(2);
      const app = await service.login();
      expect(app.refresh_token).toMatch(/^rt1\./);
      expect(await service.send({ path: '/token/refresh', body: { refresh_token: app.refresh_token } })).toMatchObject({ status: 200, cookies: [] });
    });
  });

  describe('transport body', () => {
    test('no answer sets a cookie, no request is served by one', async () => {
      const service = await startService({ front });
      const { refresh_token: token } = await service.login();
      const answer = await service.send({ path: '/token/refresh', cookies: { '__Host-rt': token }, headers: { 'origin': ORIGIN, 'x-csrf-protection': '1' } });
      expect(answer).toMatchObject({ status: 400, cookies: [] });
      expect(answer.headers).not.toHaveProperty('access-control-allow-credentials');
    });

    test('local instance: cookies without the prefix that needs https', async () => {
      const service = await startService({ front, http: { transport: 'cookie', local: true } });
      const browser = new Browser(service);
      await browser.send({ path: '/register', body: { email: EMAIL, password: PASSWORD } });
      await login(browser);
      expect(Object.keys(browser.jar).sort()).toEqual(['dt', 'rt']);
      expect((await browser.send({ path: '/token/refresh' })).status).toBe(200);
    });
  });
});
