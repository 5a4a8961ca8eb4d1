import { Token } from 'aws-cdk-lib';
import { checkInteger, checkPositive, checkUnique, refuse } from './validation';

/** The alarms of the service. The value ends the alarm's name and is the heading in the runbook. */
export enum AuthAlarm {
  /** Share of requests that the API answers with 5xx in a minute, in percent; 0 below three such answers. */
  API_ERROR_RATE = 'api-error-rate',
  /** The same over a quarter of an hour, from two such answers on: for hours, and services, of few requests. */
  QUIET_API_ERROR_RATE = 'quiet-api-error-rate',
  /** How long the slowest of 100 logins takes, in milliseconds. Unchanged while there are fewer than 1000 logins in five minutes. */
  LOGIN_LATENCY_P99 = 'login-latency-p99',
  /** How long the slowest of 20 logins takes, in milliseconds. Unchanged while there are fewer than 200 logins in five minutes. */
  LOGIN_LATENCY_P95 = 'login-latency-p95',
  /** Share of the requests in which a function crashed or timed out, in percent. */
  FUNCTION_ERROR_RATE = 'function-error-rate',
  /** Longest run of a function behind the API, in milliseconds. */
  FUNCTION_DURATION = 'function-duration',
  /** Greatest memory that a function held, in percent of what it has. */
  FUNCTION_MEMORY = 'function-memory',
  /** Containers that hash passwords with a fallback because Lambda's Node lacks the algorithm that was asked for, in five minutes. */
  HASHING_FALLBACK = 'hashing-fallback',
  /** Concurrency of the whole account and Region that is in use, reserved or provisioned, in percent of its quota. */
  CONCURRENCY = 'concurrency',
  /** Reads that DynamoDB refused, in a minute. */
  TABLE_READ_THROTTLES = 'table-read-throttles',
  /** Writes that DynamoDB refused, in a minute. */
  TABLE_WRITE_THROTTLES = 'table-write-throttles',
  /** Logins with credentials that are not valid, as `monitoring.loginFailures` counts them. */
  LOGIN_FAILURES = 'login-failures',
  /** Logins that the limiter refused, in five minutes. */
  LOCKOUT_SURGE = 'lockout-surge',
  /** Access tokens that the authorizer refused, in a minute. */
  TOKEN_REFUSALS = 'token-refusals',
  /** Replaced refresh tokens that came back, in five minutes. */
  REFRESH_REUSE = 'refresh-reuse',
  /** Age of the newest signing key, in hours. Only with `SigningKeys.rotating()`. */
  KEY_ROTATION_OVERDUE = 'key-rotation-overdue',
  /** Steps of a key rotation that failed, in five minutes. Refresh keys rotate whoever keeps the signing keys. */
  KEY_ROTATION_FAILED = 'key-rotation-failed',
  /** Requests that the firewall blocks, in standard deviations above what is usual at that time. Only with `Firewall.managed()`. */
  FIREWALL_BLOCKS = 'firewall-blocks',
  /** How many times too fast errors use up the error budget. Only with `monitoring.serviceLevels`. */
  AVAILABILITY_BURN_RATE = 'availability-burn-rate',
  /** How many times too fast slow logins use up their budget. Only with `monitoring.serviceLevels`. */
  LATENCY_BURN_RATE = 'latency-burn-rate',
}

/** What one alarm has of its own. */
export interface AlarmOverride {
  /** Which alarm. */
  readonly alarm: AuthAlarm;

  /**
   * Above which value it goes off, in the unit that the alarm is documented with.
   * @default - the documented threshold of each alarm
   */
  readonly threshold?: number;

  /**
   * Whether there is such an alarm.
   * @default true
   */
  readonly enabled?: boolean;

  /**
   * Whether it belongs to the composite alarm that wakes somebody up.
   * @default - true where users are locked out or soon will be: errors, p99 of logins, throttles, concurrency, overdue rotation, burn rates
   */
  readonly pages?: boolean;
}

/** When failed logins are an alarm. */
export class LoginFailureLimit {
  /** Above a number of failures a minute, 50 unless set. */
  public static perMinute(failures: number = 50): LoginFailureLimit {
    checkPositive('monitoring.loginFailures: perMinute', failures);
    return new LoginFailureLimit(failures, undefined);
  }

  /**
   * Above a share of all logins, in percent, where there are at least `floor` failures in that minute: for a service so large that its
   * users' typing errors alone exceed any fixed number.
   */
  public static share(percent: number, floor: number): LoginFailureLimit {
    checkPercent('monitoring.loginFailures: share', percent);
    checkInteger('monitoring.loginFailures: floor', floor, 1, 1_000_000, 'without a floor a single typing error at night is an alarm');
    return new LoginFailureLimit(percent, floor);
  }

  private constructor(
    /** @internal */
    public readonly _threshold: number,
    /** @internal */
    public readonly _floor: number | undefined,
  ) {}
}

const PERCENTAGES = [AuthAlarm.API_ERROR_RATE, AuthAlarm.QUIET_API_ERROR_RATE, AuthAlarm.FUNCTION_ERROR_RATE, AuthAlarm.FUNCTION_MEMORY, AuthAlarm.CONCURRENCY];
/** Zero is a threshold where nothing should ever happen. */
const COUNTS = [
  AuthAlarm.HASHING_FALLBACK, AuthAlarm.TABLE_READ_THROTTLES, AuthAlarm.TABLE_WRITE_THROTTLES, AuthAlarm.LOCKOUT_SURGE, AuthAlarm.TOKEN_REFUSALS,
  AuthAlarm.REFRESH_REUSE, AuthAlarm.KEY_ROTATION_FAILED,
];

/** Whether each override changes an alarm that there is, into one that can go off. */
export function checkAlarmOverrides(property: string, overrides: AlarmOverride[], absent: ReadonlyMap<AuthAlarm, string>): void {
  checkUnique(property, overrides.map(({ alarm }) => alarm), 'put all settings of an alarm into one entry');
  for (const override of overrides) {
    checkAlarmOverride(`${property}: ${override.alarm}`, override, absent);
  }
}

function checkAlarmOverride(property: string, { alarm, threshold, enabled, pages }: AlarmOverride, absent: ReadonlyMap<AuthAlarm, string>): void {
  const why = absent.get(alarm);
  if (why !== undefined) {
    refuse(property, 'an override of an alarm that does not exist', 'an alarm that this service has', why);
  }
  if (threshold === undefined && enabled === undefined && pages === undefined) {
    refuse(property, 'an override of nothing', 'an override of threshold, enabled or pages');
  }
  if (enabled === false && (threshold !== undefined || pages !== undefined)) {
    refuse(property, 'both at once', 'either switched off or set', 'with enabled: false leave threshold and pages out');
  }
  if (threshold !== undefined && alarm === AuthAlarm.LOGIN_FAILURES) {
    refuse(`${property}: threshold`, String(threshold), 'left out', 'set monitoring.loginFailures, which says what the number counts');
  }
  checkThreshold(`${property}: threshold`, alarm, threshold);
}

function checkThreshold(property: string, alarm: AuthAlarm, threshold: number | undefined): void {
  if (PERCENTAGES.includes(alarm)) {
    checkPercent(property, threshold);
  } else if (COUNTS.includes(alarm)) {
    checkCount(property, threshold);
  } else {
    checkPositive(property, threshold);
  }
}

function checkCount(property: string, value: number | undefined): void {
  if (value !== undefined && !Token.isUnresolved(value) && !(value >= 0 && Number.isFinite(value))) {
    refuse(property, String(value), '0 or more');
  }
}

/** 100 % can be reached but never exceeded: such an alarm would never go off. */
export function checkPercent(property: string, value: number | undefined): void {
  if (value !== undefined && !Token.isUnresolved(value) && !(value > 0 && value < 100)) {
    refuse(property, String(value), 'a percentage above 0 and below 100');
  }
}
