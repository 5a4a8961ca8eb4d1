import fc from 'fast-check';
import { signingKeyAt } from '../../../../lambda/domain/keyset';
import type { PublishedKeySet, SigningKeyset } from '../../../../lambda/domain/model';
import { retireKey } from '../../../../lambda/use-cases/rotate-keys';
import { KeyWorld } from './support/key-world';

/** How long a verifier or a signer goes by the set that it read. */
const CACHE = 60_000;

interface Moment<T> {
  readonly at: number;
  readonly value: T;
}

/** What happens to keys, from the moment of the first deployment on. */
const operation = fc.record({
  /** Seconds before it. */
  wait: fc.oneof(fc.integer({ min: 0, max: 70 }), fc.integer({ min: 0, max: 5000 })),
  what: fc.constantFrom('rotate', 'retire active', 'retire next', 'retire retired'),
});

/** All that was current at some time since `from`. */
function currentSince<T>(moments: readonly Moment<T>[], from: number): T[] {
  return moments.filter((_, index) => (moments[index + 1]?.at ?? Infinity) > from).map(({ value }) => value);
}

test('KR-04 KR-06 T29 from the first deployment on, whatever is rotated or retired: what signs stands in every set that a verifier may have', async () => {
  await fc.assert(fc.asyncProperty(fc.array(operation, { maxLength: 8 }), fc.integer({ min: 0, max: 120 }), async (operations, rest) => {
    const world = await KeyWorld.deployed();
    const sets: Moment<PublishedKeySet>[] = [];
    const secrets: Moment<SigningKeyset>[] = [];
    const retired = new Set<string>();

    const note = (): void => {
      const at = world.clock.now();
      sets.push({ at, value: world.tables.publishedKeys! });
      secrets.push({ at, value: world.signing() });
    };
    const check = (): void => {
      const now = world.clock.now();
      const held = currentSince(sets, now - CACHE);
      // A signer whose set has another number than its secret reads the secret again: it has the present one, or that of its set.
      for (const set of held) {
        for (const keyset of new Set([world.signing(), ...secrets.map(({ value }) => value).filter(({ version }) => version === set.version)])) {
          const signer = signingKeyAt(keyset, set, now);
          if (signer === undefined || retired.has(signer.kid)) continue;
          expect(held.filter(({ keys }) => !keys.some(({ kid }) => kid === signer.kid))).toEqual([]);
        }
      }
      expect(signingKeyAt(world.signing(), world.tables.publishedKeys, now)).toBeDefined();
    };

    note();
    check();
    for (const { wait, what } of operations) {
      world.clock.advance(wait);
      check();
      const { active, next, retired: former } = world.signing();
      const kid = { 'rotate': undefined, 'retire active': active.kid, 'retire next': next.kid, 'retire retired': former[0]?.kid }[what];
      if (what === 'rotate') await world.rotate();
      else if (kid !== undefined && await retireKey(world.deps, kid) === 'retired') retired.add(kid);
      note();
      check();
    }
    world.clock.advance(rest);
    check();
  }), { seed: 20261101, numRuns: 150 });
});
