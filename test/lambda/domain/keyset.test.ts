import fc from 'fast-check';
import { parsePublishedKeySet, parseSigningKeyset } from '../../../lambda/domain/keyset-format';
import { firstKeyset, KeysetChange, PublicJwkOf, publishedSet, retireKey, rotateKeyset, signingCandidates, signingKeyAt } from '../../../lambda/domain/keyset';
import { PublishedKeySet, SigningKey, SigningKeyset } from '../../../lambda/domain/model';

const NOW = 1_800_000_000_000;
const SECOND = 1000;
const HOUR = 3600 * SECOND;
const DAY = 24 * HOUR;
const TTL = 900;
/** Access token, leeway, a day. */
const RETIRED_LIFE = (TTL + 30) * SECOND + DAY;

let made = 0;
function key(createdAt = NOW): SigningKey {
  const kid = `key-${made++}`;
  return { kid, alg: 'ES256', privateJwk: { kty: 'EC', x: kid, d: `secret of ${kid}` }, createdAt };
}

const publicJwkOf: PublicJwkOf = (one) => ({ kty: 'EC', x: one.kid, kid: one.kid, use: 'sig', alg: one.alg });
const change = (newNext: SigningKey = key(), publishedVersion?: number): KeysetChange & { accessTtlSeconds: number } => ({
  newNext,
  publicJwkOf,
  accessTtlSeconds: TTL,
  ...(publishedVersion === undefined ? {} : { publishedVersion }),
});
const publish = (keyset: SigningKeyset, previous: PublishedKeySet | undefined, now: number): PublishedKeySet =>
  publishedSet(keyset, previous, publicJwkOf, now);
const kids = (set: PublishedKeySet): string[] => set.keys.map((one) => one.kid);

function start(now = NOW): { keyset: SigningKeyset; published: PublishedKeySet } {
  const keyset = firstKeyset(key(now), key(now));
  return { keyset, published: publish(keyset, undefined, now) };
}

describe('first keyset', () => {
  test('has an active and a next key, both published at once', () => {
    const { keyset, published } = start();
    expect(keyset.version).toBe(1);
    expect(published).toMatchObject({ version: 1, updatedAt: NOW });
    expect(published.keys.map(({ state, publishedAt }) => [state, publishedAt])).toEqual([['active', NOW], ['next', NOW]]);
  });

  test('JT-14 nothing private is published', () => {
    const { keyset, published } = start();
    const later = publish(rotateKeyset(keyset, change(), NOW + DAY), published, NOW + DAY);
    expect(JSON.stringify([published, later])).not.toContain('secret');
  });
});

describe('rotation', () => {
  test('T28 next becomes active, active is retired with its private part, the new next is published', () => {
    const { keyset, published } = start();
    const fresh = key(NOW + DAY);
    const rotated = rotateKeyset(keyset, change(fresh), NOW + DAY);
    expect(rotated.version).toBe(2);
    expect(rotated.active).toBe(keyset.next);
    expect(rotated.next).toBe(fresh);
    expect(rotated.retired).toEqual([
      {
        kid: keyset.active.kid,
        alg: 'ES256',
        publicJwk: publicJwkOf(keyset.active),
        privateJwk: keyset.active.privateJwk,
        createdAt: NOW,
        retiredAt: NOW + DAY,
        removeAt: NOW + DAY + RETIRED_LIFE,
      },
    ]);
    const set = publish(rotated, published, NOW + DAY);
    expect(set.keys.map((one) => [one.kid, one.state, one.publishedAt, one.removeAt])).toEqual([
      [rotated.active.kid, 'active', NOW, undefined],
      [fresh.kid, 'next', NOW + DAY, undefined],
      [keyset.active.kid, 'retired', NOW, NOW + DAY + RETIRED_LIFE],
    ]);
  });

  test('T28 publishing the same keyset again gives an equal set', () => {
    const { keyset, published } = start();
    const rotated = rotateKeyset(keyset, change(), NOW + DAY);
    const once = publish(rotated, published, NOW + DAY);
    expect(publish(rotated, once, NOW + DAY + HOUR)).toEqual(once);
  });

  test('T28 a change that is built again never repeats a published version', () => {
    const { keyset, published } = start();
    const abandoned = publish(rotateKeyset(keyset, change(), NOW), published, NOW);
    const rebuilt = rotateKeyset(keyset, change(key(), abandoned.version), NOW);
    expect(rebuilt.version).toBe(abandoned.version + 1);
  });

  test('retired keys leave when their time has come', () => {
    const { keyset } = start();
    const second = rotateKeyset(keyset, change(), NOW + DAY);
    const third = rotateKeyset(second, change(), NOW + 30 * DAY);
    expect(third.retired.map((one) => one.kid)).toEqual([second.active.kid]);
    expect(kids(publish(second, undefined, NOW + DAY + RETIRED_LIFE - 1))).toContain(keyset.active.kid);
    expect(kids(publish(second, undefined, NOW + DAY + RETIRED_LIFE))).not.toContain(keyset.active.kid);
  });

  test('a private part is stripped once its successor is older than an hour', () => {
    const { keyset } = start();
    const soon = rotateKeyset(rotateKeyset(keyset, change(key(NOW + SECOND)), NOW + SECOND), change(key(NOW + 2 * SECOND)), NOW + 2 * SECOND);
    expect(soon.retired.map((one) => one.privateJwk !== undefined)).toEqual([true, true]);
    const later = rotateKeyset(soon, change(key(NOW + 5 * HOUR)), NOW + 5 * HOUR);
    expect(later.retired.map((one) => one.privateJwk !== undefined)).toEqual([true, false, false]);
  });

  test('a private part is judged by its own successor, not by the active key', () => {
    const minutes = [0, 1, 50, 55, 80];
    const rotated = minutes.reduce((keyset, minute) => {
      const at = NOW + minute * 60 * SECOND;
      return rotateKeyset(keyset, change(key(at)), at);
    }, start().keyset);
    expect(rotated.active.createdAt).toBe(NOW + 55 * 60 * SECOND);
    // Made at minutes 50, 1, 0, 0, 0; the successors at 55, 50, 1, 0, 0.
    expect(rotated.retired.map((one) => one.privateJwk !== undefined)).toEqual([true, true, false, false, false]);
  });

  test('a keyset that would not fit into the secret is refused', () => {
    const big = (): SigningKey => ({ ...key(), privateJwk: { n: 'n'.repeat(2000), d: 'd'.repeat(2000) } });
    let keyset = firstKeyset(big(), big());
    expect(() => {
      for (let turn = 0; turn < 40; turn++) {
        keyset = rotateKeyset(keyset, change(big()), NOW + turn);
      }
    }).toThrow('too many rotations within a day');
    expect(JSON.stringify(keyset).length).toBeLessThan(65_536);
  });
});

describe('which key signs', () => {
  test('T29 after an ordinary rotation the new active key signs at once: all have known it for a period', () => {
    const { keyset, published } = start();
    const rotated = rotateKeyset(keyset, change(), NOW + DAY);
    expect(signingKeyAt(rotated, publish(rotated, published, NOW + DAY), NOW + DAY)).toBe(rotated.active);
  });

  test('T29 after two rotations back to back the older key signs until the new one is known to every cache', () => {
    const { keyset, published } = start();
    const first = rotateKeyset(keyset, change(), NOW + DAY);
    const firstSet = publish(first, published, NOW + DAY);
    const second = rotateKeyset(first, change(), NOW + DAY + SECOND);
    const set = publish(second, firstSet, NOW + DAY + SECOND);
    expect(signingKeyAt(second, set, NOW + DAY + SECOND)?.kid).toBe(first.active.kid);
    expect(signingKeyAt(second, set, NOW + DAY + 59 * SECOND)?.kid).toBe(first.active.kid);
    expect(signingKeyAt(second, set, NOW + DAY + 60 * SECOND)).toBe(second.active);
  });

  test('right after the first deployment the active key signs: nobody has an older set', () => {
    const { keyset, published } = start();
    expect(signingKeyAt(keyset, published, NOW)).toBe(keyset.active);
    expect(signingKeyAt(keyset, undefined, NOW)).toBe(keyset.active);
  });

  test('T29 after rotations within the first minute the key published first signs, since no cache knows the later ones', () => {
    const { keyset, published } = start();
    let [rotated, set] = [keyset, published];
    for (let second = 1; second <= 3; second += 1) {
      rotated = rotateKeyset(rotated, change(), NOW + second * SECOND);
      set = publish(rotated, set, NOW + second * SECOND);
    }
    const signer = signingKeyAt(rotated, set, NOW + 3 * SECOND)!;
    expect([keyset.active.kid, keyset.next.kid]).toContain(signer.kid);
    expect(signer.kid).not.toBe(rotated.active.kid);
  });

  test('T29 a signer whose active key was withdrawn signs with next, however young it is', () => {
    const { keyset } = start();
    const retired = retireKey(keyset, keyset.active.kid, change(), NOW) as SigningKeyset;
    expect(signingKeyAt(keyset, publish(retired, undefined, NOW), NOW)).toBe(keyset.next);
  });

  test('T29 while something is published, a key that is not signs nothing: no verifier would take its tokens', () => {
    const [{ keyset }, other] = [start(), start()];
    expect(signingKeyAt(keyset, other.published, NOW + DAY)).toBeUndefined();
    // of a table that outlived its secret, whose keys are published a moment later
    expect(signingKeyAt(keyset, publish({ ...keyset, version: 2 }, other.published, NOW + DAY), NOW + DAY)).toBe(keyset.active);
  });

  test('T29 of retired keys alone, as while the secret cannot be read for hours, the last to go signs', () => {
    const { keyset, published } = start();
    let [rotated, set] = [keyset, published];
    for (const hours of [1, 2, 3]) {
      rotated = rotateKeyset(rotated, change(), NOW + hours * HOUR);
      set = publish(rotated, set, NOW + hours * HOUR);
    }
    expect(signingKeyAt(keyset, set, NOW + 4 * HOUR)?.kid).toBe(keyset.next.kid);
    expect(signingKeyAt(keyset, set, NOW + 40 * HOUR)).toBeUndefined();
  });

  test('a retired key does not sign what it would not outlive', () => {
    const { keyset } = start();
    const rotated = rotateKeyset(keyset, change(), NOW);
    const unknownActive: PublishedKeySet = {
      version: 2,
      updatedAt: NOW,
      keys: publish(rotated, undefined, NOW - DAY).keys.map((one) => (one.state === 'active' ? { ...one, publishedAt: NOW + 2 * HOUR } : one)),
    };
    expect(signingKeyAt(rotated, unknownActive, NOW + (TTL + 30) * SECOND)?.kid).toBe(keyset.active.kid);
    expect(signingKeyAt(rotated, unknownActive, NOW + (TTL + 31) * SECOND)).toBe(rotated.active);
  });

  test('candidates are the keys with a private part, newest first, without next', () => {
    const { keyset } = start();
    const rotated = rotateKeyset(keyset, change(), NOW);
    expect(signingCandidates(rotated).map((one) => one.kid)).toEqual([rotated.active.kid, keyset.active.kid]);
  });

  test('T29 whatever the rotations: the key that signs has been published for a cache age if any has, and outlives its tokens', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 200_000 }), { maxLength: 12 }), fc.integer({ min: 0, max: 200_000 }), (gaps, wait) => {
        let now = NOW + HOUR;
        let { keyset, published } = start();
        for (const gap of gaps) {
          now += gap;
          keyset = rotateKeyset(keyset, change(key(now)), now);
          published = publish(keyset, published, now);
        }
        now += wait;
        const signer = signingKeyAt(keyset, published, now)!;
        const entry = published.keys.find((one) => one.kid === signer.kid);
        expect(entry).toBeDefined();
        expect(entry?.publishedAt).toBeLessThanOrEqual(now - 60 * SECOND);
        expect(entry?.removeAt ?? Infinity).toBeGreaterThanOrEqual(now + (TTL + 30) * SECOND);
        expect(parseSigningKeyset(JSON.stringify(keyset))).toEqual(keyset);
        expect(parsePublishedKeySet(JSON.parse(JSON.stringify(published)))).toEqual(published);
      }),
    );
  });
});

describe('emergency retirement', () => {
  test('T29 of the active key: it is gone from secret and published set, next takes over', () => {
    const { keyset, published } = start();
    const fresh = key();
    const retired = retireKey(keyset, keyset.active.kid, change(fresh), NOW + DAY);
    expect(retired).toEqual({ v: 1, version: 2, active: keyset.next, next: fresh, retired: [] });
    expect(kids(publish(retired as SigningKeyset, published, NOW + DAY))).toEqual([keyset.next.kid, fresh.kid]);
  });

  test('T29 a signer whose secret is older than the published set signs with next, never with the retired key', () => {
    const { keyset, published } = start();
    const retired = retireKey(keyset, keyset.active.kid, change(), NOW + DAY) as SigningKeyset;
    const set = publish(retired, published, NOW + DAY);
    expect(signingKeyAt(keyset, set, NOW + DAY)).toBe(keyset.next);
    expect(signingKeyAt(retired, set, NOW + DAY)).toBe(keyset.next);
  });

  test('of the next key and of a retired one', () => {
    const { keyset } = start();
    const rotated = rotateKeyset(keyset, change(), NOW);
    const fresh = key();
    const withoutNext = retireKey(rotated, rotated.next.kid, change(fresh), NOW);
    expect(withoutNext).toMatchObject({ version: 3, active: rotated.active, next: fresh, retired: rotated.retired });
    const withoutRetired = retireKey(rotated, keyset.active.kid, change(), NOW);
    expect(withoutRetired).toEqual({ ...rotated, version: 3, retired: [] });
  });

  test('of an unknown key: nothing', () => {
    expect(retireKey(start().keyset, 'no-such-key', change(), NOW)).toBeUndefined();
  });
});
