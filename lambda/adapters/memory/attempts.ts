import { AttemptRule, AttemptStore, Reservation } from '../../ports/attempts';
import { AttemptItem, MemoryTables } from './tables';

const HOUR = 3_600_000;

export class MemoryAttemptStore implements AttemptStore {
  constructor(private readonly tables: MemoryTables) {}

  reserve(key: string, rule: AttemptRule, now: number): Promise<Reservation> {
    return this.tables.call((): Reservation => {
      const window = now - (now % HOUR);
      const stored = this.item(key);
      const item = stored.window === window ? stored : { ...stored, window, n: 0 };
      if (item.streak >= rule.stopAt) return { allowed: false, reason: 'stopped', retryAt: window + HOUR };
      if (item.lockedUntil > now) return { allowed: false, reason: 'locked', retryAt: item.lockedUntil };
      if (item.n >= rule.perHour) return { allowed: false, reason: 'hour', retryAt: window + HOUR };
      item.n += 1;
      this.tables.attempts.set(key, item);
      return { allowed: true, count: item.n, streak: item.streak };
    });
  }

  recordFailure(key: string, lockedUntil: number | undefined, now: number): Promise<void> {
    return this.tables.call(() => {
      const item = this.item(key, now);
      item.streak += 1;
      item.lockedUntil = lockedUntil ?? item.lockedUntil;
      this.tables.attempts.set(key, item);
    });
  }

  recordSuccess(key: string, now: number): Promise<void> {
    return this.tables.call(() => {
      const item = this.item(key, now);
      item.n = Math.max(0, item.n - 1);
      item.streak = 0;
      item.lockedUntil = 0;
      this.tables.attempts.set(key, item);
    });
  }

  clear(key: string): Promise<void> {
    return this.tables.call(() => void this.tables.attempts.delete(key));
  }

  private item(key: string, now = 0): AttemptItem {
    return this.tables.attempts.get(key) ?? { window: now - (now % HOUR), n: 0, streak: 0, lockedUntil: 0 };
  }
}
