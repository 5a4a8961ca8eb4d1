import { composeAdmin } from '../../../lambda/composition/admin';
import { composeAuthorizer } from '../../../lambda/composition/authorizer';
import { composeCredentials } from '../../../lambda/composition/credentials';
import { composeDiscovery } from '../../../lambda/composition/discovery';
import { Environment } from '../../../lambda/composition/environment';
import { composeLogin } from '../../../lambda/composition/login';
import { composeLogout } from '../../../lambda/composition/logout';
import { composeProfile } from '../../../lambda/composition/profile';
import { composeRefresh } from '../../../lambda/composition/refresh';
import { composeRegister } from '../../../lambda/composition/register';
import { composeRotateKeys } from '../../../lambda/composition/rotate-keys';
import type { ApiDeps } from '../../../lambda/http/api';
import type { LogoutDeps } from '../../../lambda/use-cases/logout';
import type { RefreshDeps } from '../../../lambda/use-cases/refresh';
import { Env } from '../../../src/contract/environment';
import { AuthFunctionName } from '../../../src/contract/functions';
import { configuration, DISTRIBUTION, FakeCloudFront } from '../adapters/cloudfront/support/fake-cloudfront';
import type { Synthesized } from '../../construct/support/synth';
import { defaults, resources, synthesize } from '../../construct/support/synth';
import { SigningKeys } from '../../../src';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';

// Composition opens connections at once: to nowhere.
const LAMBDA = { AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x', AWS_ENDPOINT_URL: 'http://127.0.0.1:9' };

const COMPOSITIONS: Readonly<Record<AuthFunctionName, (env: Environment) => object>> = {
  [AuthFunctionName.REGISTER]: composeRegister,
  [AuthFunctionName.LOGIN]: composeLogin,
  [AuthFunctionName.REFRESH]: composeRefresh,
  [AuthFunctionName.LOGOUT]: composeLogout,
  [AuthFunctionName.PROFILE]: composeProfile,
  [AuthFunctionName.CREDENTIALS]: composeCredentials,
  [AuthFunctionName.DISCOVERY]: composeDiscovery,
  [AuthFunctionName.AUTHORIZER]: composeAuthorizer,
  [AuthFunctionName.ROTATE_KEYS]: composeRotateKeys,
  [AuthFunctionName.ADMIN]: composeAdmin,
};

beforeAll(() => Object.assign(process.env, LAMBDA));
afterAll(() => Object.keys(LAMBDA).forEach((name) => delete process.env[name]));

/** The variables that the construct gives to a function, references as some text. */
function variablesOf(name: AuthFunctionName, { template }: Synthesized = defaults()): Record<string, string> {
  const found = Object.entries(resources(template, 'AWS::Lambda::Function'))
    .filter(([id]) => id.toLowerCase().includes(name.replace('-', '')))
    .sort(([a], [b]) => a.length - b.length)[0]!;
  const variables: Record<string, unknown> = found[1].Properties.Environment.Variables;
  return Object.fromEntries(Object.entries(variables).map(([key, value]) => [key, typeof value === 'string' ? value : 'reference']));
}

/** Services whose keys somebody else keeps: the functions that handle keys are given other variables. */
const KEEPERS: readonly [string, () => Synthesized][] = [
  ['rotating keys', defaults],
  ['keys in KMS', () => synthesize({ signingKeys: SigningKeys.kms({ keyIds: ['a'] }) })],
  ['keys in an existing secret', () => synthesize((stack) => ({ signingKeys: SigningKeys.existingSecret(Secret.fromSecretNameV2(stack, 'Keys', 'keys')) }))],
];

describe.each(KEEPERS)('with %s', (_keeper, service) => test.each(Object.values(AuthFunctionName))('%s is wired from what the construct gives it, needing all of it', async (name) => {
  const variables = variablesOf(name, service());
  const read = new Set<string>();
  const recorded = new Proxy({ ...LAMBDA, ...variables } as Record<string, string>, {
    get: (target, key: string) => {
      read.add(key);
      return target[key];
    },
  });
  const composed = COMPOSITIONS[name](new Environment(recorded)) as Partial<RefreshDeps & LogoutDeps>;
  expect(composed).toHaveProperty('audit');
  // What was asked for at once fails, and harms nobody until somebody needs it.
  const loads = [composed.signer?.sign({}), composed.refreshKeys?.find('k'), composed.verificationKeys?.find('k')].filter((load) => load !== undefined);
  for (const load of await Promise.allSettled(loads)) expect(load).toMatchObject({ status: 'rejected', reason: { code: 'unavailable' } });
  // Read when a transaction needs them.
  const late = ['AUTH_REVOCATIONS_TABLE', 'AUTH_TICKETS_TABLE', 'AUTH_SESSIONS_TABLE'];
  expect(Object.keys(variables).filter((key) => !read.has(key) && !late.includes(key))).toEqual([]);
}));

const VERIFICATION = {
  [Env.TOKEN_CHECK]: 'function', [Env.REVOCATIONS_TABLE]: 'revocations', [Env.ISSUER]: 'https://auth.example.com/v1', [Env.AUDIENCE]: 'api', [Env.ACCESS_TOKEN_TTL]: '900',
};
const request = { method: 'GET', route: '/me', headers: {}, pathParameters: {}, query: {}, cookies: {}, body: new Uint8Array(), sourceIp: '192.0.2.1', requestId: 'r' };

const composeApi = (name: AuthFunctionName, more: Record<string, string>): ApiDeps =>
  COMPOSITIONS[name](new Environment({ ...LAMBDA, ...variablesOf(name), ...more })) as ApiDeps;

test.each([AuthFunctionName.PROFILE, AuthFunctionName.CREDENTIALS, AuthFunctionName.LOGOUT])('%s verifies tokens where the construct says so', async (name) => {
  await expect(composeApi(name, VERIFICATION).identify!(request)).rejects.toMatchObject({ code: 'invalid_token' });
  expect(await composeApi(name, { [Env.TOKEN_CHECK]: 'gateway' }).identify!(request)).toBeUndefined();
  expect(() => composeApi(name, { ...VERIFICATION, [Env.AUDIENCE]: '' })).toThrow(`${Env.AUDIENCE} is missing`);
});

const WITHOUT_ROUTES: readonly AuthFunctionName[] = [AuthFunctionName.AUTHORIZER, AuthFunctionName.ROTATE_KEYS, AuthFunctionName.ADMIN];

test.each(Object.values(AuthFunctionName).filter((name) => !WITHOUT_ROUTES.includes(name)))('%s asks for the origin secret where there is one', async (name) => {
  const behind = composeApi(name, { [Env.ORIGIN_SECRET]: 'arn:origin' });
  await expect(behind.admit(request)).rejects.toMatchObject({ code: 'origin_required' });
  await expect(behind.admit({ ...request, headers: { 'x-auth-origin-secret': 'a'.repeat(64) } })).rejects.toMatchObject({ code: 'unavailable', dependency: 'origin-secret' });
  expect(await composeApi(name, {}).admit(request)).toBe(request);
});

describe('rotate-keys behind CloudFront', () => {
  const composeRotation = (more: Record<string, string>) => {
    const variables = { ...LAMBDA, ...variablesOf(AuthFunctionName.ROTATE_KEYS), [Env.ORIGIN_SECRET]: 'arn:origin', [Env.DISTRIBUTION_ID]: DISTRIBUTION };
    return composeRotateKeys(new Environment({ ...variables, ...more }));
  };

  test('asks its control plane, signed for where that is', async () => {
    const cloudFront = new FakeCloudFront(configuration([['x-auth-origin-secret', 'value']]));
    await cloudFront.start();
    try {
      for (const region of ['eu-west-1', 'cn-north-1']) {
        const { originHeader, settings } = composeRotation({ AWS_REGION: region, AWS_ENDPOINT_URL_CLOUDFRONT: cloudFront.url });
        expect(settings.originSecret).toBe('arn:origin');
        expect(await originHeader!.values()).toEqual(['value']);
      }
      expect(cloudFront.seen.map(({ authorization }) => /\/([\w-]+)\/cloudfront\/aws4_request/.exec(authorization)?.[1])).toEqual(['us-east-1', 'cn-northwest-1']);
    } finally {
      await cloudFront.stop();
    }
  });

  test('needs to know the distribution; without an origin secret there is none', () => {
    expect(() => composeRotation({ [Env.DISTRIBUTION_ID]: '' })).toThrow(`${Env.DISTRIBUTION_ID} is missing`);
    expect(composeRotation({ [Env.ORIGIN_SECRET]: '' }).originHeader).toBeUndefined();
  });
});
