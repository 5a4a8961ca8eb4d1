import { withKeyAge } from '../../../../lambda/adapters/keys/key-age';
import { GaugeLog } from '../../../../lambda/adapters/log/gauge-log';
import { memoryGauge } from '../../../../lambda/adapters/log/memory-gauge';
import { AsyncRequestScope } from '../../../../lambda/adapters/log/request-scope';
import type { PublishedKey } from '../../../../lambda/domain/model';
import { Metrics } from '../../../../src/contract/metrics';

const START = Date.UTC(2026, 10, 22, 3, 4, 5, 678);

function start() {
  const time = { now: START };
  const clock = { now: () => time.now };
  const lines: string[] = [];
  const gauges = new GaugeLog('Shop', 'Shop-Login', clock, (line) => { lines.push(line); });
  return { time, clock, gauges, documents: () => lines.map((line) => JSON.parse(line)) };
}

const identity = { requestId: 'r', correlationId: 'r', operation: 'POST /login' };

describe('levels', () => {
  test('one line is one document of the embedded metric format', () => {
    const { gauges, documents } = start();
    gauges.report(Metrics.MEMORY_USED, 41.5);
    expect(documents()).toEqual([{
      type: 'gauge',
      time: '2026-11-22T03:04:05.678Z',
      level: 'INFO',
      service: 'Shop',
      function: 'Shop-Login',
      Service: 'Shop',
      MemoryUsed: 41.5,
      _aws: {
        Timestamp: START,
        CloudWatchMetrics: [{ Namespace: 'CdkAuthService', Dimensions: [['Service']], Metrics: [{ Name: 'MemoryUsed', Unit: 'Percent' }] }],
      },
    }]);
  });

  test('each at most once a minute, also when the clock was set back', () => {
    const { time, gauges, documents } = start();
    const at = (milliseconds: number, value: number) => {
      time.now = START + milliseconds;
      gauges.report(Metrics.MEMORY_USED, value);
    };
    at(0, 1);
    at(59_999, 2);
    gauges.report(Metrics.SIGNING_KEY_AGE, 7);
    at(60_000, 3);
    at(-1_000_000, 4);
    at(-999_999, 5);
    expect(documents().map(({ MemoryUsed, SigningKeyAge }) => MemoryUsed ?? `age ${SigningKeyAge}`)).toEqual([1, 'age 7', 3, 4]);
  });

  test('a stream that is gone harms no request', () => {
    new GaugeLog('Shop', 'f', { now: () => START }, () => { throw new Error('EPIPE'); }).report(Metrics.MEMORY_USED, 1);
  });
});

describe('memory', () => {
  test('is reported in percent of the limit at the end of each request, whatever came of it', async () => {
    const { time, gauges, documents } = start();
    const peak = { kibibytes: 128 * 1024 };
    const scope = new AsyncRequestScope(memoryGauge(gauges, 512, () => peak.kibibytes));
    await scope.run(identity, async () => undefined);
    time.now += 60_000;
    peak.kibibytes = 500 * 1024;
    await expect(scope.run(identity, async () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(documents().map(({ MemoryUsed }) => MemoryUsed)).toEqual([25, 97.7]);
  });

  test('is what the process has held', () => {
    const { gauges, documents } = start();
    memoryGauge(gauges, 1024)();
    expect(documents()[0].MemoryUsed).toBeGreaterThan(1);
    expect(documents()[0].MemoryUsed).toBeCloseTo(process.resourceUsage().maxRSS / 1024 / 1024 * 100, -1);
  });
});

describe('age of the signing keys', () => {
  const key = (state: PublishedKey['state'], publishedAt: number): PublishedKey => ({ kid: state, alg: 'ES256', jwk: {}, state, publishedAt });
  const read = async (set: Awaited<ReturnType<Parameters<typeof withKeyAge>[0]['readPublishedKeys']>>) => {
    const { clock, gauges, documents } = start();
    expect(await withKeyAge({ readPublishedKeys: async () => set }, gauges, clock).readPublishedKeys()).toBe(set);
    return documents().map(({ SigningKeyAge }) => SigningKeyAge);
  };

  test('counts from the newest key, which the last rotation published', async () => {
    const keys = [key('retired', START - 9_000_000), key('active', START - 6_000_000), key('next', START - 3_000_000)];
    expect(await read({ version: 2, updatedAt: START, keys })).toEqual([3000]);
  });

  test('is never below zero, and says nothing where no key is published', async () => {
    expect(await read({ version: 1, updatedAt: START, keys: [key('next', START + 5000)] })).toEqual([0]);
    expect(await read({ version: 1, updatedAt: START, keys: [] })).toEqual([]);
    expect(await read(undefined)).toEqual([]);
  });
});
