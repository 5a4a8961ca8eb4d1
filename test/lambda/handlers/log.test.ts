import { ErrorCodes } from '../../../src/contract/error-codes';
import { Routes } from '../../../src/contract/routes';
import type { Request, Service } from './service';
import { EMAIL, PASSWORD, startService } from './service';

let service: Service;

beforeEach(async () => {
  service = await startService();
});

/** Canaries, also in the forms in which a careless log would hold them. */
function forms(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [secret, secret.toLowerCase(), bytes.toString('base64').replace(/=+$/, ''), bytes.toString('base64url'), bytes.toString('hex'), encodeURIComponent(secret)];
}

describe('LG-02 SE-02 no address, password or token in any line', () => {
  test('over all routes, taken, refused and broken', async () => {
    const email = 'Canary.Address@example.com';
    const password = 'canary password of some length';
    const newPassword = 'canary second password, longer';
    const secrets = [email, password, newPassword, 'canary-value', 'CanaryAgent', 'canary-header'];
    const headers = { 'user-agent': 'CanaryAgent/1.0', 'x-custom': 'canary-header', 'x-correlation-id': 'canary-header <b>', 'cookie': '__Host-rt=canary-value' };
    const send = (request: Request) => service.send({ ...request, headers: { ...headers, ...request.headers } });
    const keep = (body: Record<string, unknown> = {}): void => {
      for (const name of ['access_token', 'refresh_token', 'device_token']) if (typeof body[name] === 'string') secrets.push(body[name]);
    };

    const every = async (): Promise<void> => {
      await send({ path: '/register', body: { email, password, profile: { locale: 'canary-value' } } });
      await send({ path: '/login', body: { email, password: `${password}!`, device_token: 'canary-value' } });
      const session = await send({ path: '/login', body: { email, password } });
      const tokens = session.body ?? {};
      keep(tokens);
      const bearer = tokens.access_token ?? 'canary-value';
      keep((await send({ path: '/token/refresh', body: { refresh_token: tokens.refresh_token ?? 'canary-value' } })).body);
      await send({ path: '/token/refresh', body: { refresh_token: 'rt1.canary-value' } });
      await send({ path: '/token/revoke', body: { token: 'canary-value', token_type_hint: 'canary-value' } });
      await send({ path: '/logout', body: { refresh_token: 'canary-value' } });
      await send({ method: 'GET', path: '/me', bearer });
      await send({ method: 'GET', path: '/me', bearer: 'canary-value' });
      await send({ method: 'PATCH', path: '/me', bearer, body: { profile: { locale: 'canary-value', news: 'canary-value' } } });
      await send({ method: 'GET', path: '/me/sessions', bearer });
      await send({ method: 'DELETE', path: '/me/sessions/canary-value', bearer });
      await send({ path: '/me/password', bearer, body: { current_password: 'canary-value canary-value', new_password: newPassword } });
      keep((await send({ path: '/me/password', bearer, body: { current_password: password, new_password: newPassword } })).body);
      for (const { method, path } of Routes) {
        await send({ method, path: path.replace('{sid}', 'canary-value'), bearer, raw: `{"canary-value":canary-value ${email}` });
        await send({ method, path: path.replace('{sid}', 'canary-value'), bearer, body: { 'canary-value': email } });
      }
      await send({ path: '/logout/all', bearer });
      await send({ method: 'DELETE', path: '/me', bearer });
      for (const path of ['/.well-known/jwks.json', '/.well-known/openid-configuration', '/health']) await send({ method: 'GET', path });
    };
    await every();
    service.world.calls.before('users.readUser', () => { throw new Error(`no answer for ${email} ${password}`.replace(password, '$argon2id$canary-value')); });
    service.world.calls.before('sessions.read', () => { throw new SyntaxError(`Unexpected token in "${password}"`); });
    await every();

    const log = service.lines.join('');
    expect(service.lines.length).toBeGreaterThan(60);
    for (const secret of secrets) for (const form of forms(secret)) expect(log).not.toContain(form);
  });
});

describe('LG-03 T36 log injection', () => {
  const payloads = ['a\n{"event":"login_succeeded"}', '\u001b[2Jevil', 'a\u2028b', '%0d%0aevil', '\u0000', '\u202eevil'];

  test.each(payloads)('%j stays outside of the log', async (payload) => {
    const headers = { 'user-agent': payload, 'x-correlation-id': payload, 'origin': payload };
    await service.send({ path: '/login', body: { email: `${payload}@example.com`, password: PASSWORD }, headers: { ...headers, origin: 'https://app.example.com' } });
    await service.send({ path: '/login', body: { email: EMAIL, password: payload }, headers });
    await service.send({ path: '/login', body: { [payload]: payload }, headers: {} });
    expect(service.lines.length).toBeGreaterThan(0);
    for (const line of service.lines) {
      expect(line).toMatch(/^\{[\x20-\x7e]*\}\n$/);
      expect(JSON.parse(line).event).not.toBe('login_succeeded');
      expect(line).not.toContain('evil');
    }
  });
});

describe('LG-01 every outcome leaves its event', () => {
  test('one event a request, with who, what, whence and when', async () => {
    await service.send({ path: '/register', body: { email: EMAIL, password: PASSWORD } });
    await service.send({ path: '/register', body: { email: EMAIL, password: PASSWORD } });
    await service.send({ path: '/login', body: { email: EMAIL, password: 'wrong' } });
    const { body: tokens } = await service.send({ path: '/login', body: { email: EMAIL, password: PASSWORD } });
    const bearer = tokens.access_token;
    await service.send({ path: '/token/refresh', body: { refresh_token: tokens.refresh_token } });
    await service.send({ path: '/token/refresh', body: { refresh_token: 'rt1' } });
    await service.send({ path: '/token/refresh', body: {} });
    await service.send({ method: 'PATCH', path: '/me', bearer, body: { profile: {} } });
    await service.send({ method: 'GET', path: '/me', bearer: 'eyJ' });
    await service.send({ path: '/me/password', bearer, body: { current_password: 'wrong', new_password: `${PASSWORD}!` } });
    await service.send({ path: '/token/revoke', body: { token: 'unknown' } });
    await service.send({ path: '/logout', body: { refresh_token: tokens.refresh_token } });
    const last = await service.login();
    await service.send({ path: '/logout/all', bearer: last.access_token });
    expect(service.events().map(({ event, outcome, operation }) => [operation, event, outcome])).toEqual([
      ['POST /register', 'registration_succeeded', 'success'],
      ['POST /register', 'registration_refused', 'failure'],
      ['POST /login', 'login_failed', 'failure'],
      ['POST /login', 'login_succeeded', 'success'],
      ['POST /token/refresh', 'refresh_succeeded', 'success'],
      ['POST /token/refresh', 'refresh_refused', 'failure'],
      ['POST /token/refresh', 'request_refused', 'failure'],
      ['PATCH /me', 'profile_changed', 'success'],
      ['authorize', 'token_refused', 'failure'],
      ['POST /me/password', 'password_change_failed', 'failure'],
      ['POST /token/revoke', 'token_revocation_ignored', expect.any(String)],
      ['POST /logout', 'logout_succeeded', 'success'],
      ['POST /login', 'login_succeeded', 'success'],
      ['POST /logout/all', 'sessions_ended', 'success'],
    ]);
    for (const event of service.events()) {
      expect(event).toMatchObject({ type: 'audit', service: 'Shop', source_ip: '203.0.113.7', request_id: expect.any(String), correlation_id: expect.any(String) });
      expect(event.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    }
  });
});

describe('RS-01 RS-02 a failure at any call', () => {
  const requests = async (): Promise<Request[]> => {
    const tokens = await service.login();
    const bearer = tokens.access_token;
    return [
      { path: '/register', body: { email: 'new@example.com', password: PASSWORD } },
      { path: '/login', body: { email: EMAIL, password: PASSWORD } },
      { path: '/token/refresh', body: { refresh_token: tokens.refresh_token } },
      { path: '/token/revoke', body: { token: tokens.refresh_token } },
      { path: '/logout', body: { refresh_token: tokens.refresh_token } },
      { path: '/logout/all', bearer },
      { method: 'GET', path: '/me', bearer },
      { method: 'PATCH', path: '/me', bearer, body: { profile: { locale: 'de' } } },
      { method: 'DELETE', path: '/me', bearer },
      { path: '/me/password', bearer, body: { current_password: PASSWORD, new_password: `${PASSWORD} 2` } },
      { method: 'GET', path: '/me/sessions', bearer },
      { method: 'GET', path: '/.well-known/jwks.json' },
      { method: 'GET', path: '/health' },
    ];
  };
  const portsCalled = ['users', 'sessions', 'revocations', 'attempts', 'signer', 'refreshKeys', 'verificationKeys'];

  test.each(portsCalled)('%s down: 503 with Retry-After or an answer that did not need it, never 401', async (port) => {
    for (const request of await requests()) {
      service.world.calls.reset();
      service.world.calls.failAll(port);
      const answer = await service.send(request);
      const called = service.world.calls.names().some((name) => name.startsWith(`${port}.`));
      expect([request.path, answer.status === 503]).toEqual([request.path, called]);
      if (called && answer.headers['x-correlation-id']) expect(answer.headers['retry-after']).toBe('1');
    }
  });

  test('an error nobody expected, at each call site of each route: 500 without its text', async () => {
    for (const [index] of (await requests()).entries()) {
      for (let site = 1; site < 12; site += 1) {
        service = await startService();
        const request = (await requests())[index]!;
        const { calls } = service.world;
        calls.reset();
        let call = 0;
        for (const port of portsCalled) {
          for (const method of methodsOf(service, port)) {
            calls.before(`${port}.${method}`, () => {
              call += 1;
              if (call === site) throw new RangeError('canary of /some/path');
            });
          }
        }
        const answer = await service.send(request);
        if (call < site) break;
        const known = Object.keys(ErrorCodes).includes(answer.body?.code ?? 'internal_error');
        expect([request.path, site, [500, 503].includes(answer.status), known]).toEqual([request.path, site, true, true]);
        expect(JSON.stringify(answer)).not.toMatch(/canary|RangeError|node_modules|\.ts/);
      }
    }
  });
});

function methodsOf(from: Service, port: string): string[] {
  const target = (from.world as unknown as Record<string, object>)[port]!;
  const names = new Set([...Object.keys(target), ...Object.getOwnPropertyNames(Object.getPrototypeOf(target))]);
  return [...names].filter((name) => name !== 'constructor');
}

describe('EN-01 login tells nobody what exists', () => {
  test('unknown, wrong and disabled are one answer, and so is the limit', async () => {
    await service.login();
    await service.login('disabled@example.com');
    const { profiles } = service.world.tables;
    for (const [uid, user] of profiles) if (user.email === 'disabled@example.com') profiles.set(uid, { ...user, status: 'disabled' });
    const addresses: [string, string][] = [
      ['unknown@example.com', PASSWORD],
      [EMAIL, 'wrong wrong wrong wrong'],
      ['disabled@example.com', PASSWORD],
    ];
    const answers: string[] = [];
    const calls: string[][] = [];
    for (const [email, password] of addresses) {
      service.world.calls.reset();
      answers.push(comparable(await service.send({ path: '/login', body: { email, password } })));
      calls.push(service.world.calls.names());
    }
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toContain('invalid_credentials');
    expect(calls[1]).toEqual(calls[0]);
    expect(calls[2]).toEqual(calls[0]);

    const limited: string[] = [];
    for (const email of ['nobody@example.com', EMAIL]) {
      service = await startService();
      await service.login();
      service.world.tables.attempts.clear();
      for (let n = 0; n < 10; n += 1) {
        const answer = await service.send({ path: '/login', body: { email, password: 'wrong wrong wrong wrong' } });
        if (answer.status === 429) limited.push(comparable(answer));
      }
    }
    expect(limited.length).toBeGreaterThan(2);
    expect(new Set(limited).size).toBe(1);
  });
});

/** Without what differs from request to request. */
function comparable(answer: { readonly status: number; readonly headers: object; readonly cookies: readonly string[]; readonly body: object }): string {
  return JSON.stringify(answer).replace(/00000000-0000-4000-8000-\d{12}/g, 'id');
}
