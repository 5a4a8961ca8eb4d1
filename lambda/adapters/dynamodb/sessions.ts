import { SessionsTable } from '../../../src/contract/tables';
import { NextGeneration, Session } from '../../domain/model';
import { newestFirst } from '../../domain/session';
import { SessionEntry, SessionStore } from '../../ports/sessions';
import { Calls } from './calls';
import { DynamoDb } from './client';
import { newSessionPut, sessionKey, sessionOf, SESSIONS_DEPENDENCY } from './session-format';

export class DynamoSessionStore implements SessionStore {
  private readonly calls: Calls;

  constructor(db: DynamoDb, private readonly table: string) {
    this.calls = new Calls(db, SESSIONS_DEPENDENCY);
  }

  async create(session: Session): Promise<void> {
    const written = await this.calls.put(newSessionPut(this.table, session));
    // The salt is 256 random bits: the same one means this very call, repeated after its response was lost.
    if (!written.done && written.item?.salt !== session.salt) throw this.calls.unreadable('a session id was drawn twice');
  }

  async read(sid: string): Promise<Session | undefined> {
    return sessionOf(await this.calls.get(this.table, sessionKey(sid)));
  }

  async rotate(session: Session, next: NextGeneration): Promise<{ readonly rotated: boolean; readonly current: Session | undefined }> {
    const written = await this.calls.update({
      TableName: this.table,
      Key: sessionKey(session.sid),
      UpdateExpression: 'SET #n = :next, #superseded = :superseded, #parent = :parent, #lastUsedAt = :lastUsedAt, #idleExpiresAt = :idleExpiresAt',
      // Expiry stands in the condition too: TTL deletes days late (SE-08).
      ConditionExpression: '#n = :n AND #state = :live AND #expiresAt > :lastUsedAt',
      ExpressionAttributeNames: {
        '#n': 'n',
        '#superseded': 'superseded',
        '#parent': 'parent',
        '#lastUsedAt': 'lastUsedAt',
        '#idleExpiresAt': 'idleExpiresAt',
        '#state': 'state',
        '#expiresAt': 'expiresAt',
      },
      ExpressionAttributeValues: {
        ':n': session.n,
        ':live': 'live',
        ':next': next.n,
        ':superseded': next.superseded,
        ':parent': next.parent,
        ':lastUsedAt': next.lastUsedAt,
        ':idleExpiresAt': next.idleExpiresAt,
      },
      ReturnValues: 'ALL_NEW',
    });
    return { rotated: written.done, current: sessionOf(written.item) };
  }

  async markEnded(sid: string): Promise<void> {
    // Refused where there is no session: then there is none to end.
    await this.calls.update({
      TableName: this.table,
      Key: sessionKey(sid),
      UpdateExpression: 'SET #state = :ended',
      ConditionExpression: 'attribute_exists(#sid)',
      ExpressionAttributeNames: { '#state': 'state', '#sid': SessionsTable.PARTITION_KEY },
      ExpressionAttributeValues: { ':ended': 'ended' },
    });
  }

  async endUnused(session: Session): Promise<boolean> {
    const written = await this.calls.update({
      TableName: this.table,
      Key: sessionKey(session.sid),
      UpdateExpression: 'SET #state = :ended',
      ConditionExpression: '#n = :n',
      ExpressionAttributeNames: { '#state': 'state', '#n': 'n' },
      ExpressionAttributeValues: { ':ended': 'ended', ':n': session.n },
    });
    return written.done || sessionOf(written.item)?.state !== 'live';
  }

  async forget(session: Session): Promise<void> {
    await this.calls.delete({
      TableName: this.table,
      Key: sessionKey(session.sid),
      ConditionExpression: '#n = :n',
      ExpressionAttributeNames: { '#n': 'n' },
      ExpressionAttributeValues: { ':n': session.n },
    });
  }

  async listByUser(uid: string, atMost?: number): Promise<SessionEntry[]> {
    const entries = await this.calls.query({
      TableName: this.table,
      IndexName: SessionsTable.USER_INDEX,
      KeyConditionExpression: '#uid = :uid',
      ExpressionAttributeNames: { '#uid': SessionsTable.USER_INDEX_PARTITION_KEY },
      ExpressionAttributeValues: { ':uid': uid },
      ScanIndexForward: false,
    }, atMost);
    return entries
      .map((entry) => ({ sid: String(entry[SessionsTable.PARTITION_KEY]), createdAt: Number(entry[SessionsTable.USER_INDEX_SORT_KEY]) }))
      .sort(newestFirst);
  }

  async readMany(sids: readonly string[]): Promise<Session[]> {
    const items = await this.calls.getMany(this.table, sids.map(sessionKey));
    return items.map(sessionOf).filter((session) => session !== undefined);
  }
}
