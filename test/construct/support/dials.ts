import type { Stack } from 'aws-cdk-lib';
import { Duration, RemovalPolicy, Size, TimeZone } from 'aws-cdk-lib';
import { Billing, Capacity, ContributorInsightsMode } from 'aws-cdk-lib/aws-dynamodb';
import { SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { AccountPrincipal, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { DeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import { Key } from 'aws-cdk-lib/aws-kms';
import { CodeSigningConfig, Tracing } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { AuthFunctionOptions, AuthServiceProps, AuthTableOptions, HttpApiOptions, RestApiOptions } from '../../../src';
import {
  AccessLogs, AuthAlarm, AuthFunctionName, AuthLogLevel, AuthNetwork, AuthPreset, AuthRoute, AuthTable, Firewall, FunctionDeployment, LoginFailureLimit,
  MuteWindow, PasswordHashing, PointInTimeRecovery, ProfileAttribute, ProvisionedConcurrency, Registration, SigningAlgorithm, SigningKeys, TableBackups,
  TokenTransport, WeekDay,
} from '../../../src';
import { GLOBAL_WEB_ACL, domainIn } from './fronts';

/** What one setting of a dial adds to the props: structs are merged, entries of lists that are about the same thing too. */
export interface Part extends AuthServiceProps {
  /** Options of the front, put together before the front is made of them. */
  readonly front?: RestApiOptions & HttpApiOptions;
  /** Which front. */
  readonly kind?: 'rest' | 'http';
}

type Variants = Readonly<Record<string, (stack: Stack) => Part>>;

const RATES = { rateLimit: 5, burstLimit: 7 };
const LEAST_WARM = { readUnitsPerSecond: 12_000, writeUnitsPerSecond: 4_000 };
const HOUR = { startHour: 8, endHour: 18, concurrency: 2 };
const CODE_SIGNING = 'arn:aws:lambda:eu-central-1:111111111111:code-signing-config:csc-0123456789abcdef0';
const SECRET = 'arn:aws:secretsmanager:eu-central-1:111111111111:secret:keys-AbCdEf';
const WEB_ACL = 'arn:aws:wafv2:eu-central-1:111111111111:regional/webacl/name/id';
export const ORIGINS = ['https://app.example.com', 'http://localhost:5173'];

const own = (name: AuthFunctionName, options: Omit<AuthFunctionOptions, 'name'>) => (): Part => ({ functions: { overrides: [{ name, ...options }] } });
const login = (options: () => Omit<AuthFunctionOptions, 'name'>) => (): Part => own(AuthFunctionName.LOGIN, options())();
const table = (name: AuthTable, options: Omit<AuthTableOptions, 'name'>): Part => ({ storage: { overrides: [{ name, ...options }] } });
const tokens = (options: NonNullable<AuthServiceProps['tokens']>) => (): Part => ({ tokens: options });
const monitoring = (options: () => NonNullable<AuthServiceProps['monitoring']>) => (): Part => ({ monitoring: options() });
const rotating = (algorithm: SigningAlgorithm, every: Duration) => (): Part => ({ signingKeys: SigningKeys.rotating({ algorithm, every }) });
const provisioned = () => Billing.provisioned({ readCapacity: Capacity.fixed(5), writeCapacity: Capacity.autoscaled({ maxCapacity: 10 }) });
const vpc = (stack: Stack) => new Vpc(stack, 'Vpc');

/**
 * Every prop, each with some of its values: good ones, which are good only beside some others. A combination takes one value of each dial or
 * leaves it out. A prop that no dial knows fails test/package/props.test.ts.
 */
export const DIALS: Readonly<Record<string, Variants>> = {
  'preset': {
    production: () => ({ preset: AuthPreset.production() }),
    development: () => ({ preset: AuthPreset.development() }),
    highScale: () => ({ preset: AuthPreset.highScale() }),
  },
  'serviceName': { shop: () => ({ serviceName: 'shop' }) },
  'webApp': { two: () => ({ webApp: { origins: ORIGINS } }), one: () => ({ webApp: { origins: ORIGINS.slice(0, 1) } }) },
  'access logs': {
    none: () => ({ front: { accessLogs: AccessLogs.none() } }),
    cloudWatch: () => ({ front: { accessLogs: AccessLogs.cloudWatch() } }),
    existingRole: () => ({ front: { accessLogs: AccessLogs.cloudWatchWithExistingAccountRole() } }),
    firehose: (stack) => ({
      front: { accessLogs: AccessLogs.firehose(DeliveryStream.fromDeliveryStreamAttributes(stack, 'Stream', { deliveryStreamName: 'amazon-apigateway-auth' })) },
    }),
  },
  'throttle': {
    small: () => ({ front: { throttle: RATES } }),
    ofHttpApi: () => ({ kind: 'http', front: { throttle: RATES }, firewall: Firewall.disabled() }),
  },
  'route throttles': {
    login: () => ({ front: { routeThrottles: [{ route: AuthRoute.LOGIN, rateLimit: 2 }] } }),
    each: () => ({ front: { routeThrottles: Object.values(AuthRoute).map((route) => ({ route, ...RATES })) } }),
  },
  'firewall': {
    managed: () => ({ firewall: Firewall.managed() }),
    blocking: () => ({
      firewall: Firewall.managed({ blockedNetworks: ['192.0.2.0/24', '2001:db8::/32'], authenticationRequestsPerMinute: 10, requestsPerMinute: 20 }),
    }),
    existing: () => ({ firewall: Firewall.existing(WEB_ACL) }),
    centrallyManaged: () => ({ firewall: Firewall.centrallyManaged() }),
    disabled: () => ({ firewall: Firewall.disabled() }),
    cloudFront: () => ({ firewall: Firewall.cloudFront(GLOBAL_WEB_ACL) }),
  },
  'registration': {
    open: () => ({ registration: Registration.open() }), invited: () => ({ registration: Registration.inviteOnly() }),
    closed: () => ({ registration: Registration.closed() }),
  },
  'profile': {
    each: () => ({
      profile: [
        ProfileAttribute.string('locale', { allowed: ['de', 'en'], required: true }), ProfileAttribute.string('city', { maxLength: 20 }),
        ProfileAttribute.number('seats', { min: 0, max: 9, required: true }), ProfileAttribute.flag('news', { required: true }),
      ],
    }),
    many: () => ({ profile: Array.from({ length: 6 }, (_, index) => ProfileAttribute.string(`attribute${index}`)) }),
  },
  'access tokens': { minute: tokens({ accessTokenLifetime: Duration.minutes(1) }), quarter: tokens({ accessTokenLifetime: Duration.minutes(15) }) },
  'sessions': { hour: tokens({ sessionLifetime: Duration.hours(1) }), year: tokens({ sessionLifetime: Duration.days(365) }) },
  'idle': { halfHour: tokens({ idleTimeout: Duration.minutes(30) }), month: tokens({ idleTimeout: Duration.days(30) }) },
  'audience': { orders: tokens({ audience: 'orders' }) },
  'accepted audiences': { old: tokens({ acceptedAudiences: ['old-shop', 'https://api.example.com'] }) },
  'issuer': { own: tokens({ issuer: 'https://auth.example.com' }) },
  'accepted issuers': { old: tokens({ acceptedIssuers: ['https://old.example.com'] }) },
  'default scopes': { two: tokens({ defaultScopes: ['orders:read', 'orders:write'] }) },
  'grace': {
    none: tokens({ concurrentRefreshGrace: Duration.seconds(0) }), least: tokens({ concurrentRefreshGrace: Duration.seconds(3) }),
    most: tokens({ concurrentRefreshGrace: Duration.seconds(60) }),
  },
  'lost answers': {
    none: tokens({ lostAnswerWindow: Duration.seconds(0) }), least: tokens({ lostAnswerWindow: Duration.minutes(1) }),
    most: tokens({ lostAnswerWindow: Duration.hours(24) }),
  },
  'transport': {
    body: () => ({ tokens: { transport: TokenTransport.body() } }), cookie: () => ({ tokens: { transport: TokenTransport.cookie() } }),
    both: () => ({ tokens: { transport: TokenTransport.both() } }),
  },
  'signing keys': {
    hours: rotating(SigningAlgorithm.ES256, Duration.hours(4)), week: rotating(SigningAlgorithm.RS256, Duration.days(7)),
    year: rotating(SigningAlgorithm.EDDSA, Duration.days(365)),
    kms: () => ({ signingKeys: SigningKeys.kms({ keyIds: ['2026-11', '2027-02'] }) }),
    kmsRsa: () => ({ signingKeys: SigningKeys.kms({ keyIds: ['first'], algorithm: SigningAlgorithm.RS256 }) }),
    existing: (stack) => ({ signingKeys: SigningKeys.existingSecret(Secret.fromSecretCompleteArn(stack, 'Existing', SECRET)) }),
    encrypted: (stack) => ({
      signingKeys: SigningKeys.existingSecret(
        Secret.fromSecretAttributes(stack, 'Existing', { secretCompleteArn: SECRET, encryptionKey: new Key(stack, 'KeyOfSecret') }),
        { algorithm: SigningAlgorithm.RS256 },
      ),
    }),
  },
  'password length': { least: () => ({ passwords: { minLength: 8 } }), most: () => ({ passwords: { minLength: 64 } }) },
  'character classes': { all: () => ({ passwords: { characterClasses: 4 } }) },
  'hashing': {
    argon2id: () => ({ passwords: { hashing: PasswordHashing.argon2id() } }), bcrypt: () => ({ passwords: { hashing: PasswordHashing.bcrypt({ cost: 10 }) } }),
    scrypt: () => ({ passwords: { hashing: PasswordHashing.scrypt() } }),
  },
  'attempts': { few: () => ({ abuse: { attemptsPerHour: 3 } }), many: () => ({ abuse: { attemptsPerHour: 100 } }) },
  'soft lock': { soon: () => ({ abuse: { softLockAfter: 1 } }), late: () => ({ abuse: { softLockAfter: 20 } }) },
  'registrations': { many: () => ({ abuse: { registrationsPerHour: 10_000 } }) },
  'billing': {
    provisioned: () => ({ storage: { billing: provisioned() } }),
    ceiling: () => ({ storage: { billing: Billing.onDemand({ maxReadRequestUnits: 500, maxWriteRequestUnits: 200 }) } }),
  },
  'point in time': {
    off: () => ({ storage: { pointInTimeRecovery: PointInTimeRecovery.disabled() } }),
    week: () => ({ storage: { pointInTimeRecovery: PointInTimeRecovery.enabled(Duration.days(7)) } }),
  },
  'backups': {
    none: () => ({ storage: { backups: TableBackups.none() } }),
    daily: () => ({ storage: { backups: TableBackups.daily({ retention: Duration.days(90), hour: 23 }) } }),
  },
  'insights': { throttled: () => ({ storage: { contributorInsights: ContributorInsightsMode.THROTTLED_KEYS } }) },
  'billing of a table': {
    provisioned: () => table(AuthTable.TICKETS, { billing: provisioned() }), onDemand: () => table(AuthTable.USERS, { billing: Billing.onDemand() }),
  },
  'warm tables': {
    all: () => ({ storage: { overrides: Object.values(AuthTable).map((name) => ({ name, warmThroughput: LEAST_WARM })) } }),
    little: () => table(AuthTable.TICKETS, { warmThroughput: { readUnitsPerSecond: 100 } }),
  },
  'insights of a table': { users: () => table(AuthTable.USERS, { contributorInsights: ContributorInsightsMode.ACCESSED_AND_THROTTLED_KEYS }) },
  'policy of a table': {
    readers: () => table(AuthTable.SESSIONS, {
      resourcePolicy: new PolicyDocument({
        statements: [new PolicyStatement({ actions: ['dynamodb:Query'], principals: [new AccountPrincipal('222222222222')], resources: ['*'] })],
      }),
    }),
  },
  'log level': Object.fromEntries(Object.values(AuthLogLevel).map((logLevel) => [logLevel, () => ({ functions: { logLevel } })])),
  'log retention': {
    day: () => ({ functions: { logRetention: RetentionDays.ONE_DAY } }), years: () => ({ functions: { logRetention: RetentionDays.TEN_YEARS } }),
  },
  'tracing': { off: () => ({ functions: { tracing: Tracing.DISABLED } }), on: () => ({ functions: { tracing: Tracing.ACTIVE } }) },
  'deployment': {
    canary: () => ({ functions: { deployment: FunctionDeployment.canary() } }), atOnce: () => ({ functions: { deployment: FunctionDeployment.allAtOnce() } }),
    linear: () => ({
      functions: {
        deployment: FunctionDeployment.linear({ percentage: 20, interval: Duration.minutes(2), rollbackErrors: 5, rollbackAlarmNames: ['shop-errors'] }),
      },
    }),
  },
  'code signing': {
    config: (stack) => ({ functions: { codeSigningConfig: CodeSigningConfig.fromCodeSigningConfigArn(stack, 'Signing', CODE_SIGNING) } }),
  },
  'memory': {
    each: () => ({ functions: { overrides: Object.values(AuthFunctionName).map((name) => ({ name, memory: Size.mebibytes(2048) })) } }),
    small: own(AuthFunctionName.LOGIN, { memory: Size.mebibytes(256) }),
  },
  'timeouts': {
    login: own(AuthFunctionName.LOGIN, { timeout: Duration.seconds(29) }), refresh: own(AuthFunctionName.REFRESH, { timeout: Duration.seconds(5) }),
    rotateKeys: own(AuthFunctionName.ROTATE_KEYS, { timeout: Duration.minutes(15) }),
  },
  'log level of a function': { debug: own(AuthFunctionName.LOGIN, { logLevel: AuthLogLevel.DEBUG }) },
  'provisioned concurrency': {
    none: login(() => ({ provisionedConcurrency: ProvisionedConcurrency.none() })),
    fixed: login(() => ({ provisionedConcurrency: ProvisionedConcurrency.fixed(2) })),
    use: login(() => ({ provisionedConcurrency: ProvisionedConcurrency.utilization({ min: 1, max: 9, target: 0.5 }) })),
    hours: login(() => ({
      provisionedConcurrency: ProvisionedConcurrency.scheduled([HOUR, { ...HOUR, days: [WeekDay.SATURDAY, WeekDay.SUNDAY], concurrency: 1 }],
        { timeZone: TimeZone.EUROPE_BERLIN, otherwise: 0 }),
    })),
    everyDay: () => own(AuthFunctionName.DISCOVERY, {
      provisionedConcurrency: ProvisionedConcurrency.scheduled([{ ...HOUR, days: Object.values(WeekDay) }]),
    })(),
    rotateKeys: () => own(AuthFunctionName.ROTATE_KEYS, { provisionedConcurrency: ProvisionedConcurrency.fixed(1) })(),
  },
  'deployment of a function': {
    atOnce: login(() => ({ deployment: FunctionDeployment.allAtOnce() })), canary: login(() => ({ deployment: FunctionDeployment.canary() })),
    admin: () => own(AuthFunctionName.ADMIN, { deployment: FunctionDeployment.linear() })(),
  },
  'reserved concurrency': { little: login(() => ({ reservedConcurrency: 1 })), much: login(() => ({ reservedConcurrency: 500 })) },
  'alarms': { off: monitoring(() => ({ alarms: false })), on: monitoring(() => ({ alarms: true })) },
  'alarm overrides': {
    each: monitoring(() => ({ alarmOverrides: Object.values(AuthAlarm).map((alarm) => ({ alarm, pages: false })) })),
    common: monitoring(() => ({
      alarmOverrides: [{ alarm: AuthAlarm.LOCKOUT_SURGE, threshold: 7 }, { alarm: AuthAlarm.CONCURRENCY, enabled: false }],
    })),
  },
  'alarms of functions': { on: monitoring(() => ({ perFunctionAlarms: true })), off: monitoring(() => ({ perFunctionAlarms: false })) },
  'login failures': {
    number: monitoring(() => ({ loginFailures: LoginFailureLimit.perMinute(9) })),
    share: monitoring(() => ({ loginFailures: LoginFailureLimit.share(25, 200) })),
  },
  'dashboard': { off: monitoring(() => ({ dashboard: false })), on: monitoring(() => ({ dashboard: true })) },
  'saved queries': { off: monitoring(() => ({ savedQueries: false })) },
  'service levels': {
    usual: monitoring(() => ({ serviceLevels: {} })),
    own: monitoring(() => ({ serviceLevels: { availability: 99.5, logins: 95, loginWithin: Duration.seconds(1), days: 7 } })),
  },
  'mute windows': {
    both: monitoring(() => ({
      muteWindows: [MuteWindow.recurring('0 2 * * SUN', Duration.hours(2)), MuteWindow.once('2027-03-01T22:00', Duration.days(1), 'Europe/Berlin')],
    })),
  },
  'runbook': { own: monitoring(() => ({ runbookUrl: 'https://wiki.example.com/auth' })) },
  'network': {
    none: () => ({ network: AuthNetwork.none() }), plain: (stack) => ({ network: AuthNetwork.existingVpc(vpc(stack)) }),
    endpoints: (stack) => ({ network: AuthNetwork.existingVpc(vpc(stack), { createEndpoints: true }) }),
    own: (stack) => {
      const place = vpc(stack);
      const securityGroups = [new SecurityGroup(stack, 'Group', { vpc: place })];
      return { network: AuthNetwork.existingVpc(place, { subnets: { onePerAz: true, subnetType: SubnetType.PRIVATE_WITH_EGRESS }, securityGroups }) };
    },
  },
  'encryption key': { key: (stack) => ({ encryptionKey: new Key(stack, 'Key') }) },
  'removal policy': {
    destroy: () => ({ removalPolicy: RemovalPolicy.DESTROY }), retain: () => ({ removalPolicy: RemovalPolicy.RETAIN }),
    retainAlways: () => ({ removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE }), snapshot: () => ({ removalPolicy: RemovalPolicy.SNAPSHOT }),
  },
  'front': { http: () => ({ kind: 'http' }), rest: () => ({ kind: 'rest' }) },
  'custom domain': {
    // Good for every front as long as nobody knows the stack's Region.
    inZone: (stack) => ({ front: { customDomain: domainIn(stack, 'us-east-1') } }),
    byItself: (stack) => ({ front: { customDomain: { ...domainIn(stack, 'us-east-1'), hostedZone: undefined } } }),
  },
  'failed logins': { few: () => ({ abuse: { failedLoginsPerSource: 1 } }), many: () => ({ abuse: { failedLoginsPerSource: 10_000 } }) },
  'sessions per user': { one: tokens({ maxSessionsPerUser: 1 }), most: tokens({ maxSessionsPerUser: 1000 }) },
};
