import { AlarmOverride, AuthAlarm, LoginFailureLimit, checkAlarmOverrides } from './alarms';
import { Firewall } from './firewall';
import { MuteWindow } from './mute-windows';
import { ServiceLevelOptions, checkServiceLevels } from './service-levels';
import { SigningKeys } from './signing-keys';
import { checkPattern, checkUnique, refuse } from './validation';

/** What tells people how the service is. */
export interface MonitoringOptions {
  /**
   * Whether there are alarms, one of each `AuthAlarm`, and a composite one of those that wake somebody up. About 6 USD a month. They tell
   * nobody until `addAlarmAction` or `addPagingAction` says whom.
   * @default true, false with `AuthPreset.development()`
   */
  readonly alarms?: boolean;

  /**
   * Thresholds and switches of single alarms.
   * @default - each alarm as documented
   */
  readonly alarmOverrides?: AlarmOverride[];

  /**
   * Whether each function also has alarms of its own for errors and for throttles, the authorizer for throttles alone: what Lambda counts
   * as its errors are refused tokens. About 2 USD a month.
   * @default false
   */
  readonly perFunctionAlarms?: boolean;

  /**
   * When failed logins are an alarm.
   * @default LoginFailureLimit.perMinute(50)
   */
  readonly loginFailures?: LoginFailureLimit;

  /**
   * Whether there is a dashboard. About 3 USD a month.
   * @default true, false with `AuthPreset.development()`
   */
  readonly dashboard?: boolean;

  /**
   * Whether queries of CloudWatch Logs Insights are saved: failed logins by source, refresh reuse, slowest requests, errors by code, one
   * user's trail. They cost nothing until somebody runs them.
   * @default true
   */
  readonly savedQueries?: boolean;

  /**
   * Service level objectives with burn rates. Application Signals bills them by request, and creates its service-linked role in the account.
   * @default - none
   */
  readonly serviceLevels?: ServiceLevelOptions;

  /**
   * Times in which no alarm tells anybody.
   * @default - none
   */
  readonly muteWindows?: MuteWindow[];

  /**
   * Where the runbook is that the descriptions of the alarms point to: an https URL; `#` and the alarm follow.
   * @default - `docs/runbook.md` in the repository of the construct
   */
  readonly runbookUrl?: string;
}

/** Whether the options make sense by themselves and with the rest of the service. */
export function checkMonitoring(monitoring: MonitoringOptions, firewall: Firewall | undefined, signingKeys: SigningKeys | undefined): void {
  checkPattern('monitoring.runbookUrl', monitoring.runbookUrl, /^https:\/\/[^\s#"]{1,500}$/, 'an https URL without a fragment');
  checkServiceLevels(monitoring.serviceLevels ?? {});
  checkUnique('monitoring.muteWindows', (monitoring.muteWindows ?? []).map(({ _expression }) => _expression));
  if (monitoring.alarms === false) {
    refuseWithoutAlarms(monitoring);
  }
  checkAlarmOverrides('monitoring.alarmOverrides', monitoring.alarmOverrides ?? [], absentAlarms(monitoring, firewall, signingKeys));
}

function refuseWithoutAlarms(monitoring: MonitoringOptions): void {
  const set: [string, boolean][] = [
    ['alarmOverrides', (monitoring.alarmOverrides ?? []).length > 0],
    ['perFunctionAlarms', monitoring.perFunctionAlarms === true],
    ['loginFailures', monitoring.loginFailures !== undefined],
    ['muteWindows', (monitoring.muteWindows ?? []).length > 0],
  ];
  const useless = set.find(([, isSet]) => isSet);
  if (useless) {
    refuse(`monitoring.${useless[0]}`, 'a value', 'left out while monitoring.alarms is false', 'without alarms it would do nothing');
  }
}

function absentAlarms(monitoring: MonitoringOptions, firewall: Firewall | undefined, signingKeys: SigningKeys | undefined): Map<AuthAlarm, string> {
  const absent = new Map<AuthAlarm, string>();
  if (firewall?._kind === 'cloudFront') {
    absent.set(AuthAlarm.FIREWALL_BLOCKS, 'the metrics of a web ACL of CloudFront are in us-east-1, where an alarm on CloudFrontFirewall.metricBlockedRequests() can be made');
  } else if (firewall !== undefined && firewall._kind !== 'managed') {
    absent.set(AuthAlarm.FIREWALL_BLOCKS, 'only Firewall.managed() has metrics of its own');
  }
  if (signingKeys !== undefined && signingKeys._kind !== 'rotating') {
    absent.set(AuthAlarm.KEY_ROTATION_OVERDUE, 'only SigningKeys.rotating() has a schedule');
  }
  if (monitoring.serviceLevels === undefined) {
    absent.set(AuthAlarm.AVAILABILITY_BURN_RATE, 'set monitoring.serviceLevels first');
    absent.set(AuthAlarm.LATENCY_BURN_RATE, 'set monitoring.serviceLevels first');
  }
  return absent;
}

const RUNBOOK = 'https://github.com/cdk-auth-service/cdk-auth-service/blob/main/docs/runbook.md';

/** Every option with its value: service levels alone may be absent. */
export type ResolvedMonitoring = Required<Omit<MonitoringOptions, 'serviceLevels'>> & Pick<MonitoringOptions, 'serviceLevels'>;

/** Fills in what the options leave out. */
export function resolveMonitoring(monitoring: MonitoringOptions): ResolvedMonitoring {
  return {
    alarms: monitoring.alarms ?? true,
    alarmOverrides: monitoring.alarmOverrides ?? [],
    perFunctionAlarms: monitoring.perFunctionAlarms ?? false,
    loginFailures: monitoring.loginFailures ?? LoginFailureLimit.perMinute(),
    dashboard: monitoring.dashboard ?? true,
    savedQueries: monitoring.savedQueries ?? true,
    serviceLevels: monitoring.serviceLevels,
    muteWindows: monitoring.muteWindows ?? [],
    runbookUrl: monitoring.runbookUrl ?? RUNBOOK,
  };
}
