import { TokenTransport } from '../../src';
import { Browser, ORIGIN } from './support/browser';
import { claimsOf } from './support/keys';
import type { Service } from './support/service';
import { PASSWORD, startService, stopServices, UNTHROTTLED } from './support/service';

afterAll(stopServices);

describe('session fixation', () => {
  let service: Service;

  beforeAll(async () => {
    service = await startService({
      ...UNTHROTTLED, abuse: { registrationsPerHour: 1000 }, webApp: { origins: [ORIGIN] }, tokens: { transport: TokenTransport.both() },
    });
  });

  afterEach(() => service.instance.faults.remove());

  const login = (browser: Browser, email: string, password = PASSWORD) => browser.post('/login', { email, password });
  const sidOf = (refreshToken: string) => refreshToken.split('.')[2];
  const replaced = () => service.audit('session_ended').filter(({ reason }) => reason === 'replaced_by_login');

  test('SE-13 T43 a login in a browser ends the session that the browser was in', async () => {
    const { email, uid } = await service.register();
    const browser = new Browser(service);
    const first = (await login(browser, email)).body.access_token;
    const old = browser.jar.get('rt')!;
    const before = replaced().length;
    const second = (await login(browser, email)).body.access_token;
    expect(sidOf(browser.jar.get('rt')!)).not.toBe(sidOf(old));
    expect((await service.me(first)).status).toBe(401);
    expect((await service.refresh(old)).body.code).toBe('session_revoked');
    expect((await service.me(second)).body.sub).toBe(uid);
    expect((await browser.post('/token/refresh')).status).toBe(200);
    expect(replaced().slice(before)).toMatchObject([{ uid }]);
    const { sessions } = (await service.call('GET', '/me/sessions', { bearer: second })).body;
    expect(sessions.map(({ sid }: { sid: string }) => sid)).toEqual([claimsOf(second).sid]);
  });

  test('SE-13 T43 a planted cookie of the attacker gives neither of them the other session', async () => {
    const attacker = await service.newUser();
    const victim = await service.register();
    const browser = new Browser(service);
    browser.jar.set('rt', attacker.refresh_token);
    const { access_token: token } = (await login(browser, victim.email)).body;
    expect(claimsOf(token)).toMatchObject({ sub: victim.uid });
    expect([claimsOf(token).sid, sidOf(browser.jar.get('rt')!)]).toEqual(Array(2).fill(claimsOf(token).sid));
    expect(claimsOf(token).sid).not.toBe(sidOf(attacker.refresh_token));
    // What the attacker holds is worth nothing.
    expect((await service.refresh(attacker.refresh_token)).body.code).toBe('session_revoked');
    expect((await service.me(attacker.access_token)).status).toBe(401);
  });

  test('SE-13 T47 a forged cookie, one of nobody and a login that fails end nothing', async () => {
    const bystander = await service.newUser();
    const { email } = await service.register();
    const [, kv, sid] = bystander.refresh_token.split('.');
    const before = replaced().length;
    for (const cookie of [`rt1.${kv}.${sid}.0.${'A'.repeat(43)}`, 'rt1.planted', bystander.access_token, bystander.device_token]) {
      const browser = new Browser(service);
      browser.jar.set('rt', cookie);
      expect((await login(browser, email)).status).toBe(200);
    }
    const browser = new Browser(service);
    browser.jar.set('rt', bystander.refresh_token);
    expect((await login(browser, email, 'wrong horse battery staple')).status).toBe(401);
    expect(replaced().length).toBe(before);
    expect((await service.me(bystander.access_token)).status).toBe(200);
    expect((await service.refresh(bystander.refresh_token)).status).toBe(200);
  });

  test('SE-13 RS-02 a login that cannot end the old session opens no new one', async () => {
    const { email } = await service.register();
    const browser = new Browser(service);
    await login(browser, email);
    const old = browser.jar.get('rt')!;
    for (const operation of ['GetItem', 'UpdateItem']) {
      const resource = operation === 'GetItem' ? 'TablesSessions' : 'TablesRevocations';
      const fault = service.instance.faults.add({ service: 'dynamodb', operation, resource, caller: 'AuthFunctionsLogin', effect: 'deny' });
      const answer = await login(browser, email);
      expect([operation, answer.status, answer.setCookie]).toEqual([operation, 503, []]);
      expect(service.instance.faults.list().find(({ id }) => id === fault.id)?.applied).toBeGreaterThan(0);
      service.instance.faults.remove(fault.id);
    }
    expect(browser.jar.get('rt')).toBe(old);
    const { access_token: token } = (await login(browser, email)).body;
    expect((await service.call('GET', '/me/sessions', { bearer: token })).body.sessions).toHaveLength(1);
  });

  test('T19 an access token in the cookie is no session', async () => {
    const user = await service.newUser();
    for (const token of [user.access_token, user.device_token]) {
      const browser = new Browser(service);
      browser.jar.set('rt', token);
      const answer = await browser.post('/token/refresh');
      expect([answer.status, answer.body.code, answer.setCookie]).toEqual([401, 'invalid_token', []]);
      expect((await service.call('GET', '/me', { headers: { cookie: `rt=${token}` } })).status).toBe(401);
    }
  });
});

describe('clients without a browser', () => {
  let service: Service;

  beforeAll(async () => {
    service = await startService({ ...UNTHROTTLED, abuse: { registrationsPerHour: 1000 } });
  });

  test('SE-13 T43 each login makes a session of its own and takes none that a client without a browser names', async () => {
    const attacker = await service.newUser();
    const victim = await service.register();
    const { sid } = claimsOf(attacker.access_token);
    for (const extra of [{ sid }, { refresh_token: attacker.refresh_token }, { session: sid }]) {
      const answer = await service.post('/login', { email: victim.email, password: PASSWORD, ...extra });
      expect([answer.status, answer.body.code]).toEqual([400, 'validation_failed']);
    }
    const answer = await service.post('/login', { email: victim.email, password: PASSWORD }, {
      headers: { cookie: `rt=${attacker.refresh_token}; __Host-rt=${attacker.refresh_token}; sid=${sid}` },
    });
    expect(answer.status).toBe(200);
    expect(claimsOf(answer.body.access_token)).toMatchObject({ sub: victim.uid });
    expect(claimsOf(answer.body.access_token).sid).not.toBe(sid);
    expect((await service.me(attacker.access_token)).body.sub).toBe(attacker.uid);
  });
});
