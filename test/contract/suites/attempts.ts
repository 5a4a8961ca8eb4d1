import { AttemptRule, Refused, Reservation, Reserved } from '../../../lambda/ports/attempts';
import { HOUR, MakeStores, parallel, START, Stores, unique } from './stores';

const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

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

    async function reserved(now = START, by = rule): Promise<Reserved> {
      const reservation = await stores.attempts.reserve(key, by, now);
      if (!reservation.allowed) throw new Error(`refused: ${reservation.reason}`);
      return reservation;
    }

    async function refused(now = START, by = rule): Promise<Refused> {
      const reservation = await stores.attempts.reserve(key, by, now);
      if (reservation.allowed) throw new Error('the attempt was allowed');
      return reservation;
    }

    async function fail(now = START): Promise<number> {
      return stores.attempts.recordFailure(await reserved(now), rule, now);
    }

    async function failTimes(times: number, now: (index: number) => number): Promise<void> {
      for (let i = 0; i < times; i += 1) await fail(now(i));
    }

    /** The limit of an hour is out of the way: another hour each time. */
    const hourly = (from = START) => (index: number) => from + index * HOUR;

    const allowedOf = (results: readonly Reservation[]) => results.filter((result) => result.allowed);

    test('counts the attempts of an hour and refuses those above it', async () => {
      for (let count = 1; count <= 10; count += 1) expect(await reserved()).toMatchObject({ key, count, streak: 0 });
      const { reason, retryAt } = await refused();
      expect(reason).toBe('hour');
      expect(retryAt).toBeGreaterThan(START);
      expect(retryAt).toBeLessThanOrEqual(START + HOUR);
    });

    test('starts anew in the next hour, in the same call', async () => {
      for (let i = 0; i < 10; i += 1) await reserved();
      const { retryAt } = await refused();
      expect(await reserved(retryAt)).toMatchObject({ count: 1, streak: 0 });
      expect(await reserved(retryAt)).toMatchObject({ count: 2, streak: 0 });
    });

    test('T05 AA-03 lets no more than the limit through, however many race', async () => {
      const results = await parallel(50, () => stores.attempts.reserve(key, rule, START));
      expect(allowedOf(results)).toHaveLength(10);
      expect(new Set(results.map((result) => result.allowed && result.id)).size).toBe(11);
    });

    test('T05 lets no more than the limit through when an hour begins in the middle of a race', async () => {
      for (let i = 0; i < 10; i += 1) await reserved();
      expect(allowedOf(await parallel(50, () => stores.attempts.reserve(key, rule, START + HOUR)))).toHaveLength(10);
    });

    test('counts failures in a row across hours and days, and those of each day', async () => {
      expect([await fail(), await fail(START + HOUR), await fail(START + DAY - 1), await fail(START + DAY)]).toEqual([1, 2, 3, 1]);
      expect(await reserved(START + DAY + HOUR)).toMatchObject({ count: 1, streak: 4 });
    });

    test('a failure tells how many there were with those that raced', async () => {
      const wave = await parallel(10, () => reserved());
      expect(wave.map(({ streak }) => streak)).toEqual(Array(10).fill(0));
      const streaks = await Promise.all(wave.map((one) => stores.attempts.recordFailure(one, rule, START)));
      expect(streaks.sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    });

    test('a reservation fails once: whoever repeats it hears of the same run', async () => {
      const one = await reserved();
      expect(await stores.attempts.recordFailure(one, rule, START)).toBe(1);
      await fail();
      expect(await stores.attempts.recordFailure(one, rule, START)).toBe(2);
      expect(await reserved()).toMatchObject({ streak: 2 });
    });

    test('holds a soft lock until its end, also across the hour, without counting the refused attempts', async () => {
      await fail();
      await stores.attempts.raiseLock(key, 1, START, START + HOUR + 1000);
      expect(await refused(START + 1000)).toEqual({ allowed: false, reason: 'locked', retryAt: START + HOUR + 1000 });
      expect(await refused(START + HOUR)).toMatchObject({ reason: 'locked' });
      expect(await reserved(START + HOUR + 1000)).toMatchObject({ count: 1, streak: 1 });
    });

    test('AA-04 a soft lock is only ever raised', async () => {
      await fail();
      await stores.attempts.raiseLock(key, 1, START, START + 60_000);
      await stores.attempts.raiseLock(key, 1, START, START + 30_000);
      expect(await refused()).toMatchObject({ retryAt: START + 60_000 });
      await stores.attempts.raiseLock(key, 1, START, START + 90_000);
      expect(await refused()).toMatchObject({ retryAt: START + 90_000 });
    });

    test('AA-04 a lock for failures that an administrator has cleared meanwhile locks nobody, nor does one of the day before', async () => {
      const failures = await fail();
      await stores.attempts.raiseLock(key, failures, START + DAY, START + 2 * DAY);
      expect(await reserved()).toMatchObject({ streak: 1 });
      await stores.attempts.clear(key);
      await reserved();
      await stores.attempts.raiseLock(key, failures, START, START + 30_000);
      expect(await reserved()).toMatchObject({ streak: 0 });
    });

    test('AA-04 a lock in an hour that is full lasts until both are over', async () => {
      const strict: AttemptRule = { perHour: 2, stopAt: 100 };
      for (let i = 0; i < 2; i += 1) await stores.attempts.recordFailure(await reserved(START, strict), strict, START);
      await stores.attempts.raiseLock(key, 2, START, START + 60_000);
      expect(await refused(START, strict)).toEqual({ allowed: false, reason: 'locked', retryAt: START + HOUR });
      await stores.attempts.raiseLock(key, 2, START, START + HOUR + 1000);
      expect(await refused(START, strict)).toEqual({ allowed: false, reason: 'locked', retryAt: START + HOUR + 1000 });
    });

    test('AA-04 where no attempt failed nothing is locked', async () => {
      await reserved();
      await stores.attempts.raiseLock(key, 0, START, START + 30_000);
      expect(await reserved()).toMatchObject({ count: 2 });
    });

    test('stops at the greatest streak, in any hour, until cleared', async () => {
      const strict: AttemptRule = { perHour: 10, stopAt: 3 };
      for (let i = 0; i < 3; i += 1) await stores.attempts.recordFailure(await reserved(START, strict), strict, START);
      // No time is promised at which it would end.
      expect(await refused(START, strict)).toEqual({ allowed: false, reason: 'stopped' });
      expect(await refused(START + 5 * HOUR, strict)).toMatchObject({ reason: 'stopped' });
      await stores.attempts.clear(key);
      expect(await reserved(START + 5 * HOUR, strict)).toMatchObject({ count: 1, streak: 0 });
    });

    describe('a run of failures', () => {
      test('AA-02 is forgotten a year after the last one, not a day before', async () => {
        await failTimes(4, (index) => START + index * 300 * DAY);
        const last = START + 900 * DAY;
        expect(await reserved(last + YEAR - DAY)).toMatchObject({ streak: 4 });
        expect(await reserved(last + YEAR + DAY)).toMatchObject({ count: 1, streak: 0 });
      });

      test('AA-02 lives no longer for attempts without an outcome', async () => {
        await fail();
        for (const days of [100, 200, 300, 364]) expect(await reserved(START + days * DAY)).toMatchObject({ streak: 1 });
        expect(await reserved(START + YEAR + DAY)).toMatchObject({ streak: 0 });
      });

      test('AA-02 of a hundred is kept for ever, whichever failure of a race came last', async () => {
        await failTimes(95, hourly());
        const now = START + 200 * HOUR;
        const wave = await parallel(10, () => reserved(now));
        await Promise.all(wave.map((one) => stores.attempts.recordFailure(one, rule, now)));
        expect(await refused(now + 3 * YEAR)).toMatchObject({ reason: 'stopped' });
      });

      test('AA-02 that an administrator cleared is not taken up by who was under way', async () => {
        const [right, wrong] = [await reserved(), await reserved()];
        await fail();
        await stores.attempts.clear(key);
        expect(await stores.attempts.recordFailure(wrong, rule, START)).toBe(0);
        await stores.attempts.recordSuccess(right, START);
        expect(await reserved()).toMatchObject({ count: 1, streak: 0 });
      });
    });

    describe('success', () => {
      test('EN-01 gives back its reservation and ends the run; the other attempts, the failures of the day and the lock stay', async () => {
        await reserved();
        await fail();
        const right = await reserved();
        await fail();
        await stores.attempts.raiseLock(key, 2, START, START + 30_000);
        await stores.attempts.recordSuccess(right, START);
        expect(await refused()).toMatchObject({ reason: 'locked', retryAt: START + 30_000 });
        expect(await reserved(START + 30_000)).toMatchObject({ count: 4, streak: 0 });
        expect(await fail(START + 30_000)).toBe(3);
      });

      test('AA-03 gives back once, whoever reserved meanwhile', async () => {
        const strict: AttemptRule = { perHour: 2, stopAt: 100 };
        const right = await reserved(START, strict);
        await stores.attempts.recordSuccess(right, START);
        await reserved(START, strict);
        await reserved(START, strict);
        // As the repetition of a call whose answer was lost.
        await stores.attempts.recordSuccess(right, START);
        expect(await refused(START, strict)).toMatchObject({ reason: 'hour' });
      });

      test('AA-03 gives back to the hour that it was counted in', async () => {
        const strict: AttemptRule = { perHour: 2, stopAt: 100 };
        const right = await reserved(START + HOUR - 1, strict);
        await reserved(START + HOUR, strict);
        await reserved(START + HOUR, strict);
        await stores.attempts.recordSuccess(right, START + HOUR);
        expect(await refused(START + HOUR, strict)).toMatchObject({ reason: 'hour' });
      });

      test('an attempt that failed gives nothing back', async () => {
        const one = await reserved();
        await stores.attempts.recordFailure(one, rule, START);
        await stores.attempts.recordSuccess(one, START);
        expect(await reserved()).toMatchObject({ count: 2, streak: 1 });
      });

      test('lets as many in as come one after another', async () => {
        for (let i = 0; i < 30; i += 1) {
          const right = await reserved();
          expect(right.count).toBe(1);
          await stores.attempts.recordSuccess(right, START);
        }
      });
    });

    test('keys are apart', async () => {
      await reserved();
      key = unique('key-');
      expect(await reserved()).toMatchObject({ count: 1, streak: 0 });
    });

    test('says of a counter by itself whether its streak stopped it', async () => {
      expect(await stores.attempts.isStopped(key)).toBe(false);
      await failTimes(99, hourly());
      expect(await stores.attempts.isStopped(key)).toBe(false);
      await fail(START + 99 * HOUR);
      expect(await stores.attempts.isStopped(key)).toBe(true);
      await stores.attempts.clear(key);
      expect(await stores.attempts.isStopped(key)).toBe(false);
    });

    test('clearing what was never counted is no error', async () => {
      await stores.attempts.clear(unique('key-'));
    });
  });
}
