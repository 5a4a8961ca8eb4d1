import { isDeepStrictEqual } from 'node:util';
import { RevocationsTable } from '../../../src/contract/tables';
import { PublishedKeySet, Revocations } from '../../domain/model';
import { PublishedKeyWriter, RevocationReader, RevocationWriter } from '../../ports/revocations';
import { Calls, Item } from './calls';
import { DynamoDb } from './client';
import { FORMAT_VERSION } from './item-reader';
import {
  publishedKeysItem, publishedKeysKey, publishedKeysOf, REVOCATIONS_DEPENDENCY, revocationsOf, revokedSessions, sessionAttribute, userRevocationsKey,
} from './revocation-format';

const ROUNDS = 5;
/** Entries that one update removes: far below the 4 KB of an expression. */
const PRUNED_AT_ONCE = 50;

export class DynamoRevocationStore implements RevocationReader, RevocationWriter, PublishedKeyWriter {
  private readonly calls: Calls;

  constructor(db: DynamoDb, private readonly table: string) {
    this.calls = new Calls(db, REVOCATIONS_DEPENDENCY);
  }

  async readRevocations(uid: string): Promise<Revocations> {
    return revocationsOf(await this.calls.get(this.table, userRevocationsKey(uid)));
  }

  async readPublishedKeys(): Promise<PublishedKeySet | undefined> {
    return publishedKeysOf(await this.calls.get(this.table, publishedKeysKey));
  }

  /**
   * One write on the usual path. Neither the item's TTL nor the entry's expiry may ever shrink (a shorter access lifetime
   * was deployed, a clock is behind), or a token that is still alive would come back: then a second write keeps the larger.
   */
  async revokeSession(uid: string, sid: string, expires: number, ttl: number): Promise<{ readonly count: number }> {
    let least = { expires, ttl };
    for (let round = 0; round < ROUNDS; round += 1) {
      const written = await this.calls.update({
        TableName: this.table,
        Key: userRevocationsKey(uid),
        UpdateExpression: 'SET #sid = :expires, #ttl = :ttl, #v = :v',
        ConditionExpression: '(attribute_not_exists(#ttl) OR #ttl <= :ttl) AND (attribute_not_exists(#sid) OR #sid <= :expires)',
        ExpressionAttributeNames: { '#sid': sessionAttribute(sid), '#ttl': RevocationsTable.TTL, '#v': 'v' },
        ExpressionAttributeValues: { ':expires': least.expires, ':ttl': least.ttl, ':v': FORMAT_VERSION },
        ReturnValues: 'ALL_NEW',
      });
      if (written.done) return { count: revokedSessions(written.item ?? {}).size };
      const stored = written.item ?? {};
      least = { expires: Math.max(expires, revokedSessions(stored).get(sid) ?? 0), ttl: Math.max(ttl, Number(stored[RevocationsTable.TTL] ?? 0)) };
    }
    throw this.calls.unreadable('the revocations keep changing');
  }

  async pruneExpired(uid: string, now: number): Promise<{ readonly count: number }> {
    for (let round = 0; round < ROUNDS; round += 1) {
      const item = await this.calls.get(this.table, userRevocationsKey(uid));
      const sessions = revokedSessions(item ?? {});
      const expired = [...sessions].filter(([, expires]) => expires < now).map(([sid]) => sid).slice(0, PRUNED_AT_ONCE);
      if (expired.length === 0) return { count: sessions.size };
      const removed = await this.remove(uid, expired, now);
      if (removed.done && expired.length < PRUNED_AT_ONCE) return { count: revokedSessions(removed.item ?? {}).size };
    }
    throw this.calls.unreadable('the revocations keep changing');
  }

  async publish(set: PublishedKeySet): Promise<'published' | 'newer_exists'> {
    const item = publishedKeysItem(set, await this.calls.get(this.table, publishedKeysKey));
    const written = await this.calls.put({
      TableName: this.table,
      Item: item,
      ConditionExpression: 'attribute_not_exists(#key) OR #version < :version',
      ExpressionAttributeNames: { '#key': RevocationsTable.PARTITION_KEY, '#version': 'version' },
      ExpressionAttributeValues: { ':version': set.version },
    });
    // As both are stored: without members that are undefined.
    return written.done || isDeepStrictEqual(publishedKeysOf(written.item), publishedKeysOf(item)) ? 'published' : 'newer_exists';
  }

  /** Unless one of them was revoked again meanwhile. */
  private remove(uid: string, sids: readonly string[], now: number): Promise<{ readonly done: boolean; readonly item: Item | undefined }> {
    const names = sids.map((_, index) => `#s${index}`);
    return this.calls.update({
      TableName: this.table,
      Key: userRevocationsKey(uid),
      UpdateExpression: `REMOVE ${names.join(', ')}`,
      ConditionExpression: names.map((name) => `${name} < :now`).join(' AND '),
      ExpressionAttributeNames: Object.fromEntries(names.map((name, index) => [name, sessionAttribute(sids[index]!)])),
      ExpressionAttributeValues: { ':now': now },
      ReturnValues: 'ALL_NEW',
    });
  }
}
