import type { ProfileValues } from '../../../lambda/domain/model';

/** Numbers that are the same in every run: a sequence is told apart by its seed alone (mulberry32). */
export class Draw {
  private state: number;

  constructor(seed: number) {
    this.state = (seed * 0x9e3779b1) >>> 0;
  }

  /** At least 0, less than `limit`. */
  below(limit: number): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  }

  of<T>(values: readonly T[]): T {
    return values[this.below(values.length)]!;
  }

  /** True once in so many times. */
  once(inTimes: number): boolean {
    return this.below(inTimes) === 0;
  }
}

/** Few names, so that calls meet on them. */
export const UIDS = ['uid-a', 'uid-b', 'uid-c'];
export const EMAILS = ['a@example.com', 'b@example.com', 'c@example.com'];
export const SIDS = ['sid-1', 'sid-2', 'sid-3', 'sid-4'];
export const SALTS = ['salt-1', 'salt-2'];
export const HASHES = ['$test$1', '$test$2'];
export const TICKETS = ['ticket-1', 'ticket-2'];
export const COUNTERS = ['counter-1', 'counter-2'];
export const PROFILES: readonly ProfileValues[] = [{}, { locale: 'de' }, { locale: 'it', age: 4 }];
export const SCOPES = [[], ['a'], ['a', 'b']];

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const DAY = 24 * HOUR;

/** By how much the clock moves on between two calls: as a rule not at all. */
export const STEPS = [0, 0, 0, 0, 0, 0, SECOND, 31 * SECOND, 50 * 60 * SECOND, HOUR, 3 * HOUR, 29 * DAY, 40 * DAY, 400 * DAY];
/** How long what a call makes is kept, from its time. Some are over at once. */
export const LIVES = [-HOUR, 30 * SECOND, HOUR, 30 * DAY];
