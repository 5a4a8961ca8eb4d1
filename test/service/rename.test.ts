import { Stack } from 'aws-cdk-lib';
import { LambdaIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import type { AuthService, AuthServiceProps } from '../../src';
import { call } from './support/client';
import { deployments, removeData } from './support/deployments';
import { claimsOf } from './support/keys';
import type { Service, Tokens } from './support/service';
import { PASSWORD, stopServices, UNTHROTTLED } from './support/service';

afterAll(stopServices);
afterAll(removeData);

/** APIs of another team, one of each kind, in a stack of their own. */
function consumer(stack: Stack, auth: AuthService): void {
  const own = new Stack(stack.node.root, 'Consumer');
  const handler = new Function(own, 'Handler', {
    runtime: Runtime.NODEJS_24_X, handler: 'index.handler', code: Code.fromInline("exports.handler = async () => ({ statusCode: 200, body: '{}' });"),
  });
  new RestApi(own, 'Orders', { cloudWatchRole: false }).root.addMethod('GET', new LambdaIntegration(handler), { authorizer: auth.restAuthorizer(own, 'OrdersAuth') });
  new HttpApi(own, 'Bills').addRoutes({ path: '/', integration: new HttpLambdaIntegration('Bills', handler), authorizer: auth.httpAuthorizer(own, 'BillsAuth') });
}

/** One service under a name that changes. The issuer is one of its own: the local instance listens elsewhere at each start. */
function renames(): (serviceName: string, acceptedAudiences?: string[]) => Promise<Service> {
  const deploy = deployments({ extend: consumer });
  return (serviceName, acceptedAudiences) => {
    const props: AuthServiceProps = { ...UNTHROTTLED, serviceName, abuse: { registrationsPerHour: 1000 }, tokens: { issuer: 'https://auth.example.com', acceptedAudiences } };
    return deploy(props);
  };
}

const urlOf = (service: Service, api: string) => service.instance.apis.find(({ logicalId }) => logicalId.startsWith(api))!.urls[0]!;

/** What a token reaches, wherever one is verified. */
async function statuses(service: Service, bearer: string): Promise<Record<string, number>> {
  const at = async (method: string, url: string, body?: unknown) => (await call(method, url, { bearer, body })).status;
  return {
    profile: await at('GET', `${service.url}/me`),
    sessions: await at('GET', `${service.url}/me/sessions`),
    restAuthorizer: await at('GET', urlOf(service, 'Orders')),
    httpAuthorizer: await at('GET', urlOf(service, 'Bills')),
  };
}

const ACCEPTED = { profile: 200, sessions: 200, restAuthorizer: 200, httpAuthorizer: 200 };
const REFUSED = { profile: 401, sessions: 401, restAuthorizer: 401, httpAuthorizer: 401 };

/** Whether the session of a token has ended, as its refresh token tells. */
const hasEnded = async (service: Service, { refresh_token }: Tokens) => (await service.refresh(refresh_token)).status === 401;

test('T19 a renamed service accepts tokens of the old name as long as it is told to, writes the new one only, and keeps users and sessions', async () => {
  const deploy = renames();
  const before = await deploy('shop');
  const user = await before.newUser();
  expect(claimsOf(user.access_token).aud).toBe('shop');

  const renamed = await deploy('store', ['shop']);
  expect(await statuses(renamed, user.access_token)).toEqual(ACCEPTED);
  const refreshed: Tokens = (await renamed.refresh(user.refresh_token)).body;
  const later = await renamed.login(user.email);
  for (const token of [refreshed.access_token, later.access_token]) {
    expect(claimsOf(token)).toMatchObject({ aud: 'store', sub: user.uid });
    expect(await statuses(renamed, token)).toEqual(ACCEPTED);
  }

  const done = await deploy('store');
  expect(await statuses(done, user.access_token)).toEqual(REFUSED);
  expect(await statuses(done, refreshed.access_token)).toEqual(ACCEPTED);
  expect(claimsOf((await done.refresh(refreshed.refresh_token)).body.access_token)).toMatchObject({ aud: 'store', sub: user.uid, sid: claimsOf(user.access_token).sid });
  expect((await done.login(user.email, PASSWORD)).access_token).toBeDefined();
}, 60_000);

test('T19 revocation and logout take a token of the old name as long as it is accepted, and an expired one too', async () => {
  const deploy = renames();
  const before = await deploy('shop');
  const [revoked, loggedOut, asleep, refused] = [await before.newUser(), await before.newUser(), await before.newUser(), await before.newUser()];

  const renamed = await deploy('store', ['shop']);
  expect((await renamed.post('/token/revoke', { token: revoked.access_token })).status).toBe(200);
  expect((await renamed.call('POST', '/logout', { bearer: loggedOut.access_token, body: {} })).status).toBe(204);
  renamed.advance(1000);
  expect((await renamed.call('POST', '/logout', { bearer: asleep.access_token, body: {} })).status).toBe(204);
  for (const user of [revoked, loggedOut, asleep]) expect(await hasEnded(renamed, user)).toBe(true);

  const done = await deploy('store');
  expect((await done.call('POST', '/logout', { bearer: refused.access_token, body: {} })).status).toBe(401);
  expect(await hasEnded(done, refused)).toBe(false);
}, 60_000);

test('T19 a version that was told of the new name before accepts its tokens: no order of the aliases, canary or rollback refuses one', async () => {
  const deploy = renames();
  const user = await (await deploy('store', ['shop'])).newUser();
  expect(claimsOf(user.access_token).aud).toBe('store');

  const told = await deploy('shop', ['store']);
  expect(await statuses(told, user.access_token)).toEqual(ACCEPTED);
  expect(claimsOf((await told.refresh(user.refresh_token)).body.access_token).aud).toBe('shop');

  const untold = await deploy('shop');
  expect(await statuses(untold, user.access_token)).toEqual(REFUSED);
}, 60_000);
