import { Duration, Stack } from 'aws-cdk-lib';
import { IdentitySource, LambdaIntegration, RequestAuthorizer, RestApi, Stage } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import type { AuthService } from '../../src';
import type { FaultSpec } from '../../local/services/types';
import type { Answer, CallOptions } from './support/client';
import { call } from './support/client';
import { VERIFIER } from './support/front';
import { claimsOf, compact, headerOf, signingKeyset, signWith } from './support/keys';
import type { Service } from './support/service';
import { startService, stopServices, UNTHROTTLED } from './support/service';

afterAll(stopServices);

const CACHE = Duration.seconds(60);
/** Answers with what API Gateway handed on. */
const ECHO = 'exports.handler = async (event) => ({ statusCode: 200, body: JSON.stringify(event.requestContext.authorizer ?? {}) });';
/** Answers each token with nonsense first and with a policy afterwards. */
const FICKLE = `
const seen = new Set();
exports.handler = async (event) => {
  const token = event.headers.Authorization ?? event.headers.authorization;
  if (token.includes('undecided')) return { principalId: 'somebody', policyDocument: 'none' };
  if (!seen.has(token)) { seen.add(token); return { isAuthorized: true }; }
  return { principalId: 'somebody', policyDocument: { Version: '2012-10-17', Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: event.methodArn }] } };
};`;

/** APIs of another team, in a stack of their own, and one beside the service. */
function consumer(stack: Stack, auth: AuthService): void {
  const own = new Stack(stack.node.root, 'Consumer');
  const fn = (scope: Stack, id: string, code: string) =>
    new Function(scope, id, { runtime: Runtime.NODEJS_24_X, handler: 'index.handler', code: Code.fromInline(code), timeout: Duration.seconds(10) });
  const echo = fn(own, 'Echo', ECHO);
  const rest = new RestApi(own, 'Orders', { deployOptions: { stageName: 'green' }, cloudWatchRole: false });
  const any = auth.restAuthorizer(own, 'AnyCached', { resultsCacheTtl: CACHE });
  const admin = auth.restAuthorizer(own, 'AdminCached', { requiredScopes: ['orders:admin'], resultsCacheTtl: CACHE });
  const fresh = auth.restAuthorizer(own, 'AnyFresh');
  // Not confined to a method: the permissions of CDK name one stage only.
  const integration = new LambdaIntegration(echo, { scopePermissionToMethod: false });
  const get = (path: string, authorizer: RequestAuthorizer) => rest.root.resourceForPath(path).addMethod('GET', integration, { authorizer });
  get('/profile', any);
  get('/profile/{id}', any);
  get('/admin', admin);
  get('/fresh', fresh);
  get('/fickle', new RequestAuthorizer(own, 'Fickle', {
    handler: fn(own, 'FickleAuthorizer', FICKLE), identitySources: [IdentitySource.header('Authorization')], resultsCacheTtl: CACHE,
  }));
  new Stage(own, 'Blue', { deployment: rest.latestDeployment!, stageName: 'blue' });

  const http = new HttpApi(own, 'Bills');
  const route = (path: string, authorizer: ReturnType<AuthService['httpAuthorizer']>) =>
    http.addRoutes({ path, integration: new HttpLambdaIntegration(`Echo${path.replace('/', '')}`, echo), authorizer });
  route('/profile', auth.httpAuthorizer(own, 'HttpAny'));
  route('/admin', auth.httpAuthorizer(own, 'HttpAdmin', { requiredScopes: ['orders:admin', 'bills'] }));

  const beside = new RestApi(stack, 'Beside', { cloudWatchRole: false });
  beside.root.addMethod('GET', new LambdaIntegration(fn(stack, 'BesideEcho', ECHO)), { authorizer: auth.restAuthorizer(stack, 'BesideAuth') });
}

let service: Service;
let orders: string;
let blue: string;
let bills: string;
let beside: string;

beforeAll(async () => {
  service = await startService({ ...UNTHROTTLED, abuse: { registrationsPerHour: 1000 } }, { extend: consumer, instance: { concurrency: 1 } });
  const urls = (api: string) => service.instance.apis.find(({ logicalId }) => logicalId.startsWith(api))!.urls.map((url) => url.replace(/\/$/, ''));
  orders = urls('Orders').find((url) => url.endsWith('/green'))!;
  blue = urls('Orders').find((url) => url.endsWith('/blue'))!;
  [bills, beside] = [urls('Bills')[0]!, urls('Beside')[0]!];
});

afterEach(() => {
  service.instance.faults.remove();
  service.instance.clock.reset();
});

const get = (url: string, bearer?: string, options: CallOptions = {}): Promise<Answer> => call('GET', url, { ...options, ...bearer === undefined ? {} : { bearer } });

/** Whoever verifies tokens cannot read what is revoked: the authorizer of other APIs, and who does it for the service's own routes. */
function losingRevocations(effect: FaultSpec['effect']): void {
  for (const caller of new Set(['AuthFunctionsAuthorizer', VERIFIER])) {
    service.instance.faults.add({ service: 'dynamodb', caller, resource: 'Revocations', effect });
  }
}

/** The answer, and whether API Gateway asked the authorizer or remembered. */
async function asked(url: string, bearer: string): Promise<[number, string | undefined]> {
  const before = service.instance.requests().at(-1)?.sequence ?? 0;
  const { status } = await get(url, bearer);
  return [status, service.instance.requests(before).at(-1)?.authorizer];
}

async function administrator() {
  const user = await service.register();
  expect((await service.admin({ action: 'set-scopes', uid: user.uid, scopes: ['orders:admin', 'bills'] })).ok).toBe(true);
  return { ...user, ...await service.login(user.email) };
}

describe('cached policies', () => {
  test('T24 JT-11 a policy remembered for one route opens none that asks for more', async () => {
    const user = await service.newUser();
    expect(await asked(`${orders}/profile`, user.access_token)).toEqual([200, 'called']);
    expect(await asked(`${orders}/profile/1`, user.access_token)).toEqual([200, 'cached']);
    expect(await asked(`${orders}/admin`, user.access_token)).toEqual([403, 'called']);
    expect(await asked(`${orders}/admin`, user.access_token)).toEqual([403, 'cached']);
    expect(await asked(`${orders}/profile`, user.access_token)).toEqual([200, 'cached']);
    // AND the other way round: first refused, then allowed
    const second = await service.newUser();
    expect(await asked(`${orders}/admin`, second.access_token)).toEqual([403, 'called']);
    expect(await asked(`${orders}/profile`, second.access_token)).toEqual([200, 'called']);
    const admin = await administrator();
    expect(await asked(`${orders}/admin`, admin.access_token)).toEqual([200, 'called']);
  });

  test('T24 what is remembered for one user speaks for no other', async () => {
    const [first, second, admin] = [await service.newUser(), await service.newUser(), await administrator()];
    for (let round = 0; round < 2; round += 1) {
      for (const { access_token, uid } of [first, second, admin]) expect((await get(`${orders}/profile/1`, access_token)).body.sub).toBe(uid);
      expect((await get(`${orders}/admin`, admin.access_token)).body.sub).toBe(admin.uid);
      expect((await get(`${orders}/admin`, second.access_token)).status).toBe(403);
    }
    // Neither a changed token nor none finds the entry of the good one.
    expect((await get(`${orders}/profile`, `${first.access_token}A`)).status).toBe(401);
    expect((await get(`${orders}/profile`)).status).toBe(401);
    expect((await get(`${orders}/profile`, undefined, { headers: { authorization: first.access_token } })).status).toBe(401);
  });

  test('T24 JT-09 after a logout a remembered policy ends with its minute, and without memory the next call is refused', async () => {
    const user = await service.newUser();
    expect((await get(`${orders}/profile`, user.access_token)).status).toBe(200);
    expect((await get(`${orders}/fresh`, user.access_token)).status).toBe(200);
    expect((await service.post('/logout', { refresh_token: user.refresh_token })).status).toBe(204);
    expect(await asked(`${orders}/fresh`, user.access_token)).toEqual([401, 'called']);
    // Routes and stages that were not asked before the logout have nothing to remember.
    expect(await asked(`${orders}/admin`, user.access_token)).toEqual([401, 'called']);
    expect(await asked(`${blue}/profile`, user.access_token)).toEqual([401, 'called']);
    service.advance(60);
    expect(await asked(`${orders}/profile`, user.access_token)).toEqual([401, 'called']);
    // A refusal by 401 is not remembered either.
    expect(await asked(`${orders}/profile`, user.access_token)).toEqual([401, 'called']);
  });

  test('T24 a policy of one stage is not used on another', async () => {
    const user = await service.newUser();
    expect(await asked(`${orders}/profile`, user.access_token)).toEqual([200, 'called']);
    expect(await asked(`${orders}/profile`, user.access_token)).toEqual([200, 'cached']);
    expect(await asked(`${blue}/profile`, user.access_token)).toEqual([200, 'called']);
    expect(await asked(`${blue}/admin`, user.access_token)).toEqual([403, 'called']);
  });

  test('T24 JT-12 an authorizer that answers nonsense is an outage, and not remembered', async () => {
    const first = await get(`${orders}/fickle`, 'token');
    expect([first.status, first.headers['retry-after'], first.body.code]).toEqual([503, '1', 'unavailable']);
    expect(await asked(`${orders}/fickle`, 'token')).toEqual([200, 'called']);
    expect(await asked(`${orders}/fickle`, 'token')).toEqual([200, 'cached']);
    for (let round = 0; round < 2; round += 1) expect(await asked(`${orders}/fickle`, 'undecided')).toEqual([503, 'called']);
  });
});

describe('what an API learns of its caller', () => {
  test('JT-13 the context names subject, scopes and session, on REST and HTTP APIs, in the stack of the service and in another', async () => {
    const admin = await administrator();
    const { sub, scope, sid, sv, jti, auth_time: authTime } = claimsOf(admin.access_token);
    const context = { sub, scope, sid, sv: String(sv), jti, auth_time: String(authTime), amr: 'pwd' };
    expect(sub).toBe(admin.uid);
    expect(scope).toBe('bills orders:admin');
    const forged = { headers: { 'x-user-id': 'somebody', 'x-amzn-authorizer-sub': 'somebody', 'sub': 'somebody' } };
    for (const url of [`${orders}/fresh`, `${orders}/admin`, beside]) expect((await get(url, admin.access_token, forged)).body).toMatchObject({ principalId: sub, ...context });
    for (const path of ['profile', 'admin']) expect((await get(`${bills}/${path}`, admin.access_token, forged)).body.lambda).toEqual(context);
  });

  test('T24 an HTTP API asks for scopes, and forgets a session that has ended', async () => {
    const user = await service.newUser();
    expect((await get(`${bills}/profile`, user.access_token)).status).toBe(200);
    expect((await get(`${bills}/admin`, user.access_token)).status).toBe(403);
    expect((await get(`${bills}/profile`)).status).toBe(401);
    expect((await get(`${bills}/profile`, 'nonsense')).status).toBe(401);
    expect((await service.post('/logout', { refresh_token: user.refresh_token })).status).toBe(204);
    expect((await get(`${bills}/profile`, user.access_token)).status).toBe(401);
    expect((await get(beside, user.access_token)).status).toBe(401);
  });

  test('T24 one of two required scopes is not enough', async () => {
    const user = await service.register();
    expect((await service.admin({ action: 'set-scopes', uid: user.uid, scopes: ['bills'] })).ok).toBe(true);
    const { access_token: token } = await service.login(user.email);
    expect((await get(`${bills}/admin`, token)).status).toBe(403);
    expect((await get(`${orders}/admin`, token)).status).toBe(403);
  });
});

describe('while the authorizer cannot read what is revoked', () => {
  const effects: FaultSpec['effect'][] = ['error', 'throttle', 'deny', 'drop', 'timeout'];

  test.each(effects)('T31 JT-12 RS-02 %s: 503 with Retry-After, nobody gets through, nothing is remembered', async (effect) => {
    const good = await service.newUser();
    const ended = await service.newUser();
    const admin = await administrator();
    expect((await service.post('/logout', { refresh_token: ended.refresh_token })).status).toBe(204);
    // Tokens nobody has asked about: what API Gateway remembers is not the subject.
    const urls = [`${service.url}/me`, `${orders}/profile`, `${orders}/admin`, `${orders}/fresh`, beside];
    losingRevocations(effect);
    for (const url of effect === 'timeout' ? urls.slice(0, 2) : urls) {
      for (const token of [admin.access_token, good.access_token, ended.access_token].slice(0, effect === 'timeout' ? 1 : 3)) {
        const answer = await get(url, token);
        expect([url, answer.status, answer.headers['retry-after'], answer.headers['content-type'], answer.body.code])
          .toEqual([url, 503, expect.stringMatching(/^[1-9]$/), 'application/problem+json', 'unavailable']);
        expect(answer.headers['www-authenticate']).toBeUndefined();
      }
    }
    // An HTTP API has no gateway responses: 500 is all it can say, and no statement about the token.
    if (effect !== 'timeout') expect((await get(`${bills}/profile`, good.access_token)).status).toBe(500);
    service.instance.faults.remove();
    // THEN the very next call is decided
    for (const url of urls) expect([url, (await get(url, admin.access_token)).status]).toEqual([url, 200]);
    expect((await get(`${bills}/profile`, good.access_token)).status).toBe(200);
    for (const url of urls) expect([url, (await get(url, ended.access_token)).status]).toEqual([url, 401]);
  });

  test('T31 a cold authorizer and one whose keys are too old let nobody through and blame nobody', async () => {
    const user = await service.newUser();
    const keyset = await signingKeyset(service);
    const stranger = compact({ ...headerOf(keyset.active), kid: 'unknown' }, claimsOf(user.access_token), signWith(keyset.active));
    service.instance.recycle();
    losingRevocations('error');
    for (const token of [user.access_token, stranger]) expect((await service.me(token)).status).toBe(503);
    service.instance.faults.remove();
    expect([(await service.me(user.access_token)).status, (await service.me(stranger)).status]).toEqual([200, 401]);
    // GIVEN keys an hour old
    losingRevocations('error');
    service.advance(3601);
    for (const token of [user.access_token, stranger]) expect((await service.me(token)).status).toBe(503);
    service.instance.faults.remove();
    const { access_token: later } = await service.login(user.email);
    expect((await service.me(later)).status).toBe(200);
  });

  test('T31 a single lost answer costs nobody anything', async () => {
    const user = await service.newUser();
    for (const effect of ['error', 'throttle', 'drop'] as const) {
      const fault = service.instance.faults.add({ service: 'dynamodb', caller: VERIFIER, resource: 'Revocations', effect, times: 1 });
      expect([effect, (await service.me(user.access_token)).status]).toEqual([effect, 200]);
      expect(service.instance.faults.list().find(({ id }) => id === fault.id)?.applied).toBe(1);
      service.instance.faults.remove(fault.id);
    }
  });
});
