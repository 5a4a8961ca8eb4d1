import { UnavailableError } from '../../domain/errors';
import { Clock } from '../../ports/clock';
import { requestDeadline } from '../deadline';

/** While an older value serves, a source that hangs may cost a request no more than this of its time. */
const PATIENCE_WITH_STAND_IN_MS = 1000;

export interface CacheAges {
  /** Older than this, it is loaded again before it is used. */
  readonly refreshAfterMs: number;
  /** Older than this, it is not used at all, whatever its source says. Until then it stands in for a source that is down. */
  readonly refuseAfterMs: number;
  /** Least time between two tries while the source is down and the cached value still serves. */
  readonly retryAfterMs: number;
}

/** A value loaded from elsewhere, at most one load at a time, that outlives an outage of its source for a bounded time. */
export class CachedValue<T> {
  private current: { readonly value: T; readonly loadedAt: number } | undefined;
  private loading: Promise<T> | undefined;
  private failedAt: number | undefined;

  constructor(
    private readonly source: () => Promise<T>,
    private readonly clock: Clock,
    private readonly ages: CacheAges,
    private readonly dependency: string,
  ) {}

  /** The value, not older than the ages allow. Throws `UnavailableError`. */
  async get(): Promise<T> {
    const cached = this.youngerThan(this.ages.refreshAfterMs);
    if (cached) return cached.value;
    const standIn = this.youngerThan(this.ages.refuseAfterMs);
    if (standIn && this.failedLately()) return standIn.value;
    try {
      return await (standIn ? requestDeadline.run(PATIENCE_WITH_STAND_IN_MS, () => requestDeadline.keep(() => this.reload())) : this.reload());
    } catch (error) {
      this.failedAt = this.clock.now();
      if (standIn) return standIn.value;
      throw error instanceof UnavailableError && error.dependency === this.dependency ? error : new UnavailableError(this.dependency, error);
    }
  }

  /** Loads now, whatever the age; callers that ask meanwhile share the load. */
  reload(): Promise<T> {
    this.loading ??= this.load().finally(() => {
      this.loading = undefined;
    });
    return this.loading;
  }

  /** Whether `get` would have to load first. */
  get stale(): boolean {
    return this.youngerThan(this.ages.refreshAfterMs) === undefined;
  }

  private async load(): Promise<T> {
    // The age counts from before the request: what arrives may be as old as that.
    const loadedAt = this.clock.now();
    try {
      const value = await this.source();
      this.current = { value, loadedAt };
      this.failedAt = undefined;
      return value;
    } catch (error) {
      this.failedAt = this.clock.now();
      throw error;
    }
  }

  private youngerThan(age: number): { readonly value: T } | undefined {
    return this.current && within(this.current.loadedAt, age, this.clock.now()) ? this.current : undefined;
  }

  private failedLately(): boolean {
    return this.failedAt !== undefined && within(this.failedAt, this.ages.retryAfterMs, this.clock.now());
  }
}

/** A clock that was set back makes nothing young. */
function within(since: number, age: number, now: number): boolean {
  return now >= since && now - since < age;
}

/** Lets through one in each period. */
export class Cooldown {
  private last: number | undefined;

  constructor(private readonly clock: Clock, private readonly periodMs: number) {}

  pass(): boolean {
    const now = this.clock.now();
    if (this.last !== undefined && within(this.last, this.periodMs, now)) return false;
    this.last = now;
    return true;
  }
}
