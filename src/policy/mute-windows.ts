import { Duration } from 'aws-cdk-lib';
import { checkPattern, refuse } from './validation';

/** A time in which alarms change their state but tell nobody. */
export class MuteWindow {
  /**
   * Again and again, by a cron expression of the five fields minute, hour, day of month, month and day of week: `0 2 * * SUN` is each
   * Sunday at two o'clock.
   *
   * @param timeZone as in the tz database, for example `Europe/Berlin`; UTC if it is left out
   */
  public static recurring(cron: string, duration: Duration, timeZone?: string): MuteWindow {
    checkPattern('monitoring.muteWindows: cron', cron, /^[0-9A-Za-z*,/-]+(?: [0-9A-Za-z*,/#L-]+){4}$/, 'five fields separated by one space, such as 0 2 * * SUN',
      'the expression has no field for the year or the second');
    return new MuteWindow(`cron(${cron})`, duration, timeZone);
  }

  /**
   * Once, for example for a planned failover.
   *
   * @param start local time in `timeZone`, such as `2027-03-01T22:00`
   * @param timeZone as in the tz database, for example `Europe/Berlin`; UTC if it is left out
   */
  public static once(start: string, duration: Duration, timeZone?: string): MuteWindow {
    checkPattern('monitoring.muteWindows: start', start, /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d$/,
      'a time without seconds and offset, such as 2027-03-01T22:00');
    return new MuteWindow(`at(${start})`, duration, timeZone);
  }

  private constructor(
    /** @internal */
    public readonly _expression: string,
    /** @internal */
    public readonly _duration: Duration,
    /** @internal */
    public readonly _timeZone: string | undefined,
  ) {
    checkPattern('monitoring.muteWindows: timeZone', _timeZone, /^[A-Za-z]+(?:[/_+-][A-Za-z0-9_+-]+)*$/, 'a name of the tz database such as Europe/Berlin');
    const minutes = _duration.isUnresolved() ? NaN : _duration.toMinutes({ integral: false });
    if (!Number.isInteger(minutes) || minutes < 1 || minutes > 15 * 24 * 60) {
      refuse('monitoring.muteWindows: duration', _duration.isUnresolved() ? 'a value known only at deployment' : _duration.toHumanString(),
        'between 1 minute and 15 days in whole minutes');
    }
  }
}
