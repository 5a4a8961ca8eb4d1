import { Limits } from '../../src/contract/limits';
import { removalTime } from './keyset';
import { PUBLISHED_KEY } from './keyset-format';
import { otherMembers } from './other-members';
import { KeyKeeper, ListedKey, PublishedKey, PublishedKeySet } from './model';

/** Kids that are remembered as withdrawn. A list names a few keys, so that a withdrawn one has long left it before it is forgotten. */
const WITHDRAWN_KIDS = 20;

export interface PublicationTimes {
  readonly accessTtlSeconds: number;
  readonly now: number;
}

/** A list of keys that cannot be used. Its text tells the team what to change and holds no key material. */
export class KeyListError extends Error {
  override readonly name = 'KeyListError';
}

/**
 * What is published for a list of keys, `keys` with the oldest first. A key that stood in `previous` keeps the time of its first
 * publication; one that was taken off the list, or that another keeper had, stays until its tokens have expired. Undefined when
 * exactly that is published already.
 */
export function listedSet(
  keys: readonly ListedKey[],
  keeper: KeyKeeper,
  previous: PublishedKeySet | undefined,
  { accessTtlSeconds, now }: PublicationTimes,
): PublishedKeySet | undefined {
  const known = new Map(previous?.keys.map((key) => [key.kid, key]));
  const withdrawn = new Set(previous?.withdrawn);
  const live = keys.filter(({ kid }) => !withdrawn.has(kid)).reverse().map((key): PublishedKey => ({
    ...otherMembers(known.get(key.kid), PUBLISHED_KEY), ...key, publishedAt: known.get(key.kid)?.publishedAt ?? now, state: 'active', keeper,
  }));
  if (live.length === 0) {
    throw new KeyListError('every key of the list was retired in an emergency: add another one');
  }
  const changed = live.find((key) => known.has(key.kid) && !sameKey(key, known.get(key.kid)!));
  if (changed) {
    throw new KeyListError(`the kid ${changed.kid} was published for another key: a key that changes needs a kid of its own`);
  }
  const gone = previous?.keys.filter((key) => !live.some(({ kid }) => kid === key.kid)) ?? [];
  const set = [...live, ...formerKeys(gone, removalTime(accessTtlSeconds, now), now)];
  if (previous && sameEntries(previous.keys, set)) {
    return undefined;
  }
  return { ...previous, version: (previous?.version ?? 0) + 1, keys: set, updatedAt: now };
}

/** A new set of the rotating keyset, with the keys of a keeper that the service used before: they verify until their tokens have expired. */
export function withFormerKeys(set: PublishedKeySet, previous: PublishedKeySet | undefined, { accessTtlSeconds, now }: PublicationTimes): PublishedKeySet {
  if (!previous) {
    return set;
  }
  const foreign = previous.keys.filter((key) => key.keeper !== undefined && !set.keys.some(({ kid }) => kid === key.kid));
  return {
    ...set,
    keys: [...set.keys, ...formerKeys(foreign, removalTime(accessTtlSeconds, now), now)],
  };
}

/** Emergency: the set without the key, under the next number, and never again with it. */
export function withdrawnFrom(published: PublishedKeySet, kid: string, now: number): PublishedKeySet {
  return {
    ...published,
    version: published.version + 1,
    keys: published.keys.filter((key) => key.kid !== kid),
    updatedAt: now,
    withdrawn: withdrawnKids(published, kid),
  };
}

/** The kids that are remembered as withdrawn once this one is. */
export function withdrawnKids(published: PublishedKeySet | undefined, kid: string): readonly string[] {
  return [kid, ...(published?.withdrawn ?? []).filter((one) => one !== kid)].slice(0, WITHDRAWN_KIDS);
}

/** The keys on the list: what may sign, newest first. */
export function listedKeys(published: PublishedKeySet, keeper: KeyKeeper): PublishedKey[] {
  return published.keys.filter((key) => key.keeper === keeper && key.state === 'active');
}

/**
 * The keys that may sign now, best first: those that every verifier's cache knows, because they were published a cache age ago. Where
 * there is none yet, which is so for a minute after the first deployment, the one that was published first.
 */
export function signingOrder(listed: readonly PublishedKey[], now: number): readonly PublishedKey[] {
  const known = listed.filter((key) => key.publishedAt <= now - Limits.KEYSET_CACHE_SECONDS * 1000);
  if (known.length > 0) {
    return known;
  }
  const [first] = [...listed].reverse().sort((a, b) => a.publishedAt - b.publishedAt);
  return first ? [first] : [];
}

function formerKeys(keys: readonly PublishedKey[], removeAt: number, now: number): PublishedKey[] {
  return keys.filter((key) => key.removeAt === undefined || key.removeAt > now)
    .map((key) => ({ ...key, state: 'retired', removeAt: key.removeAt ?? removeAt }));
}

function sameKey(a: PublishedKey, b: PublishedKey): boolean {
  return a.alg === b.alg && Object.entries(a.jwk).every(([name, value]) => b.jwk[name] === value);
}

function sameEntries(a: readonly PublishedKey[], b: readonly PublishedKey[]): boolean {
  return a.length === b.length && a.every((key, index) => {
    const other = b[index]!;
    return key.kid === other.kid && key.state === other.state && key.keeper === other.keeper && key.keyArn === other.keyArn;
  });
}
