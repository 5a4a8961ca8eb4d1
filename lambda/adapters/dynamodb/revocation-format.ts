import { RevocationsTable } from '../../../src/contract/tables';
import { UnavailableError } from '../../domain/errors';
import { parsePublishedKeySet } from '../../domain/keyset-format';
import { PublishedKeySet, Revocations } from '../../domain/model';
import { FORMAT_VERSION, ItemReader } from './item-reader';

/*
 * Items of the Revocations table, shared by the two adapters that read it. No SDK here: the authorizer's bundle has none.
 *
 * U#<uid>       v, minSv (absent: 0), one attribute `s#<sid>` a revoked session with its expiry (epoch seconds), ttl.
 * KEYS#signing  v, version, set: the published set as JSON.
 */

export const REVOCATIONS_DEPENDENCY = 'revocations';
export const MIN_SV = 'minSv';

const SESSION_PREFIX = 's#';

export const sessionAttribute = (sid: string): string => `${SESSION_PREFIX}${sid}`;

export const userRevocationsKey = (uid: string): Readonly<Record<string, string>> => ({ [RevocationsTable.PARTITION_KEY]: `${RevocationsTable.USER_PREFIX}${uid}` });

export const publishedKeysKey: Readonly<Record<string, string>> = { [RevocationsTable.PARTITION_KEY]: RevocationsTable.SIGNING_KEYS };

type Item = Readonly<Record<string, unknown>>;

/** Expired entries count too: the tokens that they refuse have expired themselves. */
export function revocationsOf(item: Item | undefined): Revocations {
  if (!item) return { minSv: 0, sids: new Set() };
  const reader = new ItemReader(item, REVOCATIONS_DEPENDENCY);
  return {
    minSv: item[MIN_SV] === undefined ? 0 : reader.number(MIN_SV),
    sids: new Set(revokedSessions(item).keys()),
  };
}

/** Revoked sessions with their expiry, epoch seconds. */
export function revokedSessions(item: Item): ReadonlyMap<string, number> {
  return new Map(Object.entries(item)
    .filter(([name]) => name.startsWith(SESSION_PREFIX))
    .map(([name, expires]) => [name.slice(SESSION_PREFIX.length), Number(expires)]));
}

/** @param stored the item that it takes the place of: what a later release keeps there beside the set stays (KS-01) */
export function publishedKeysItem(set: PublishedKeySet, stored: Item | undefined): Item {
  return { ...stored, ...publishedKeysKey, v: FORMAT_VERSION, version: set.version, set: JSON.stringify(set) };
}

export function publishedKeysOf(item: Item | undefined): PublishedKeySet | undefined {
  if (!item) return undefined;
  const json = new ItemReader(item, REVOCATIONS_DEPENDENCY).text('set');
  try {
    return parsePublishedKeySet(JSON.parse(json));
  } catch (error) {
    throw new UnavailableError(REVOCATIONS_DEPENDENCY, error);
  }
}
