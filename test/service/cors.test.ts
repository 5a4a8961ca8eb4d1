import type { AuthServiceProps } from '../../src';
import { AuthRoute, Firewall, TokenTransport } from '../../src';
import { ORIGIN, SECOND_ORIGIN, SECURITY_HEADERS } from './support/browser';
import type { Answer, CallOptions } from './support/client';
import { apiOfFront, FRONT, testOnlyBehind } from './support/front';
import type { Service } from './support/service';
import { PASSWORD, startGuarded, startService, stopServices } from './support/service';

afterAll(stopServices);

const THIRD_ORIGIN = 'capacitor://localhost';
const EVIL = 'https://evil.example';
const ONE_AT_A_TIME = { routeThrottles: [{ route: AuthRoute.HEALTH, rateLimit: 1, burstLimit: 1 }] };

/** Whether a page of the origin can read the answer, as the Fetch standard has it (CORS check). */
function readable({ headers }: Answer, origin: string, withCookies: boolean): boolean {
  const allowed = headers['access-control-allow-origin'];
  if (!withCookies && allowed === '*') return true;
  return allowed === origin && (!withCookies || headers['access-control-allow-credentials'] === 'true');
}

const exposed = ({ headers }: Answer): string[] => String(headers['access-control-expose-headers'] ?? '').split(/, ?/).map((name) => name.toLowerCase());

/** Every kind of answer that is not the functions' alone, by who makes it. */
async function answersOf(service: Service, origin: string, bearer: string): Promise<Record<string, Answer>> {
  const call = (method: string, path: string, options: CallOptions = {}) => service.call(method, path, { ...options, headers: { origin, 'x-csrf-protection': '1', ...options.headers } });
  const answers: Record<string, Answer> = {
    'no token': await call('GET', '/me'),
    'bad token': await call('GET', '/me', { bearer: 'a.b.c' }),
    'two tokens': await call('GET', '/me', { headers: { authorization: 'Bearer a.b.c, Bearer d.e.f' } }),
    'unknown path': await call('GET', '/nothing/here'),
    'unknown method': await call('PUT', '/login', { body: {} }),
    'media type': await call('POST', '/login', { body: 'x', headers: { 'content-type': 'text/plain' } }),
    'too large': await call('POST', '/login', { body: Buffer.alloc(10 * 1024 * 1024 + 1, 'x') }),
    'bad credentials': await call('POST', '/login', { body: { email: service.newEmail(), password: PASSWORD } }),
    'success': await call('GET', '/me', { bearer }),
  };
  const healths = await Promise.all(Array.from({ length: 5 }, () => call('GET', '/health')));
  answers.throttle = healths.find(({ status }) => status === 429)!;
  service.instance.faults.add({ service: 'dynamodb', effect: 'error', resource: 'Revocations' });
  answers['nobody can verify'] = await call('GET', '/me', { bearer });
  service.instance.faults.remove();
  return answers;
}

const STATUSES = {
  'no token': 401, 'bad token': 401, 'two tokens': 401, 'unknown path': 404, 'unknown method': 404, 'media type': 415, 'too large': 413, 'bad credentials': 401, 'success': 200,
  'throttle': 429, 'nobody can verify': 503,
};

async function bearerOf(service: Service, origin = ORIGIN): Promise<string> {
  const headers = { origin, 'x-csrf-protection': '1' };
  const body = { email: service.newEmail(), password: PASSWORD };
  expect((await service.call('POST', '/register', { body, headers, from: service.newSource() })).status).toBe(201);
  return (await service.call('POST', '/login', { body, headers })).body.access_token;
}

const statusesOf = (answers: Record<string, Answer>) => Object.fromEntries(Object.entries(answers).map(([name, { status }]) => [name, status]));

describe.each([
  ['one origin', [ORIGIN]],
  ['two origins', [ORIGIN, SECOND_ORIGIN]],
  ['three origins', [SECOND_ORIGIN, THIRD_ORIGIN, ORIGIN]],
])('CO-01 %s, with the service\'s own firewall', (_, origins) => {
  let service: Service;
  let bearer: string;

  beforeAll(async () => {
    service = await startGuarded({ webApp: { origins }, api: apiOfFront(ONE_AT_A_TIME), tokens: { transport: TokenTransport.both() } });
    bearer = await bearerOf(service);
  });

  test('a page of each of them can read every answer with its cookies, and the headers that it needs', async () => {
    for (const origin of origins) {
      const answers = await answersOf(service, origin, bearer);
      expect(statusesOf(answers)).toEqual(STATUSES);
      for (const [name, answer] of Object.entries(answers)) {
        expect([origin, name, readable(answer, origin, true)]).toEqual([origin, name, true]);
        expect([name, exposed(answer)]).toEqual([name, expect.arrayContaining(['retry-after', 'www-authenticate', 'x-correlation-id'])]);
        expect([name, answer.headers]).toEqual([name, expect.objectContaining(SECURITY_HEADERS)]);
      }
      service.advance(5);
    }
  });

  test('what the firewall refuses itself is a constant: one origin is named, several can read it without cookies', async () => {
    for (const origin of origins) {
      const headers = { origin, 'x-csrf-protection': '1' };
      const answer = await service.post('/login', { email: 'x'.repeat(9000) }, { headers });
      expect([answer.status, readable(answer, origin, false), exposed(answer)]).toEqual([413, true, expect.arrayContaining(['retry-after'])]);
      expect(readable(answer, origin, true)).toBe(FRONT === 'rest' && origins.length === 1);
    }
  });

  test('a page of another one can read none of them with its cookies, and is named nowhere', async () => {
    const answers = await answersOf(service, EVIL, bearer);
    for (const [name, answer] of Object.entries(answers)) {
      expect([name, readable(answer, EVIL, true), JSON.stringify(answer.headers).includes(EVIL)]).toEqual([name, false, false]);
    }
    service.advance(5);
  });

  testOnlyBehind('rest', 'no function there believes a header of the firewall')('nor by a header that only the firewall may write', async () => {
    for (const forged of [EVIL, ORIGIN]) {
      const answer = await service.call('GET', '/nothing/here', { headers: { 'origin': origins[0], 'x-amzn-waf-page-origin': forged } });
      expect(answer.headers['access-control-allow-origin']).toBe(origins[0]);
    }
  });

  test('a 401 has its challenge (RFC 6750), whoever makes it', async () => {
    // Of a REST API it is the authorizer's and one for all; a function tells a token that is bad from one that is missing.
    const ofBadToken = FRONT === 'rest' ? 'Bearer' : 'Bearer error="invalid_token"';
    for (const [challenge, options] of [['Bearer', {}], [ofBadToken, { bearer: 'a.b.c', headers: { origin: origins[0] } }]] as const) {
      const answer = await service.call('GET', '/me', options);
      expect([answer.status, answer.body.code, answer.headers['www-authenticate']]).toEqual([401, 'invalid_token', challenge]);
    }
    // A REST API gives that of a function another name, which pages may read too.
    const { headers } = await service.post('/login', { email: service.newEmail(), password: PASSWORD });
    expect(headers[FRONT === 'rest' ? 'x-amzn-remapped-www-authenticate' : 'www-authenticate']).toBe('Bearer');
  });
});

describe('CO-01 two origins, without a firewall that tells them apart', () => {
  const props: AuthServiceProps = { webApp: { origins: [ORIGIN, SECOND_ORIGIN] }, api: apiOfFront(ONE_AT_A_TIME), firewall: FRONT === 'rest' ? Firewall.disabled() : Firewall.centrallyManaged() };

  test('a refused token is readable with cookies, and everything else at least without', async () => {
    const service = await startService(props);
    const bearer = await bearerOf(service);
    for (const origin of [ORIGIN, SECOND_ORIGIN]) {
      const answers = await answersOf(service, origin, bearer);
      expect(statusesOf(answers)).toEqual(STATUSES);
      for (const [name, answer] of Object.entries(answers)) {
        expect([name, readable(answer, origin, false)]).toEqual([name, true]);
        const constant = FRONT === 'rest' && ['unknown path', 'unknown method', 'too large', 'throttle', 'nobody can verify'].includes(name);
        expect([name, readable(answer, origin, true)]).toEqual([name, !constant]);
      }
      service.advance(5);
    }
    for (const answer of Object.values(await answersOf(service, EVIL, bearer))) expect(readable(answer, EVIL, true)).toBe(false);
  });
});

describe('CO-01 public documents', () => {
  const documents = ['/.well-known/jwks.json', '/.well-known/openid-configuration'];

  test('without a web app every page can read keys and metadata, and nothing else', async () => {
    const service = await startService();
    for (const path of documents) {
      for (const origin of [EVIL, 'null', ORIGIN]) {
        const answer = await service.call('GET', path, { headers: { origin } });
        expect([path, answer.status, answer.headers['access-control-allow-origin'], answer.headers['access-control-allow-credentials']]).toEqual([path, 200, '*', undefined]);
      }
    }
    expect((await service.call('GET', '/health', { headers: { origin: EVIL } })).headers).not.toHaveProperty('access-control-allow-origin');
  });

  testOnlyBehind('rest', 'an HTTP API has one list of origins for all its routes')('with one, its own pages even with cookies', async () => {
    const service = await startService({ webApp: { origins: [ORIGIN, SECOND_ORIGIN] } });
    for (const path of documents) {
      expect(readable(await service.call('GET', path, { headers: { origin: SECOND_ORIGIN } }), SECOND_ORIGIN, true)).toBe(true);
      const { headers } = await service.call('GET', path, { headers: { origin: EVIL } });
      expect([headers['access-control-allow-origin'], headers['access-control-allow-credentials'], headers.vary]).toEqual(['*', undefined, 'Origin']);
    }
  });
});

describe('what general clients send', () => {
  let service: Service;

  beforeAll(async () => {
    service = await startService();
  });

  test('HEAD is answered like GET, without a body', async () => {
    for (const path of ['/.well-known/jwks.json', '/.well-known/openid-configuration', '/health']) {
      const [head, get] = [await service.call('HEAD', path), await service.call('GET', path)];
      expect([path, head.status, head.text, head.headers['content-type']]).toEqual([path, 200, '', get.headers['content-type']]);
      expect(head.headers['cache-control']).toBe(get.headers['cache-control']);
    }
    for (const path of ['/me', '/login']) expect((await service.call('HEAD', path)).status).toBe(404);
  });

  test('POST /token/revoke takes the credentials of a client (RFC 7009)', async () => {
    const { refresh_token: token } = await service.newUser();
    const form = new URLSearchParams({ token, token_type_hint: 'refresh_token', client_id: 'app', client_secret: 'secret', client_assertion: 'a.b.c', client_assertion_type: 'jwt-bearer' });
    const answer = await service.call('POST', '/token/revoke', { body: form.toString(), headers: { 'content-type': 'application/x-www-form-urlencoded' } });
    expect(answer.status).toBe(200);
    expect((await service.refresh(token)).status).toBe(401);
  });
});
