import { Duration, Token } from 'aws-cdk-lib';
import type { AlarmOverride, AuthServiceProps, MonitoringOptions } from '../../../../src';
import { AuthAlarm, Firewall, LoginFailureLimit, MuteWindow, SigningKeys } from '../../../../src';
import type { WrongProps } from './wrong';

const override = (...alarmOverrides: AlarmOverride[]): AuthServiceProps => ({ monitoring: { alarmOverrides } });
const threshold = (alarm: AuthAlarm, value: number) => override({ alarm, threshold: value });
const monitoring = (options: () => MonitoringOptions) => (): AuthServiceProps => ({ monitoring: options() });
const failures = (create: () => LoginFailureLimit) => monitoring(() => ({ loginFailures: create() }));
const muted = (create: () => MuteWindow) => monitoring(() => ({ muteWindows: [create()] }));

/** Wrong settings of alarms, service levels and mute windows. */
export const WRONG_MONITORING: readonly WrongProps[] = [
  ['twice', () => override({ alarm: AuthAlarm.CONCURRENCY, threshold: 70 }, { alarm: AuthAlarm.CONCURRENCY, pages: false }),
    'monitoring.alarmOverrides must be a list of different values, got a list with "concurrency" twice: put all settings of an alarm into one entry'],
  ['a name with a slip', () => override({ alarm: 'concurency' as AuthAlarm, threshold: 70 }),
    `monitoring.alarmOverrides.alarm must be one of ${Object.values(AuthAlarm).join(', ')}, got "concurency"`],
  ['of nothing', () => override({ alarm: AuthAlarm.CONCURRENCY }),
    'monitoring.alarmOverrides: concurrency must be an override of threshold, enabled or pages, got an override of nothing'],
  ['off and set', () => override({ alarm: AuthAlarm.CONCURRENCY, enabled: false, pages: true }),
    'monitoring.alarmOverrides: concurrency must be either switched off or set, got both at once: with enabled: false leave threshold and pages out'],
  ['no share', () => threshold(AuthAlarm.API_ERROR_RATE, 100),
    'monitoring.alarmOverrides: api-error-rate: threshold must be a percentage above 0 and below 100, got 100'],
  ['a negative count', () => threshold(AuthAlarm.REFRESH_REUSE, -1), 'monitoring.alarmOverrides: refresh-reuse: threshold must be 0 or more, got -1'],
  ['no latency', () => threshold(AuthAlarm.LOGIN_LATENCY_P99, 0), 'monitoring.alarmOverrides: login-latency-p99: threshold must be a number above 0, got 0'],
  ['failed logins here', () => threshold(AuthAlarm.LOGIN_FAILURES, 9),
    'monitoring.alarmOverrides: login-failures: threshold must be left out, got 9: set monitoring.loginFailures, which says what the number counts'],
  ['a firewall of somebody else', () => ({ ...override({ alarm: AuthAlarm.FIREWALL_BLOCKS, pages: true }), firewall: Firewall.centrallyManaged() }),
    'monitoring.alarmOverrides: firewall-blocks must be an alarm that this service has, got an override of an alarm that does not exist: only Firewall.managed() has metrics of its own'],
  ['a rotation that there is not', () => ({ ...override({ alarm: AuthAlarm.KEY_ROTATION_OVERDUE, threshold: 9000 }), signingKeys: SigningKeys.kms({ keyIds: ['a'] }) }),
    'monitoring.alarmOverrides: key-rotation-overdue must be an alarm that this service has, got an override of an alarm that does not exist: only SigningKeys.rotating() has a schedule'],
  ['no service levels', () => threshold(AuthAlarm.LATENCY_BURN_RATE, 6),
    'monitoring.alarmOverrides: latency-burn-rate must be an alarm that this service has, got an override of an alarm that does not exist: set monitoring.serviceLevels first'],
  ['overrides without alarms', () => ({ monitoring: { alarms: false, alarmOverrides: [{ alarm: AuthAlarm.CONCURRENCY, pages: false }] } }),
    'monitoring.alarmOverrides must be left out while monitoring.alarms is false, got a value: without alarms it would do nothing'],
  ['mute windows without alarms', () => ({ monitoring: { alarms: false, muteWindows: [MuteWindow.recurring('0 2 * * *', Duration.hours(1))] } }),
    'monitoring.muteWindows must be left out while monitoring.alarms is false, got a value: without alarms it would do nothing'],
  ['a runbook with a fragment', () => ({ monitoring: { runbookUrl: 'https://wiki.example.com/#auth' } }),
    'monitoring.runbookUrl must be an https URL without a fragment, got "https://wiki.example.com/#auth"'],
  ['a promise of everything', () => ({ monitoring: { serviceLevels: { availability: 100 } } }),
    'monitoring.serviceLevels.availability must be a percentage between 90 and 99.999, got 100: less is no promise, and 100 % leaves no error budget that could burn'],
  ['a login of no time', () => ({ monitoring: { serviceLevels: { loginWithin: Duration.millis(50) } } }),
    'monitoring.serviceLevels.loginWithin must be between 100 milliseconds and 29 seconds, got 50 millis'],
  ['a promise for a year', () => ({ monitoring: { serviceLevels: { days: 365 } } }), 'monitoring.serviceLevels.days must be a whole number between 7 and 90, got 365'],
  ['a promise of nearly nothing', () => ({ monitoring: { serviceLevels: { logins: 50 } } }),
    'monitoring.serviceLevels.logins must be a percentage between 90 and 99.999, got 50: less is no promise, and 100 % leaves no error budget that could burn'],
  ['a login of a time known later', () => ({ monitoring: { serviceLevels: { loginWithin: Duration.millis(Token.asNumber({ Ref: 'Milliseconds' })) } } }),
    'monitoring.serviceLevels.loginWithin must be a literal duration, got a value known only at deployment: it is part of the name of a statistic'],
  ['a mute window twice', () => ({ monitoring: { muteWindows: [Duration.hours(1), Duration.hours(2)].map((duration) => MuteWindow.recurring('0 2 * * SUN', duration)) } }),
    'monitoring.muteWindows must be a list of different values, got a list with "cron(0 2 * * SUN)" twice'],
  ['a share above all', failures(() => LoginFailureLimit.share(120, 10)), 'monitoring.loginFailures: share must be a percentage above 0 and below 100, got 120'],
  ['a share without floor', failures(() => LoginFailureLimit.share(20, 0)),
    'monitoring.loginFailures: floor must be a whole number between 1 and 1000000, got 0: without a floor a single typing error at night is an alarm'],
  ['no failures', failures(() => LoginFailureLimit.perMinute(0)), 'monitoring.loginFailures: perMinute must be a number above 0, got 0'],
  ['six fields', muted(() => MuteWindow.recurring('0 2 * * SUN 2027', Duration.hours(1))),
    'monitoring.muteWindows: cron must be five fields separated by one space, such as 0 2 * * SUN, got "0 2 * * SUN 2027": '
    + 'the expression has no field for the year or the second'],
  ['a whole month', muted(() => MuteWindow.recurring('0 2 1 * *', Duration.days(30))),
    'monitoring.muteWindows: duration must be between 1 minute and 15 days in whole minutes, got 30 days'],
  ['a start with an offset', muted(() => MuteWindow.once('2027-03-01T22:00Z', Duration.hours(1))),
    'monitoring.muteWindows: start must be a time without seconds and offset, such as 2027-03-01T22:00, got "2027-03-01T22:00Z"'],
  ['no time zone', muted(() => MuteWindow.once('2027-03-01T22:00', Duration.hours(1), '+01:00')),
    'monitoring.muteWindows: timeZone must be a name of the tz database such as Europe/Berlin, got "+01:00"'],
];
