import { Duration } from 'aws-cdk-lib';
import { refuse } from './validation';

const HOURS = [4, 6, 8, 12];
const DAYS_OF_MONTH = [2, 3, 5, 6, 10, 15];
const MONTHS = [2, 3, 4, 6];

/**
 * The schedule of a rotation. Cron and not rate: after an edit of a rate, Secrets Manager may still fire the old one, and two
 * rotations in quick succession shorten the time that a key is published before it signs. Only periods that a cron expression can keep
 * are allowed, with the shorter end of a month as the only irregularity. Rotations run at 03:00 UTC.
 */
export function rotationCron(property: string, every: Duration): string {
  const hours = every.isUnresolved() ? NaN : every.toHours({ integral: false });
  const days = hours / 24;
  if (HOURS.includes(hours)) {
    return `cron(0 0/${hours} * * ? *)`;
  }
  if (days === 1) {
    return 'cron(0 3 * * ? *)';
  }
  if (days === 7) {
    return 'cron(0 3 ? * SUN *)';
  }
  if (DAYS_OF_MONTH.includes(days)) {
    // The last one leaves at least the period until the first of the next month, February aside.
    const dates = Array.from({ length: 30 / days }, (_, index) => 1 + index * days);
    return `cron(0 3 ${dates.join(',')} * ? *)`;
  }
  if (days === 30) {
    return 'cron(0 3 1 * ? *)';
  }
  if (MONTHS.includes(days / 30)) {
    return `cron(0 3 1 1/${days / 30} ? *)`;
  }
  if (days === 360 || days === 365) {
    return 'cron(0 3 1 1 ? *)';
  }
  const got = every.isUnresolved() ? 'a value known only at deployment' : every.toHumanString();
  return refuse(property, got, '4, 6, 8 or 12 hours, or 1, 2, 3, 5, 6, 7, 10, 15, 30, 60, 90, 120, 180, 360 or 365 days',
    'the schedule of Secrets Manager keeps only such periods');
}
