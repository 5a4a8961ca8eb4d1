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

  /** After a wrong password: one failure more in a row. Answers with their number, those of others who failed meanwhile included. */
  recordFailure(reserved: Reserved, rule: AttemptRule, now: number): Promise<number>;

  /**
   * Locks until `until` (epoch ms) because of so many failures in a row. A lock is only ever raised, and a success that cleared the streak
   * meanwhile stands.
   */
  raiseLock(key: string, streak: number, until: number): Promise<void>;

  /** After a right password: gives the reservation back to its own hour and clears streak and lock, never the other counts. */
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
  /** Streak at which nothing but a reset or an administrator helps. */
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
  /** Epoch ms, when the next attempt may pass. */
  readonly retryAt: number;
}

export type Reservation = Reserved | Refused;
