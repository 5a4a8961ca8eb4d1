import { Routes } from '../../../src/contract/routes';
import type { Service } from './service';
import { EMAIL, FRONTS, PASSWORD, startService } from './service';

describe.each(FRONTS)('behind %s', (front) => {
  let service: Service;

  beforeEach(async () => {
    service = await startService({ front });
  });

  /** A body that each route accepts, with a bearer where one is needed. */
  async function bodies(): Promise<{ path: string; method: string; bearer?: string; body: Record<string, unknown> }[]> {
    const tokens = await service.login();
    return [
      { method: 'POST', path: '/register', body: { email: 'new@example.com', password: PASSWORD } },
      { method: 'POST', path: '/login', body: { email: EMAIL, password: PASSWORD } },
      { method: 'POST', path: '/token/refresh', body: { refresh_token: tokens.refresh_token } },
      { method: 'POST', path: '/token/revoke', body: { token: 'x' } },
      { method: 'POST', path: '/logout', body: { refresh_token: tokens.refresh_token } },
      { method: 'POST', path: '/logout/all', bearer: tokens.access_token, body: {} },
      { method: 'PATCH', path: '/me', bearer: tokens.access_token, body: { profile: { locale: 'de' } } },
      { method: 'POST', path: '/me/password', bearer: tokens.access_token, body: { current_password: PASSWORD, new_password: `${PASSWORD} 2` } },
    ];
  }

  const state = () => JSON.stringify([...service.world.tables.profiles, ...service.world.tables.credentials, ...service.world.tables.sessions]);

  test('the table of bodies covers every route that takes one', async () => {
    const covered = (await bodies()).map(({ method, path }) => `${method} ${path}`);
    expect(covered.sort()).toEqual(Routes.filter(({ method }) => method === 'POST' || method === 'PATCH').map(({ method, path }) => `${method} ${path}`).sort());
  });

  test('IN-01 T25 no route takes a privileged attribute', async () => {
    for (const request of await bodies()) {
      const before = state();
      for (const name of ['role', 'isAdmin', 'scopes', 'scope', 'sv', 'pv', 'status', 'uid', 'sub', 'emailVerified', 'email_verified', 'mfa', 'createdAt']) {
        const answer = await service.send({ ...request, body: { ...request.body, [name]: true } });
        expect(answer).toMatchObject({ status: 400, body: { code: 'validation_failed', errors: [{ pointer: `/${name}`, message: 'is not known here' }] } });
      }
      expect(state()).toBe(before);
    }
  });

  test('IN-02 IN-03 T26 no route takes a body that parsers could read in two ways', async () => {
    for (const { body, ...request } of await bodies()) {
      const before = state();
      const text = JSON.stringify(body);
      const inside = text.slice(1, -1);
      const first = Object.keys(body)[0] ?? 'x';
      const raws: (string | Buffer)[] = [
        `{"${first}":1${inside === '' ? '' : ','}${inside || '"x":1,"x":2'}}`,
        `{"__proto__":{"isAdmin":true}${inside === '' ? '' : ','}${inside}}`,
        `{"constructor":{"prototype":{"isAdmin":true}}${inside === '' ? '' : ','}${inside}}`,
        `[${text}]`,
        `${text}${text}`,
        '"text"',
        'null',
        '1e400',
        '{"a":1e400}',
        '{"a":[[[[[[]]]]]]}',
        Buffer.from(`\uFEFF${text}`),
        Buffer.from(text, 'utf16le'),
        Buffer.from([...Buffer.from('{"a":"'), 0xff, ...Buffer.from('"}')]),
      ];
      for (const raw of raws) {
        expect(await service.send({ ...request, raw })).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
      }
      for (const value of Object.keys(body).length === 0 ? [] : [null, 1, true, [], ['a'], { $ne: '' }, { toString: 'x' }]) {
        expect((await service.send({ ...request, body: { ...body, [first]: value } })).status).toBe(400);
      }
      expect(state()).toBe(before);
      expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined();
    }
  });

  test('IN-03 T35 no route reads what is too large or of another media type', async () => {
    const { hasher, calls } = service.world;
    for (const { body, ...request } of await bodies()) {
      calls.reset();
      const hashes = hasher.hashed + hasher.verified;
      expect(await service.send({ ...request, body: { ...body, filler: 'x'.repeat(8192) } })).toMatchObject({ status: 413, body: { code: 'payload_too_large' } });
      expect(await service.send({ ...request, raw: `{"a":${'['.repeat(100_000)}` })).toMatchObject({ status: 413 });
      expect((await service.send({ ...request, raw: JSON.stringify(body), headers: { 'content-type': 'text/plain' } })).status).toBe(415);
      expect((await service.send({ ...request, raw: JSON.stringify(body), headers: { 'content-type': 'application/json; charset=utf-7' } })).status).toBe(415);
      expect(calls.writes()).toEqual([]);
      expect(hasher.hashed + hasher.verified).toBe(hashes);
    }
  });

  test('T35 a megabyte of password costs no hash', async () => {
    await service.login();
    const { hasher } = service.world;
    const hashes = hasher.hashed + hasher.verified;
    for (const path of ['/register', '/login']) {
      expect((await service.send({ path, body: { email: EMAIL, password: 'x'.repeat(1_000_000) } })).status).toBe(413);
      expect((await service.send({ path, body: { email: EMAIL, password: 'x'.repeat(8_000) } })).body.code).toBe('password_too_long');
    }
    expect(hasher.hashed + hasher.verified).toBe(hashes);
  });

  test('AA-07 T27 forwarded addresses are one source', async () => {
    let limited = 0;
    for (let n = 0; n < 30; n += 1) {
      const names = ['x-forwarded-for', 'x-real-ip', 'cf-connecting-ip', 'cloudfront-viewer-address', 'x-auth-viewer-address'];
      const headers = { ...Object.fromEntries(names.map((name) => [name, `198.51.100.${n}`])), forwarded: `for=198.51.100.${n}` };
      const answer = await service.send({ path: '/register', body: { email: `n${n}@example.com`, password: PASSWORD }, headers });
      if (answer.status === 429) {
        limited += 1;
        expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
      }
    }
    expect(limited).toBe(10);
    for (const event of service.events()) expect(event.source_ip).toBe('203.0.113.7');
  });

  test('JT-13 headers that pretend to be the authorizer are not read', async () => {
    const { access_token: bearer } = await service.login();
    const other = await service.login('eve@example.com');
    const headers = { 'x-user-id': 'eve', 'x-amzn-authorizer': 'eve', 'sub': 'eve', 'x-principal': other.access_token };
    expect((await service.send({ method: 'GET', path: '/me', bearer, headers })).body.email).toBe(EMAIL);
  });
});
