import { RevocationsTable } from '../../../src/contract/tables';
import { Item, TransactItems } from './calls';
import { FORMAT_VERSION } from './item-reader';
import { MIN_SV, userRevocationsKey } from './revocation-format';

export interface Minimum {
  readonly minSv: number;
  /** Epoch seconds. */
  readonly ttl: number;
}

/**
 * Raises the user's minimum session version as part of a transaction. It replaces the item: the single sessions that it lists are
 * older than the new minimum, and kept they would push each later logout over the limit. Neither the minimum nor the TTL ever falls.
 */
export function withMinimum(table: string, uid: string, minimum: Minimum): TransactItems[number] {
  return {
    Put: {
      TableName: table,
      Item: { ...userRevocationsKey(uid), v: FORMAT_VERSION, [MIN_SV]: minimum.minSv, [RevocationsTable.TTL]: minimum.ttl },
      ConditionExpression: '(attribute_not_exists(#minSv) OR #minSv <= :minSv) AND (attribute_not_exists(#ttl) OR #ttl <= :ttl)',
      ExpressionAttributeNames: { '#minSv': MIN_SV, '#ttl': RevocationsTable.TTL },
      ExpressionAttributeValues: { ':minSv': minimum.minSv, ':ttl': minimum.ttl },
    },
  };
}

/** The larger of what is wanted and what stands in the item. */
export function minimumOf(item: Item, wanted: Minimum): Minimum {
  return {
    minSv: Math.max(wanted.minSv, Number(item[MIN_SV] ?? 0)),
    ttl: Math.max(wanted.ttl, Number(item[RevocationsTable.TTL] ?? 0)),
  };
}
