import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import type { Template } from 'aws-cdk-lib/assertions';
import { Billing, Capacity } from 'aws-cdk-lib/aws-dynamodb';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Tracing } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import fc from 'fast-check';
import type { AuthServiceProps } from '../../../src';
import {
  AccessLogs, AuthApi, AuthFunctionName, AuthLogLevel, AuthNetwork, AuthPreset, AuthRoute, Firewall, FunctionDeployment, PasswordHashing,
  PointInTimeRecovery, ProfileAttribute, ProvisionedConcurrency, Registration, SigningAlgorithm, SigningKeys, TableBackups, TokenTransport,
} from '../../../src';
import { Routes } from '../../../src/contract/routes';
import type { Statement, Synthesized } from '../support/synth';
import { list, resources, synthesize } from '../support/synth';

/** Any combination of props that is allowed. `undefined` leaves a prop out. */
interface Choice {
  readonly preset?: 'production' | 'development' | 'highScale';
  readonly web?: 'cookie' | 'body' | 'both';
  readonly key: boolean;
  readonly vpc?: 'endpoints' | 'plain';
  readonly firewall?: 'blocked' | 'disabled' | 'central' | 'existing';
  readonly accessLogs?: 'none' | 'existing';
  readonly throttle: boolean;
  readonly registration?: 'invite' | 'closed';
  readonly profile: number;
  readonly accessMinutes?: number;
  readonly sessionHours?: number;
  readonly graceSeconds?: number;
  readonly algorithm?: SigningAlgorithm;
  readonly everyDays?: number;
  readonly hashing?: 'bcrypt' | 'scrypt';
  readonly minLength?: number;
  readonly attempts?: number;
  readonly capacity?: 'provisioned' | 'ceiling';
  readonly dailyBackups: boolean;
  readonly deployment?: 'canary' | 'linear';
  readonly concurrency?: 'fixed' | 'use' | 'hours';
  readonly backups?: 'none' | 'week';
  readonly logLevel?: AuthLogLevel;
  readonly retention?: RetentionDays;
  readonly tracing?: Tracing;
  readonly removal?: RemovalPolicy;
  readonly timeoutSeconds?: number;
}

const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined });
const choices: fc.Arbitrary<Choice> = fc.record({
  preset: maybe(fc.constantFrom('production' as const, 'development' as const, 'highScale' as const)),
  web: maybe(fc.constantFrom('cookie' as const, 'body' as const, 'both' as const)),
  key: fc.boolean(),
  vpc: maybe(fc.constantFrom('endpoints' as const, 'plain' as const)),
  firewall: maybe(fc.constantFrom('blocked' as const, 'disabled' as const, 'central' as const, 'existing' as const)),
  accessLogs: maybe(fc.constantFrom('none' as const, 'existing' as const)),
  throttle: fc.boolean(),
  registration: maybe(fc.constantFrom('invite' as const, 'closed' as const)),
  profile: fc.nat(6),
  accessMinutes: maybe(fc.integer({ min: 1, max: 15 })),
  sessionHours: maybe(fc.integer({ min: 1, max: 8760 })),
  graceSeconds: maybe(fc.constantFrom(0, 3, 10, 60)),
  algorithm: maybe(fc.constantFrom(...Object.values(SigningAlgorithm))),
  everyDays: maybe(fc.constantFrom(1, 7, 30, 90, 365)),
  hashing: maybe(fc.constantFrom('bcrypt' as const, 'scrypt' as const)),
  minLength: maybe(fc.integer({ min: 8, max: 64 })),
  attempts: maybe(fc.integer({ min: 3, max: 100 })),
  capacity: maybe(fc.constantFrom('provisioned' as const, 'ceiling' as const)),
  dailyBackups: fc.boolean(),
  deployment: maybe(fc.constantFrom('canary' as const, 'linear' as const)),
  concurrency: maybe(fc.constantFrom('fixed' as const, 'use' as const, 'hours' as const)),
  backups: maybe(fc.constantFrom('none' as const, 'week' as const)),
  logLevel: maybe(fc.constantFrom(...Object.values(AuthLogLevel))),
  retention: maybe(fc.constantFrom(RetentionDays.ONE_DAY, RetentionDays.TEN_YEARS)),
  tracing: maybe(fc.constantFrom(Tracing.DISABLED, Tracing.ACTIVE)),
  removal: maybe(fc.constantFrom(RemovalPolicy.DESTROY, RemovalPolicy.RETAIN, RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE)),
  timeoutSeconds: maybe(fc.integer({ min: 1, max: 29 })),
});

const WEB_ACL = 'arn:aws:wafv2:eu-central-1:111111111111:regional/webacl/name/id';
const origins = ['https://app.example.com', 'http://localhost:5173'];

function propsOf(choice: Choice, stack: Stack): AuthServiceProps {
  return {
    preset: choice.preset && AuthPreset[choice.preset](),
    webApp: choice.web && { origins },
    encryptionKey: choice.key ? new Key(stack, 'Key') : undefined,
    network: choice.vpc && AuthNetwork.existingVpc(new Vpc(stack, 'Vpc'), { createEndpoints: choice.vpc === 'endpoints' }),
    firewall: choice.firewall && {
      blocked: () => Firewall.managed({ blockedNetworks: ['192.0.2.0/24', '2001:db8::/32'] }), disabled: () => Firewall.disabled(),
      central: () => Firewall.centrallyManaged(), existing: () => Firewall.existing(WEB_ACL),
    }[choice.firewall](),
    api: AuthApi.rest({
      accessLogs: choice.accessLogs && (choice.accessLogs === 'none' ? AccessLogs.none() : AccessLogs.cloudWatchWithExistingAccountRole()),
      throttle: choice.throttle ? { rateLimit: 5 } : undefined,
      routeThrottles: choice.throttle ? [{ route: AuthRoute.LOGIN, rateLimit: 2, burstLimit: 3 }] : undefined,
    }),
    registration: choice.registration && (choice.registration === 'invite' ? Registration.inviteOnly() : Registration.closed()),
    profile: Array.from({ length: choice.profile }, (_, index) => ProfileAttribute.string(`attribute${index}`)),
    tokens: {
      accessTokenLifetime: choice.accessMinutes === undefined ? undefined : Duration.minutes(choice.accessMinutes),
      sessionLifetime: choice.sessionHours === undefined ? undefined : Duration.hours(choice.sessionHours),
      concurrentRefreshGrace: choice.graceSeconds === undefined ? undefined : Duration.seconds(choice.graceSeconds),
      transport: choice.web && TokenTransport[choice.web](),
    },
    signingKeys: SigningKeys.rotating({ algorithm: choice.algorithm, every: choice.everyDays === undefined ? undefined : Duration.days(choice.everyDays) }),
    passwords: { hashing: choice.hashing && PasswordHashing[choice.hashing](), minLength: choice.minLength },
    abuse: { attemptsPerHour: choice.attempts },
    storage: {
      billing: choice.capacity && {
        provisioned: () => Billing.provisioned({ readCapacity: Capacity.fixed(5), writeCapacity: Capacity.autoscaled({ maxCapacity: 10 }) }),
        ceiling: () => Billing.onDemand({ maxReadRequestUnits: 500, maxWriteRequestUnits: 200 }),
      }[choice.capacity](),
      backups: choice.dailyBackups ? TableBackups.daily() : undefined,
      pointInTimeRecovery: choice.backups && (choice.backups === 'none' ? PointInTimeRecovery.disabled() : PointInTimeRecovery.enabled(Duration.days(7))),
    },
    functions: {
      logLevel: choice.logLevel, logRetention: choice.retention, tracing: choice.tracing,
      deployment: choice.deployment && FunctionDeployment[choice.deployment](),
      overrides: [{
        name: AuthFunctionName.LOGIN,
        timeout: choice.timeoutSeconds === undefined ? undefined : Duration.seconds(choice.timeoutSeconds),
        provisionedConcurrency: choice.concurrency && {
          fixed: () => ProvisionedConcurrency.fixed(2), use: () => ProvisionedConcurrency.utilization({ min: 1, max: 3 }),
          hours: () => ProvisionedConcurrency.scheduled([{ startHour: 8, endHour: 18, concurrency: 2 }]),
        }[choice.concurrency](),
      }],
    },
    removalPolicy: choice.removal,
  };
}

const seen: { readonly choice: Choice; readonly synthesized: Synthesized }[] = [];

/** The combinations are the same at every run, so that a failure is one to look into and not one to try again. */
beforeAll(() => {
  const everythingOff: Choice = {
    preset: 'development', web: 'body', key: false, firewall: 'disabled', accessLogs: 'none', throttle: false, profile: 0, dailyBackups: false, backups: 'none',
    removal: RemovalPolicy.DESTROY, tracing: Tracing.DISABLED, hashing: 'bcrypt', minLength: 8, attempts: 100,
  };
  const defaults: Choice = { key: false, throttle: false, profile: 0, dailyBackups: false };
  for (const choice of [defaults, everythingOff, ...fc.sample(choices, { numRuns: 23, seed: 20261122 })]) {
    seen.push({ choice, synthesized: synthesize((stack) => propsOf(choice, stack)) });
  }
}, 120_000);

/** Holds for every combination; a failure names the combination. */
function always(check: (template: Template, choice: Choice, synthesized: Synthesized) => void): void {
  expect(seen).toHaveLength(25);
  for (const { choice, synthesized } of seen) {
    try {
      check(synthesized.template, choice, synthesized);
    } catch (error) {
      throw new Error(`with ${JSON.stringify(choice)}: ${(error as Error).message}`, { cause: error });
    }
  }
}

const properties = (template: Template, type: string) => Object.values(resources(template, type)).map((resource) => resource.Properties);

interface Owned extends Statement {
  /** `AuthFunctionsLoginRole` and the like, without its hash. */
  readonly role: string;
}

/** Every statement of every identity policy of the service. */
function statements(template: Template): Owned[] {
  const own = <T extends object>(entries: Record<string, T>) => Object.entries(entries).filter(([id]) => id.startsWith('Auth'));
  const attached = own(resources(template, 'AWS::IAM::Policy')).flatMap(([, { Properties }]) => (Properties.PolicyDocument.Statement as Statement[])
    .flatMap((statement) => (Properties.Roles as { Ref: string }[]).map(({ Ref }) => ({ ...statement, role: Ref.slice(0, -8) }))));
  const inline = own(resources(template, 'AWS::IAM::Role')).flatMap(([id, { Properties }]) => ((Properties.Policies ?? []) as { PolicyDocument: { Statement: Statement[] } }[])
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement.map((statement) => ({ ...statement, role: id.slice(0, -8) }))));
  return [...attached, ...inline];
}

const bytes = (value: unknown) => Buffer.byteLength(JSON.stringify(value));
const isDynamo = (action: string) => action.startsWith('dynamodb:');
const aboutTable = (table: string, { Resource }: Statement) => JSON.stringify(Resource).includes(`AuthTables${table}`);

describe('whatever the props are', () => {
  test('IC-04 DB-05 no role has a wildcard action, a scan or a managed policy', () => always((template) => {
    const actions = statements(template).filter(({ Effect }) => Effect === 'Allow').flatMap(({ Action }) => list(Action));
    expect(actions.length).toBeGreaterThan(50);
    expect(actions.filter((action) => action.includes('*') || /Scan|PartiQL|Batch|DeleteTable|UpdateTable/.test(action))).toEqual([]);
    expect(Object.entries(resources(template, 'AWS::IAM::Role')).filter(([id, { Properties }]) => id.startsWith('Auth') && Properties.ManagedPolicyArns)).toEqual([]);
  }));

  test('IC-04 DB-05 tables, secrets, keys and functions are named by every statement about them', () => always((template) => {
    const wide = statements(template).filter(({ Resource }) => [Resource].flat().includes('*')).flatMap(({ Action }) => list(Action));
    expect([...new Set(wide.map((action) => action.split(':')[0]))].filter((service) => !['xray', 'ec2', 'logs', 'cloudwatch'].includes(service!))).toEqual([]);
  }));

  test('DB-05 only rotate-keys and admin may write published keys: all others are denied it, and the deny has no exception', () => always((template) => {
    const roles = new Set(statements(template).map(({ role }) => role).filter((role) => role.startsWith('AuthFunctions') && role !== 'AuthFunctionsDeploymentsRole'));
    expect(roles.size).toBe(10);
    for (const role of roles) {
      const denials = statements(template).filter((statement) => statement.role === role && statement.Effect === 'Deny');
      if (/RotateKeys|Admin/.test(role)) {
        expect([role, denials]).toEqual([role, []]);
        continue;
      }
      expect([role, denials.length]).toEqual([role, 1]);
      expect(denials[0]!.Condition).toEqual({ 'ForAnyValue:StringLike': { 'dynamodb:LeadingKeys': ['KEYS#*'] } });
      expect(list(denials[0]!.Action)).toEqual(expect.arrayContaining(['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem', 'dynamodb:BatchWriteItem']));
      expect(aboutTable('Revocations', denials[0]!)).toBe(true);
    }
  }));

  test('KR-02 the authorizer and discovery read Revocations and no secret', () => always((template) => {
    for (const name of ['Authorizer', 'Discovery']) {
      const own = statements(template).filter(({ role, Effect }) => role === `AuthFunctions${name}Role` && Effect === 'Allow');
      expect(own.flatMap(({ Action }) => list(Action)).filter((action) => action.startsWith('secretsmanager:'))).toEqual([]);
      const onTables = own.filter(({ Action }) => list(Action).some(isDynamo));
      expect(onTables.map(({ Action }) => list(Action))).toEqual([['dynamodb:GetItem']]);
      expect(onTables.every((statement) => aboutTable('Revocations', statement))).toBe(true);
    }
  }));

  test('KR-02 the signing keys are read only by what issues tokens or looks after them', () => always((template) => {
    const readers = statements(template).filter(({ Action, Resource }) => list(Action).includes('secretsmanager:GetSecretValue') && JSON.stringify(Resource).includes('AuthSigningKeys'));
    expect(readers.map(({ role }) => role).sort()).toEqual(['Admin', 'Credentials', 'Login', 'Refresh', 'RotateKeys'].map((name) => `AuthFunctions${name}Role`));
  }));

  test('KR-07 no secret, key or hash stands in the template: environments hold names and numbers', () => always((template) => {
    const text = JSON.stringify(template.toJSON());
    expect(text).not.toMatch(/resolve:secretsmanager|BEGIN [A-Z ]*PRIVATE KEY|"SecretString"|GenerateSecretString|NoEcho/);
    for (const { Environment } of properties(template, 'AWS::Lambda::Function').filter(({ Environment }) => Environment)) {
      expect(Object.keys(Environment.Variables).filter((name) => !name.startsWith('AUTH_'))).toEqual([]);
      const literals = Object.entries(Environment.Variables).filter(([, value]) => typeof value === 'string' && /^[A-Za-z0-9+/_=-]{40,}$/.test(value));
      expect(literals).toEqual([]);
    }
  }));

  test('LG-05 no body is logged: data trace and execution logs are off for every method', () => always((template) => {
    const stages = properties(template, 'AWS::ApiGateway::Stage');
    expect(stages).toHaveLength(1);
    const settings = stages[0].MethodSettings as { DataTraceEnabled?: boolean; LoggingLevel?: string; CachingEnabled?: boolean }[];
    expect(settings.length).toBeGreaterThan(5);
    for (const setting of settings) expect(setting).toMatchObject({ DataTraceEnabled: false, LoggingLevel: 'OFF', CachingEnabled: false });
    expect(JSON.stringify(stages[0].AccessLogSetting ?? '')).not.toMatch(/[Aa]uthorization|[Cc]ookie|requestOverride|input\.(body|json)/);
  }));

  test('LG-05 the firewall redacts credentials from its log', () => always((template, { firewall }) => {
    const logging = properties(template, 'AWS::WAFv2::LoggingConfiguration');
    expect(logging).toHaveLength(firewall === undefined || firewall === 'blocked' ? 1 : 0);
    for (const { RedactedFields } of logging) expect(RedactedFields).toEqual([{ SingleHeader: { Name: 'authorization' } }, { SingleHeader: { Name: 'cookie' } }]);
  }));

  test('LG-04 every log group has a retention, every function one of its own, encrypted with the key if there is one', () => always((template, { key }) => {
    const groups = properties(template, 'AWS::Logs::LogGroup');
    for (const { RetentionInDays, KmsKeyId } of groups) {
      expect(RetentionInDays).toBeGreaterThan(0);
      expect(KmsKeyId !== undefined).toBe(key);
    }
    const ofFunctions = properties(template, 'AWS::Lambda::Function').filter(({ Environment }) => Environment).map(({ LoggingConfig }) => LoggingConfig.LogGroup.Ref);
    expect(new Set(ofFunctions).size).toBe(10);
  }));

  test('LG-04 no function may delete logs or change their retention', () => always((template) => {
    const actions = statements(template).filter(({ role }) => role.startsWith('AuthFunctions')).flatMap(({ Action }) => list(Action)).filter((action) => action.startsWith('logs:'));
    expect(new Set(actions)).toEqual(new Set(['logs:CreateLogStream', 'logs:PutLogEvents']));
  }));

  test('DB-04 tables: encrypted, recoverable and protected unless a prop says otherwise by name', () => always((template, choice) => {
    const tables = properties(template, 'AWS::DynamoDB::GlobalTable');
    expect(tables).toHaveLength(5);
    const gone = (choice.removal ?? (choice.preset === 'development' ? RemovalPolicy.DESTROY : undefined)) === RemovalPolicy.DESTROY;
    const backups = choice.backups === 'week' || (choice.backups === undefined && choice.preset !== 'development');
    for (const { Replicas, SSESpecification } of tables) {
      expect(Replicas).toHaveLength(1);
      expect(Replicas[0].PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled).toBe(backups);
      expect(Replicas[0].DeletionProtectionEnabled).toBe(!gone);
      if (choice.key) {
        expect(SSESpecification).toEqual({ SSEEnabled: true, SSEType: 'KMS' });
        expect(Replicas[0].SSESpecification.KMSMasterKeyId).toBeDefined();
      }
    }
  }));

  test('IC-04 a weaker service says so at synthesis, and no other does', () => always((_template, choice, { auth }) => {
    const weak = choice.preset === 'development' || choice.web === 'body' || choice.firewall === 'disabled' || choice.accessLogs === 'none' || choice.hashing === 'bcrypt'
      || (choice.minLength ?? 15) < 15 || (choice.attempts ?? 0) > 20 || choice.backups === 'none' || choice.removal === RemovalPolicy.DESTROY
      || choice.tracing === Tracing.DISABLED;
    expect(auth.node.metadata.some(({ type }) => type === 'aws:cdk:warning')).toBe(weak);
  }));

  test('IC-03 TLS 1.2 at least, strictly, on the API', () => always((template) => {
    const apis = properties(template, 'AWS::ApiGateway::RestApi');
    expect(apis).toHaveLength(1);
    expect(apis[0]).toMatchObject({ SecurityPolicy: 'SecurityPolicy_TLS13_1_2_PQ_2025_09', EndpointAccessMode: 'STRICT', EndpointConfiguration: { Types: ['REGIONAL'] } });
  }));

  test('IN-06 only the listed methods, no proxy, no ANY, no key', () => always((template, { web }) => {
    const methods = properties(template, 'AWS::ApiGateway::Method');
    expect(methods.filter(({ HttpMethod }) => HttpMethod !== 'OPTIONS')).toHaveLength(Routes.length);
    expect([...new Set(methods.map(({ HttpMethod }) => HttpMethod))].sort()).toEqual([...new Set([...Routes.map(({ method }) => method), ...web ? ['OPTIONS'] : []])].sort());
    expect(methods.filter(({ ApiKeyRequired }) => ApiKeyRequired)).toEqual([]);
    expect(properties(template, 'AWS::ApiGateway::Resource').filter(({ PathPart }) => /\+\}|proxy/.test(PathPart))).toEqual([]);
  }));

  test('JT-11 bearer routes ask our authorizer every time, and no other route does', () => always((template) => {
    const authorizers = properties(template, 'AWS::ApiGateway::Authorizer');
    expect(authorizers).toHaveLength(1);
    expect(authorizers[0]).toMatchObject({ AuthorizerResultTtlInSeconds: 0, IdentitySource: 'method.request.header.Authorization', Type: 'REQUEST' });
    const guarded = properties(template, 'AWS::ApiGateway::Method').filter(({ AuthorizationType }) => AuthorizationType === 'CUSTOM');
    expect(guarded).toHaveLength(Routes.filter(({ access }) => access === 'bearer').length);
  }));

  test('WB-04 no origin but those of the list, and never a wildcard', () => always((template, { web }) => {
    const text = JSON.stringify(properties(template, 'AWS::ApiGateway::Method').filter(({ HttpMethod }) => HttpMethod === 'OPTIONS'));
    expect(text).not.toMatch(/allow-origin[^,}]*\*/);
    for (const [origin] of text.matchAll(/https?:\/\/[A-Za-z0-9.:-]+/g)) expect(origins).toContain(origin);
    expect(text.includes('https://app.example.com')).toBe(web !== undefined);
  }));

  test('the service may be invoked by nobody but API Gateway and Secrets Manager, each for this account', () => always((template) => {
    for (const { Principal, SourceAccount, SourceArn } of properties(template, 'AWS::Lambda::Permission')) {
      expect(['apigateway.amazonaws.com', 'secretsmanager.amazonaws.com']).toContain(Principal);
      expect(SourceAccount ?? SourceArn).toBeDefined();
    }
  }));

  test('budgets: resources, template, policies, environments', () => always((template, choice) => {
    const own = Object.keys(template.toJSON().Resources).filter((id) => id.startsWith('Auth'));
    expect(own.length).toBeLessThanOrEqual(choice.preset === 'highScale' || choice.deployment || choice.dailyBackups || choice.web || choice.vpc ? 260 : 200);
    expect(bytes(template.toJSON())).toBeLessThanOrEqual(500 * 1024);
    for (const [id, { Properties }] of Object.entries(resources(template, 'AWS::IAM::Policy'))) expect([id, bytes(Properties.PolicyDocument) <= 8 * 1024]).toEqual([id, true]);
    for (const { Environment } of properties(template, 'AWS::Lambda::Function').filter(({ Environment }) => Environment)) {
      expect(bytes(Environment.Variables)).toBeLessThanOrEqual(3 * 1024);
    }
  }));
});
