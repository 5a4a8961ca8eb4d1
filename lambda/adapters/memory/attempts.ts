import { Limits } from '../../../src/contract/limits';
import { dayOf, hourOf, nextHour } from '../../domain/hours';
import { AttemptRule, AttemptStore, Reservation, Reserved } from '../../ports/attempts';
import { AttemptItem, MemoryTables } from './tables';

const MONTH_SECONDS = 30 * 86400;
const HOUR_SECONDS = 3600;

export class MemoryAttemptStore implements AttemptStore {
  private reservations = 0;

  constructor(private readonly tables: MemoryTables) {}

  reserve(key: string, rule: AttemptRule, now: number): Promise<Reservation> {
    return this.tables.call((): Reservation => {
      const item = asOf(now, this.tables.attempts.get(key));
      const hour = hourOf(now);
      const before = item.hours.get(hour) ?? 0;
      if (item.streak >= rule.stopAt) return { allowed: false, reason: 'stopped' };
      const full = before >= rule.perHour;
      if (item.lockedUntil > now) return { allowed: false, reason: 'locked', retryAt: Math.max(item.lockedUntil, full ? nextHour(now) : 0) };
      if (full) return { allowed: false, reason: 'hour', retryAt: nextHour(now) };
      this.reservations += 1;
      const id = String(this.reservations);
      item.hours.set(hour, before + 1);
      item.open.set(id, hour);
      // It must not go within the hour that it counts; a run of failures is not kept longer for it than that.
      const lasts = item.ttl !== undefined && item.ttl > seconds(now) + 2 * HOUR_SECONDS;
      if (!lasts) item.ttl = seconds(now) + (item.streak === 0 ? MONTH_SECONDS : 3 * HOUR_SECONDS);
      this.tables.attempts.set(key, item);
      return { allowed: true, key, id, hour, count: before + 1, streak: item.streak };
    });
  }

  recordFailure(reserved: Reserved, rule: AttemptRule, now: number): Promise<number> {
    return this.tables.call(() => {
      const item = this.tables.attempts.get(reserved.key);
      if (item?.open.delete(reserved.id)) {
        item.streak += 1;
        item.days.set(dayOf(now), (item.days.get(dayOf(now)) ?? 0) + 1);
        item.ttl = item.streak >= rule.stopAt ? undefined : seconds(now) + Limits.FAILURES_KEPT_SECONDS;
      }
      return item?.days.get(dayOf(now)) ?? 0;
    });
  }

  raiseLock(key: string, failures: number, now: number, until: number): Promise<void> {
    return this.tables.call(() => {
      const item = this.tables.attempts.get(key);
      const today = item?.days.get(dayOf(now)) ?? 0;
      if (item !== undefined && today > 0 && today >= failures) item.lockedUntil = Math.max(item.lockedUntil, until);
    });
  }

  recordSuccess(reserved: Reserved, now: number): Promise<void> {
    return this.tables.call(() => {
      const item = this.tables.attempts.get(reserved.key);
      if (!item?.open.delete(reserved.id)) return;
      item.hours.set(reserved.hour, (item.hours.get(reserved.hour) ?? 0) - 1);
      item.streak = 0;
      item.ttl = seconds(now) + MONTH_SECONDS;
    });
  }

  isStopped(key: string): Promise<boolean> {
    return this.tables.call(() => (this.tables.attempts.get(key)?.streak ?? 0) >= Limits.FAILURES_UNTIL_STOP);
  }

  clear(key: string): Promise<void> {
    return this.tables.call(() => void this.tables.attempts.delete(key));
  }
}

/** The item without what is forgotten by now. */
function asOf(now: number, stored: AttemptItem | undefined): AttemptItem {
  if (stored === undefined) return { hours: new Map(), days: new Map(), open: new Map(), streak: 0, lockedUntil: 0, ttl: seconds(now) + MONTH_SECONDS };
  const forgotten = stored.ttl !== undefined && stored.ttl <= seconds(now);
  return forgotten ? { ...stored, streak: 0, lockedUntil: 0 } : stored;
}

function seconds(now: number): number {
  return Math.floor(now / 1000);
}
