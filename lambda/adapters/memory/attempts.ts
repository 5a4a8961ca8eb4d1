import { Limits } from '../../../src/contract/limits';
import { hourOf, nextHour } from '../../domain/hours';
import { AttemptRule, AttemptStore, Reservation, Reserved } from '../../ports/attempts';
import { AttemptItem, MemoryTables } from './tables';

const MONTH_MS = 30 * 86_400_000;
const HOUR_MS = 3_600_000;

export class MemoryAttemptStore implements AttemptStore {
  private reservations = 0;

  constructor(private readonly tables: MemoryTables) {}

  reserve(key: string, rule: AttemptRule, now: number): Promise<Reservation> {
    return this.tables.call((): Reservation => {
      const stored = this.tables.attempts.get(key);
      const item = stored !== undefined && stored.keptUntil > now ? stored : newItem(now);
      const hour = hourOf(now);
      const before = item.hours.get(hour) ?? 0;
      if (item.streak >= rule.stopAt) return { allowed: false, reason: 'stopped', retryAt: nextHour(now) };
      if (item.lockedUntil > now) return { allowed: false, reason: 'locked', retryAt: item.lockedUntil };
      if (before >= rule.perHour) return { allowed: false, reason: 'hour', retryAt: nextHour(now) };
      this.reservations += 1;
      const id = String(this.reservations);
      item.hours.set(hour, before + 1);
      item.open.add(id);
      if (item.keptUntil <= now + 2 * HOUR_MS) item.keptUntil = now + (item.streak === 0 ? MONTH_MS : 3 * HOUR_MS);
      this.tables.attempts.set(key, item);
      return { allowed: true, key, id, hour, count: before + 1, streak: item.streak };
    });
  }

  recordFailure(reserved: Reserved, rule: AttemptRule, now: number): Promise<number> {
    return this.tables.call(() => {
      const item = this.tables.attempts.get(reserved.key);
      if (item?.open.delete(reserved.id)) {
        item.streak += 1;
        item.keptUntil = item.streak >= rule.stopAt ? Infinity : now + Limits.FAILURES_KEPT_SECONDS * 1000;
      }
      return item?.streak ?? 0;
    });
  }

  raiseLock(key: string, streak: number, until: number): Promise<void> {
    return this.tables.call(() => {
      const item = this.tables.attempts.get(key);
      if (item !== undefined && item.streak >= streak) item.lockedUntil = Math.max(item.lockedUntil, until);
    });
  }

  recordSuccess(reserved: Reserved, now: number): Promise<void> {
    return this.tables.call(() => {
      const item = this.tables.attempts.get(reserved.key);
      if (!item?.open.delete(reserved.id)) return;
      item.hours.set(reserved.hour, (item.hours.get(reserved.hour) ?? 0) - 1);
      item.streak = 0;
      item.lockedUntil = 0;
      item.keptUntil = now + MONTH_MS;
    });
  }

  isStopped(key: string): Promise<boolean> {
    return this.tables.call(() => (this.tables.attempts.get(key)?.streak ?? 0) >= Limits.FAILURES_UNTIL_STOP);
  }

  clear(key: string): Promise<void> {
    return this.tables.call(() => void this.tables.attempts.delete(key));
  }
}

function newItem(now: number): AttemptItem {
  return { hours: new Map(), open: new Set(), streak: 0, lockedUntil: 0, keptUntil: now + MONTH_MS };
}
