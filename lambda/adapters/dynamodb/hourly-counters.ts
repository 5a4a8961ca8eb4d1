import { AttemptsTable } from '../../../src/contract/tables';
import { hourOf, nextHour } from '../../domain/hours';
import { Counted, HourlyCounters } from '../../ports/hourly-counters';
import { Calls, Item } from './calls';
import { DynamoDb } from './client';
import { FORMAT_VERSION } from './item-reader';

/*
 * key  hash of the counter's name, a point, and the hour (hours since the epoch): the next hour has an item of its own
 * n    what was counted
 * op   id of the last write: how a write recognises itself after its response was lost
 * ttl  a day after the hour; by then nobody asks for it
 */

const KEPT_MS = 86_400_000;

export class DynamoHourlyCounters implements HourlyCounters {
  private readonly calls: Calls;

  constructor(db: DynamoDb, private readonly table: string) {
    this.calls = new Calls(db, 'attempts');
  }

  async count(key: string, perHour: number, now: number): Promise<Counted> {
    const op = this.calls.newId();
    const written = await this.calls.update({
      TableName: this.table,
      Key: keyOf(key, now),
      UpdateExpression: 'SET #n = if_not_exists(#n, :zero) + :one, #op = :op, #ttl = :ttl, #v = :v',
      ConditionExpression: '(attribute_not_exists(#n) OR #n < :perHour) AND (attribute_not_exists(#op) OR #op <> :op)',
      ExpressionAttributeNames: { '#n': 'n', '#op': 'op', '#ttl': AttemptsTable.TTL, '#v': 'v' },
      ExpressionAttributeValues: {
        ':zero': 0, ':one': 1, ':op': op, ':ttl': Math.ceil((nextHour(now) + KEPT_MS) / 1000), ':v': FORMAT_VERSION, ':perHour': perHour,
      },
    });
    // Another one that counted before a lost response was repeated lets it count twice, which errs on the safe side.
    return written.done || written.item?.op === op ? { counted: true } : { counted: false, retryAt: nextHour(now) };
  }

  async read(key: string, now: number): Promise<number> {
    const item = await this.calls.getEventually(this.table, keyOf(key, now));
    return Number(item?.n ?? 0);
  }
}

function keyOf(key: string, now: number): Item {
  return { [AttemptsTable.PARTITION_KEY]: `${key}.${hourOf(now)}` };
}
