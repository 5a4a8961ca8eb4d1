import { verifyAccessToken } from '../../../lambda/domain/access-token';
import { Routes } from '../../../src/contract/routes';
import type { Service } from './service';
import { EMAIL, FRONTS, PASSWORD, startService } from './service';

describe.each(FRONTS)('behind %s', (front) => {
  let service: Service;

  beforeEach(async () => {
    service = await startService({ front });
  });

  const me = (bearer: string, method = 'GET', body?: unknown) => service.send({ method, path: '/me', bearer, ...(body === undefined ? {} : { body }) });

  test('IN-06 each function serves its routes of the contract, guarded as the contract says, and no other', () => {
    const served = Object.entries(service.endpoints).flatMap(([handler, endpoints]) => endpoints.map(({ route, access }) => `${handler} ${route} ${access}`));
    expect(served.sort()).toEqual(Routes.map(({ handler, method, path, access }) => `${handler} ${method} ${path} ${access}`).sort());
  });

  describe('account', () => {
    test('registers, logs in and reads the profile', async () => {
      const registered = await service.send({ path: '/register', body: { email: 'Ada@Example.com', password: PASSWORD, profile: { locale: 'de' } } });
      expect(registered).toMatchObject({ status: 201, body: { sub: expect.stringMatching(/^[0-9a-f-]{36}$/) } });

      const answer = await service.send({ path: '/login', body: { email: EMAIL, password: PASSWORD } });
      expect(answer).toMatchObject({ status: 200, cookies: [], body: { token_type: 'Bearer', expires_in: 900, scope: 'profile', refresh_expires_in: 14 * 86400 } });
      expect(answer.body.refresh_token).toMatch(/^rt1\./);
      expect(answer.body.device_token).toMatch(/^dt2\./);

      expect(await me(answer.body.access_token)).toMatchObject({
        status: 200,
        body: { sub: registered.body.sub, email: EMAIL, scope: 'profile', profile: { locale: 'de' }, created_at: '2026-11-01T12:00:00.000Z' },
      });
    });

    test('ID-01 the same address in another case is taken', async () => {
      await service.login();
      expect(await service.send({ path: '/register', body: { email: 'ADA@EXAMPLE.COM', password: PASSWORD } })).toMatchObject({ status: 409, body: { code: 'email_taken' } });
    });

    test.each([
      ['\u{1F600}'.repeat(14), 'password_too_short'],
      ['x'.repeat(129), 'password_too_long'],
      ['x'.repeat(6000), 'password_too_long'],
      ['lovelace lovelace', 'password_personal'],
    ])('PW-01 PW-02 PW-07 refused before hashing: %.20s', async (password, code) => {
      const answer = await service.send({ path: '/register', body: { email: 'lovelace@example.com', password } });
      expect(answer).toMatchObject({ status: 422, body: { code } });
      expect(service.world.hasher.hashed).toBe(0);
    });

    test('PW-01 characters are counted, not units', async () => {
      expect((await service.send({ path: '/register', body: { email: EMAIL, password: '\u{1F600}\u{1F680}\u{1F40D}\u{1F355}\u{1F3A9}'.repeat(3).slice(0, -2) + '\u{1F4A1}' } })).status).toBe(201);
    });

    test('changes declared attributes only', async () => {
      const { access_token: token } = await service.login();
      expect(await me(token, 'PATCH', { profile: { locale: 'fr', age: 7 } })).toMatchObject({ status: 200, body: { profile: { locale: 'fr', age: 7 } } });
      expect(await me(token, 'PATCH', { profile: { age: null } })).toMatchObject({ status: 200, body: { profile: { locale: 'fr' } } });
      expect(await me(token, 'PATCH', { profile: { isAdmin: true } })).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
    });

    test('SE-10 a password change ends every session and opens a new one', async () => {
      const other = await service.login();
      const { access_token: bearer } = await service.login();
      const changed = await service.send({ path: '/me/password', bearer, body: { current_password: PASSWORD, new_password: `${PASSWORD} 2` } });
      expect(changed).toMatchObject({ status: 200, body: { token_type: 'Bearer', device_token: expect.stringMatching(/^dt2\./) } });
      expect((await me(bearer)).status).toBe(401);
      expect((await me(other.access_token)).status).toBe(401);
      expect(await service.send({ path: '/token/refresh', body: { refresh_token: other.refresh_token } })).toMatchObject({ status: 401, body: { code: 'session_revoked' } });
      expect((await me(changed.body.access_token)).status).toBe(200);
      expect((await service.send({ path: '/login', body: { email: EMAIL, password: PASSWORD } })).status).toBe(401);
    });

    test('SE-14 deletion asks for the password, whatever the age of the token', async () => {
      const { access_token: bearer } = await service.login();
      expect(await me(bearer, 'DELETE')).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
      expect(await me(bearer, 'DELETE', { password: `${PASSWORD}!` })).toMatchObject({ status: 403, body: { code: 'invalid_credentials' } });
      expect(await me(bearer, 'DELETE', { password: PASSWORD })).toMatchObject({ status: 204, body: undefined });
      expect((await me(bearer)).status).toBe(401);
      expect(await service.send({ path: '/login', body: { email: EMAIL, password: PASSWORD } })).toMatchObject({ status: 401, body: { code: 'invalid_credentials' } });
    });
  });

  describe('sessions', () => {
    test('refresh rotates, and a stolen token ends the family', async () => {
      const first = await service.login();
      const second = await service.send({ path: '/token/refresh', body: { refresh_token: first.refresh_token } });
      expect(second).toMatchObject({ status: 200, cookies: [] });
      expect(second.body.refresh_token).not.toBe(first.refresh_token);
      expect(second.body).not.toHaveProperty('device_token');
      expect((await service.send({ path: '/token/refresh', body: { refresh_token: second.body.refresh_token } })).status).toBe(200);
      service.world.clock.advance(11);
      expect(await service.send({ path: '/token/refresh', body: { refresh_token: first.refresh_token } })).toMatchObject({ status: 401, body: { code: 'session_revoked' } });
      expect((await me(second.body.access_token)).status).toBe(401);
      expect(service.events().map(({ event }) => event)).toContain('refresh_reuse');
    });

    test('SE-09 logout works with the refresh token, or with an expired access token, again and again', async () => {
      const one = await service.login();
      const logout = () => service.send({ path: '/logout', body: { refresh_token: one.refresh_token } });
      expect([await logout(), await logout()]).toMatchObject([{ status: 204, body: undefined }, { status: 204, body: undefined }]);
      expect((await me(one.access_token)).status).toBe(401);

      const two = await service.login();
      service.world.clock.advance(3600);
      expect((await service.send({ path: '/logout', bearer: two.access_token })).status).toBe(204);
      expect(await service.send({ path: '/token/refresh', body: { refresh_token: two.refresh_token } })).toMatchObject({ status: 401, body: { code: 'session_revoked' } });
      expect(await service.send({ path: '/logout' })).toMatchObject({ status: 401, body: { code: 'invalid_token' } });
    });

    test('logout/all ends all of them', async () => {
      const [one, two] = [await service.login(), await service.login()];
      expect((await service.send({ path: '/logout/all', bearer: one.access_token })).status).toBe(204);
      expect((await me(one.access_token)).status).toBe(401);
      expect((await me(two.access_token)).status).toBe(401);
    });

    test('SE-12 IN-04 lists and ends own sessions, and nobody else\'s', async () => {
      const [one, two] = [await service.login(), await service.login()];
      const stranger = await service.login('eve@example.com');
      const listed = await service.send({ method: 'GET', path: '/me/sessions', bearer: one.access_token });
      expect(listed.body.sessions).toHaveLength(2);
      const other = listed.body.sessions.find(({ current }: { current: boolean }) => !current).sid;
      const end = (bearer: string, sid: string) => service.send({ method: 'DELETE', path: `/me/sessions/${sid}`, bearer });
      expect(await end(stranger.access_token, other)).toMatchObject({ status: 404, body: { code: 'not_found' } });
      expect(await end(one.access_token, 'x')).toMatchObject({ status: 404 });
      expect((await me(two.access_token)).status).toBe(200);
      expect((await end(one.access_token, other)).status).toBe(204);
      expect((await me(two.access_token)).status).toBe(401);
      expect((await me(one.access_token)).status).toBe(200);
    });

    test('RFC 7009 revokes by either token, in JSON or as a form, and says the same of unknown ones', async () => {
      const [one, two] = [await service.login(), await service.login()];
      expect(await service.send({ path: '/token/revoke', body: { token: one.refresh_token, token_type_hint: 'refresh_token' } })).toMatchObject({ status: 200, body: undefined });
      const form = { headers: { 'content-type': 'application/x-www-form-urlencoded' }, raw: `token=${two.access_token}&client_id=app` };
      expect(await service.send({ path: '/token/revoke', ...form })).toMatchObject({ status: 200, body: undefined });
      expect(await service.send({ path: '/token/revoke', body: { token: 'nothing' } })).toMatchObject({ status: 200, body: undefined });
      for (const { access_token: token } of [one, two]) expect((await me(token)).status).toBe(401);
    });

    test('a missing refresh token is a malformed request, not a bad credential', async () => {
      expect(await service.send({ path: '/token/refresh', body: {} })).toMatchObject({ status: 400, body: { errors: [{ pointer: '/refresh_token', message: 'is required' }] } });
    });
  });

  describe('discovery', () => {
    test('JT-14 the published keys verify the tokens; answers may be cached as long as signers count on', async () => {
      const { access_token: token } = await service.login();
      const jwks = await service.send({ method: 'GET', path: '/.well-known/jwks.json' });
      expect(jwks).toMatchObject({ status: 200, headers: { 'cache-control': 'public, max-age=60' } });
      expect(jwks.body.keys).toHaveLength(2);
      for (const jwk of jwks.body.keys) expect(Object.keys(jwk).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
      const { world } = service;
      const find = async (kid: string) => {
        const jwk = jwks.body.keys.find((key: { kid: string }) => key.kid === kid);
        return jwk && { kid, alg: jwk.alg, jwk, publishedAt: 0, state: 'active' as const };
      };
      const expected = { issuers: [world.tokens.issuer], audiences: [world.tokens.audience], maxTtlSeconds: 900 };
      const verified = await verifyAccessToken({ keys: { find }, signatures: world.signatures }, token, expected, world.clock.now());
      expect(verified.expired).toBe(false);
    });

    test('the document names the issuer as tokens do', async () => {
      const document = await service.send({ method: 'GET', path: '/.well-known/openid-configuration' });
      expect(document.body).toMatchObject({ issuer: service.world.tokens.issuer, jwks_uri: `${service.world.tokens.issuer}/.well-known/jwks.json` });
    });

    test('health answers for the table that everything depends on', async () => {
      expect(await service.send({ method: 'GET', path: '/health' })).toMatchObject({ status: 200, body: { status: 'ok' }, headers: { 'cache-control': 'no-store' } });
      service.world.calls.failAll('revocations');
      expect(await service.send({ method: 'GET', path: '/health' })).toMatchObject({ status: 503, body: { code: 'unavailable' }, headers: { 'retry-after': '1' } });
    });
  });
});
