import { hourOf, nextHour } from '../../domain/hours';
import { Counted, HourlyCounters } from '../../ports/hourly-counters';
import { MemoryTables } from './tables';

export class MemoryHourlyCounters implements HourlyCounters {
  constructor(private readonly tables: MemoryTables) {}

  count(key: string, perHour: number, now: number): Promise<Counted> {
    return this.tables.call((): Counted => {
      const name = nameOf(key, now);
      const before = this.tables.counters.get(name) ?? 0;
      if (before >= perHour) return { counted: false, retryAt: nextHour(now) };
      this.tables.counters.set(name, before + 1);
      return { counted: true };
    });
  }

  read(key: string, now: number): Promise<number> {
    return this.tables.call(() => this.tables.counters.get(nameOf(key, now)) ?? 0);
  }
}

function nameOf(key: string, now: number): string {
  return `${key}.${hourOf(now)}`;
}
