import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Stack } from 'aws-cdk-lib';
import { Duration, SecretValue } from 'aws-cdk-lib';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { generateKeyPairSync } from 'node:crypto';
import { AdminRequest } from '../../../lambda/handlers/admin/actions';
import type { AuthService, AuthServiceProps } from '../../../src';
import { AuthApi, AuthFunctionName, Firewall, SigningKeys, TokenTransport } from '../../../src';
import { Routes } from '../../../src/contract/routes';
import { GRANTS } from '../../../src/functions/grants';
import { ORIGIN } from '../../service/support/browser';
import { call } from '../../service/support/client';
import type { Service } from '../../service/support/service';
import { startService, stopServices } from '../../service/support/service';
import { behindCloudFront } from '../support/fronts';
import { granted } from './grants/expected';
import { Journeys } from './grants/journeys';
import { Recorded, TEAM_SECRET } from './grants/recorded';

const THROTTLE = { throttle: { rateLimit: 100_000, burstLimit: 100_000 } };
const PROPS: AuthServiceProps = {
  abuse: { attemptsPerHour: 100, registrationsPerHour: 1000 }, webApp: { origins: [ORIGIN] },
  tokens: { transport: TokenTransport.both(), sessionLifetime: Duration.days(60), idleTimeout: Duration.days(60) },
};
const REST: AuthServiceProps = { ...PROPS, api: AuthApi.rest(THROTTLE), firewall: Firewall.disabled() };

/** Actions of the admin function that some service was asked for. */
const administered = new Set<string>();
let recorded: Recorded;
let service: Service;
let journeys: Journeys;
let store: DynamoDBDocumentClient;

async function start(...args: Parameters<typeof startService>): Promise<void> {
  recorded = new Recorded();
  service = await startService(...args);
  const { servicesUrl: endpoint, region } = service.instance;
  store = DynamoDBDocumentClient.from(new DynamoDBClient({ endpoint, region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } }));
  journeys = new Journeys(service, store);
}

async function stop(): Promise<void> {
  Recorded.stop();
  journeys.actions.forEach((action) => administered.add(action));
  store.destroy();
  await service.instance.stop();
}

afterAll(stopServices);

/** None is missing, and none is there for nothing. */
function expectExactly(expected: readonly string[]): void {
  expect([...recorded.denied]).toEqual([]);
  expect(expected.filter((entry) => !recorded.used.has(entry))).toEqual([]);
  expect([...recorded.used].filter((entry) => !expected.includes(entry))).toEqual([]);
}

/** No way into a function was left out by which it could call something else. */
function expectEveryRoute(): void {
  const answered = new Set(service.instance.requests().filter(({ refusedBy }) => refusedBy === undefined).map(({ route }) => route));
  expect(Routes.map(({ method, path }) => `${method} ${path}`).filter((route) => !answered.has(route))).toEqual([]);
}

describe('what functions may do is what they do', () => {
  describe('behind a REST API, with keys that rotate', () => {
    beforeAll(() => start(REST));
    afterAll(stop);

    test('DB-05 every granted action is used by some route or action, and none is missing', async () => {
      await journeys.everyRoute();
      await journeys.everyAdministration(['signing', 'refresh']);
      await journeys.rareCases();
      expectEveryRoute();
      expectExactly(granted({ tokenCheck: 'gateway', behindCloudFront: false }, 'rotating'));
      expect(Object.keys(GRANTS).sort()).toEqual(Object.values(AuthFunctionName).sort());
    });
  });

  describe('behind CloudFront and an HTTP API, with keys in KMS', () => {
    const props = { ...PROPS, ...behindCloudFront(THROTTLE), signingKeys: SigningKeys.kms({ keyIds: ['a', 'b'] }) };

    /** The service's own routes verify by themselves; APIs of others ask the authorizer. */
    function extend(stack: Stack, auth: AuthService): void {
      const code = Code.fromInline('exports.handler = async () => ({ statusCode: 204 });');
      const orders = new Function(stack, 'Orders', { runtime: Runtime.NODEJS_24_X, handler: 'index.handler', code });
      new HttpApi(stack, 'OrdersApi').addRoutes({
        path: '/', integration: new HttpLambdaIntegration('OrdersIntegration', orders), authorizer: auth.httpAuthorizer(stack, 'OrdersAuthorizer'),
      });
    }

    beforeAll(() => start(props, { extend }));
    afterAll(stop);

    test('DB-05 KR-02 the same, with signatures by KMS and the origin secret that goes into the distribution', async () => {
      await journeys.everyRoute();
      const { access_token: bearer } = await service.newUser();
      expect((await call('GET', service.instance.url('OrdersApi'), { bearer })).status).toBe(204);
      // The first rotation of the origin secret only makes the next value, the second one sends it.
      await journeys.everyAdministration(['refresh', 'origin', 'origin']);
      await journeys.rareCases();
      expectEveryRoute();
      expectExactly(granted({ tokenCheck: 'function', behindCloudFront: true }, 'kms'));
    });
  });

  describe('with keys in a secret of the team\'s', () => {
    const keys = ['old', 'young'].map((kid) => ({ ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }), kid }));
    const secretStringValue = SecretValue.unsafePlainText(JSON.stringify({ keys }));

    beforeAll(() => start((stack) => ({
      ...REST, signingKeys: SigningKeys.existingSecret(new Secret(stack, 'Team', { secretName: TEAM_SECRET, secretStringValue })),
    })));
    afterAll(stop);

    test('DB-05 KR-02 the secret is read by whoever signs, publishes or retires, and nobody writes it', async () => {
      await journeys.everyRoute();
      expect(await journeys.administer({ action: 'publish-keys' })).toMatchObject({ ok: true });
      await journeys.everyAdministration(['refresh']);
      const expected = granted({ tokenCheck: 'gateway', behindCloudFront: false }, 'existing-secret');
      // The rest of the table is as it is with keys that rotate.
      const ofKeys = (entries: Iterable<string>) => [...entries].filter((entry) => entry.endsWith(' SigningKeys')).sort();
      expect(ofKeys(recorded.used)).toEqual(ofKeys(expected));
      expect([...recorded.used].filter((entry) => !expected.includes(entry))).toEqual([]);
      expect([...recorded.denied]).toEqual([]);
    });
  });

  test('no action of the admin function was left out', () => {
    expect(AdminRequest.options.map(({ entries }) => entries.action.literal).filter((action) => !administered.has(action))).toEqual([]);
  });
});
