import { RequestDeadline } from '../../../lambda/adapters/deadline';
import { AuditLog } from '../../../lambda/adapters/log/audit-log';
import { JsonLog } from '../../../lambda/adapters/log/json-log';
import { AsyncRequestScope } from '../../../lambda/adapters/log/request-scope';
import { AuthError, UnavailableError } from '../../../lambda/domain/errors';
import type { HttpSettings } from '../../../lambda/http/api';
import { admittedByGateway } from '../../../lambda/http/admission';
import { createApi } from '../../../lambda/http/api';
import { bearerEndpoint, publicEndpoint } from '../../../lambda/http/endpoint';
import type { RestResult } from '../../../lambda/http/events';
import { identifiedByGateway } from '../../../lambda/http/principal';
import { LoginRequest } from '../../../lambda/http/schemas/requests';
import type { HttpResponse } from '../../../lambda/http/types';
import { TIME_LEFT } from '../support/time-left';
import type { Given } from './events';
import { httpApiEvent, restEvent } from './events';

const clock = { now: () => 1_800_000_000_000 };
const body = { email: 'ada@example.com', password: 'p' };

function start(handle: () => Promise<HttpResponse>, http: Partial<HttpSettings> = {}) {
  const lines: string[] = [];
  const scope = new AsyncRequestScope();
  const sink = (line: string): void => { lines.push(line); };
  const deps = {
    http: { origins: ['https://app.example.com'], transport: 'both' as const, local: false, ...http },
    admit: admittedByGateway,
    identify: identifiedByGateway,
    scope,
    deadline: new RequestDeadline(),
    audit: new AuditLog('Shop', clock, scope, sink),
    log: new JsonLog('Shop', 'debug', clock, scope, sink),
  };
  const api = createApi(deps, [
    publicEndpoint('POST /login', { body: LoginRequest, cookies: 'session' }, handle),
    bearerEndpoint('GET /me', {}, async ({ principal }) => ({ status: 200, body: { sub: principal.uid } })),
  ]);
  return {
    lines,
    events: () => lines.map((line) => JSON.parse(line)).filter(({ type }) => type === 'audit'),
    send: async (given: Given) => {
      const result = await api(restEvent(given), TIME_LEFT) as RestResult;
      const headers = Object.fromEntries(Object.entries(result.multiValueHeaders).map(([name, values]) => [name, values.join('|')]));
      return { status: result.statusCode, headers, body: result.body === '' ? undefined : JSON.parse(result.body) };
    },
    api,
  };
}

describe('answers', () => {
  test('WB-05 every answer carries the security headers', async () => {
    const { send } = start(async () => ({ status: 200, body: {} }));
    for (const given of [{ body }, { body: {} }, { raw: '{' }, { route: '/nothing' }, { method: 'GET', route: '/me' }]) {
      const { headers } = await send(given);
      expect(headers).toMatchObject({
        'strict-transport-security': expect.stringContaining('max-age=31536000'),
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
        'referrer-policy': 'no-referrer',
        'vary': 'Origin',
      });
    }
  });

  test('cookies are never joined', async () => {
    const { api } = start(async () => ({ status: 200, body: {}, cookies: ['a=1', 'b=2'] }));
    const rest = await api(restEvent({ body }), TIME_LEFT) as RestResult;
    expect(rest.multiValueHeaders['set-cookie']).toEqual(['a=1', 'b=2']);
    expect(await api(httpApiEvent({ body }), TIME_LEFT)).toMatchObject({ statusCode: 200, cookies: ['a=1', 'b=2'], headers: { 'content-type': 'application/json' } });
  });

  test('the correlation id comes back when it may stand in a log, else the request id', async () => {
    const { send, events } = start(async () => { throw new AuthError('invalid_credentials'); });
    expect((await send({ body, headers: { 'X-Correlation-Id': 'trace_1-a' } })).headers['x-correlation-id']).toBe('trace_1-a');
    for (const bad of ['a b', 'x'.repeat(65), 'a\u2028b', '{"a":1}', 'ümlaut']) {
      expect((await send({ body, requestId: 'r-9', headers: { 'x-correlation-id': bad } })).headers['x-correlation-id']).toBe('r-9');
    }
    expect((await send({ body, requestId: 'r-8', headers: { 'x-correlation-id': ['a', 'b'] } })).headers['x-correlation-id']).toBe('r-8');
    expect(events()[0].correlation_id).toBe('trace_1-a');
  });
});

describe('IN-01 T25 schemas', () => {
  test('unknown fields are refused and named, values are not echoed', async () => {
    const { send } = start(async () => ({ status: 200 }));
    const answer = await send({ body: { ...body, role: 'canary', sv: 7 } });
    expect(answer.status).toBe(400);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.body).toEqual({
      type: 'about:blank',
      title: 'The request is not valid',
      status: 400,
      code: 'validation_failed',
      requestId: expect.any(String),
      errors: [{ pointer: '/role', message: 'is not known here' }],
    });
  });

  test.each([
    [{ email: 'a@b.example' }, [{ pointer: '/password', message: 'is required' }]],
    [{ email: ['a@b.example'], password: 'p' }, [{ pointer: '/email', message: 'has the wrong type or form' }]],
    [{ email: { $ne: '' }, password: 'p' }, [{ pointer: '/email', message: 'has the wrong type or form' }]],
    [{ email: 'a@b.example', password: 0 }, [{ pointer: '/password', message: 'has the wrong type or form' }]],
    [{ email: 'a@b.example', password: '' }, [{ pointer: '/password', message: 'is too short' }]],
    [{ ...body, '<script>canary': 1 }, [{ pointer: '', message: 'is not known here' }]],
    [[], [{ pointer: '', message: 'must be an object' }]],
    ['text', [{ pointer: '', message: 'must be an object' }]],
    [null, [{ pointer: '', message: 'must be an object' }]],
  ])('%j', async (given, errors) => {
    const { send } = start(async () => ({ status: 200 }));
    const answer = await send({ body: given });
    expect(answer.body).toMatchObject({ code: 'validation_failed', errors });
    expect(JSON.stringify(answer)).not.toContain('canary');
  });
});

describe('RS-01 RS-02 last resort', () => {
  test('a dependency without an answer is 503 with Retry-After, never 401', async () => {
    const { send, events } = start(async () => { throw new UnavailableError('users', new Error('canary')); });
    const answer = await send({ body });
    expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '1' }, body: { code: 'unavailable' } });
    expect(JSON.stringify(answer)).not.toContain('canary');
    expect(events()).toEqual([expect.objectContaining({ event: 'dependency_unavailable', reason: 'users', DependencyUnavailable: 1 })]);
  });

  test('an error nobody expected is 500 without any text', async () => {
    const { send, events, lines } = start(async () => { throw new TypeError('canary of /a/path'); });
    const answer = await send({ body, requestId: 'r-5' });
    expect(answer).toMatchObject({ status: 500, body: { code: 'internal_error', title: 'Internal error', requestId: 'r-5' } });
    expect(JSON.stringify(answer)).not.toMatch(/canary|TypeError|at /);
    expect(events()).toEqual([expect.objectContaining({ event: 'unexpected_error', UnexpectedError: 1, request_id: 'r-5' })]);
    expect(lines.map((line) => JSON.parse(line)).find(({ type }) => type === 'log')).toMatchObject({ level: 'ERROR', request_id: 'r-5', error: { name: 'TypeError' } });
  });

  test('a refusal that no use case recorded is recorded once, with its reason', async () => {
    const { send, events } = start(async () => ({ status: 200 }));
    await send({ raw: '{"a":1,"a":2}' });
    await send({ body, headers: { origin: 'https://evil.example' } });
    expect(events().map(({ event, reason }) => [event, reason])).toEqual([
      ['request_refused', 'validation_failed:duplicate_name'],
      ['request_refused', 'origin_refused:origin_not_allowed'],
    ]);
  });

  test('Retry-After and the challenge stand in the headers', async () => {
    const limited = start(async () => { throw new AuthError('rate_limited', { retryAfter: 29.2 }); });
    expect((await limited.send({ body })).headers['retry-after']).toBe('30');
    const refused = start(async () => { throw new AuthError('invalid_credentials', { reason: 'canary' }); });
    const answer = await refused.send({ body });
    expect(answer.headers['www-authenticate']).toBe('Bearer');
    expect(JSON.stringify(answer)).not.toContain('canary');
  });

  test('JT-12 a guarded route without an authorizer is closed', async () => {
    const { send } = start(async () => ({ status: 200 }));
    expect((await send({ method: 'GET', route: '/me' })).status).toBe(500);
    const authorizer = { sub: 'u', scope: '', sid: 's', sv: '0', jti: 'j', auth_time: '1', amr: '' };
    expect(await send({ method: 'GET', route: '/me', authorizer })).toMatchObject({ status: 200, body: { sub: 'u' } });
  });

  test('IN-06 only its own routes', async () => {
    const { send } = start(async () => ({ status: 200 }));
    expect((await send({ method: 'GET', route: '/login' })).body.code).toBe('not_found');
    expect((await send({ method: 'POST', route: '/{proxy+}' })).body.code).toBe('not_found');
  });
});
