import type { Stack } from 'aws-cdk-lib';
import { Duration, Size, TimeZone } from 'aws-cdk-lib';
import { Billing, Capacity, ContributorInsightsMode } from 'aws-cdk-lib/aws-dynamodb';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { CodeSigningConfig, Tracing } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { AuthServiceProps } from '../../../src';
import {
  AccessLogs, AuthApi, AuthFunctionName, AuthNetwork, AuthPreset, AuthTable, Firewall, FunctionDeployment, PasswordHashing, PointInTimeRecovery,
  ProfileAttribute, ProvisionedConcurrency, Registration, SigningAlgorithm, SigningKeys, TableBackups,
} from '../../../src';

const CODE_SIGNING = 'arn:aws:lambda:eu-central-1:111111111111:code-signing-config:csc-0123456789abcdef0';
const provisioned = Billing.provisioned({ readCapacity: Capacity.autoscaled({ maxCapacity: 100 }), writeCapacity: Capacity.autoscaled({ maxCapacity: 50 }) });
const warmThroughput = { readUnitsPerSecond: 24_000, writeUnitsPerSecond: 8_000 };
const login = (own: object): AuthServiceProps => ({ functions: { overrides: [{ name: AuthFunctionName.LOGIN, ...own }] } });

/** Each optional prop by itself, away from its default. */
export const OPTIONAL: Readonly<Record<string, (stack: Stack) => AuthServiceProps>> = {
  'development': () => ({ preset: AuthPreset.development() }),
  'high scale': () => ({ preset: AuthPreset.highScale() }),
  'a name': () => ({ serviceName: 'shop' }),
  'a web application': () => ({ webApp: { origins: ['https://app.example.com'] } }),
  'no access logs': () => ({ api: AuthApi.rest({ accessLogs: AccessLogs.none() }) }),
  'no firewall': () => ({ firewall: Firewall.disabled() }),
  'blocked networks': () => ({ firewall: Firewall.managed({ blockedNetworks: ['192.0.2.0/24'] }) }),
  'closed registration': () => ({ registration: Registration.closed() }),
  'attributes': () => ({ profile: [ProfileAttribute.string('locale')] }),
  'shorter sessions': () => ({ tokens: { sessionLifetime: Duration.days(1) } }),
  'another algorithm': () => ({ signingKeys: SigningKeys.rotating({ algorithm: SigningAlgorithm.RS256, every: Duration.days(7) }) }),
  'another hash': () => ({ passwords: { hashing: PasswordHashing.scrypt() } }),
  'capacity provisioned': () => ({ storage: { billing: provisioned } }),
  'ceilings': () => ({ storage: { billing: Billing.onDemand({ maxReadRequestUnits: 1000, maxWriteRequestUnits: 1000 }) } }),
  'shorter recovery': () => ({ storage: { pointInTimeRecovery: PointInTimeRecovery.enabled(Duration.days(7)) } }),
  'no recovery': () => ({ storage: { pointInTimeRecovery: PointInTimeRecovery.disabled() } }),
  'daily backups': () => ({ storage: { backups: TableBackups.daily() } }),
  'contributor insights': () => ({ storage: { contributorInsights: ContributorInsightsMode.THROTTLED_KEYS } }),
  'warm tables': () => ({ storage: { overrides: [{ name: AuthTable.USERS, warmThroughput }, { name: AuthTable.SESSIONS, warmThroughput }] } }),
  'shorter logs': () => ({ functions: { logRetention: RetentionDays.ONE_WEEK } }),
  'no tracing': () => ({ functions: { tracing: Tracing.DISABLED } }),
  'a canary': () => ({ functions: { deployment: FunctionDeployment.canary() } }),
  'signed code': (stack) => ({ functions: { codeSigningConfig: CodeSigningConfig.fromCodeSigningConfigArn(stack, 'Signing', CODE_SIGNING) } }),
  'more memory': () => login({ memory: Size.mebibytes(2048) }),
  'fixed concurrency': () => login({ provisionedConcurrency: ProvisionedConcurrency.fixed(5) }),
  'concurrency by use': () => login({ provisionedConcurrency: ProvisionedConcurrency.utilization({ min: 1, max: 10 }) }),
  'concurrency by hours': () => login({
    provisionedConcurrency: ProvisionedConcurrency.scheduled([{ startHour: 8, endHour: 18, concurrency: 5 }], { timeZone: TimeZone.EUROPE_BERLIN }),
  }),
  'reserved concurrency': () => login({ reservedConcurrency: 50 }),
  'a network': (stack) => ({ network: AuthNetwork.existingVpc(new Vpc(stack, 'Vpc'), { createEndpoints: true }) }),
  'a key': (stack) => ({ encryptionKey: new Key(stack, 'Key') }),
};
