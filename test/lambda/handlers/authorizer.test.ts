import { createHandler } from '../../../lambda/handlers/authorizer/handler';
import type { AuthorizerEvent, Policy, SimpleAnswer } from '../../../lambda/http/authorizer-event';
import { RequestDeadline } from '../../../lambda/adapters/deadline';
import { AuditLog } from '../../../lambda/adapters/log/audit-log';
import { JsonLog } from '../../../lambda/adapters/log/json-log';
import { AsyncRequestScope } from '../../../lambda/adapters/log/request-scope';
import { SCOPES_ALIAS_PREFIX } from '../../../src/contract/authorizer';
import { httpApiEvent, restEvent } from '../http/events';
import { TIME_LEFT } from '../support/time-left';
import type { Service } from './service';
import { startService } from './service';

const FUNCTION = 'arn:aws:lambda:eu-west-1:111122223333:function:auth-authorizer';
const METHOD_ARN = 'arn:aws:execute-api:eu-west-1:111122223333:abc123/prod/GET/orders/7';
const WHOLE_STAGE = 'arn:aws:execute-api:eu-west-1:111122223333:abc123/prod/*';

const alias = (scopes: string) => `${FUNCTION}:${SCOPES_ALIAS_PREFIX}${Buffer.from(scopes).toString('base64url')}`;

let service: Service;
let token: string;
let authorize: (event: AuthorizerEvent, invokedFunctionArn?: string) => Promise<Policy | SimpleAnswer>;

beforeEach(async () => {
  service = await startService();
  token = (await service.login()).access_token;
  const scope = new AsyncRequestScope();
  const sink = (line: string): void => { service.lines.push(line); };
  const { world } = service;
  const handler = createHandler({
    ...world,
    scope,
    deadline: new RequestDeadline(),
    audit: new AuditLog('Shop', world.clock, scope, sink),
    log: new JsonLog('Shop', 'debug', world.clock, scope, sink),
  });
  authorize = (event, invokedFunctionArn = `${FUNCTION}:live`) => handler(event, { ...TIME_LEFT, awsRequestId: 'aws-1', invokedFunctionArn });
});

const request = (headers: Record<string, string | readonly string[]>): AuthorizerEvent =>
  ({ ...restEvent({ method: 'GET', route: '/orders/{id}', headers }), type: 'REQUEST', methodArn: METHOD_ARN });
const bearer = (value = `Bearer ${token}`) => request({ Authorization: value });

describe('events', () => {
  const context = () => ({
    sub: [...service.world.tables.profiles.keys()][0],
    scope: 'profile',
    sid: [...service.world.tables.sessions.keys()][0],
    sv: '1',
    jti: expect.stringMatching(/^[\w-]{22}$/),
    auth_time: String(service.world.clock.now() / 1000),
    amr: 'pwd',
  });

  test('JT-11 a policy for the whole stage, with context of strings', async () => {
    expect(await authorize(bearer())).toEqual({
      principalId: context().sub,
      policyDocument: { Version: '2012-10-17', Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: WHOLE_STAGE }] },
      context: context(),
    });
  });

  test('TOKEN', async () => {
    expect(await authorize({ type: 'TOKEN', authorizationToken: `Bearer ${token}`, methodArn: METHOD_ARN })).toMatchObject({ context: context() });
  });

  test('HTTP API, payload 2.0', async () => {
    const event = httpApiEvent({ method: 'GET', route: '/orders', headers: { authorization: `bearer ${token}` } });
    expect(await authorize({ ...event, type: 'REQUEST', routeArn: METHOD_ARN })).toEqual({ isAuthorized: true, context: context() });
  });

  test('HTTP API, payload 1.0', async () => {
    expect(await authorize({ version: '1.0', type: 'REQUEST', methodArn: METHOD_ARN, headers: { Authorization: `Bearer ${token}` } })).toMatchObject({ principalId: context().sub });
  });

  test('the scheme in any case, several spaces', async () => {
    for (const scheme of ['bearer ', 'BEARER ', 'Bearer   ']) expect(await authorize(bearer(`${scheme}${token}`))).toMatchObject({ context: context() });
  });
});

describe('bad tokens', () => {
  test.each<[string, (good: string) => Record<string, string | readonly string[]>]>([
    ['none', () => ({})],
    ['two headers', (good) => ({ Authorization: [`Bearer ${good}`, `Bearer ${good}`] })],
    ['two spellings', (good) => ({ Authorization: `Bearer ${good}`, authorization: `Bearer ${good}` })],
    ['another scheme', (good) => ({ Authorization: `Basic ${good}` })],
    ['no scheme', (good) => ({ Authorization: good })],
    ['a list', (good) => ({ Authorization: `Bearer ${good}, Bearer ${good}` })],
    ['a changed signature', (good) => ({ Authorization: `Bearer ${good.slice(0, -8)}AAAAAAAA` })],
    ['in a cookie', (good) => ({ Cookie: `Authorization=Bearer ${good}; access_token=${good}` })],
    ['something else', () => ({ Authorization: 'Bearer rt1.abcdefgh.x.0.y' })],
    ['ten kilobytes', () => ({ Authorization: `Bearer ${'a'.repeat(10_000)}` })],
  ])('%s: Unauthorized', async (_, headers) => {
    await expect(authorize(request(headers(token)))).rejects.toThrow(/^Unauthorized$/);
    expect(service.events().at(-1)).toMatchObject({ event: expect.stringMatching(/token_refused|request_refused/), outcome: 'failure', operation: 'authorize' });
  });

  test('T04 after logout', async () => {
    await service.send({ path: '/logout', bearer: token });
    await expect(authorize(bearer())).rejects.toThrow(/^Unauthorized$/);
  });

  test('after expiry', async () => {
    service.world.clock.advance(931);
    await expect(authorize(bearer())).rejects.toThrow(/^Unauthorized$/);
  });
});

describe('JT-12 RS-02 outages are neither an answer about the token nor a pass', () => {
  test.each(['revocations', 'verificationKeys'])('%s down', async (port) => {
    service.world.calls.failAll(port);
    await expect(authorize(bearer())).rejects.toThrow(/^authorizer failure$/);
    expect(service.events().at(-1)).toMatchObject({ event: 'dependency_unavailable' });
    service.world.calls.reset();
    expect(await authorize(bearer())).toMatchObject({ policyDocument: expect.anything() });
  });

  test('an event that nobody understands', async () => {
    await expect(authorize({ type: 'REQUEST', headers: { authorization: `Bearer ${token}` } })).rejects.toThrow(/^authorizer failure$/);
    expect(service.events().at(-1)).toMatchObject({ event: 'unexpected_error' });
  });
});

describe('required scopes', () => {
  test('the alias asks, the token has', async () => {
    expect(await authorize(bearer(), alias('profile'))).toMatchObject({ policyDocument: { Statement: [{ Effect: 'Allow' }] } });
    for (const qualifier of ['', ':live', ':$LATEST', ':7']) expect(await authorize(bearer(), `${FUNCTION}${qualifier}`)).toHaveProperty('context');
  });

  test.each(['admin', 'admin profile', 'profil', 'profile:read'])('%s is not there: Deny for the whole stage, without context', async (scopes) => {
    expect(await authorize(bearer(), alias(scopes))).toEqual({
      principalId: expect.any(String),
      policyDocument: { Version: '2012-10-17', Statement: [{ Action: 'execute-api:Invoke', Effect: 'Deny', Resource: WHOLE_STAGE }] },
    });
    expect(service.events().at(-1)).toMatchObject({ event: 'token_refused', reason: 'scope_missing' });
    const event = httpApiEvent({ method: 'GET', headers: { authorization: `Bearer ${token}` } });
    expect(await authorize({ ...event, type: 'REQUEST' }, alias(scopes))).toEqual({ isAuthorized: false });
  });

  test.each(['', '!', 'cHJvZmlsZQ==', 'cHJvZmlsZR', 'IA', 'cHJvZmlsZSAg', '__8'])('an alias that names no scopes (%j) allows nothing', async (encoded) => {
    await expect(authorize(bearer(), `${FUNCTION}:${SCOPES_ALIAS_PREFIX}${encoded}`)).rejects.toThrow(/^authorizer failure$/);
  });
});
