import { HOUR, MakeStores, parallel, START, Stores, unique } from './stores';

/** What every `HourlyCounters` holds. */
export function describeHourlyCounters(name: string, makeStores: MakeStores): void {
  describe(`HourlyCounters of ${name}`, () => {
    let stores: Stores;
    let key: string;
    beforeAll(async () => {
      stores = await makeStores();
    });
    beforeEach(() => {
      key = unique('key-');
    });

    test('count to the bound of the hour, tell what they hold, and begin anew in the next', async () => {
      expect(await stores.counters.read(key, START)).toBe(0);
      for (let i = 1; i <= 3; i += 1) {
        expect(await stores.counters.count(key, 3, START + i)).toEqual({ counted: true });
        expect(await stores.counters.read(key, START + i)).toBe(i);
      }
      expect(await stores.counters.count(key, 3, START + HOUR - 1)).toEqual({ counted: false, retryAt: START + HOUR });
      expect(await stores.counters.read(key, START + HOUR)).toBe(0);
      expect(await stores.counters.count(key, 3, START + HOUR)).toEqual({ counted: true });
      expect(await stores.counters.read(key, START + HOUR)).toBe(1);
    });

    test('T05 count no further than the bound, however many race', async () => {
      const results = await parallel(50, () => stores.counters.count(key, 10, START));
      expect(results.filter(({ counted }) => counted)).toHaveLength(10);
      expect(await stores.counters.read(key, START)).toBe(10);
    });

    test('keys are apart', async () => {
      await stores.counters.count(key, 1, START);
      expect(await stores.counters.count(unique('key-'), 1, START)).toEqual({ counted: true });
    });
  });
}
