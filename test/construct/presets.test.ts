import { RemovalPolicy, Size } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { AuthApi, AuthFunctionName, AuthPreset, AuthRoute, AuthTable, Firewall, FunctionDeployment, ProvisionedConcurrency } from '../../src';
import { mergeEntries } from '../../src/policy/merge';
import { resource, resources, synthesize } from './support/synth';

const preset = AuthPreset.highScale();
const TABLE = 'AWS::DynamoDB::GlobalTable';
const FUNCTION = 'AWS::Lambda::Function';

interface MethodSetting {
  readonly HttpMethod: string;
  readonly ResourcePath: string;
  readonly ThrottlingRateLimit: number;
  readonly ThrottlingBurstLimit: number;
}

describe('high scale', () => {
  const { template, stack } = synthesize({ preset });
  const owners = (type: string) => Object.keys(resources(template, type)).map((id) => /AuthFunctions([A-Za-z]+?)Alias/.exec(id)?.[1]).sort();
  const settings = (of: typeof template) => Object.fromEntries((resource(of, 'AWS::ApiGateway::Stage', 'AuthApi').Properties.MethodSettings as MethodSetting[])
    .map(({ HttpMethod, ResourcePath, ThrottlingRateLimit, ThrottlingBurstLimit }) => [`${HttpMethod} ${ResourcePath}`, [ThrottlingRateLimit, ThrottlingBurstLimit]]));

  test('what users wait for is ready; the rest behind the API takes over step by step', () => {
    expect(owners('AWS::ApplicationAutoScaling::ScalableTarget')).toEqual(['Authorizer', 'Login', 'Refresh']);
    expect(owners('AWS::CodeDeploy::DeploymentGroup')).toEqual(['Credentials', 'Discovery', 'Logout', 'Profile', 'Register']);
  });

  test('a hash has a whole processor', () => {
    for (const id of ['Login', 'Register', 'Credentials']) expect(resource(template, FUNCTION, `AuthFunctions${id}`).Properties.MemorySize).toBe(1769);
  });

  test('the tables of the usual paths are warm', () => {
    template.resourcePropertiesCountIs(TABLE, { WarmThroughput: { ReadUnitsPerSecond: 24_000, WriteUnitsPerSecond: 8_000 } }, 4);
    expect(resource(template, TABLE, 'AuthTablesTickets').Properties.WarmThroughput).toBeUndefined();
  });

  test('throttles are high', () => {
    expect(settings(template)).toMatchObject({ '* /*': [10_000, 5_000], 'POST /~1login': [2_000, 4_000] });
  });

  test('one address may stand for many users, at the firewall and in the functions; what is set wins, member by member', () => {
    const limits = (of: typeof template) => [
      ...(resource(of, 'AWS::WAFv2::WebACL', 'Auth').Properties.Rules as any[]).flatMap(({ Statement }) => Statement.RateBasedStatement?.Limit ?? []),
      ...['Login', 'Register'].map((id) => Object.entries(resource(of, FUNCTION, `AuthFunctions${id}`).Properties.Environment.Variables)
        .filter(([name]) => /PER_SOURCE|REGISTRATIONS/.test(name)).map(([, value]) => value)).flat(),
    ];
    expect(limits(synthesize().template)).toEqual([100, 2000, '100', '100']);
    expect(limits(template)).toEqual([1000, 20_000, '1000', '1000']);
    const explicit = synthesize({ preset, firewall: Firewall.managed({ requestsPerMinute: 5000 }), abuse: { registrationsPerHour: 20 } }).template;
    expect(limits(explicit)).toEqual([1000, 5000, '1000', '20']);
    for (const firewall of [Firewall.disabled(), Firewall.centrallyManaged()]) synthesize({ preset, firewall }).template.resourceCountIs('AWS::WAFv2::WebACL', 0);
  });

  test('nothing of it weakens the service', () => {
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
    for (const { DeletionPolicy } of Object.values(resources(template, TABLE))) expect(DeletionPolicy).toBe('Retain');
  });

  test('explicit props win, member by member and entry by entry', () => {
    const explicit = synthesize({
      preset,
      functions: { overrides: [{ name: AuthFunctionName.LOGIN, memory: Size.mebibytes(3008) }, { name: AuthFunctionName.ADMIN, memory: Size.mebibytes(256) }] },
      storage: { overrides: [{ name: AuthTable.USERS, warmThroughput: { readUnitsPerSecond: 50_000 } }] },
      api: AuthApi.rest({ routeThrottles: [{ route: AuthRoute.LOGIN, rateLimit: 7 }] }),
    }).template;
    // Of one entry, the other members stay.
    expect(resource(explicit, FUNCTION, 'AuthFunctionsLogin').Properties.MemorySize).toBe(3008);
    expect(Object.keys(resources(explicit, 'AWS::ApplicationAutoScaling::ScalableTarget')).some((id) => id.includes('Login'))).toBe(true);
    // Entries that are not named stay.
    expect(resource(explicit, FUNCTION, 'AuthFunctionsRegister').Properties.MemorySize).toBe(1769);
    expect(resource(explicit, TABLE, 'AuthTablesUsers').Properties.WarmThroughput).toEqual({ ReadUnitsPerSecond: 50_000 });
    expect(resource(explicit, TABLE, 'AuthTablesSessions').Properties.WarmThroughput).toEqual({ ReadUnitsPerSecond: 24_000, WriteUnitsPerSecond: 8_000 });
    // A throttle is one value: the burst follows the rate that stands beside it.
    expect(settings(explicit)).toMatchObject({ '* /*': [10_000, 5_000], 'POST /~1login': [7, 14], 'POST /~1register': [500, 1_000] });
  });

  test('what it sets can be switched off', () => {
    const provided = [AuthFunctionName.AUTHORIZER, AuthFunctionName.LOGIN, AuthFunctionName.REFRESH];
    const functions = {
      deployment: FunctionDeployment.allAtOnce(),
      overrides: provided.map((name) => ({ name, provisionedConcurrency: ProvisionedConcurrency.none() })),
    };
    const off = synthesize({ preset, functions }).template;
    off.resourceCountIs('AWS::ApplicationAutoScaling::ScalableTarget', 0);
    off.resourceCountIs('AWS::CodeDeploy::DeploymentGroup', 0);
  });
});

test('a preset yields to removalPolicy', () => {
  const { template } = synthesize({ preset: AuthPreset.development(), removalPolicy: RemovalPolicy.RETAIN });
  for (const { DeletionPolicy } of Object.values(resources(template, TABLE))) expect(DeletionPolicy).toBe('Retain');
});

test('entries that another language leaves undefined do not hide the layer below', () => {
  expect(mergeEntries('name', [{ name: 'a', size: 1 }, { name: 'b', size: 2 }], [{ name: 'a', size: undefined as number | undefined } as { name: string; size: number }]))
    .toEqual([{ name: 'b', size: 2 }, { name: 'a', size: 1 }]);
});
