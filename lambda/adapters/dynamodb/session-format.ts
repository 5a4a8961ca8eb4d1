import { SessionsTable } from '../../../src/contract/tables';
import { Session } from '../../domain/model';
import { Item, TransactItems } from './calls';
import { FORMAT_VERSION, ItemReader } from './item-reader';

export const SESSIONS_DEPENDENCY = 'sessions';
/** The item outlives its session, so that no clock ahead of ours sweeps a live one. */
const SWEEP_AFTER_SECONDS = 86400;

export const sessionKey = (sid: string): Item => ({ [SessionsTable.PARTITION_KEY]: sid });

/** Puts a session that is not there yet: alone, or in the transaction of what it depends on. */
export function newSessionPut(table: string, session: Session): NonNullable<TransactItems[number]['Put']> {
  return {
    TableName: table,
    Item: { ...session, v: FORMAT_VERSION, [SessionsTable.TTL]: Math.ceil(session.expiresAt / 1000) + SWEEP_AFTER_SECONDS },
    ConditionExpression: 'attribute_not_exists(#sid)',
    ExpressionAttributeNames: { '#sid': SessionsTable.PARTITION_KEY },
  };
}

export function sessionOf(item: Item | undefined): Session | undefined {
  if (!item) return undefined;
  const reader = new ItemReader(item, SESSIONS_DEPENDENCY);
  return {
    sid: reader.text('sid'),
    uid: reader.text('uid'),
    kv: reader.text('kv'),
    salt: reader.text('salt'),
    n: reader.number('n'),
    superseded: reader.list('superseded', 'number'),
    ...(item.parent === undefined ? {} : { parent: reader.numbers('parent', ['of', 'n', 'at']) }),
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
