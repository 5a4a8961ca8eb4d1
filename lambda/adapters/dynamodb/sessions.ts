import { SessionsTable } from '../../../src/contract/tables';
import { NextGeneration, Session } from '../../domain/model';
import { SessionStore } from '../../ports/sessions';
import { Calls } from './calls';
import { DynamoDb } from './client';
import { newSessionPut, sessionKey, sessionOf, SESSIONS_DEPENDENCY } from './session-format';

const PAGE = 100;
const READS_AT_ONCE = 10;

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

  async listByUser(uid: string): Promise<Session[]> {
    const entries = await this.calls.query({
      TableName: this.table,
      IndexName: SessionsTable.USER_INDEX,
      KeyConditionExpression: '#uid = :uid',
      ExpressionAttributeNames: { '#uid': SessionsTable.USER_INDEX_PARTITION_KEY },
      ExpressionAttributeValues: { ':uid': uid },
      ScanIndexForward: false,
      Limit: PAGE,
    });
    const sessions: Session[] = [];
    for (let start = 0; start < entries.length; start += READS_AT_ONCE) {
      const page = await Promise.all(entries.slice(start, start + READS_AT_ONCE).map((entry) => this.read(String(entry[SessionsTable.PARTITION_KEY]))));
      sessions.push(...page.filter((session) => session !== undefined));
    }
    return sessions;
  }
}
