import fc from 'fast-check';
import { accountCounter, deviceCounter, registrationCounter, sessionCounter, softLockUntil, sourceBucket } from '../../../lambda/domain/attempts';

const NOW = 1_800_000_000_000;

describe('counters', () => {
  test('T05 the account, its device, its session and the source have counters of their own', () => {
    expect(accountCounter('a@example.com').name).toEqual(['account', 'a@example.com']);
    expect(deviceCounter('uid', 'dev').name).toEqual(['device', 'uid', 'dev']);
    expect(sessionCounter('a@example.com', 'sid').name).toEqual(['session', 'sid']);
    expect(registrationCounter('192.0.2.1').name).toEqual(['registration', '192.0.2.1/32']);
  });

  test('what a release without a lookup secret could have stopped is found under its name of then', () => {
    expect(accountCounter('a@example.com').unkeyedName).toBe('account:a@example.com');
    expect(sessionCounter('a@example.com', 'sid').unkeyedName).toBe('device:a@example.com:sid');
  });
});

describe('soft lock', () => {
  test('AA-04 none before the fifth failure, then 30 seconds, doubling to an hour', () => {
    const waits = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 99, 100, 5000].map((streak) => softLockUntil(streak, NOW));
    const seconds = waits.map((until) => (until === undefined ? 0 : (until - NOW) / 1000));
    expect(seconds).toEqual([0, 0, 0, 0, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600, 3600, 3600]);
  });

  test('AA-01 the first failure that locks is configurable', () => {
    expect(softLockUntil(2, NOW, 3)).toBeUndefined();
    expect(softLockUntil(3, NOW, 3)).toBe(NOW + 30_000);
  });

  test('AA-04 the wait never shrinks and never exceeds an hour', () => {
    fc.assert(
      fc.property(fc.integer({ min: 5, max: 1_000_000 }), (streak) => {
        const wait = (softLockUntil(streak, NOW) ?? 0) - NOW;
        expect(wait).toBeLessThanOrEqual(3_600_000);
        expect((softLockUntil(streak + 1, NOW) ?? 0) - NOW).toBeGreaterThanOrEqual(wait);
      }),
    );
  });
});

describe('source address', () => {
  test.each([
    ['192.0.2.1', '192.0.2.1/32'],
    ['127.0.0.3', '127.0.0.3/32'],
    ['2001:db8:1:2:3:4:5:6', '2001:0db8:0001:0002::/64'],
    ['2001:DB8:1:2::', '2001:0db8:0001:0002::/64'],
    ['2001:db8::1', '2001:0db8:0000:0000::/64'],
    ['::1', '0000:0000:0000:0000::/64'],
    ['::', '0000:0000:0000:0000::/64'],
    ['fe80::1%eth0', 'fe80:0000:0000:0000::/64'],
    ['::ffff:192.0.2.1', '192.0.2.1/32'],
    ['::ffff:192.0.2.1%eth0', '192.0.2.1/32'],
    ['::FFFF:c000:201', '192.0.2.1/32'],
    ['0:0:0:0:0:ffff:192.0.2.1', '192.0.2.1/32'],
    ['64:ff9b::192.0.2.1', '0064:ff9b:0000:0000::/64'],
    ['', 'unknown'],
    ['192.0.2.1, 10.0.0.1', 'unknown'],
    ['192.0.2.256', 'unknown'],
    ['010.0.0.1', 'unknown'],
    ['1.2.3.4:80', 'unknown'],
    ['example.com', 'unknown'],
    ['%', 'unknown'],
  ])('T27 %j falls into %j', (ip, bucket) => {
    expect(sourceBucket(ip)).toBe(bucket);
  });

  test('T27 every address of a /64 falls into one bucket, whatever its spelling', () => {
    fc.assert(
      fc.property(fc.ipV6(), fc.tuple(fc.nat(0xffff), fc.nat(0xffff), fc.nat(0xffff), fc.integer({ min: 1, max: 0xffff })), (ip, low) => {
        const bucket = sourceBucket(ip);
        expect(bucket).toMatch(/^[0-9a-f]{4}(:[0-9a-f]{4}){3}::\/64$|\/32$/);
        fc.pre(bucket.endsWith('/64') && bucket !== '0000:0000:0000:0000::/64');
        const neighbour = `${bucket.slice(0, 19)}:${low.map((group) => group.toString(16)).join(':')}`;
        expect(sourceBucket(neighbour)).toBe(bucket);
        expect(sourceBucket(neighbour.toUpperCase())).toBe(bucket);
      }),
    );
  });
});
