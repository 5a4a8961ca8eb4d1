/** When a schedule expression of AWS is due next: `rate(...)` and `cron(...)`, in UTC. */
export interface Schedule {
  /** Epoch milliseconds of the first time after `after`. `last`: when it ran last, for rates. */
  next(after: number, last: number): number;
}

const HOUR = 3600 * 1000;
const units: Readonly<Record<string, number>> = { minute: 60 * 1000, hour: HOUR, day: 24 * HOUR };
const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const days = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
/** Days searched for the next time of a cron expression: a leap day is at most eight years off. */
const HORIZON_DAYS = 366 * 9;

export function parseSchedule(expression: string): Schedule {
  const rate = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression.trim());
  if (rate) {
    const period = Number(rate[1]) * units[rate[2]!]!;
    return { next: (after, last) => (last + period > after ? last + period : after + period - ((after - last) % period)) };
  }
  const cron = /^cron\((.+)\)$/.exec(expression.trim());
  const fields = cron?.[1]!.trim().split(/\s+/);
  if (fields?.length !== 6) throw new Error(`not a schedule expression: ${expression}`);
  return cronSchedule(fields);
}

function cronSchedule([minutes, hours, dayOfMonth, month, dayOfWeek, year]: string[]): Schedule {
  const minuteSet = values(minutes!, 0, 59);
  const hourSet = values(hours!, 0, 23);
  const monthSet = values(named(month!, months, 1), 1, 12);
  const yearSet = year === '*' ? undefined : new Set(values(year!, 1970, 2199));
  const onDay = dayTest(dayOfMonth!, named(dayOfWeek!, days, 1));
  return {
    next(after) {
      const start = new Date(after);
      for (let offset = 0; offset < HORIZON_DAYS; offset += 1) {
        const day = new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth(), start.getUTCDate() + offset));
        if ((yearSet && !yearSet.has(day.getUTCFullYear())) || !monthSet.includes(day.getUTCMonth() + 1) || !onDay(day)) continue;
        for (const hour of hourSet) {
          for (const minute of minuteSet) {
            const time = day.getTime() + hour * HOUR + minute * units.minute!;
            if (time > after) return time;
          }
        }
      }
      return Infinity;
    },
  };
}

/** Day of the month and day of the week; one of them is `?`. `L`: the last; `MON#2`: the second Monday; `6L`: the last Friday. */
function dayTest(dayOfMonth: string, dayOfWeek: string): (day: Date) => boolean {
  if (dayOfWeek !== '?' && dayOfWeek !== '*') {
    const nth = /^(\d)#(\d)$/.exec(dayOfWeek);
    if (nth) return (day) => day.getUTCDay() + 1 === Number(nth[1]) && Math.ceil(day.getUTCDate() / 7) === Number(nth[2]);
    const last = /^(\d)L$/.exec(dayOfWeek);
    if (last) return (day) => day.getUTCDay() + 1 === Number(last[1]) && day.getUTCDate() + 7 > lastOfMonth(day);
    const weekdays = values(dayOfWeek === 'L' ? '7' : dayOfWeek, 1, 7);
    return (day) => weekdays.includes(day.getUTCDay() + 1);
  }
  if (dayOfMonth === 'L') return (day) => day.getUTCDate() === lastOfMonth(day);
  if (dayOfMonth === '?') return () => true;
  const dates = values(dayOfMonth, 1, 31);
  return (day) => dates.includes(day.getUTCDate());
}

const lastOfMonth = (day: Date): number => new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 0)).getUTCDate();

const named = (field: string, names: readonly string[], first: number): string =>
  field.toUpperCase().replace(/[A-Z]{3}/g, (name) => (names.includes(name) ? String(names.indexOf(name) + first) : name));

/** Numbers that a field stands for, ascending. */
function values(field: string, least: number, most: number): number[] {
  const found = new Set<number>();
  for (const part of field.split(',')) {
    const [range = '', step] = part.split('/');
    const [from, to] = range === '*' || range === '?' ? [least, most] : range.split('-').map(Number);
    const end = to ?? (step === undefined ? from! : most);
    for (let value = from!; value <= end; value += Number(step ?? 1)) found.add(value);
  }
  const list = [...found].sort((a, b) => a - b);
  if (list.length === 0 || list.some((value) => !Number.isInteger(value) || value < least || value > most)) throw new Error(`not a cron field: ${field}`);
  return list;
}
