import { Annotations, Duration, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import { Billing, ContributorInsightsMode } from 'aws-cdk-lib/aws-dynamodb';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { ICodeSigningConfig, Tracing } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { AbuseOptions, checkAbuse } from './abuse';
import { AuthApi } from './api';
import { AuthServiceProps } from './auth-service-props';
import { TableBackups } from './backups';
import { keyBehind } from './encryption-key';
import { Firewall } from './firewall';
import { checkFront, checkFrontRegion, isBehindCloudFront } from './front';
import { FunctionDeployment } from './function-deployment';
import { AuthFunctionOptions, AuthLogLevel, FunctionsOptions, checkFunctions } from './functions';
import { defined, merge, mergeEntries } from './merge';
import { ResolvedMonitoring, checkMonitoring, resolveMonitoring } from './monitoring';
import { AuthNetwork } from './network';
import { PasswordHashing, PasswordOptions, checkPasswords } from './passwords';
import { AuthPreset, PresetDefaults, yieldingTo } from './preset';
import { ProfileAttribute, checkProfile } from './profile';
import { warnOfWhatHasNoEffect } from './no-effect';
import { checkReferences } from './references';
import { Registration } from './registration';
import { KEPT_ONCE_DEPLOYED, checkRemovalPolicy } from './removal';
import { checkServiceName, defaultServiceName } from './service-name';
import { checkShapes } from './shapes';
import { SigningKeys } from './signing-keys';
import { AuthTableOptions, PointInTimeRecovery, StorageOptions, checkStorage } from './storage';
import { checkAcceptedAudiences } from './token-claims';
import { TokenTransport } from './token-transport';
import { TokenOptions, checkTokens } from './tokens';
import { claimName } from './unique-names';
import { checkLiteralList } from './validation';
import { WEAKNESSES } from './weaknesses';
import { checkOrigins } from './web-app';

/** Every prop with its value: explicit, from the preset, or the default. Checked. */
export interface Settings {
  readonly serviceName: string;
  readonly origins: string[];
  readonly api: AuthApi;
  readonly firewall: Firewall;
  /** Whether a distribution of CloudFront stands before the API. */
  readonly behindCloudFront: boolean;
  readonly registration: Registration;
  readonly profile: ProfileAttribute[];
  readonly tokens: Required<Omit<TokenOptions, 'issuer'>> & Pick<TokenOptions, 'issuer'>;
  readonly signingKeys: SigningKeys;
  readonly passwords: Required<PasswordOptions>;
  readonly abuse: Required<AbuseOptions>;
  readonly billing: Billing;
  readonly pointInTimeRecovery: PointInTimeRecovery;
  readonly backups: TableBackups;
  readonly contributorInsights?: ContributorInsightsMode;
  readonly tableOverrides: AuthTableOptions[];
  readonly logLevel: AuthLogLevel;
  readonly logRetention: RetentionDays;
  readonly tracing: Tracing;
  readonly deployment: FunctionDeployment;
  readonly codeSigningConfig?: ICodeSigningConfig;
  readonly functionOverrides: AuthFunctionOptions[];
  readonly monitoring: ResolvedMonitoring;
  readonly network: AuthNetwork;
  readonly removalPolicy: RemovalPolicy;
  readonly encryptionKey?: IKey;
}

/** Checks the props before anything is created, and fills in what they leave out. */
export function resolveSettings(service: Construct, props: AuthServiceProps): Settings {
  checkShapes(props);
  const preset = (props.preset ?? AuthPreset.production())._defaults;
  check(props);
  checkFrontRegion(props.api, props.firewall, Stack.of(service).region);
  const encryptionKey = props.encryptionKey && keyBehind('encryptionKey', props.encryptionKey);
  checkReferences({ ...props, encryptionKey }, Stack.of(service));
  // Each by itself first: a list with one thing twice would otherwise be merged away.
  checkFunctions(props.functions ?? {}, props.passwords?.hashing);
  checkStorage(props.storage ?? {});
  const storage: StorageOptions = {
    ...merge(preset.storage, props.storage),
    overrides: mergeEntries('name', preset.storage?.overrides, props.storage?.overrides),
  };
  const functions: FunctionsOptions = {
    ...merge(preset.functions, props.functions),
    overrides: mergeEntries('name', yieldingTo(props.functions?.overrides, preset.functions?.overrides), props.functions?.overrides),
  };
  checkMonitoring(props.monitoring ?? {}, props.firewall, props.signingKeys);
  const monitoring = merge(preset.monitoring, props.monitoring);
  const serviceName = props.serviceName ?? defaultServiceName(service);
  checkAcceptedAudiences(props.tokens?.acceptedAudiences, props.tokens?.audience ?? serviceName);
  const sessionLifetime = props.tokens?.sessionLifetime ?? Duration.days(30);
  const api = frontOf(props.api ?? AuthApi.rest(), preset);
  const firewall = (props.firewall ?? Firewall.managed())._over(preset.firewall);
  const settings: Settings = {
    serviceName,
    origins: props.webApp?.origins ?? [],
    api,
    firewall,
    behindCloudFront: isBehindCloudFront(api, firewall),
    registration: props.registration ?? Registration.open(),
    profile: props.profile ?? [],
    tokens: {
      accessTokenLifetime: Duration.minutes(15),
      sessionLifetime,
      idleTimeout: shorter(Duration.days(14), sessionLifetime),
      audience: serviceName,
      acceptedAudiences: [],
      acceptedIssuers: [],
      defaultScopes: [],
      concurrentRefreshGrace: Duration.seconds(10),
      lostAnswerWindow: Duration.hours(1),
      maxSessionsPerUser: 50,
      transport: props.webApp ? TokenTransport.cookie() : TokenTransport.body(),
      ...defined(props.tokens),
    },
    signingKeys: props.signingKeys ?? SigningKeys.rotating(),
    passwords: { minLength: 15, characterClasses: 0, hashing: PasswordHashing.argon2id(), ...defined(props.passwords) },
    abuse: { attemptsPerHour: 10, softLockAfter: 5, failedLoginsPerSource: 100, registrationsPerHour: 100, ...merge(preset.abuse, props.abuse) },
    billing: storage.billing ?? Billing.onDemand(),
    pointInTimeRecovery: storage.pointInTimeRecovery ?? PointInTimeRecovery.enabled(),
    backups: storage.backups ?? TableBackups.none(),
    contributorInsights: storage.contributorInsights,
    tableOverrides: storage.overrides ?? [],
    logLevel: functions.logLevel ?? AuthLogLevel.INFO,
    logRetention: functions.logRetention ?? RetentionDays.ONE_MONTH,
    tracing: functions.tracing ?? Tracing.ACTIVE,
    deployment: functions.deployment ?? FunctionDeployment.allAtOnce(),
    codeSigningConfig: functions.codeSigningConfig,
    functionOverrides: functions.overrides ?? [],
    monitoring: resolveMonitoring({
      ...monitoring,
      alarmOverrides: mergeEntries('alarm', preset.monitoring?.alarmOverrides, props.monitoring?.alarmOverrides),
    }),
    network: props.network ?? AuthNetwork.none(),
    encryptionKey,
    removalPolicy: props.removalPolicy ?? preset.removalPolicy ?? KEPT_ONCE_DEPLOYED,
  };
  claimNames(service, settings);
  warn(service, props);
  warnOfWhatHasNoEffect(service, props, settings);
  return settings;
}

/** What two services cannot both be called. */
function claimNames(service: Construct, { serviceName, api, behindCloudFront: global }: Settings): void {
  claimName(service, { property: 'serviceName', name: serviceName, remedy: 'alarms, dashboard, metrics and saved queries are called by it: leave it out, or name each service differently' });
  const domainName = api._options.customDomain?.domainName;
  if (domainName !== undefined && !Token.isUnresolved(domainName)) {
    claimName(service, { property: 'api: customDomain: domainName', name: domainName, global, remedy: 'a host is one service\'s alone, cookies included' });
  }
}

function check(props: AuthServiceProps): void {
  checkServiceName(props.serviceName);
  if (props.webApp) {
    checkLiteralList('webApp.origins', props.webApp.origins);
    checkOrigins(props.webApp.origins);
  }
  checkFront(props.api, props.firewall);
  checkProfile(props.profile ?? []);
  checkTokens(props.tokens ?? {}, props.webApp !== undefined);
  checkPasswords(props.passwords ?? {});
  checkAbuse(props.abuse ?? {});
  checkRemovalPolicy(props.removalPolicy);
}

/** They can be acknowledged by id. */
function warn(service: Construct, props: AuthServiceProps): void {
  for (const { id, message, present } of WEAKNESSES) {
    if (present(props)) {
      Annotations.of(service).addWarningV2(`cdk-auth-service:${id}`, message);
    }
  }
}

/** Only a REST API writes its access log through a role of the whole account, so that a preset may have it write none. */
function frontOf(api: AuthApi, preset: PresetDefaults): AuthApi {
  return api._over(merge(preset.api, api._kind === 'rest' ? preset.restApi : undefined));
}

/** A limit that only CloudFormation knows is taken for the shorter one. */
function shorter(a: Duration, limit: Duration): Duration {
  return limit.isUnresolved() || limit.toMilliseconds() < a.toMilliseconds() ? limit : a;
}
