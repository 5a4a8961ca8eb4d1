import * as v from 'valibot';
import { Cookies } from '../../lambda/http/cookies';
import { FirewallProblemResponse } from '../../lambda/http/schemas/responses';
import { AuthRoute } from '../../src';
import { defaults } from '../construct/support/synth';
import { ORIGIN, parseSetCookie, SECURITY_HEADERS } from './support/browser';
import type { Answer } from './support/client';
import { apiOfFront, FRONT, testOnlyBehind } from './support/front';
import type { Service } from './support/service';
import { PASSWORD, startGuarded, startService, stopServices, UNTHROTTLED } from './support/service';

afterAll(stopServices);

const ONE_AT_A_TIME = [{ route: AuthRoute.HEALTH, rateLimit: 1, burstLimit: 1 }];
const EVIL = { origin: 'https://evil.example' };
const testRest = testOnlyBehind('rest', 'its gateway responses are of our making');
const testHttp = testOnlyBehind('http', 'API Gateway words its own refusals');

/** As docs/openapi.json describes it. */
function expectPublishedOfFirewall({ status, headers, body }: Answer): void {
  expect(headers['content-type']).toBe('application/json');
  expect(v.safeParse(FirewallProblemResponse, body).issues).toBeUndefined();
  expect(body.status).toBe(status);
}

describe('answers that API Gateway and the firewall make', () => {
  let service: Service;

  beforeAll(async () => {
    service = await startGuarded({ webApp: { origins: [ORIGIN] }, api: apiOfFront({ routeThrottles: ONE_AT_A_TIME }) });
  });

  afterEach(() => service.instance.faults.remove());

  /** A token of a new user. */
  async function newBearer(): Promise<string> {
    const headers = { 'origin': ORIGIN, 'x-csrf-protection': '1' };
    const body = { email: service.newEmail(), password: PASSWORD };
    expect((await service.call('POST', '/register', { body, headers })).status).toBe(201);
    return (await service.call('POST', '/login', { body, headers })).body.access_token;
  }

  async function throttledAnswer(): Promise<Answer> {
    const healths = await Promise.all(Array.from({ length: 5 }, () => service.call('GET', '/health', { headers: EVIL })));
    return healths.find(({ status }) => status === 429)!;
  }

  testRest('WB-05 WB-04 JT-12 RS-02 security headers, problem+json and no reflected origin on 401, 403, 404, 413, 429 and 503', async () => {
    const answers: [string, number, string, Answer][] = [
      ['no token', 401, 'invalid_token', await service.call('GET', '/me', { headers: EVIL })],
      ['bad token', 401, 'invalid_token', await service.call('GET', '/me', { headers: EVIL, bearer: 'a.b.c' })],
      ['unknown path', 404, 'not_found', await service.call('GET', '/nothing/here', { headers: EVIL })],
      ['unknown method', 404, 'not_found', await service.call('PUT', '/login', { headers: EVIL, body: {} })],
      ['firewall', 413, 'payload_too_large', await service.post('/login', { email: 'x'.repeat(9000) }, { headers: EVIL })],
    ];
    answers.push(['throttle', 429, 'rate_limited', await throttledAnswer()]);
    const bearer = await newBearer();
    service.instance.faults.add({ service: 'dynamodb', caller: 'AuthFunctionsAuthorizer', effect: 'error' });
    answers.push(['authorizer down', 503, 'unavailable', await service.call('GET', '/me', { headers: EVIL, bearer })]);
    for (const [name, status, code, answer] of answers) {
      expect([name, answer.status, answer.body.code]).toEqual([name, status, code]);
      expect([name, answer.headers]).toEqual([name, expect.objectContaining(SECURITY_HEADERS)]);
      // AWS WAF names its custom bodies application/json, text/html or text/plain, nothing else.
      expect([name, answer.headers['content-type']]).toEqual([name, name === 'firewall' ? 'application/json' : 'application/problem+json']);
      if (name === 'firewall') expectPublishedOfFirewall(answer);
      expect([ORIGIN, undefined]).toContain(answer.headers['access-control-allow-origin']);
      expect([name, answer.setCookie]).toEqual([name, []]);
      expect([name, answer.headers['retry-after'] !== undefined]).toEqual([name, status === 429 || status === 503]);
      expect(answer.text).not.toContain('evil.example');
    }
  });

  testHttp('WB-05 WB-04 security headers and no reflected origin, whoever answers; what the functions answer is problem+json', async () => {
    const bearer = await newBearer();
    service.instance.faults.add({ service: 'dynamodb', caller: 'AuthFunctionsProfile', effect: 'error', resource: 'Revocations' });
    const answers: [string, number, unknown, Answer][] = [
      ['no token', 401, { code: 'invalid_token' }, await service.call('GET', '/me', { headers: EVIL })],
      ['bad token', 401, { code: 'invalid_token' }, await service.call('GET', '/me', { headers: EVIL, bearer: 'a.b.c' })],
      ['nobody can verify', 503, { code: 'unavailable' }, await service.call('GET', '/me', { headers: EVIL, bearer })],
      ['firewall', 413, { code: 'payload_too_large' }, await service.post('/login', { email: 'x'.repeat(9000) }, { headers: EVIL })],
      ['unknown path', 404, { message: 'Not Found' }, await service.call('GET', '/nothing/here', { headers: EVIL })],
      ['unknown method', 404, { message: 'Not Found' }, await service.call('PUT', '/login', { headers: EVIL, body: {} })],
      ['throttle', 429, { message: 'Too Many Requests' }, await throttledAnswer()],
    ];
    for (const [name, status, body, answer] of answers) {
      expect([name, answer.status, answer.body]).toEqual([name, status, expect.objectContaining(body)]);
      expect([name, answer.headers]).toEqual([name, expect.objectContaining(SECURITY_HEADERS)]);
      expect([name, answer.headers['content-type']]).toEqual([name, status === 401 || status === 503 ? 'application/problem+json' : 'application/json']);
      // A web ACL knows no origin there: everybody may read its refusals, without cookies.
      const readers = name === 'firewall' ? '*' : undefined;
      expect([name, answer.headers['access-control-allow-origin'], answer.setCookie]).toEqual([name, readers, []]);
      expect([name, answer.headers['access-control-allow-credentials']]).toEqual([name, undefined]);
      expect([name, answer.headers['retry-after'] !== undefined]).toEqual([name, status === 503]);
      expect(answer.text).not.toContain('evil.example');
    }
  });

  test('WB-05 the rate rule of the firewall answers alike', async () => {
    const from = service.newSource();
    let answer: Answer | undefined;
    for (let sent = 0; sent < 200 && answer?.status !== 429; sent += 1) answer = await service.post('/token/refresh', {}, { from });
    expect([answer?.status, answer?.body.code]).toEqual([429, 'rate_limited']);
    expectPublishedOfFirewall(answer!);
    expect(answer!.headers).toMatchObject(SECURITY_HEADERS);
    expect(Number(answer!.headers['retry-after'])).toBeGreaterThan(0);
  });

  test('WB-05 a body above ten megabytes is refused by the gateway with the same headers', async () => {
    const open = await startService({ ...UNTHROTTLED });
    const answer = await open.post('/login', Buffer.alloc(10 * 1024 * 1024 + 1, 'x'));
    expect([answer.status, answer.body]).toEqual([413, FRONT === 'rest' ? expect.objectContaining({ code: 'payload_too_large' }) : { message: 'Request Entity Too Large' }]);
    expect(answer.headers).toMatchObject(SECURITY_HEADERS);
  });
});

describe('names of the cookies', () => {
  test('WB-01 on AWS the cookies carry the __Host- prefix, Secure and no Domain', () => {
    const cookies = new Cookies(false);
    for (const [text, name] of [[cookies.refresh('t', 60), '__Host-rt'], [cookies.device('t', 60), '__Host-dt'], [cookies.clearRefresh(), '__Host-rt']] as const) {
      const parsed = parseSetCookie(text);
      expect(parsed.name).toBe(name);
      expect(parsed.attributes).toEqual({ 'path': '/', 'max-age': expect.any(String), 'secure': true, 'httponly': true, 'samesite': 'Strict' });
    }
  });

  test('WB-01 no template asks for the names without the prefix: only the local instance sets that variable', () => {
    expect(JSON.stringify(defaults().template.toJSON())).not.toContain('AUTH_SERVICE_LOCAL');
  });
});
