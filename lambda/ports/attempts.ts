/** Counters of attempts. Keys arrive hashed. Throws `UnavailableError('attempts')` without a definite answer. */
export interface AttemptStore {
  /**
   * One conditional update before any hash is computed: counts the attempt in the current hour unless the hour is full, the
   * streak stopped the account or a soft lock holds. `refused` costs no count.
   */
  reserve(key: string, rule: AttemptRule, now: number): Promise<Reservation>;

  /** After a wrong password: streak + 1, soft lock until `lockedUntil` if given (epoch ms). */
  recordFailure(key: string, lockedUntil: number | undefined, now: number): Promise<void>;

  /** After a right password: gives back the reservation and clears the streak and the lock, never the hour's other counts. */
  recordSuccess(key: string, now: number): Promise<void>;

  /** Administrator: forgets streak, lock and hour. */
  clear(key: string): Promise<void>;
}

export interface AttemptRule {
  readonly perHour: number;
  /** Streak at which nothing but a reset or an administrator helps. */
  readonly stopAt: number;
}

export type Reservation =
  | {
    readonly allowed: true;
    /** attempts of this hour, this one included */
    readonly count: number;
    /** failures in a row before this attempt */
    readonly streak: number;
  }
  | { readonly allowed: false; readonly reason: 'hour' | 'locked' | 'stopped'; /** epoch ms, when the next attempt may pass */ readonly retryAt: number };
