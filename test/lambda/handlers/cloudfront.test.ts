import { Routes } from '../../../src/contract/routes';
import type { Request, Service } from './service';
import { CLOUDFRONT, EMAIL, ORIGIN_SECRET, PASSWORD, startService } from './service';

let service: Service;

beforeEach(async () => {
  service = await startService({ front: 'http' });
});

const everyRoute = Routes.map(({ method, path }) => ({ method, path: path.replace('{sid}', 'abc') }));
const WRONG = 'w'.repeat(64);

describe('T27 past CloudFront', () => {
  test.each<[string, Record<string, string>, number]>([
    ['without the secret', {}, 0],
    ['with something else', { 'x-auth-origin-secret': `${ORIGIN_SECRET}, ${ORIGIN_SECRET}` }, 0],
    ['with another value', { 'x-auth-origin-secret': WRONG }, 1],
  ])('%s every route is refused before anything is done, and the address that a header names is not believed', async (_, headers, reads) => {
    const { access_token: bearer } = await service.login();
    for (const { method, path } of everyRoute) {
      service = await startService({ front: 'http' });
      const answer = await service.send({ method, path, bearer, past: true, raw: '{not json', headers: { ...headers, 'x-auth-viewer-address': '198.51.100.9' } });
      expect(answer).toMatchObject({ status: 403, body: { code: 'origin_required' }, cookies: [] });
      // The secret is asked for once, and once again for a value that nobody knows.
      expect(service.world.calls.names()).toEqual(Array.from({ length: reads * 2 }, () => 'secrets.read'));
      expect(service.events()).toMatchObject([{ event: 'origin_refused', outcome: 'failure', source_ip: '203.0.113.7', operation: `${method} ${path.replace('abc', '{sid}')}` }]);
    }
  });

  test('an attempt counts against nobody', async () => {
    await service.login();
    for (let n = 0; n < 30; n += 1) await service.send({ path: '/login', body: { email: EMAIL, password: 'wrong' }, past: true });
    expect((await service.send({ path: '/login', body: { email: EMAIL, password: PASSWORD } })).status).toBe(200);
  });

  test('what was tried and what is right stand in no line and in no answer', async () => {
    const answers = [];
    for (const secret of [WRONG, `${WRONG}, ${ORIGIN_SECRET}`, 'canary\n', ORIGIN_SECRET]) {
      answers.push(await service.send({ path: '/login', body: {}, past: true, headers: { 'x-auth-origin-secret': secret } }));
    }
    service.world.calls.failAll('secrets');
    answers.push(await service.send({ path: '/login', body: {}, past: true, headers: { 'x-auth-origin-secret': WRONG } }));
    const written = service.lines.join('') + JSON.stringify(answers);
    for (const secret of [WRONG, ORIGIN_SECRET, 'canary']) expect(written).not.toContain(secret);
  });
});

test('T27 a header that names an address changes nothing where no CloudFront stands before the API', async () => {
  service = await startService();
  await service.send({ path: '/login', body: { email: EMAIL, password: 'wrong' }, headers: { 'x-auth-viewer-address': '198.51.100.9', 'x-auth-origin-secret': ORIGIN_SECRET } });
  expect(service.events()).toMatchObject([{ event: 'login_failed', source_ip: '203.0.113.7' }]);
});

test('AA-07 through CloudFront the viewer is the source, not CloudFront', async () => {
  await service.send({ path: '/login', body: { email: EMAIL, password: 'wrong' }, sourceIp: '2001:db8::1', headers: { 'X-Auth-Viewer-Address': '198.51.100.9' } });
  expect(service.events()).toMatchObject([{ event: 'login_failed', source_ip: '2001:db8::1' }]);
  expect(service.lines.join('')).not.toContain(CLOUDFRONT);
});

describe('RS-02 outages', () => {
  test('the secret cannot be read: 503 with Retry-After, and nothing was done', async () => {
    service.world.calls.failAll('secrets');
    for (const { method, path } of everyRoute) {
      expect(await service.send({ method, path, body: {} })).toMatchObject({ status: 503, body: { code: 'unavailable' }, headers: { 'retry-after': '1' } });
    }
    expect(new Set(service.world.calls.names())).toEqual(new Set(['secrets.read']));
    expect(service.events().at(-1)).toMatchObject({ event: 'dependency_unavailable', reason: 'origin-secret' });
  });

  test('CloudFront names no address: 503 for whoever is on call', async () => {
    const answer = await service.send({ path: '/login', body: { email: EMAIL, password: PASSWORD }, past: true, headers: { 'x-auth-origin-secret': ORIGIN_SECRET } });
    expect(answer).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    expect(service.events()).toMatchObject([{ event: 'dependency_unavailable', reason: 'viewer-address' }]);
  });

  test.each(['revocations', 'verificationKeys'])('JT-12 T31 %s down is no answer about the token', async (port) => {
    const { access_token: bearer } = await service.login();
    const me: Request = { method: 'GET', path: '/me', bearer };
    service.world.calls.failAll(port);
    expect(await service.send(me)).toMatchObject({ status: 503, body: { code: 'unavailable' }, headers: { 'retry-after': '1' } });
    expect(service.events().at(-1)).toMatchObject({ event: 'dependency_unavailable' });
    service.world.calls.reset();
    expect((await service.send(me)).status).toBe(200);
  });
});

describe('the function itself verifies the token', () => {
  test('JT-13 an authorizer context in the event is not believed', async () => {
    const { access_token: bearer } = await service.login();
    await service.login('eve@example.com');
    const [, eve] = service.world.tables.profiles.keys();
    const context = { sub: eve!, sid: 'sid', sv: '0', jti: 'jti', scope: 'profile', auth_time: '1', amr: 'pwd' };
    expect(await service.send({ method: 'GET', path: '/me', context })).toMatchObject({ status: 401, body: { code: 'invalid_token' } });
    expect((await service.send({ method: 'GET', path: '/me', bearer, context })).body.email).toBe(EMAIL);
  });

  test('before the body is looked at, and a refusal carries the challenge', async () => {
    for (const bearer of [undefined, 'eyJ', `${(await service.login()).access_token}x`]) {
      const answer = await service.send({ method: 'PATCH', path: '/me', raw: '{', ...(bearer === undefined ? {} : { bearer }) });
      expect(answer).toMatchObject({ status: 401, body: { code: 'invalid_token', title: 'The token is not valid' }, headers: { 'www-authenticate': bearer === undefined ? 'Bearer' : 'Bearer error="invalid_token"' } });
    }
  });

  test('LG-01 each refusal leaves one event, by whoever the token names', async () => {
    const { access_token: bearer } = await service.login();
    await service.send({ path: '/logout', bearer });
    service.lines.length = 0;
    await service.send({ method: 'GET', path: '/me' });
    await service.send({ method: 'GET', path: '/me', bearer: 'eyJ' });
    await service.send({ method: 'GET', path: '/me', bearer });
    const [uid] = service.world.tables.profiles.keys();
    expect(service.events()).toMatchObject([
      { event: 'request_refused', reason: 'invalid_token:bearer_token_missing', operation: 'GET /me' },
      { event: 'token_refused', TokenRefused: 1, operation: 'GET /me' },
      { event: 'token_refused', uid, TokenRefused: 1, operation: 'GET /me' },
    ]);
  });

  test('T04 a session that has ended is out at once; one strong read says so', async () => {
    const { access_token: bearer } = await service.login();
    service.world.calls.reset();
    await service.send({ method: 'GET', path: '/me', bearer });
    expect(service.world.calls.names().filter((name) => name.startsWith('revocations.readRevocations'))).toHaveLength(1);
    await service.send({ path: '/logout', bearer });
    expect((await service.send({ method: 'GET', path: '/me', bearer })).status).toBe(401);
  });
});
