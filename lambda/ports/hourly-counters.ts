/**
 * Plain counters that begin anew with every hour, for what a source address does. Keys are digests of names: `Lookup`. Throws `UnavailableError('attempts')`
 * without a definite answer.
 */
export interface HourlyCounters {
  /** Counts one more in the current hour unless it holds `perHour`: a conditional update, so no race counts beyond it. */
  count(key: string, perHour: number, now: number): Promise<Counted>;

  /**
   * What the current hour holds, by an eventually consistent read: half a read unit, and as a rule less than a second behind. For a look that
   * may come too early to see what is being counted at the same time.
   */
  read(key: string, now: number): Promise<number>;
}

export type Counted =
  | { readonly counted: true }
  | { readonly counted: false; /** Epoch ms: the next hour. */ readonly retryAt: number };
