import { OPERATIONS } from '../../../lambda/http/openapi/operations';
import { statusOf } from '../../../lambda/http/status';
import { ErrorCodes } from '../../../src/contract/error-codes';
import { Routes } from '../../../src/contract/routes';
import type { Service } from './service';
import { EMAIL, FRONTS, PASSWORD, startService } from './service';

const GUARDED = Routes.filter(({ access }) => access === 'bearer').map(({ method, path }) => `${method} ${path}`);
const WRONG = 'not the password at all';

/** Of each guarded route that asks for the password again, a call with a wrong one; a route that is not here fails. */
const WITH_WRONG_PASSWORD: Readonly<Record<string, object>> = {
  'POST /me/password': { current_password: WRONG, new_password: `${PASSWORD} 2` },
  'DELETE /me': { password: WRONG },
};

describe.each(FRONTS)('JT-12 behind %s: 401 is said of the bearer alone', (front) => {
  let service: Service;
  beforeEach(async () => {
    service = await startService({ front });
  });
  const send = (route: string, options: object) => {
    const [method, path] = route.split(' ') as [string, string];
    return service.send({ method, path: path.replace('{sid}', 'A'.repeat(22)), ...options });
  };

  test('the table of routes names those that take another credential', () => {
    expect(GUARDED.filter((route) => OPERATIONS[route]!.problems.includes('invalid_credentials')).sort()).toEqual(Object.keys(WITH_WRONG_PASSWORD).sort());
  });

  test.each(Object.entries(WITH_WRONG_PASSWORD))('%s: a wrong password beside a good bearer is 403 without a challenge, and counts as before', async (route, body) => {
    const { access_token: bearer } = await service.login();
    for (let guess = 0; guess < 5; guess += 1) {
      const answer = await send(route, { bearer, body });
      expect(answer).toMatchObject({ status: 403, body: { status: 403, code: 'invalid_credentials', title: ErrorCodes.invalid_credentials.title } });
      expect(answer.headers).not.toHaveProperty('www-authenticate');
    }
    expect(await send(route, { bearer, body })).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
    // THEN the session is as good as before.
    expect((await send('GET /me', { bearer })).status).toBe(200);
    expect((await send(route, { bearer: 'a.b.c', body })).status).toBe(401);
  });

  test('at a login it is the only credential: 401', async () => {
    await service.login();
    expect(await send('POST /login', { body: { email: EMAIL, password: WRONG } })).toMatchObject({ status: 401, body: { code: 'invalid_credentials' }, headers: { 'www-authenticate': 'Bearer' } });
  });

  if (front === 'http') {
    test.each(GUARDED)('RFC 6750 3.1 %s: a bearer that is bad is told from one that is missing', async (route) => {
      expect((await send(route, {})).headers['www-authenticate']).toBe('Bearer');
      expect((await send(route, { headers: { authorization: 'Basic YTpi' } })).headers['www-authenticate']).toBe('Bearer');
      for (const authorization of ['Bearer a.b.c', 'bearer', 'Bearer a b']) {
        expect((await send(route, { headers: { authorization } })).headers['www-authenticate']).toBe('Bearer error="invalid_token"');
      }
    });
  }

  test('RFC 6750 3.1 a session that ended while the request was on its way, and a logout by a bad bearer', async () => {
    const { access_token: bearer } = await service.login();
    service.world.tables.profiles.clear();
    expect(await send('GET /me', { bearer })).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer error="invalid_token"' } });
    expect(await send('POST /logout', { bearer: 'a.b.c' })).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer error="invalid_token"' } });
    expect(await send('POST /logout', { body: { refresh_token: 'rt1' } })).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' } });
  });
});

test('no code says on a guarded route what would be 401 of something else', () => {
  for (const route of GUARDED) {
    const said = OPERATIONS[route]!.problems.filter((code) => statusOf(code, 'bearer') === 401);
    expect([route, said.filter((code) => !['invalid_token', 'session_revoked', 'session_expired'].includes(code))]).toEqual([route, []]);
  }
});
