import { AttemptRule, Reservation } from '../../../lambda/ports/attempts';
import { HOUR, MakeStores, parallel, START, Stores, unique } from './stores';

/** What every `AttemptStore` holds. */
export function describeAttemptStore(name: string, makeStores: MakeStores): void {
  describe(`AttemptStore of ${name}`, () => {
    const rule: AttemptRule = { perHour: 10, stopAt: 100 };
    let stores: Stores;
    let key: string;
    beforeAll(async () => {
      stores = await makeStores();
    });
    beforeEach(() => {
      key = unique('key-');
    });

    function retryAt(reservation: Reservation): number {
      if (reservation.allowed) throw new Error('the attempt was allowed');
      return reservation.retryAt;
    }

    async function reserveTimes(times: number, now = START): Promise<Reservation[]> {
      const results: Reservation[] = [];
      for (let i = 0; i < times; i += 1) results.push(await stores.attempts.reserve(key, rule, now));
      return results;
    }

    test('counts the attempts of an hour and refuses those above it', async () => {
      const results = await reserveTimes(12);
      expect(results.slice(0, 10)).toEqual(Array.from({ length: 10 }, (_, i) => ({ allowed: true, count: i + 1, streak: 0 })));
      for (const refused of results.slice(10)) {
        expect(refused).toMatchObject({ allowed: false, reason: 'hour' });
        expect(retryAt(refused)).toBeGreaterThan(START);
        expect(retryAt(refused)).toBeLessThanOrEqual(START + HOUR);
      }
    });

    test('starts anew in the next hour, in the same call', async () => {
      const last = (await reserveTimes(11))[10]!;
      expect(await stores.attempts.reserve(key, rule, retryAt(last))).toEqual({ allowed: true, count: 1, streak: 0 });
      expect(await stores.attempts.reserve(key, rule, retryAt(last))).toEqual({ allowed: true, count: 2, streak: 0 });
    });

    test('lets no more than the limit through, however many race (T05)', async () => {
      const results = await parallel(50, () => stores.attempts.reserve(key, rule, START));
      expect(results.filter((result) => result.allowed)).toHaveLength(10);
    });

    test('lets no more than the limit through when an hour begins in the middle of a race', async () => {
      await reserveTimes(10);
      const results = await parallel(50, () => stores.attempts.reserve(key, rule, START + HOUR));
      expect(results.filter((result) => result.allowed)).toHaveLength(10);
    });

    test('counts failures in a row across hours', async () => {
      await reserveTimes(1);
      await stores.attempts.recordFailure(key, undefined, START);
      await stores.attempts.recordFailure(key, undefined, START + HOUR);
      expect(await stores.attempts.reserve(key, rule, START + 2 * HOUR)).toEqual({ allowed: true, count: 1, streak: 2 });
    });

    test('holds a soft lock until its end, without counting the refused attempts', async () => {
      await reserveTimes(1);
      await stores.attempts.recordFailure(key, START + 30_000, START);
      expect(await stores.attempts.reserve(key, rule, START + 29_999)).toEqual({ allowed: false, reason: 'locked', retryAt: START + 30_000 });
      expect(await stores.attempts.reserve(key, rule, START + 30_000)).toEqual({ allowed: true, count: 2, streak: 1 });
    });

    test('holds a soft lock across the change of the hour', async () => {
      await reserveTimes(1);
      await stores.attempts.recordFailure(key, START + HOUR + 1000, START);
      expect(await stores.attempts.reserve(key, rule, START + HOUR)).toEqual({ allowed: false, reason: 'locked', retryAt: START + HOUR + 1000 });
    });

    test('stops at the greatest streak, in any hour, until cleared', async () => {
      const strict: AttemptRule = { perHour: 10, stopAt: 3 };
      await stores.attempts.reserve(key, strict, START);
      for (let i = 0; i < 3; i += 1) await stores.attempts.recordFailure(key, undefined, START);
      expect(await stores.attempts.reserve(key, strict, START)).toMatchObject({ allowed: false, reason: 'stopped' });
      expect(await stores.attempts.reserve(key, strict, START + 5 * HOUR)).toMatchObject({ allowed: false, reason: 'stopped' });
      await stores.attempts.clear(key);
      expect(await stores.attempts.reserve(key, strict, START + 5 * HOUR)).toEqual({ allowed: true, count: 1, streak: 0 });
    });

    test('success gives back its reservation and clears streak and lock, never the other attempts of the hour', async () => {
      await reserveTimes(3);
      await stores.attempts.recordFailure(key, undefined, START);
      await stores.attempts.recordFailure(key, START + 30_000, START);
      await stores.attempts.recordSuccess(key, START);
      expect(await stores.attempts.reserve(key, rule, START)).toEqual({ allowed: true, count: 3, streak: 0 });
    });

    test('success never makes room beyond the limit', async () => {
      await reserveTimes(1);
      for (let i = 0; i < 5; i += 1) await stores.attempts.recordSuccess(key, START);
      const results = await reserveTimes(12);
      expect(results.filter((result) => result.allowed)).toHaveLength(10);
    });

    test('keys are apart', async () => {
      await reserveTimes(11);
      expect(await stores.attempts.reserve(unique('key-'), rule, START)).toEqual({ allowed: true, count: 1, streak: 0 });
    });

    test('clearing what was never counted is no error', async () => {
      await stores.attempts.clear(unique('key-'));
    });
  });
}
