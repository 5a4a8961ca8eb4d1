import { Duration } from 'aws-cdk-lib';
import { IMetric, MathExpression, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { AuthFunctionName } from '../contract/functions';
import { AuthMetric } from '../contract/metrics';
import { AuthAlarm, LoginFailureLimit } from '../policy/alarms';
import { AuthRoute } from '../policy/routes';
import { FIVE_MINUTES, MINUTE, ServiceMetrics, THROTTLED } from './metrics';

/** One alarm, before its override. */
export interface AlarmSpec {
  readonly metric: IMetric;
  /** It goes off above it. For an anomaly: standard deviations. */
  readonly threshold: number;
  /** What has happened, for whoever is woken by it. */
  readonly meaning: string;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly treatMissingData: TreatMissingData;
  readonly pages: boolean;
  /** Whether the threshold follows from the metric's own past. */
  readonly anomaly?: boolean;
}

/** What the alarms depend on beside names. */
export interface AlarmSpecOptions {
  readonly metrics: ServiceMetrics;
  readonly loginFailures: LoginFailureLimit;
  /** How often signing keys rotate; absent where nothing rotates them. */
  readonly keyPeriod?: Duration;
  readonly ownFirewall: boolean;
}

const A_QUARTER = Duration.minutes(15);

type Specs = Partial<Record<AuthAlarm, AlarmSpec>>;

/** A quiet minute has no data, and nothing is wrong with it. */
const QUIET_IS_FINE = TreatMissingData.NOT_BREACHING;
/** One bad minute is a restart or a burst; three of five are a condition. */
const LASTING = { evaluationPeriods: 5, datapointsToAlarm: 3, treatMissingData: QUIET_IS_FINE };
/** Each single one matters. */
const AT_ONCE = { evaluationPeriods: 1, datapointsToAlarm: 1, treatMissingData: QUIET_IS_FINE };
/** A quarter of an hour. */
const THREE_TIMES = { evaluationPeriods: 3, datapointsToAlarm: 3, treatMissingData: QUIET_IS_FINE };

/** Functions behind the API: somebody waits for them. */
const FACING_USERS = [
  AuthFunctionName.REGISTER, AuthFunctionName.LOGIN, AuthFunctionName.REFRESH, AuthFunctionName.LOGOUT, AuthFunctionName.PROFILE,
  AuthFunctionName.CREDENTIALS, AuthFunctionName.DISCOVERY, AuthFunctionName.AUTHORIZER,
];
/** An authorizer can refuse a token only by an error, so that its errors say nothing; its outages are the API's 5xx. */
const ERRORS_ARE_ERRORS = Object.values(AuthFunctionName).filter((name) => name !== AuthFunctionName.AUTHORIZER);

/** The documented alarms, those of the service levels aside. CloudWatch allows ten metrics in one. */
export function alarmSpecs(options: AlarmSpecOptions): Specs {
  return { ...apiAlarms(options.metrics), ...functionAlarms(options.metrics), ...tableAlarms(options.metrics), ...abuseAlarms(options), ...keyAlarms(options) };
}

function apiAlarms(metrics: ServiceMetrics): Specs {
  // Without a label: an alarm with one counts as one of an expression, and knows no low number of samples.
  const latency = (statistic: string) => metrics.api('Latency', { statistic, period: FIVE_MINUTES }, AuthRoute.LOGIN);
  const errorRate = (period: Duration, floor: number) => new MathExpression({
    label: 'requests answered with 5xx, %',
    period,
    expression: `IF(errors >= ${floor}, 100 * errors / requests, 0)`,
    usingMetrics: { errors: metrics.serverErrors({ statistic: Stats.SUM }), requests: metrics.api('Count', { statistic: Stats.SUM }) },
  });
  return {
    [AuthAlarm.API_ERROR_RATE]: {
      // Below three errors a minute a percentage of a quiet service is noise.
      metric: errorRate(MINUTE, 3),
      threshold: 1,
      meaning: 'More than the given share of requests is answered with 5xx',
      ...LASTING,
      pages: true,
    },
    [AuthAlarm.QUIET_API_ERROR_RATE]: {
      // Where everything fails and hardly anybody asks. The share lies above what a health check each minute would hide.
      metric: errorRate(A_QUARTER, 2),
      threshold: 10,
      meaning: 'In a quarter of an hour more than the given share of requests, perhaps all of few, was answered with 5xx',
      ...AT_ONCE,
      pages: true,
    },
    [AuthAlarm.LOGIN_LATENCY_P99]: {
      metric: latency('p99'), threshold: 800, meaning: 'The slowest hundredth of logins takes too many milliseconds', ...THREE_TIMES, pages: true,
    },
    [AuthAlarm.LOGIN_LATENCY_P95]: {
      metric: latency('p95'), threshold: 500, meaning: 'The slowest twentieth of logins takes too many milliseconds', ...THREE_TIMES, pages: false,
    },
  };
}

function functionAlarms(metrics: ServiceMetrics): Specs {
  const errors = ERRORS_ARE_ERRORS.map((name) => metrics.lambda(name, 'Errors', { statistic: Stats.SUM }));
  const durations = FACING_USERS.map((name) => metrics.lambda(name, 'Duration', { statistic: Stats.MAXIMUM }));
  return {
    [AuthAlarm.FUNCTION_ERROR_RATE]: {
      metric: new MathExpression({
        label: 'requests in which a function crashed or timed out, %',
        period: MINUTE,
        // Requests that reached a function: what the firewall refused must not hide what the functions broke. Without any request
        // an error of a function that no request invokes counts as a whole one.
        expression: `100 * (${errors.map((_, index) => `FILL(e${index}, 0)`).join(' + ')}) / IF(FILL(requests, 0) > 1, requests, 1)`,
        usingMetrics: { ...byId('e', errors), requests: metrics.api('IntegrationLatency', { statistic: Stats.SAMPLE_COUNT }) },
      }),
      threshold: 1,
      meaning: 'Functions crash or time out in more than the given share of requests',
      ...LASTING,
      pages: true,
    },
    [AuthAlarm.FUNCTION_DURATION]: {
      metric: greatest('longest run of a function, ms', durations),
      threshold: 5000,
      meaning: 'A function that users wait for ran for too many milliseconds',
      ...LASTING,
      pages: false,
    },
    [AuthAlarm.FUNCTION_MEMORY]: {
      metric: metrics.own(AuthMetric.MEMORY_USED, { period: FIVE_MINUTES }),
      threshold: 90,
      meaning: 'A function holds nearly all of its memory and will be killed when it needs more',
      ...AT_ONCE,
      pages: false,
    },
    [AuthAlarm.HASHING_FALLBACK]: {
      metric: metrics.own(AuthMetric.HASHING_FALLBACK, { period: FIVE_MINUTES }),
      threshold: 0,
      meaning: 'Lambda\'s Node cannot hash passwords as it is set: a weaker or slower algorithm stands in, and hashes of the first cannot be verified',
      ...AT_ONCE,
      pages: false,
    },
    [AuthAlarm.CONCURRENCY]: {
      metric: new MathExpression({
        label: 'concurrency that is in use, reserved or provisioned, % of the account\'s quota',
        period: MINUTE,
        // What is reserved or provisioned is gone for all others, used or not. CloudWatch knows the quota by the other metric.
        expression: '100 * claimed / SERVICE_QUOTA(running)',
        usingMetrics: {
          claimed: metrics.account('ClaimedAccountConcurrency', { statistic: Stats.MAXIMUM }),
          running: metrics.account('ConcurrentExecutions', { statistic: Stats.MAXIMUM }),
        },
      }),
      threshold: 80,
      meaning: 'Functions of this account and Region claim nearly all of its quota of concurrency, above which Lambda refuses whatever has none of its own',
      ...LASTING,
      pages: true,
    },
  };
}

function tableAlarms(metrics: ServiceMetrics): Specs {
  const throttles = (metricName: string) => THROTTLED.map((resource) => metrics.table(resource, metricName, { statistic: Stats.SUM }));
  // The SDK hides a throttle by trying again; twice within five minutes it no longer does.
  const twice = { evaluationPeriods: 5, datapointsToAlarm: 2, treatMissingData: QUIET_IS_FINE };
  return {
    [AuthAlarm.TABLE_READ_THROTTLES]: {
      metric: total('reads that DynamoDB refused', throttles('ReadThrottleEvents')), threshold: 0, meaning: 'DynamoDB refuses reads', ...twice, pages: true,
    },
    [AuthAlarm.TABLE_WRITE_THROTTLES]: {
      metric: total('writes that DynamoDB refused', throttles('WriteThrottleEvents')), threshold: 0, meaning: 'DynamoDB refuses writes', ...twice, pages: true,
    },
  };
}

function abuseAlarms({ metrics, loginFailures, ownFirewall }: AlarmSpecOptions): Specs {
  return {
    [AuthAlarm.LOGIN_FAILURES]: {
      metric: failedLogins(metrics, loginFailures._floor),
      threshold: loginFailures._threshold,
      meaning: 'Unusually many logins fail: somebody may be trying passwords',
      ...LASTING,
      pages: false,
    },
    [AuthAlarm.LOCKOUT_SURGE]: {
      metric: metrics.own(AuthMetric.LOGIN_LIMITED, { period: FIVE_MINUTES }),
      threshold: 100,
      meaning: 'The limiter refuses many logins: somebody tries many passwords, or locks accounts on purpose',
      ...AT_ONCE,
      pages: false,
    },
    [AuthAlarm.TOKEN_REFUSALS]: {
      metric: metrics.own(AuthMetric.TOKEN_REFUSED, { period: MINUTE }),
      threshold: 10,
      meaning: 'The authorizer refuses many access tokens: a client does not refresh, keys went wrong, or somebody forges',
      ...LASTING,
      pages: false,
    },
    [AuthAlarm.REFRESH_REUSE]: {
      metric: metrics.own(AuthMetric.REFRESH_REUSE, { period: FIVE_MINUTES }),
      threshold: 0,
      meaning: 'A replaced refresh token came back: it was probably stolen, and its session has been ended',
      ...AT_ONCE,
      pages: false,
    },
    ...ownFirewall ? {
      [AuthAlarm.FIREWALL_BLOCKS]: {
        metric: metrics.firewall('BlockedRequests', { period: FIVE_MINUTES }),
        threshold: 4,
        meaning: 'The firewall blocks far more requests than is usual at this time',
        ...THREE_TIMES,
        pages: false,
        anomaly: true,
      },
    } : {},
  };
}

function keyAlarms({ metrics, keyPeriod }: AlarmSpecOptions): Specs {
  return {
    ...keyPeriod ? {
      [AuthAlarm.KEY_ROTATION_OVERDUE]: {
        metric: new MathExpression({
          label: 'age of the newest signing key, hours',
          period: Duration.hours(1),
          expression: 'age / 3600',
          usingMetrics: { age: metrics.own(AuthMetric.SIGNING_KEY_AGE) },
        }),
        threshold: latestRotation(keyPeriod).toHours({ integral: false }),
        meaning: 'The signing keys have not rotated although it was time',
        evaluationPeriods: 1,
        datapointsToAlarm: 1,
        // Without logins nobody reports an age, and no rotation has happened for that reason.
        treatMissingData: TreatMissingData.IGNORE,
        pages: true,
      },
    } : {},
    [AuthAlarm.KEY_ROTATION_FAILED]: {
      metric: metrics.own(AuthMetric.KEYS_ROTATION_FAILED, { period: FIVE_MINUTES }),
      threshold: 0,
      meaning: 'A step of a key rotation failed; the keys in use go on working',
      ...AT_ONCE,
      pages: false,
    },
  };
}

function failedLogins(metrics: ServiceMetrics, floor: number | undefined): IMetric {
  const failed = metrics.own(AuthMetric.LOGIN_FAILED, { period: MINUTE });
  if (floor === undefined) {
    return failed;
  }
  return new MathExpression({
    label: 'logins that fail, %',
    period: MINUTE,
    expression: `IF(failed >= ${floor}, 100 * failed / (failed + FILL(succeeded, 0)), 0)`,
    usingMetrics: { failed, succeeded: metrics.own(AuthMetric.LOGIN_SUCCEEDED) },
  });
}

/**
 * How old the newest key may become. Cron keeps a period in days only roughly: months differ, and the rotation has an hour to begin. Shorter
 * periods get half of one more, in which Secrets Manager tries again.
 */
export function latestRotation(every: Duration): Duration {
  const hours = every.toHours({ integral: false });
  return Duration.hours(Math.ceil(hours <= 24 ? hours * 1.5 : hours * 31 / 30 + 24));
}

function byId(prefix: string, metrics: IMetric[]): Record<string, IMetric> {
  return Object.fromEntries(metrics.map((metric, index) => [`${prefix}${index}`, metric]));
}

function total(label: string, metrics: IMetric[]): MathExpression {
  return combined(label, metrics, (ids) => ids.map((id) => `FILL(${id}, 0)`).join(' + '));
}

function greatest(label: string, metrics: IMetric[]): MathExpression {
  return combined(label, metrics, (ids) => `MAX([${ids.join(', ')}])`);
}

/** Missing data of one would make the sum of all missing, hence `FILL`; a maximum leaves it out by itself. */
function combined(label: string, metrics: IMetric[], expression: (ids: string[]) => string): MathExpression {
  const usingMetrics = byId('m', metrics);
  return new MathExpression({ label, period: MINUTE, expression: expression(Object.keys(usingMetrics)), usingMetrics });
}
