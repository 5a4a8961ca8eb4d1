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
    'monitoring.alarmOverrides is a list with "concurrency" twice, allowed is each value once: put all settings of an alarm into one entry'],
  ['a name with a slip', () => override({ alarm: 'concurency' as AuthAlarm, threshold: 70 }),
    `monitoring.alarmOverrides: concurency is no alarm of the service, allowed is one of ${Object.values(AuthAlarm).join(', ')}`],
  ['of nothing', () => override({ alarm: AuthAlarm.CONCURRENCY }),
    'monitoring.alarmOverrides: concurrency is an override of nothing, allowed is threshold, enabled or pages'],
  ['off and set', () => override({ alarm: AuthAlarm.CONCURRENCY, enabled: false, pages: true }),
    'monitoring.alarmOverrides: concurrency is switched off and set at once, allowed is enabled: false alone: leave threshold and pages out'],
  ['no share', () => threshold(AuthAlarm.API_ERROR_RATE, 100),
    'monitoring.alarmOverrides: api-error-rate: threshold is 100, allowed is a percentage above 0 and below 100'],
  ['a negative count', () => threshold(AuthAlarm.REFRESH_REUSE, -1), 'monitoring.alarmOverrides: refresh-reuse: threshold is -1, allowed is 0 or more'],
  ['no latency', () => threshold(AuthAlarm.LOGIN_LATENCY_P99, 0), 'monitoring.alarmOverrides: login-latency-p99: threshold is 0, allowed is a number above 0'],
  ['failed logins here', () => threshold(AuthAlarm.LOGIN_FAILURES, 9),
    'monitoring.alarmOverrides: login-failures: threshold is 9, allowed is none: set monitoring.loginFailures, which says what the number counts'],
  ['a firewall of somebody else', () => ({ ...override({ alarm: AuthAlarm.FIREWALL_BLOCKS, pages: true }), firewall: Firewall.centrallyManaged() }),
    'monitoring.alarmOverrides: firewall-blocks is an override of an alarm that does not exist, allowed is an alarm that this service has: only Firewall.managed() has metrics of its own'],
  ['a rotation that there is not', () => ({ ...override({ alarm: AuthAlarm.KEY_ROTATION_OVERDUE, threshold: 9000 }), signingKeys: SigningKeys.kms({ keyIds: ['a'] }) }),
    'monitoring.alarmOverrides: key-rotation-overdue is an override of an alarm that does not exist, allowed is an alarm that this service has: only SigningKeys.rotating() has a schedule'],
  ['no service levels', () => threshold(AuthAlarm.LATENCY_BURN_RATE, 6),
    'monitoring.alarmOverrides: latency-burn-rate is an override of an alarm that does not exist, allowed is an alarm that this service has: set monitoring.serviceLevels first'],
  ['overrides without alarms', () => ({ monitoring: { alarms: false, alarmOverrides: [{ alarm: AuthAlarm.CONCURRENCY, pages: false }] } }),
    'monitoring.alarmOverrides is set while monitoring.alarms is false, allowed is one or the other: without alarms it would do nothing'],
  ['mute windows without alarms', () => ({ monitoring: { alarms: false, muteWindows: [MuteWindow.recurring('0 2 * * *', Duration.hours(1))] } }),
    'monitoring.muteWindows is set while monitoring.alarms is false, allowed is one or the other: without alarms it would do nothing'],
  ['a runbook with a fragment', () => ({ monitoring: { runbookUrl: 'https://wiki.example.com/#auth' } }),
    'monitoring.runbookUrl is "https://wiki.example.com/#auth", allowed is an https URL without a fragment'],
  ['a promise of everything', () => ({ monitoring: { serviceLevels: { availability: 100 } } }),
    'monitoring.serviceLevels.availability is 100, allowed is a percentage from 90 to 99.999: less is no promise, and 100 % leaves no error budget that could burn'],
  ['a login of no time', () => ({ monitoring: { serviceLevels: { loginWithin: Duration.millis(50) } } }),
    'monitoring.serviceLevels.loginWithin is 50 millis, allowed is 100 milliseconds to 29 seconds'],
  ['a promise for a year', () => ({ monitoring: { serviceLevels: { days: 365 } } }), 'monitoring.serviceLevels.days is 365, allowed is a whole number from 7 to 90'],
  ['a promise of nearly nothing', () => ({ monitoring: { serviceLevels: { logins: 50 } } }),
    'monitoring.serviceLevels.logins is 50, allowed is a percentage from 90 to 99.999: less is no promise, and 100 % leaves no error budget that could burn'],
  ['a login of a time known later', () => ({ monitoring: { serviceLevels: { loginWithin: Duration.millis(Token.asNumber({ Ref: 'Milliseconds' })) } } }),
    'monitoring.serviceLevels.loginWithin is a value known only at deployment, allowed is a literal duration: it is part of the name of a statistic'],
  ['a mute window twice', () => ({ monitoring: { muteWindows: [Duration.hours(1), Duration.hours(2)].map((duration) => MuteWindow.recurring('0 2 * * SUN', duration)) } }),
    'monitoring.muteWindows is a list with "cron(0 2 * * SUN)" twice, allowed is each value once'],
  ['a share above all', failures(() => LoginFailureLimit.share(120, 10)), 'monitoring.loginFailures: share is 120, allowed is a percentage above 0 and below 100'],
  ['a share without floor', failures(() => LoginFailureLimit.share(20, 0)),
    'monitoring.loginFailures: floor is 0, allowed is a whole number from 1 to 1000000: without a floor a single typing error at night is an alarm'],
  ['no failures', failures(() => LoginFailureLimit.perMinute(0)), 'monitoring.loginFailures: perMinute is 0, allowed is a number above 0'],
  ['six fields', muted(() => MuteWindow.recurring('0 2 * * SUN 2027', Duration.hours(1))),
    'monitoring.muteWindows: cron is "0 2 * * SUN 2027", allowed is five fields separated by one space, such as 0 2 * * SUN: '
    + 'the expression has no field for the year or the second'],
  ['a whole month', muted(() => MuteWindow.recurring('0 2 1 * *', Duration.days(30))),
    'monitoring.muteWindows: duration is 30 days, allowed is 1 minute to 15 days in whole minutes'],
  ['a start with an offset', muted(() => MuteWindow.once('2027-03-01T22:00Z', Duration.hours(1))),
    'monitoring.muteWindows: start is "2027-03-01T22:00Z", allowed is a time without seconds and offset, such as 2027-03-01T22:00'],
  ['no time zone', muted(() => MuteWindow.once('2027-03-01T22:00', Duration.hours(1), '+01:00')),
    'monitoring.muteWindows: timeZone is "+01:00", allowed is a name of the tz database such as Europe/Berlin'],
];
