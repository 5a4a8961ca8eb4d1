import fc from 'fast-check';
import { deviceMacFields, deviceTokenExpired, formatDeviceToken, parseDeviceToken } from '../../../lambda/domain/device-token';

const token = { kv: 'a1b2c3d4', deviceId: 'BBBBBBBBBBBBBBBBBBBBBA', exp: 1_800_000_000, mac: 'm'.repeat(43) };
const text = `dt1.a1b2c3d4.BBBBBBBBBBBBBBBBBBBBBA.1800000000.${'m'.repeat(43)}`;

test('T06 a device token is written and read back', () => {
  expect(formatDeviceToken(token)).toBe(text);
  expect(parseDeviceToken(text)).toEqual(token);
});

test.each([
  text.replace('dt1', 'rt1'),
  text.replace('1800000000', '01800000000'),
  text.replace('1800000000', '99999999999'),
  text.replace('1800000000', '-1'),
  text.replace('BBA', 'BBB'),
  `${text} `,
  `${text}\n`,
  text.slice(1),
  '',
  'x'.repeat(100_000),
])('T06 %j is no device token', (malformed) => {
  expect(parseDeviceToken(malformed)).toBeUndefined();
});

test('T06 what is read has one spelling', () => {
  fc.assert(
    fc.property(fc.nat(text.length), fc.string({ unit: 'binary', maxLength: 2 }), fc.nat(2), (at, junk, cut) => {
      const given = text.slice(0, at) + junk + text.slice(at + cut);
      const parsed = parseDeviceToken(given);
      expect(parsed === undefined || formatDeviceToken(parsed) === given).toBe(true);
    }),
  );
});

test('T06 the MAC binds the device to one account', () => {
  expect(deviceMacFields(token, 'a@example.com')).toEqual(['dt1', token.kv, 'a@example.com', token.deviceId, '1800000000']);
  expect(deviceMacFields(token, 'b@example.com')).not.toEqual(deviceMacFields(token, 'a@example.com'));
});

test('a device token expires at its time', () => {
  expect(deviceTokenExpired(token, 1_800_000_000_000 - 1)).toBe(false);
  expect(deviceTokenExpired(token, 1_800_000_000_000)).toBe(true);
});
