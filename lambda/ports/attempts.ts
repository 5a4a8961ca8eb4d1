/**
 * Counters of password attempts. Keys are digests of names: `Lookup`. Throws `UnavailableError('attempts')` without a definite answer. What follows a
 * reservation names it: an outcome is recorded once, whatever was lost or repeated, and not at all once an administrator cleared the counter.
 */
export interface AttemptStore {
  /**
   * One conditional update before any hash is computed: counts the attempt in the current hour unless the hour is full, the
   * streak stopped the account or a soft lock holds. `refused` costs no count.
   */
  reserve(key: string, rule: AttemptRule, now: number): Promise<Reservation>;

  /**
   * After a wrong password: one failure more in a row and of the day (UTC). Answers with those of the day, those of others who failed
   * meanwhile included.
   */
  recordFailure(reserved: Reserved, rule: AttemptRule, now: number): Promise<number>;

  /** Locks until `until` (epoch ms) because of so many failures of the day of `now`, unless an administrator cleared them. A lock is only ever raised. */
  raiseLock(key: string, failures: number, now: number, until: number): Promise<void>;

  /**
   * After a right password: gives the reservation back to its own hour and ends the run of failures. What refuses before the run stops
   * everything (the hour's other attempts, the day's failures, the lock) stays, since strangers can see it (EN-01).
   */
  recordSuccess(reserved: Reserved, now: number): Promise<void>;

  /**
   * Whether the streak stopped the counter. Eventually consistent: for counters that no present release writes.
   */
  isStopped(key: string): Promise<boolean>;

  /** Administrator: forgets streak, lock and hour. */
  clear(key: string): Promise<void>;
}

export interface AttemptRule {
  readonly perHour: number;
  /** Failures in a row at which nothing but an administrator helps. */
  readonly stopAt: number;
}

/** An attempt that was counted. */
export interface Reserved {
  readonly allowed: true;
  readonly key: string;
  /** Of this reservation alone. */
  readonly id: string;
  /** Hours since the epoch: the one that it counts in. */
  readonly hour: number;
  /** Attempts of that hour, this one included. */
  readonly count: number;
  /** Failures in a row before this attempt. */
  readonly streak: number;
}

export interface Refused {
  readonly allowed: false;
  readonly reason: 'hour' | 'locked' | 'stopped';
  /** Epoch ms, when the next attempt may pass. Absent where waiting does not help. */
  readonly retryAt?: number;
}

export type Reservation = Reserved | Refused;
