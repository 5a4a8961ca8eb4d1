import type { Stack } from 'aws-cdk-lib';
import { Duration, RemovalPolicy, Size, TimeZone } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Billing, Capacity, ContributorInsightsMode } from 'aws-cdk-lib/aws-dynamodb';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { AccountPrincipal, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { CodeSigningConfig, Tracing } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { AuthFunctionOptions, AuthServiceProps, CustomDomainOptions } from 'cdk-auth-service';
import {
  AccessLogs, AuthAlarm, AuthApi, AuthFunctionName, AuthLogLevel, AuthNetwork, AuthPreset, AuthRoute, AuthTable, Firewall, FunctionDeployment,
  LoginFailureLimit, MuteWindow, PasswordHashing, PointInTimeRecovery, ProfileAttribute, ProvisionedConcurrency, Registration, SigningAlgorithm,
  SigningKeys, TableBackups, TokenTransport,
} from 'cdk-auth-service';

/** One prop away from its default. */
export interface Sample {
  /** Path of the prop. */
  readonly prop: string;
  /** How it is written. */
  readonly code: string;
  readonly props: (stack: Stack) => AuthServiceProps;
}

const sample = (prop: string, code: string, props: Sample['props']): Sample => ({ prop, code, props });
const storage = (member: string, code: string, options: AuthServiceProps['storage']) => sample(`storage.${member}`, code, () => ({ storage: options }));
const functions = (member: string, code: string, options: AuthServiceProps['functions']) => sample(`functions.${member}`, code, () => ({ functions: options }));
const login = (member: string, code: string, own: Omit<AuthFunctionOptions, 'name'>) =>
  functions(`overrides.${member}`, code, { overrides: [{ name: AuthFunctionName.LOGIN, ...own }] });

const tokens = (member: string, code: string, options: AuthServiceProps['tokens']) => sample(`tokens.${member}`, code, () => ({ tokens: options }));
const passwords = (member: string, code: string, options: AuthServiceProps['passwords']) => sample(`passwords.${member}`, code, () => ({ passwords: options }));
const abuse = (member: string, code: string, options: AuthServiceProps['abuse']) => sample(`abuse.${member}`, code, () => ({ abuse: options }));
const monitoring = (member: string, code: string, options: AuthServiceProps['monitoring']) =>
  sample(`monitoring.${member}`, code, () => ({ monitoring: options }));

const CODE_SIGNING = 'arn:aws:lambda:eu-central-1:111111111111:code-signing-config:csc-0123456789abcdef0';
const EXISTING_SECRET = 'arn:aws:secretsmanager:eu-central-1:111111111111:secret:keys-AbCdEf';
const provisioned = Billing.provisioned({ readCapacity: Capacity.autoscaled({ maxCapacity: 100 }), writeCapacity: Capacity.autoscaled({ maxCapacity: 50 }) });
const WEB_ACL = 'arn:aws:wafv2:eu-central-1:111111111111:regional/webacl/name/id';
const GLOBAL_WEB_ACL = 'arn:aws:wafv2:us-east-1:111111111111:global/webacl/name/id';
const domainIn = (stack: Stack, region: string): CustomDomainOptions => ({
  domainName: 'auth.example.com',
  certificate: Certificate.fromCertificateArn(stack, 'Certificate', `arn:aws:acm:${region}:111111111111:certificate/id`),
  hostedZone: HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z1', zoneName: 'example.com' }),
});
const warmThroughput = { readUnitsPerSecond: 24_000, writeUnitsPerSecond: 8_000 };
const readers = new PolicyDocument({
  statements: [new PolicyStatement({ actions: ['dynamodb:GetItem'], principals: [new AccountPrincipal('222222222222')], resources: ['*'] })],
});

/** Every optional prop by itself. The page of the settings says what each creates; a test holds that none replaces a table or a secret. */
export const SAMPLES: readonly Sample[] = [
  sample('preset', 'AuthPreset.development()', () => ({ preset: AuthPreset.development() })),
  sample('preset', 'AuthPreset.highScale()', () => ({ preset: AuthPreset.highScale() })),
  sample('serviceName', "'shop'", () => ({ serviceName: 'shop' })),
  sample('webApp', "{ origins: ['https://app.example.com'] }", () => ({ webApp: { origins: ['https://app.example.com'] } })),
  sample('api', 'AuthApi.rest({ accessLogs: AccessLogs.none() })', () => ({ api: AuthApi.rest({ accessLogs: AccessLogs.none() }) })),
  sample('api', 'AuthApi.rest({ accessLogs: AccessLogs.cloudWatchWithExistingAccountRole() })',
    () => ({ api: AuthApi.rest({ accessLogs: AccessLogs.cloudWatchWithExistingAccountRole() }) })),
  sample('api', 'AuthApi.rest({ throttle: { rateLimit: 500 } })', () => ({ api: AuthApi.rest({ throttle: { rateLimit: 500 } }) })),
  sample('api', 'AuthApi.rest({ routeThrottles: [{ route: AuthRoute.LOGIN, rateLimit: 50 }] })',
    () => ({ api: AuthApi.rest({ routeThrottles: [{ route: AuthRoute.LOGIN, rateLimit: 50 }] }) })),
  sample('api', "AuthApi.rest({ customDomain: { domainName: 'auth.example.com', certificate, hostedZone } })",
    (stack) => ({ api: AuthApi.rest({ customDomain: domainIn(stack, 'eu-central-1') }) })),
  sample('api', 'AuthApi.http() and firewall: Firewall.cloudFront(webAclArn)', () => ({ api: AuthApi.http(), firewall: Firewall.cloudFront(GLOBAL_WEB_ACL) })),
  sample('api', "AuthApi.http({ customDomain: { domainName: 'auth.example.com', certificate, hostedZone } }) and firewall: Firewall.cloudFront(webAclArn)",
    (stack) => ({ api: AuthApi.http({ customDomain: domainIn(stack, 'us-east-1') }), firewall: Firewall.cloudFront(GLOBAL_WEB_ACL) })),
  sample('api', 'AuthApi.http() and firewall: Firewall.disabled()', () => ({ api: AuthApi.http(), firewall: Firewall.disabled() })),
  sample('firewall', "Firewall.managed({ blockedNetworks: ['192.0.2.0/24'] })", () => ({ firewall: Firewall.managed({ blockedNetworks: ['192.0.2.0/24'] }) })),
  sample('firewall', 'Firewall.existing(webAclArn)', () => ({ firewall: Firewall.existing(WEB_ACL) })),
  sample('firewall', 'Firewall.disabled()', () => ({ firewall: Firewall.disabled() })),
  sample('registration', 'Registration.closed()', () => ({ registration: Registration.closed() })),
  sample('profile', "[ProfileAttribute.string('locale')]", () => ({ profile: [ProfileAttribute.string('locale')] })),
  tokens('accessTokenLifetime', 'Duration.minutes(5)', { accessTokenLifetime: Duration.minutes(5) }),
  tokens('sessionLifetime', 'Duration.days(1)', { sessionLifetime: Duration.days(1) }),
  tokens('idleTimeout', 'Duration.days(1)', { idleTimeout: Duration.days(1) }),
  tokens('audience', "'orders'", { audience: 'orders' }),
  tokens('acceptedAudiences', "['old-shop']", { acceptedAudiences: ['old-shop'] }),
  tokens('issuer', "'https://auth.example.com'", { issuer: 'https://auth.example.com' }),
  tokens('acceptedIssuers', "['https://old.example.com']", { acceptedIssuers: ['https://old.example.com'] }),
  tokens('defaultScopes', "['orders:read']", { defaultScopes: ['orders:read'] }),
  tokens('concurrentRefreshGrace', 'Duration.seconds(30)', { concurrentRefreshGrace: Duration.seconds(30) }),
  tokens('lostAnswerWindow', 'Duration.minutes(10)', { lostAnswerWindow: Duration.minutes(10) }),
  tokens('maxSessionsPerUser', '10', { maxSessionsPerUser: 10 }),
  sample('tokens.transport', "TokenTransport.both() and webApp: { origins: ['https://app.example.com'] }",
    () => ({ tokens: { transport: TokenTransport.both() }, webApp: { origins: ['https://app.example.com'] } })),
  sample('signingKeys', 'SigningKeys.rotating({ algorithm: SigningAlgorithm.RS256, every: Duration.days(7) })',
    () => ({ signingKeys: SigningKeys.rotating({ algorithm: SigningAlgorithm.RS256, every: Duration.days(7) }) })),
  sample('signingKeys', "SigningKeys.kms({ keyIds: ['2026-11'] })", () => ({ signingKeys: SigningKeys.kms({ keyIds: ['2026-11'] }) })),
  sample('signingKeys', 'SigningKeys.existingSecret(secret)',
    (stack) => ({ signingKeys: SigningKeys.existingSecret(Secret.fromSecretCompleteArn(stack, 'Keys', EXISTING_SECRET)) })),
  passwords('hashing', 'PasswordHashing.scrypt()', { hashing: PasswordHashing.scrypt() }),
  passwords('minLength', '20', { minLength: 20 }),
  passwords('characterClasses', '3', { characterClasses: 3 }),
  abuse('attemptsPerHour', '5', { attemptsPerHour: 5 }),
  abuse('softLockAfter', '3', { softLockAfter: 3 }),
  abuse('failedLoginsPerSource', '500', { failedLoginsPerSource: 500 }),
  abuse('registrationsPerHour', '50', { registrationsPerHour: 50 }),

  storage('billing', 'Billing.provisioned({ ... })', { billing: provisioned }),
  storage('billing', 'Billing.onDemand({ maxReadRequestUnits: 1000, maxWriteRequestUnits: 1000 })',
    { billing: Billing.onDemand({ maxReadRequestUnits: 1000, maxWriteRequestUnits: 1000 }) }),
  storage('pointInTimeRecovery', 'PointInTimeRecovery.enabled(Duration.days(7))', { pointInTimeRecovery: PointInTimeRecovery.enabled(Duration.days(7)) }),
  storage('pointInTimeRecovery', 'PointInTimeRecovery.disabled()', { pointInTimeRecovery: PointInTimeRecovery.disabled() }),
  storage('backups', 'TableBackups.daily()', { backups: TableBackups.daily() }),
  storage('contributorInsights', 'ContributorInsightsMode.THROTTLED_KEYS', { contributorInsights: ContributorInsightsMode.THROTTLED_KEYS }),
  storage('overrides.billing', 'Billing.provisioned({ ... })', { overrides: [{ name: AuthTable.TICKETS, billing: provisioned }] }),
  storage('overrides.warmThroughput', '{ readUnitsPerSecond: 24000, writeUnitsPerSecond: 8000 }',
    { overrides: [{ name: AuthTable.USERS, warmThroughput }, { name: AuthTable.SESSIONS, warmThroughput }] }),
  storage('overrides.contributorInsights', 'ContributorInsightsMode.THROTTLED_KEYS',
    { overrides: [{ name: AuthTable.USERS, contributorInsights: ContributorInsightsMode.THROTTLED_KEYS }] }),
  storage('overrides.resourcePolicy', 'new PolicyDocument({ ... })', { overrides: [{ name: AuthTable.USERS, resourcePolicy: readers }] }),

  functions('logLevel', 'AuthLogLevel.WARN', { logLevel: AuthLogLevel.WARN }),
  functions('logRetention', 'RetentionDays.ONE_YEAR', { logRetention: RetentionDays.ONE_YEAR }),
  functions('tracing', 'Tracing.DISABLED', { tracing: Tracing.DISABLED }),
  functions('deployment', 'FunctionDeployment.canary()', { deployment: FunctionDeployment.canary() }),
  sample('functions.codeSigningConfig', 'config',
    (stack) => ({ functions: { codeSigningConfig: CodeSigningConfig.fromCodeSigningConfigArn(stack, 'Signing', CODE_SIGNING) } })),
  login('memory', 'Size.mebibytes(2048)', { memory: Size.mebibytes(2048) }),
  login('timeout', 'Duration.seconds(15)', { timeout: Duration.seconds(15) }),
  login('logLevel', 'AuthLogLevel.DEBUG', { logLevel: AuthLogLevel.DEBUG }),
  login('provisionedConcurrency', 'ProvisionedConcurrency.fixed(5)', { provisionedConcurrency: ProvisionedConcurrency.fixed(5) }),
  login('provisionedConcurrency', 'ProvisionedConcurrency.utilization({ min: 1, max: 10 })',
    { provisionedConcurrency: ProvisionedConcurrency.utilization({ min: 1, max: 10 }) }),
  login('provisionedConcurrency', 'ProvisionedConcurrency.scheduled([{ startHour: 8, endHour: 18, concurrency: 5 }], { timeZone: TimeZone.EUROPE_BERLIN })',
    { provisionedConcurrency: ProvisionedConcurrency.scheduled([{ startHour: 8, endHour: 18, concurrency: 5 }], { timeZone: TimeZone.EUROPE_BERLIN }) }),
  login('deployment', 'FunctionDeployment.linear()', { deployment: FunctionDeployment.linear() }),
  login('reservedConcurrency', '50', { reservedConcurrency: 50 }),

  monitoring('alarms', 'false', { alarms: false }),
  monitoring('alarmOverrides', '[{ alarm: AuthAlarm.LOCKOUT_SURGE, enabled: false }]', { alarmOverrides: [{ alarm: AuthAlarm.LOCKOUT_SURGE, enabled: false }] }),
  monitoring('perFunctionAlarms', 'true', { perFunctionAlarms: true }),
  monitoring('loginFailures', 'LoginFailureLimit.share(25, 200)', { loginFailures: LoginFailureLimit.share(25, 200) }),
  monitoring('dashboard', 'false', { dashboard: false }),
  monitoring('savedQueries', 'false', { savedQueries: false }),
  monitoring('serviceLevels', '{}', { serviceLevels: {} }),
  monitoring('muteWindows', "[MuteWindow.recurring('0 2 * * SUN', Duration.hours(2))]", { muteWindows: [MuteWindow.recurring('0 2 * * SUN', Duration.hours(2))] }),
  monitoring('runbookUrl', "'https://wiki.example.com/auth'", { runbookUrl: 'https://wiki.example.com/auth' }),

  sample('network', 'AuthNetwork.existingVpc(vpc)', (stack) => ({ network: AuthNetwork.existingVpc(new Vpc(stack, 'Vpc')) })),
  sample('network', 'AuthNetwork.existingVpc(vpc, { createEndpoints: true })',
    (stack) => ({ network: AuthNetwork.existingVpc(new Vpc(stack, 'Vpc'), { createEndpoints: true }) })),
  sample('encryptionKey', 'key', (stack) => ({ encryptionKey: new Key(stack, 'Key') })),
  sample('removalPolicy', 'RemovalPolicy.DESTROY', () => ({ removalPolicy: RemovalPolicy.DESTROY })),
];
