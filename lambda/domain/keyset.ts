import { Limits } from '../../src/contract/limits';
import { PUBLISHED_KEY } from './keyset-format';
import { otherMembers } from './other-members';
import { PublishedKey, PublishedKeySet, RetiredKey, SigningKey, SigningKeyset } from './model';

/** The public JWK of a key, with kid, use and alg: `KeyFactory.publicJwk`. */
export type PublicJwkOf = (key: Pick<SigningKey, 'kid' | 'alg' | 'privateJwk'>) => Readonly<Record<string, string>>;

export interface KeysetChange {
  /** Becomes `next`: it is published from now on and signs at the earliest after the next rotation. */
  readonly newNext: SigningKey;
  readonly publicJwkOf: PublicJwkOf;
  /** Version of the set that is published now, so that a rebuilt change never repeats a number. */
  readonly publishedVersion?: number;
}

/** Bytes of a secret that are not exceeded; Secrets Manager takes 65536. */
const KEYSET_BYTES = 60000;
/** A retired key keeps its private part at least until its successor is this old. */
const PRIVATE_PART_MS = 3600 * 1000;

export function firstKeyset(active: SigningKey, next: SigningKey): SigningKeyset {
  return { v: 1, version: 1, active, next, retired: [] };
}

/**
 * `next` becomes active, active becomes retired, a new next is made. Verifiers have known the key that now signs for a whole period.
 * The retired key keeps its private part: after two quick rotations the active key may still be too young for some verifier's cache.
 */
export function rotateKeyset(keyset: SigningKeyset, change: KeysetChange & { readonly accessTtlSeconds: number }, now: number): SigningKeyset {
  const { active } = keyset;
  const retiring: RetiredKey = {
    ...active,
    publicJwk: change.publicJwkOf(active),
    retiredAt: now,
    removeAt: removalTime(change.accessTtlSeconds, now),
  };
  return withinSize({
    ...keyset,
    version: nextVersion(keyset, change),
    active: keyset.next,
    next: change.newNext,
    retired: [retiring, ...stripOldPrivateParts(keyset, now)].filter((key) => key.removeAt > now),
  });
}

/** When a key that signs nothing from now on leaves the published set: every token of it has expired by then, and a day has passed. */
export function removalTime(accessTtlSeconds: number, now: number): number {
  return now + (accessTtlSeconds + Limits.CLOCK_LEEWAY_SECONDS + Limits.RETIRED_KEY_EXTRA_SECONDS) * 1000;
}

/**
 * Emergency: the key is gone from the set at once, and with it every token it signed. A retired `active` is followed by `next`.
 * Undefined when the set has no such key.
 */
export function retireKey(keyset: SigningKeyset, kid: string, change: KeysetChange, now: number): SigningKeyset | undefined {
  const version = nextVersion(keyset, change);
  const retired = keyset.retired.filter((key) => key.kid !== kid && key.removeAt > now);
  if (keyset.active.kid === kid) {
    return { ...keyset, version, active: keyset.next, next: change.newNext, retired };
  }
  if (keyset.next.kid === kid) {
    return { ...keyset, version, next: change.newNext, retired };
  }
  if (keyset.retired.some((key) => key.kid === kid)) {
    return { ...keyset, version, retired };
  }
  return undefined;
}

/**
 * The public half of a keyset. A key that stood in `previous` keeps the time of its first publication, and set and key what a later release
 * put there. Publishing the same keyset twice gives an equal set.
 */
export function publishedSet(keyset: SigningKeyset, previous: PublishedKeySet | undefined, publicJwkOf: PublicJwkOf, now: number): PublishedKeySet {
  const known = new Map(previous?.keys.map((key) => [key.kid, key]));
  const entry = ({ kid, alg }: Pick<SigningKey, 'kid' | 'alg'>, jwk: PublishedKey['jwk']): Omit<PublishedKey, 'state'> => ({
    ...otherMembers(known.get(kid), PUBLISHED_KEY), kid, alg, jwk, publishedAt: known.get(kid)?.publishedAt ?? now,
  });
  const live = (key: SigningKey, state: 'active' | 'next'): PublishedKey => ({ ...entry(key, publicJwkOf(key)), state });
  const keys: PublishedKey[] = [
    live(keyset.active, 'active'),
    live(keyset.next, 'next'),
    ...keyset.retired
      .filter((key) => key.removeAt > now)
      .map((key): PublishedKey => ({ ...entry(key, key.publicJwk), state: 'retired', removeAt: key.removeAt })),
  ];
  const repeated = previous?.version === keyset.version && sameKids(previous.keys, keys);
  return { ...previous, version: keyset.version, keys, updatedAt: repeated ? previous.updatedAt : now };
}

/** Keys whose private part is at hand, newest first, without `next`. */
export function signingCandidates(keyset: SigningKeyset): SigningKey[] {
  const retired = keyset.retired.flatMap((key) =>
    key.privateJwk ? [{ kid: key.kid, alg: key.alg, privateJwk: key.privateJwk, createdAt: key.createdAt }] : [],
  );
  return [keyset.active, ...retired];
}

/**
 * The key that signs now: the newest that every verifier's cache knows, because it was published a cache age ago; while there is none,
 * the one published first, which stands in every set that a verifier may have. `published` is the set as this container knows it; undefined
 * while nothing was ever published: no verifier decides on anything then, and what is published first has this active key.
 *
 * Undefined when no key in hand is published: no verifier would take its tokens, and a client that is refused them drops its session.
 */
export function signingKeyAt(keyset: SigningKeyset, published: PublishedKeySet | undefined, now: number): SigningKey | undefined {
  if (!published) {
    return keyset.active;
  }
  const byKid = new Map(published.keys.map((key) => [key.kid, key]));
  const candidates = signingCandidates(keyset);
  // A rotation and an emergency publish first. Until the secret in hand follows, its active key may be retired there for long, or gone.
  const active = byKid.get(keyset.active.kid);
  if (!(active && outlivesItsTokens(active, now))) candidates.push(keyset.next);
  const standing = candidates.flatMap((key) => {
    const entry = byKid.get(key.kid);
    return entry && (entry.removeAt === undefined || entry.removeAt > now) ? [{ key, entry }] : [];
  });
  const lasting = standing.filter(({ entry }) => outlivesItsTokens(entry, now));
  const knownSince = now - Limits.KEYSET_CACHE_SECONDS * 1000;
  const known = lasting.find(({ entry }) => entry.publishedAt <= knownSince);
  // Of retired keys alone, with a secret that could not be read again for long, the last to go: its tokens still have most of a day.
  const choice = known ?? leastOf(lasting, ({ entry }) => entry.publishedAt) ?? leastOf(standing, ({ entry }) => -(entry.removeAt ?? Infinity));
  return choice?.key;
}

function leastOf<T>(values: readonly T[], by: (value: T) => number): T | undefined {
  return values.reduce<T | undefined>((least, value) => (least === undefined || by(value) < by(least) ? value : least), undefined);
}

/** A retired key signs only while whatever it signs still has the whole extra time before the key leaves the set. */
function outlivesItsTokens(key: PublishedKey, now: number): boolean {
  return key.removeAt === undefined || key.removeAt - now >= Limits.RETIRED_KEY_EXTRA_SECONDS * 1000;
}

function stripOldPrivateParts(keyset: SigningKeyset, now: number): RetiredKey[] {
  return keyset.retired.map((key, index) => {
    const successor = keyset.retired[index - 1] ?? keyset.active;
    if (key.privateJwk === undefined || now - successor.createdAt <= PRIVATE_PART_MS) {
      return key;
    }
    const { privateJwk: _, ...publicPart } = key;
    return publicPart;
  });
}

function nextVersion(keyset: SigningKeyset, change: KeysetChange): number {
  return Math.max(keyset.version, change.publishedVersion ?? 0) + 1;
}

function withinSize(keyset: SigningKeyset): SigningKeyset {
  if (Buffer.byteLength(JSON.stringify(keyset)) > KEYSET_BYTES) {
    throw new Error('signing keyset: too many rotations within a day, wait until retired keys have left the set');
  }
  return keyset;
}

function sameKids(a: readonly PublishedKey[], b: readonly PublishedKey[]): boolean {
  return a.length === b.length && a.every((key, index) => key.kid === b[index]?.kid && key.state === b[index].state);
}
