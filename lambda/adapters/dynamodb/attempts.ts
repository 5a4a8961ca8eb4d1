import { Limits } from '../../../src/contract/limits';
import { AttemptsTable } from '../../../src/contract/tables';
import { dayOf, hourOf, nextHour } from '../../domain/hours';
import { AttemptRule, AttemptStore, Refused, Reservation, Reserved } from '../../ports/attempts';
import { Calls, Item } from './calls';
import { DynamoDb } from './client';
import { FORMAT_VERSION } from './item-reader';

/*
 * key      digest of the counter's name under the lookup secret; of a release before it, the SHA-256 of the name
 * h<hour>  attempts of that hour (hours since the epoch): a new hour begins at nothing without a second write
 * r<id>    hour of a reservation whose outcome was not recorded: whatever follows it takes this away, so it follows once
 * d<day>   failures of that day (days since the epoch), which the soft lock goes by: no success takes any away, so that none shows
 * streak   failures in a row, until a success; absent: none
 * locked   end of the soft lock, epoch milliseconds
 * ttl      a month, or with a streak a year after its last failure; an item past it counts as absent, swept or not. None once the streak
 *          stopped the account.
 */

const HOUR_SECONDS = 3600;
const TTL_SECONDS = 30 * 86400;
const ROUNDS = 4;
/** Attributes of past hours that an item may carry before they are swept: it stays within one write unit. */
const PAST_KEPT = 40;

const NAMES = { '#streak': 'streak', '#locked': 'locked', '#ttl': AttemptsTable.TTL } as const;

export class DynamoAttemptStore implements AttemptStore {
  private readonly calls: Calls;

  constructor(db: DynamoDb, private readonly table: string) {
    this.calls = new Calls(db, 'attempts');
  }

  async reserve(key: string, rule: AttemptRule, now: number): Promise<Reservation> {
    const reservation = { key, id: this.calls.newId().slice(0, 8), hour: hourOf(now) };
    const soon = seconds(now) + 2 * HOUR_SECONDS;
    for (let round = 0; round < ROUNDS; round += 1) {
      const written = await this.calls.update({
        ...this.item(key),
        UpdateExpression: 'SET #hour = if_not_exists(#hour, :zero) + :one, #own = :hour, #ttl = if_not_exists(#ttl, :ttl), #v = :v',
        ConditionExpression: [
          'attribute_not_exists(#own)',
          '(attribute_not_exists(#ttl) OR #ttl > :soon)',
          '(attribute_not_exists(#hour) OR #hour < :perHour)',
          '(attribute_not_exists(#streak) OR #streak < :stopAt)',
          '(attribute_not_exists(#locked) OR #locked <= :now)',
        ].join(' AND '),
        ExpressionAttributeNames: { ...NAMES, '#hour': hourName(reservation), '#own': ownName(reservation), '#v': 'v' },
        ExpressionAttributeValues: {
          ':zero': 0, ':one': 1, ':hour': reservation.hour, ':ttl': seconds(now) + TTL_SECONDS, ':v': FORMAT_VERSION,
          ':soon': soon, ':now': now, ':perHour': rule.perHour, ':stopAt': rule.stopAt,
        },
        ReturnValues: 'ALL_NEW',
      });
      const item = written.item ?? {};
      if (written.done) await this.sweep(key, item, reservation.hour);
      if (written.done || holds(item, reservation)) {
        return { allowed: true, ...reservation, count: number(item[hourName(reservation)]), streak: number(item.streak) };
      }
      const goes = isPast(item, soon) && (isPast(item, seconds(now)) || isFree(item, reservation, rule, now));
      if (!goes) return refusal(item, rule, now);
      await this.renew(key, item, now);
    }
    throw this.calls.unreadable('the counter keeps changing');
  }

  async recordFailure(reserved: Reserved, rule: AttemptRule, now: number): Promise<number> {
    // The failure that stops the account takes the TTL away: it stays stopped, however long nobody tries (63B 3.2.2).
    const counted = '#streak = if_not_exists(#streak, :zero) + :one, #day = if_not_exists(#day, :zero) + :one';
    const below = { when: '(attribute_not_exists(#streak) OR #streak < :last)', change: `SET ${counted}, #ttl = :ttl REMOVE #own` };
    const last = { when: '#streak >= :last', change: `SET ${counted} REMOVE #own, #ttl` };
    for (let round = 0; round < ROUNDS; round += 1) {
      const { when, change } = round % 2 === 0 ? below : last;
      const written = await this.calls.update({
        ...this.item(reserved.key),
        UpdateExpression: change,
        ConditionExpression: `#own = :hour AND ${when}`,
        ExpressionAttributeNames: { '#streak': 'streak', '#day': dayName(now), '#ttl': AttemptsTable.TTL, '#own': ownName(reserved) },
        ExpressionAttributeValues: {
          ':zero': 0, ':one': 1, ':hour': reserved.hour, ':last': rule.stopAt - 1,
          ...change === below.change ? { ':ttl': seconds(now) + Limits.FAILURES_KEPT_SECONDS } : {},
        },
        ReturnValues: 'ALL_NEW',
      });
      const item = written.item ?? {};
      // Recorded, now or by a try whose response was lost; or an administrator cleared the counter.
      if (written.done || !holds(item, reserved)) return number(item[dayName(now)]);
    }
    throw this.calls.unreadable('the counter keeps changing');
  }

  async raiseLock(key: string, failures: number, now: number, until: number): Promise<void> {
    await this.calls.update({
      ...this.item(key),
      UpdateExpression: 'SET #locked = :until',
      ConditionExpression: '#day >= :failures AND (attribute_not_exists(#locked) OR #locked < :until)',
      ExpressionAttributeNames: { '#day': dayName(now), '#locked': 'locked' },
      ExpressionAttributeValues: { ':failures': failures, ':until': until },
    });
  }

  async recordSuccess(reserved: Reserved, now: number): Promise<void> {
    await this.calls.update({
      ...this.item(reserved.key),
      UpdateExpression: 'SET #hour = #hour - :one, #ttl = :ttl REMOVE #own, #streak',
      ConditionExpression: '#own = :hour',
      ExpressionAttributeNames: { '#streak': 'streak', '#ttl': AttemptsTable.TTL, '#hour': hourName(reserved), '#own': ownName(reserved) },
      ExpressionAttributeValues: { ':one': 1, ':hour': reserved.hour, ':ttl': seconds(now) + TTL_SECONDS },
    });
  }

  async isStopped(key: string): Promise<boolean> {
    const { TableName, Key } = this.item(key);
    const item = await this.calls.getEventually(TableName, Key);
    return number(item?.streak) >= Limits.FAILURES_UNTIL_STOP;
  }

  async clear(key: string): Promise<void> {
    await this.calls.delete(this.item(key));
  }

  /**
   * Of an item past its TTL only the hours are left, which say when they were. One whose TTL comes near lives on, since it must not go in the
   * hour that it counts; a streak is not kept longer for it than that. Unless it changed meanwhile.
   */
  private async renew(key: string, item: Item, now: number): Promise<void> {
    const past = isPast(item, seconds(now));
    const keeps = !past && item.streak !== undefined;
    await this.calls.update({
      ...this.item(key),
      UpdateExpression: `SET #ttl = :longer${past ? ' REMOVE #streak, #locked' : ''}`,
      ConditionExpression: '#ttl = :ttl',
      ExpressionAttributeNames: past ? NAMES : { '#ttl': AttemptsTable.TTL },
      ExpressionAttributeValues: { ':ttl': item[AttemptsTable.TTL], ':longer': seconds(now) + (keeps ? 3 * HOUR_SECONDS : TTL_SECONDS) },
    });
  }

  /** The hour before is left alone: attempts of its last moment are still going on. */
  private async sweep(key: string, item: Item, hour: number): Promise<void> {
    const past = Object.entries(item).filter(([name, value]) => hourIn(name, value) < hour - 1).map(([name]) => name);
    if (past.length <= PAST_KEPT) return;
    const names = Object.fromEntries(past.map((name, index) => [`#p${index}`, name]));
    await this.calls.update({ ...this.item(key), UpdateExpression: `REMOVE ${Object.keys(names).join(', ')}`, ExpressionAttributeNames: names });
  }

  private item(key: string): { readonly TableName: string; readonly Key: Item } {
    return { TableName: this.table, Key: { [AttemptsTable.PARTITION_KEY]: key } };
  }
}

type OfHour = Pick<Reserved, 'id' | 'hour'>;

function hourName({ hour }: OfHour): string {
  return `h${hour}`;
}

function dayName(now: number): string {
  return `d${dayOf(now)}`;
}

function ownName({ id }: OfHour): string {
  return `r${id}`;
}

function holds(item: Item, reservation: OfHour): boolean {
  return item[ownName(reservation)] === reservation.hour;
}

/** The last hour that an attribute belongs to; NaN: to none. */
function hourIn(name: string, value: unknown): number {
  if (/^d\d+$/.test(name)) return Number(name.slice(1)) * 24 + 23;
  if (/^h\d+$/.test(name)) return Number(name.slice(1));
  return /^r[0-9a-f]{8}$/.test(name) ? Number(value) : NaN;
}

function isFree(item: Item, reservation: OfHour, rule: AttemptRule, now: number): boolean {
  return number(item[hourName(reservation)]) < rule.perHour && number(item.streak) < rule.stopAt && number(item.locked) <= now;
}

function refusal(item: Item, rule: AttemptRule, now: number): Refused {
  if (number(item.streak) >= rule.stopAt) return { allowed: false, reason: 'stopped' };
  const full = number(item[`h${hourOf(now)}`]) >= rule.perHour;
  if (number(item.locked) > now) return { allowed: false, reason: 'locked', retryAt: Math.max(number(item.locked), full ? nextHour(now) : 0) };
  return { allowed: false, reason: 'hour', retryAt: nextHour(now) };
}

function isPast(item: Item, time: number): boolean {
  const ttl = item[AttemptsTable.TTL];
  return ttl !== undefined && number(ttl) <= time;
}

function seconds(now: number): number {
  return Math.floor(now / 1000);
}

/** Absent is nothing counted. */
function number(value: unknown): number {
  return Number(value ?? 0);
}
