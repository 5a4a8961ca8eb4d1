import { RemovalPolicy, Size } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { AuthFunctionName } from '../contract/functions';
import { AbuseOptions } from './abuse';
import { AccessLogs } from './access-logs';
import { AuthAlarm, LoginFailureLimit } from './alarms';
import { ApiOptions, RestApiOptions } from './api';
import { ManagedFirewallOptions } from './firewall';
import { FunctionDeployment } from './function-deployment';
import { AuthFunctionOptions, AuthLogLevel, FunctionsOptions } from './functions';
import { MonitoringOptions } from './monitoring';
import { ProvisionedConcurrency } from './provisioned-concurrency';
import { AuthRoute } from './routes';
import { AuthTable, PointInTimeRecovery, StorageOptions } from './storage';

/** What a preset sets. Explicit props win, member by member. */
export interface PresetDefaults {
  readonly removalPolicy?: RemovalPolicy;
  readonly storage?: StorageOptions;
  readonly functions?: FunctionsOptions;
  readonly api?: ApiOptions;
  /** Only with `AuthApi.rest()`. */
  readonly restApi?: RestApiOptions;
  readonly monitoring?: MonitoringOptions;
  /** Only with `Firewall.managed()`. */
  readonly firewall?: ManagedFirewallOptions;
  readonly abuse?: AbuseOptions;
}

/**
 * What a preset sets of functions, as far as it can stand beside what is said of them: nobody should have to know a preset to write a valid
 * prop. Its provisioned concurrency gives way to a gradual deployment, which excludes it, and shrinks to what is reserved.
 */
export function yieldingTo(explicit: AuthFunctionOptions[] = [], below: AuthFunctionOptions[] = []): AuthFunctionOptions[] {
  return below.map((entry) => {
    const own = explicit.find(({ name }) => name === entry.name);
    const { provisionedConcurrency, ...rest } = entry;
    if (own === undefined || own.provisionedConcurrency !== undefined || provisionedConcurrency === undefined) {
      return entry;
    }
    return own.deployment?._isGradual ? rest : { ...rest, provisionedConcurrency: provisionedConcurrency._atMost(own.reservedConcurrency) };
  });
}

/** One whole processor, so that a hash takes as long as it must and no longer. */
const WHOLE_PROCESSOR = Size.mebibytes(1769);

/** A layer of defaults under the explicit props, merged member by member. */
export class AuthPreset {
  /** The documented defaults. */
  public static production(): AuthPreset {
    return new AuthPreset('production', {});
  }

  /**
   * For a stack that comes and goes: everything is deleted with it, no backups, logs for a week and in detail, neither alarms nor a
   * dashboard. A REST API writes no access log, since the role for it belongs to the whole account and would have to stay; set
   * `accessLogs` to have one. The rules of security stay as they are.
   */
  public static development(): AuthPreset {
    return new AuthPreset('development', {
      removalPolicy: RemovalPolicy.DESTROY,
      storage: { pointInTimeRecovery: PointInTimeRecovery.disabled() },
      functions: { logLevel: AuthLogLevel.DEBUG, logRetention: RetentionDays.ONE_WEEK },
      restApi: { accessLogs: AccessLogs.none() },
      monitoring: { alarms: false, dashboard: false },
    });
  }

  /**
   * For thousands of requests a second, sudden rises included. Functions that users wait for are ready before requests come, the others take new
   * versions over step by step, tables are warm, throttles are high. Ask AWS first for the quotas of the account: concurrency of Lambda (1000 unless
   * raised), requests a second of API Gateway (10000 unless raised).
   *
   * Limits by source address leave room for the networks that put many users behind one address: with tokens of 15 minutes 1500 active users refresh 100
   * times a minute, so that `Firewall.managed()` lets one address change something 1000 times a minute, which is 15000 users, and ask 20000 times in all;
   * it may fail 1000 logins and create 1000 accounts an hour. A `CloudFrontFirewall` is set by itself.
   */
  public static highScale(): AuthPreset {
    const followUse = (min: number) => ProvisionedConcurrency.utilization({ min, max: min * 20, target: 0.7 });
    return new AuthPreset('high-scale', {
      functions: {
        deployment: FunctionDeployment.canary(),
        overrides: [
          { name: AuthFunctionName.AUTHORIZER, memory: Size.mebibytes(1024), provisionedConcurrency: followUse(10) },
          { name: AuthFunctionName.LOGIN, memory: WHOLE_PROCESSOR, provisionedConcurrency: followUse(10) },
          { name: AuthFunctionName.REFRESH, memory: Size.mebibytes(1024), provisionedConcurrency: followUse(5) },
          { name: AuthFunctionName.REGISTER, memory: WHOLE_PROCESSOR },
          { name: AuthFunctionName.CREDENTIALS, memory: WHOLE_PROCESSOR },
        ],
      },
      storage: {
        overrides: [AuthTable.USERS, AuthTable.SESSIONS, AuthTable.REVOCATIONS, AuthTable.ATTEMPTS].map((name) => ({
          name, warmThroughput: { readUnitsPerSecond: 24_000, writeUnitsPerSecond: 8_000 },
        })),
      },
      api: {
        throttle: { rateLimit: 10_000, burstLimit: 5_000 },
        routeThrottles: [
          { route: AuthRoute.REGISTER, rateLimit: 500, burstLimit: 1_000 },
          { route: AuthRoute.LOGIN, rateLimit: 2_000, burstLimit: 4_000 },
          { route: AuthRoute.TOKEN_REFRESH, rateLimit: 5_000, burstLimit: 5_000 },
          { route: AuthRoute.TOKEN_REVOKE, rateLimit: 1_000, burstLimit: 2_000 },
          { route: AuthRoute.LOGOUT, rateLimit: 1_000, burstLimit: 2_000 },
        ],
      },
      firewall: { authenticationRequestsPerMinute: 1_000, requestsPerMinute: 20_000 },
      abuse: { failedLoginsPerSource: 1_000, registrationsPerHour: 1_000 },
      // What is an attack on a small service is a usual minute of a large one.
      monitoring: {
        loginFailures: LoginFailureLimit.share(25, 200),
        alarmOverrides: [
          { alarm: AuthAlarm.LOCKOUT_SURGE, threshold: 1_000 },
          { alarm: AuthAlarm.TOKEN_REFUSALS, threshold: 1_000 },
        ],
      },
    });
  }

  private constructor(
    /** @internal */
    public readonly _name: string,
    /** @internal */
    public readonly _defaults: PresetDefaults,
  ) {}
}
