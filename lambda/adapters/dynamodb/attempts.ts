import { Limits } from '../../../src/contract/limits';
import { AttemptsTable } from '../../../src/contract/tables';
import { AttemptRule, AttemptStore, Reservation } from '../../ports/attempts';
import { Calls, Item } from './calls';
import { DynamoDb } from './client';
import { FORMAT_VERSION } from './item-reader';

/*
 * key      SHA-256 of the counter's name
 * h<hour>  reservations of that hour (hours since the epoch): a new hour begins at nothing without a second write
 * streak   failures in a row; absent: none
 * locked   end of the soft lock, epoch milliseconds
 * op       id of the last write: how a write recognises itself after its response was lost
 * ttl      a month after the last write; an item past it counts as absent, swept or not. None once the streak stopped the account.
 */

const HOUR_MS = 3_600_000;
const TTL_SECONDS = 30 * 86400;
const ROUNDS = 4;
/** Past hours that an item may carry before they are swept. */
const PAST_HOURS_KEPT = 24;
const HOUR_ATTRIBUTE = /^h\d+$/;

const NAMES = { '#streak': 'streak', '#locked': 'locked', '#op': 'op', '#ttl': AttemptsTable.TTL, '#v': 'v' } as const;
const IS_NEW = '(attribute_not_exists(#op) OR #op <> :op)';

export class DynamoAttemptStore implements AttemptStore {
  private readonly calls: Calls;

  constructor(db: DynamoDb, private readonly table: string) {
    this.calls = new Calls(db, 'attempts');
  }

  async reserve(key: string, rule: AttemptRule, now: number): Promise<Reservation> {
    const hour = hourAttribute(now);
    const op = this.calls.newId();
    for (let round = 0; round < ROUNDS; round += 1) {
      const written = await this.calls.update({
        TableName: this.table,
        Key: this.key(key),
        UpdateExpression: 'SET #hour = if_not_exists(#hour, :zero) + :one, #op = :op, #ttl = :ttl, #v = :v',
        ConditionExpression: [
          '(attribute_not_exists(#ttl) OR #ttl > :nowSeconds)',
          '(attribute_not_exists(#hour) OR #hour < :perHour)',
          '(attribute_not_exists(#streak) OR #streak < :stopAt)',
          '(attribute_not_exists(#locked) OR #locked <= :now)',
          IS_NEW,
        ].join(' AND '),
        ExpressionAttributeNames: { ...NAMES, '#hour': hour },
        ExpressionAttributeValues: {
          ...this.written(op, now),
          ':zero': 0,
          ':one': 1,
          ':nowSeconds': Math.floor(now / 1000),
          ':now': now,
          ':perHour': rule.perHour,
          ':stopAt': rule.stopAt,
        },
        ReturnValues: 'ALL_NEW',
      });
      const item = written.item ?? {};
      if (written.done) await this.sweepHours(key, item, now);
      if (written.done || item.op === op) return { allowed: true, count: number(item[hour]), streak: number(item.streak) };
      if (!isExpired(item, now)) return refusal(item, rule, now);
      await this.dropExpired(key, item);
    }
    throw this.calls.unreadable('the counter keeps changing');
  }

  async recordFailure(key: string, lockedUntil: number | undefined, now: number): Promise<void> {
    const written = await this.calls.update({
      TableName: this.table,
      Key: this.key(key),
      UpdateExpression: `SET #streak = if_not_exists(#streak, :zero) + :one, #op = :op, #ttl = :ttl, #v = :v${lockedUntil === undefined ? '' : ', #locked = :locked'}`,
      ConditionExpression: IS_NEW,
      ExpressionAttributeNames: lockedUntil === undefined ? without(NAMES, '#locked') : NAMES,
      ExpressionAttributeValues: { ...this.written(this.calls.newId(), now), ':zero': 0, ':one': 1, ...(lockedUntil === undefined ? {} : { ':locked': lockedUntil }) },
      ReturnValues: 'ALL_NEW',
    });
    // Such an account stays stopped until a reset or an administrator, however long nobody tries (63B 3.2.2).
    if (number(written.item?.streak) >= Limits.FAILURES_UNTIL_STOP) await this.keepForEver(key);
  }

  async recordSuccess(key: string, now: number): Promise<void> {
    const op = this.calls.newId();
    const names = { ...NAMES, '#hour': hourAttribute(now) };
    const clear = 'SET #op = :op, #ttl = :ttl, #v = :v REMOVE #streak, #locked';
    const written = await this.calls.update({
      TableName: this.table,
      Key: this.key(key),
      UpdateExpression: clear.replace('SET ', 'SET #hour = #hour - :one, '),
      ConditionExpression: `#hour >= :one AND ${IS_NEW}`,
      ExpressionAttributeNames: names,
      ExpressionAttributeValues: { ...this.written(op, now), ':one': 1 },
    });
    if (written.done || written.item?.op === op) return;
    // Nothing to give back: the hour changed since the reservation.
    await this.calls.update({
      TableName: this.table,
      Key: this.key(key),
      UpdateExpression: clear,
      ExpressionAttributeNames: NAMES,
      ExpressionAttributeValues: this.written(op, now),
    });
  }

  async clear(key: string): Promise<void> {
    await this.calls.delete({ TableName: this.table, Key: this.key(key) });
  }

  private written(op: string, now: number): Readonly<Record<string, string | number>> {
    return { ':op': op, ':ttl': Math.ceil(now / 1000) + TTL_SECONDS, ':v': FORMAT_VERSION };
  }

  private async dropExpired(key: string, item: Item): Promise<void> {
    await this.calls.delete({
      TableName: this.table,
      Key: this.key(key),
      ConditionExpression: '#ttl = :ttl',
      ExpressionAttributeNames: { '#ttl': AttemptsTable.TTL },
      ExpressionAttributeValues: { ':ttl': item[AttemptsTable.TTL] },
    });
  }

  private async keepForEver(key: string): Promise<void> {
    await this.calls.update({ TableName: this.table, Key: this.key(key), UpdateExpression: 'REMOVE #ttl', ExpressionAttributeNames: { '#ttl': AttemptsTable.TTL } });
  }

  private async sweepHours(key: string, item: Item, now: number): Promise<void> {
    const past = Object.keys(item).filter((name) => HOUR_ATTRIBUTE.test(name) && number(name.slice(1)) < hourOf(now));
    if (past.length <= PAST_HOURS_KEPT) return;
    const names = Object.fromEntries(past.map((name, index) => [`#h${index}`, name]));
    await this.calls.update({ TableName: this.table, Key: this.key(key), UpdateExpression: `REMOVE ${Object.keys(names).join(', ')}`, ExpressionAttributeNames: names });
  }

  private key(key: string): Item {
    return { [AttemptsTable.PARTITION_KEY]: key };
  }
}

function refusal(item: Item, rule: AttemptRule, now: number): Reservation {
  const nextHour = (hourOf(now) + 1) * HOUR_MS;
  if (number(item.streak) >= rule.stopAt) return { allowed: false, reason: 'stopped', retryAt: nextHour };
  if (number(item.locked) > now) return { allowed: false, reason: 'locked', retryAt: number(item.locked) };
  return { allowed: false, reason: 'hour', retryAt: nextHour };
}

function isExpired(item: Item, now: number): boolean {
  const ttl = item[AttemptsTable.TTL];
  return ttl !== undefined && number(ttl) <= Math.floor(now / 1000);
}

function hourOf(now: number): number {
  return Math.floor(now / HOUR_MS);
}

function hourAttribute(now: number): string {
  return `h${hourOf(now)}`;
}

/** Absent is nothing counted. */
function number(value: unknown): number {
  return Number(value ?? 0);
}

function without(names: Readonly<Record<string, string>>, unused: string): Record<string, string> {
  return Object.fromEntries(Object.entries(names).filter(([name]) => name !== unused));
}
