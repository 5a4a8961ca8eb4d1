import { TimeZone, Token } from 'aws-cdk-lib';
import { ConcurrencyChange, changesOf } from './concurrency-timetable';
import { checkInteger, checkUnique, refuse } from './validation';

/** A day of the week. */
export enum WeekDay {
  /** Monday. */
  MONDAY = 'MON',
  /** Tuesday. */
  TUESDAY = 'TUE',
  /** Wednesday. */
  WEDNESDAY = 'WED',
  /** Thursday. */
  THURSDAY = 'THU',
  /** Friday. */
  FRIDAY = 'FRI',
  /** Saturday. */
  SATURDAY = 'SAT',
  /** Sunday. */
  SUNDAY = 'SUN',
}

/** Bounds between which the number follows the use. */
export interface UtilizationOptions {
  /** Least number of environments, also at night: 1 or more. They are paid all the time. */
  readonly min: number;

  /** Greatest number of environments. Above it requests are served by environments that start when they come. */
  readonly max: number;

  /**
   * Share that is to be in use, 0.1 to 0.9. Lower reacts earlier to a rise and costs more.
   * @default 0.7
   */
  readonly target?: number;
}

/** Hours with a number of their own. */
export interface ConcurrencyPeriod {
  /** First hour of the day, 0 to 23. */
  readonly startHour: number;

  /** Hour at which it ends, 1 to 24, later than `startHour`. Write two periods for one over midnight. */
  readonly endHour: number;

  /** Environments during these hours. */
  readonly concurrency: number;

  /**
   * Days of the week.
   * @default - Monday to Friday
   */
  readonly days?: WeekDay[];
}

/** What holds for the whole timetable. */
export interface ScheduledConcurrencyOptions {
  /**
   * Time zone of the hours; daylight saving time is kept.
   * @default TimeZone.ETC_UTC
   */
  readonly timeZone?: TimeZone;

  /**
   * Environments at all other hours.
   * @default 0
   */
  readonly otherwise?: number;
}

/** Environments of a function that are ready before a request comes, so that none waits for a start. Paid whether used or not. */
export class ProvisionedConcurrency {
  /** None: an environment starts when a request finds no free one. Also switches off what a preset sets. */
  public static none(): ProvisionedConcurrency {
    return new ProvisionedConcurrency(0, 0);
  }

  /** Always the same number. */
  public static fixed(concurrency: number): ProvisionedConcurrency {
    checkInteger('provisionedConcurrency', concurrency, 1, MOST);
    return new ProvisionedConcurrency(concurrency, concurrency);
  }

  /** A number that follows the use. */
  public static utilization(options: UtilizationOptions): ProvisionedConcurrency {
    checkInteger('provisionedConcurrency: min', options.min, 1, MOST);
    checkInteger('provisionedConcurrency: max', options.max, 1, MOST);
    if (!Token.isUnresolved(options.min) && !Token.isUnresolved(options.max) && options.min > options.max) {
      refuse('provisionedConcurrency: min', String(options.min), `at most max (${options.max})`);
    }
    const target = options.target ?? 0.7;
    if (!Token.isUnresolved(target) && !(target >= 0.1 && target <= 0.9)) {
      refuse('provisionedConcurrency: target', String(target), 'between 0.1 and 0.9', 'the rest is what a rise finds ready');
    }
    return new ProvisionedConcurrency(options.min, options.max, target);
  }

  /** Numbers by hour of the week, for example 20 in business hours. */
  public static scheduled(periods: ConcurrencyPeriod[], options: ScheduledConcurrencyOptions = {}): ProvisionedConcurrency {
    const otherwise = options.otherwise ?? 0;
    literal('provisionedConcurrency: otherwise', otherwise, 0, MOST);
    if (periods.length === 0) {
      refuse('provisionedConcurrency: periods', 'an empty list', 'a list of at least one', 'ProvisionedConcurrency.none() provides nothing at any hour');
    }
    periods.forEach(checkPeriod);
    const changes = changesOf(periods.map((period) => ({ ...period, days: period.days ?? WORKDAYS })), otherwise);
    const most = Math.max(otherwise, ...periods.map(({ concurrency }) => concurrency));
    return new ProvisionedConcurrency(otherwise, most, undefined, changes, options.timeZone ?? TimeZone.ETC_UTC);
  }

  private constructor(
    /** @internal */
    public readonly _min: number,
    /** @internal */
    public readonly _max: number,
    /** @internal */
    public readonly _target?: number,
    /** @internal */
    public readonly _changes?: ConcurrencyChange[],
    /** @internal */
    public readonly _timeZone?: TimeZone,
  ) {}

  /** @internal */
  public get _isNone(): boolean {
    return this._max === 0;
  }

  /**
   * The same within what is reserved for the function, where both are numbers that follow the use.
   * @internal
   */
  public _atMost(reserved: number | undefined): ProvisionedConcurrency {
    if (reserved === undefined || Token.isUnresolved(reserved) || reserved >= this._max || this._changes !== undefined) {
      return this;
    }
    return new ProvisionedConcurrency(Math.min(this._min, reserved), reserved, this._target);
  }

  /** @internal */
  public get _scales(): boolean {
    return this._target !== undefined || this._changes !== undefined;
  }
}

/** More than any account has without asking; a typing error is caught here and not at deployment. */
const MOST = 10_000;
const WORKDAYS = [WeekDay.MONDAY, WeekDay.TUESDAY, WeekDay.WEDNESDAY, WeekDay.THURSDAY, WeekDay.FRIDAY];

function checkPeriod(period: ConcurrencyPeriod): void {
  literal('provisionedConcurrency: startHour', period.startHour, 0, 23);
  literal('provisionedConcurrency: endHour', period.endHour, period.startHour + 1, 24, 'write two periods for one over midnight');
  literal('provisionedConcurrency: concurrency', period.concurrency, 0, MOST);
  checkUnique('provisionedConcurrency: days', period.days ?? []);
  if (period.days?.length === 0) {
    refuse('provisionedConcurrency: days', 'an empty list', 'a list of at least one day', 'leave it out for Monday to Friday');
  }
}

/** The timetable is computed at synthesis. */
function literal(property: string, value: number, min: number, max: number, remedy?: string): void {
  if (Token.isUnresolved(value)) {
    refuse(property, 'a value known only at deployment', 'a literal number', 'the timetable is computed at synthesis');
  }
  checkInteger(property, value, min, max, remedy);
}
