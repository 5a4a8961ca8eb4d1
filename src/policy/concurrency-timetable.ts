import { refuse } from './validation';

/** Hours of some days with a number. */
export interface TimetableEntry {
  readonly days: string[];
  readonly startHour: number;
  readonly endHour: number;
  readonly concurrency: number;
}

/** From an hour of some days on, another number. */
export interface ConcurrencyChange {
  readonly days: string[];
  readonly hour: number;
  readonly concurrency: number;
}

const DAYS = ['MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN'];
const HOURS_OF_WEEK = DAYS.length * 24;

/**
 * The changes that a week needs. Only hours at which the number really changes: where one period follows another, an action that ends
 * the first at the moment at which the second begins would race with it.
 */
export function changesOf(entries: TimetableEntry[], otherwise: number): ConcurrencyChange[] {
  const week = numbersByHour(entries, otherwise);
  const changes = new Map<string, { days: string[]; hour: number; concurrency: number }>();
  DAYS.forEach((day, dayIndex) => {
    for (let hour = 0; hour < 24; hour += 1) {
      const index = dayIndex * 24 + hour;
      const concurrency = week[index] ?? otherwise;
      if (concurrency === week[(index + HOURS_OF_WEEK - 1) % HOURS_OF_WEEK]) {
        continue;
      }
      const key = `${hour} ${concurrency}`;
      const change = changes.get(key) ?? { days: [], hour, concurrency };
      change.days.push(day);
      changes.set(key, change);
    }
  });
  return [...changes.values()];
}

function numbersByHour(entries: TimetableEntry[], otherwise: number): number[] {
  const week: (number | undefined)[] = Array.from({ length: HOURS_OF_WEEK });
  for (const { days, startHour, endHour, concurrency } of entries) {
    for (const day of days) {
      for (let hour = startHour; hour < endHour; hour += 1) {
        const index = DAYS.indexOf(day) * 24 + hour;
        if (week[index] !== undefined) {
          refuse('provisionedConcurrency: periods', `two for ${day} ${hour}:00`, 'one for each hour', 'shorten one of them');
        }
        week[index] = concurrency;
      }
    }
  }
  return week.map((concurrency) => concurrency ?? otherwise);
}
