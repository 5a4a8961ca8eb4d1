import { SessionsTable } from '../../../src/contract/tables';
import { Session } from '../../domain/model';
import { SessionStore } from '../../ports/sessions';
import { Calls, Item } from './calls';
import { DynamoDb } from './client';
import { FORMAT_VERSION, ItemReader } from './item-reader';

const DEPENDENCY = 'sessions';
/** The item outlives its session, so that no clock ahead of ours sweeps a live one. */
const SWEEP_AFTER_SECONDS = 86400;
const LISTED = 100;
const READS_AT_ONCE = 10;

export class DynamoSessionStore implements SessionStore {
  private readonly calls: Calls;

  constructor(db: DynamoDb, private readonly table: string) {
    this.calls = new Calls(db, DEPENDENCY);
  }

  async create(session: Session): Promise<void> {
    const written = await this.calls.put({
      TableName: this.table,
      Item: { ...session, v: FORMAT_VERSION, [SessionsTable.TTL]: Math.ceil(session.expiresAt / 1000) + SWEEP_AFTER_SECONDS },
      ConditionExpression: 'attribute_not_exists(#sid)',
      ExpressionAttributeNames: { '#sid': SessionsTable.PARTITION_KEY },
    });
    // The salt is 256 random bits: the same one means this very call, repeated after its response was lost.
    if (!written.done && written.item?.salt !== session.salt) throw this.calls.unreadable('a session id was drawn twice');
  }

  async read(sid: string): Promise<Session | undefined> {
    return sessionOf(await this.calls.get(this.table, this.key(sid)));
  }

  async rotate(session: Session, next: Pick<Session, 'n' | 'superseded' | 'lastUsedAt' | 'idleExpiresAt' | 'sv'>): Promise<{ readonly rotated: boolean; readonly current: Session | undefined }> {
    const written = await this.calls.update({
      TableName: this.table,
      Key: this.key(session.sid),
      UpdateExpression: 'SET #n = :next, #superseded = :superseded, #lastUsedAt = :lastUsedAt, #idleExpiresAt = :idleExpiresAt, #sv = :sv',
      // Expiry stands in the condition too: TTL deletes days late (SE-08).
      ConditionExpression: '#n = :n AND #state = :live AND #expiresAt > :lastUsedAt',
      ExpressionAttributeNames: {
        '#n': 'n',
        '#superseded': 'superseded',
        '#lastUsedAt': 'lastUsedAt',
        '#idleExpiresAt': 'idleExpiresAt',
        '#sv': 'sv',
        '#state': 'state',
        '#expiresAt': 'expiresAt',
      },
      ExpressionAttributeValues: {
        ':n': session.n,
        ':live': 'live',
        ':next': next.n,
        ':superseded': next.superseded,
        ':lastUsedAt': next.lastUsedAt,
        ':idleExpiresAt': next.idleExpiresAt,
        ':sv': next.sv,
      },
      ReturnValues: 'ALL_NEW',
    });
    return { rotated: written.done, current: sessionOf(written.item) };
  }

  async markEnded(sid: string): Promise<void> {
    // Refused where there is no session: then there is none to end.
    await this.calls.update({
      TableName: this.table,
      Key: this.key(sid),
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
      Limit: LISTED,
    });
    const sessions: Session[] = [];
    for (let start = 0; start < entries.length; start += READS_AT_ONCE) {
      const page = await Promise.all(entries.slice(start, start + READS_AT_ONCE).map((entry) => this.read(String(entry[SessionsTable.PARTITION_KEY]))));
      sessions.push(...page.filter((session) => session !== undefined));
    }
    return sessions;
  }

  private key(sid: string): Item {
    return { [SessionsTable.PARTITION_KEY]: sid };
  }
}

function sessionOf(item: Item | undefined): Session | undefined {
  if (!item) return undefined;
  const reader = new ItemReader(item, DEPENDENCY);
  return {
    sid: reader.text('sid'),
    uid: reader.text('uid'),
    kv: reader.text('kv'),
    salt: reader.text('salt'),
    n: reader.number('n'),
    superseded: reader.list('superseded', 'number'),
    state: reader.oneOf('state', ['live', 'ended']),
    sv: reader.number('sv'),
    amr: reader.list('amr', 'string'),
    authTime: reader.number('authTime'),
    createdAt: reader.number('createdAt'),
    lastUsedAt: reader.number('lastUsedAt'),
    expiresAt: reader.number('expiresAt'),
    idleExpiresAt: reader.number('idleExpiresAt'),
    device: reader.text('device'),
  };
}
