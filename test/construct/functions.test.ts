import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duration, Size } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Tracing } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { AuthFunctionName, AuthLogLevel, AuthNetwork } from '../../src';
import { Env } from '../../src/contract/environment';
import { construct, defaults, resource, resources, statementsOf, synthesize } from './support/synth';

const FUNCTION = 'AWS::Lambda::Function';

describe('every function', () => {
  const functions = Object.entries(resources(defaults().template, FUNCTION));

  test('there is one for each name', () => {
    expect(functions).toHaveLength(Object.values(AuthFunctionName).length);
  });

  test.each(functions)('%s runs on Node 24, arm64, traced, with a log group of its own', (_id, { Properties, DependsOn }) => {
    expect(Properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      TracingConfig: { Mode: 'Active' },
      LoggingConfig: { LogFormat: 'JSON', LogGroup: { Ref: expect.any(String) } },
    });
    expect(Properties.VpcConfig).toBeUndefined();
    expect(DependsOn).toEqual(expect.arrayContaining([expect.stringMatching(/RoleDefaultPolicy/)]));
  });

  test('has the time-out and the memory that its documentation says', () => {
    const source = readFileSync(join(__dirname, '..', '..', 'src', 'policy', 'functions.ts'), 'utf8');
    const saysOf = (option: string) => new RegExp(`@default - by function: ([^\\n]+)\\n   \\*/\\n  readonly ${option}\\?:`).exec(source)![1]!;
    const [, usual] = /^(\d+) seconds/.exec(saysOf('timeout'))!;
    const others = new Map([...saysOf('timeout').matchAll(/`(\w+)` (\d+) seconds/g)].map(([, name, seconds]) => [name, Number(seconds)]));
    const [, hashing, rest] = /^(\d+) MB where passwords are hashed, else (\d+) MB$/.exec(saysOf('memory'))!;
    for (const [key, name] of Object.entries(AuthFunctionName)) {
      const id = name.split('-').map((word) => word[0]!.toUpperCase() + word.slice(1)).join('');
      const { Timeout, MemorySize } = resource(defaults().template, FUNCTION, `AuthFunctions${id}`).Properties;
      expect([key, Timeout, MemorySize]).toEqual([key, others.get(key) ?? Number(usual), Number(['REGISTER', 'LOGIN', 'CREDENTIALS'].includes(key) ? hashing : rest)]);
    }
  });

  test('none shares its role or its log group', () => {
    const distinct = (values: unknown[]) => new Set(values.map((value) => JSON.stringify(value))).size;
    expect(distinct(functions.map(([, { Properties }]) => Properties.Role))).toBe(functions.length);
    expect(distinct(functions.map(([, { Properties }]) => Properties.LoggingConfig.LogGroup))).toBe(functions.length);
  });

  test('no role has a managed policy', () => {
    for (const role of Object.values(resources(defaults().template, 'AWS::IAM::Role'))) {
      expect(role.Properties.ManagedPolicyArns).toBeUndefined();
    }
  });

  test('callers go through the alias live', () => {
    const { template } = defaults();
    const aliases = Object.values(resources(template, 'AWS::Lambda::Alias')).filter(({ Properties }) => Properties.Name === 'live');
    expect(aliases).toHaveLength(functions.length);
    for (const { Properties } of aliases) expect(Properties.FunctionVersion).toEqual({ 'Fn::GetAtt': [expect.any(String), 'Version'] });
  });

  test('logs are kept for 30 days, and beyond the stack', () => {
    for (const group of Object.values(resources(defaults().template, 'AWS::Logs::LogGroup'))) {
      expect(group.Properties.RetentionInDays).toBe(30);
      expect(group.DeletionPolicy).toBe('RetainExceptOnCreate');
    }
  });

  test.each(functions)('KR-07: the environment of %s holds no secret and stays within 3 KB', (_id, { Properties }) => {
    const { Variables } = Properties.Environment;
    expect(Object.keys(Variables).every((name) => (Object.values(Env) as string[]).includes(name))).toBe(true);
    expect(JSON.stringify(Variables).length).toBeLessThan(3 * 1024);
  });
});

describe('settings of the functions', () => {
  const { template } = synthesize({
    functions: {
      logLevel: AuthLogLevel.WARN,
      logRetention: RetentionDays.ONE_WEEK,
      tracing: Tracing.DISABLED,
      overrides: [{ name: AuthFunctionName.LOGIN, memory: Size.mebibytes(1769), timeout: Duration.seconds(20), logLevel: AuthLogLevel.DEBUG }],
    },
  });

  test('hold for the one that they name', () => {
    expect(resource(template, FUNCTION, 'AuthFunctionsLogin').Properties).toMatchObject({ MemorySize: 1769, Timeout: 20, Environment: { Variables: { [Env.LOG_LEVEL]: 'debug' } } });
    expect(resource(template, FUNCTION, 'AuthFunctionsRegister').Properties).toMatchObject({ MemorySize: 1024, Timeout: 10, Environment: { Variables: { [Env.LOG_LEVEL]: 'warn' } } });
  });

  test('hold for all', () => {
    template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 7 });
    template.allResourcesProperties(FUNCTION, { TracingConfig: Match.absent() });
    template.hasResourceProperties('AWS::ApiGateway::Stage', { TracingEnabled: false });
  });

  test('a revocation outlives the slowest function that makes tokens', () => {
    expect(resource(template, FUNCTION, 'AuthFunctionsLogout').Properties.Environment.Variables[Env.LONGEST_TIMEOUT]).toBe('20');
    expect(resource(defaults().template, FUNCTION, 'AuthFunctionsLogout').Properties.Environment.Variables[Env.LONGEST_TIMEOUT]).toBe('10');
  });
});

describe('a refresh times out in less than half the grace', () => {
  const timeout = (grace: Duration) => construct({ tokens: { concurrentRefreshGrace: grace } }).auth.function(AuthFunctionName.REFRESH).timeout?.toSeconds();

  test.each([[0, 4], [3, 1], [4, 1], [5, 2], [9, 4], [10, 4], [60, 4]])('grace %d s: %d s', (grace, seconds) => {
    expect(timeout(Duration.seconds(grace))).toBe(seconds);
  });

  test('a longer one is refused', () => {
    expect(() => construct({ functions: { overrides: [{ name: AuthFunctionName.REFRESH, timeout: Duration.seconds(5) }] } }))
      .toThrow(/timeout of refresh must be less than half of tokens\.concurrentRefreshGrace \(10 seconds\), got 5 seconds/);
  });
});

describe('functions in a VPC', () => {
  test('share one security group and may manage their network interfaces', () => {
    const { template } = synthesize((stack) => ({ network: AuthNetwork.existingVpc(new Vpc(stack, 'Vpc')) }));
    template.resourceCountIs('AWS::EC2::SecurityGroup', 1);
    template.resourceCountIs('AWS::EC2::VPCEndpoint', 0);
    template.allResourcesProperties(FUNCTION, { VpcConfig: { SecurityGroupIds: [{ 'Fn::GetAtt': [Match.stringLikeRegexp('^AuthNetworkSecurityGroup'), 'GroupId'] }] } });
    expect(statementsOf(template, 'Login').map(({ Action }) => Action)).toContainEqual(expect.arrayContaining(['ec2:CreateNetworkInterface']));
  });

  test('take the group that they are given, and endpoints on request', () => {
    const { template } = synthesize((stack) => {
      const vpc = new Vpc(stack, 'Vpc');
      const group = new SecurityGroup(stack, 'Group', { vpc });
      return { network: AuthNetwork.existingVpc(vpc, { securityGroups: [group], createEndpoints: true }) };
    });
    template.allResourcesProperties(FUNCTION, { VpcConfig: { SecurityGroupIds: [{ 'Fn::GetAtt': [Match.stringLikeRegexp('^Group'), 'GroupId'] }] } });
    const endpoints = Object.values(resources(template, 'AWS::EC2::VPCEndpoint')).map(({ Properties }) => [Properties.VpcEndpointType, JSON.stringify(Properties.ServiceName)]);
    // S3, since CloudFormation takes the answer about the first keys there.
    expect(endpoints.sort()).toEqual([
      ['Gateway', expect.stringContaining('.dynamodb')], ['Gateway', expect.stringContaining('.s3')], ['Interface', expect.stringContaining('.secretsmanager')],
    ]);
    template.hasResourceProperties('AWS::EC2::VPCEndpoint', { VpcEndpointType: 'Interface', PrivateDnsEnabled: true });
  });
});
