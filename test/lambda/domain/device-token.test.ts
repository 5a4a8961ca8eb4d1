import fc from 'fast-check';
import {
  deviceMacFields, deviceTokenBelongs, deviceTokenExpired, formatDeviceToken, formerDeviceMacFields, formerDeviceTokenBelongs, parseDeviceToken,
  parseFormerDeviceToken,
} from '../../../lambda/domain/device-token';

const uid = '0f8fad5b-d9cb-469f-a165-70867728950e';
const token = { kv: 'a1b2c3d4', uid, pv: 3, ep: 0, deviceId: 'BBBBBBBBBBBBBBBBBBBBBA', exp: 1_800_000_000, mac: 'm'.repeat(43) };
const text = `dt2.a1b2c3d4.${uid}.3.0.BBBBBBBBBBBBBBBBBBBBBA.1800000000.${'m'.repeat(43)}`;
const former = `dt1.a1b2c3d4.BBBBBBBBBBBBBBBBBBBBBA.1800000000.${'m'.repeat(43)}`;
const credential = { email: 'a@example.com', uid, pv: 3, passwordHash: '$' };

test('T06 a device token is written and read back', () => {
  expect(formatDeviceToken(token)).toBe(text);
  expect(parseDeviceToken(text)).toEqual(token);
});

test.each([
  text.replace('dt2', 'rt1'),
  text.replace('dt2', 'dt3'),
  text.replace('.3.', '.03.'),
  text.replace('.3.', '..'),
  text.replace('.3.', '.-3.'),
  text.replace('.0.', '.00.'),
  text.replace('1800000000', '01800000000'),
  text.replace('1800000000', '99999999999'),
  text.replace('1800000000', '-1'),
  text.replace('BBA', 'BBB'),
  text.replace(uid, ''),
  former,
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

test('T06 ID-07 the MAC covers the account, the version of its password, the floor and every other part', () => {
  const { mac: _, ...parts } = token;
  expect(deviceMacFields(token)).toEqual(['dt2', 'a1b2c3d4', uid, '3', '0', token.deviceId, '1800000000']);
  for (const [name, value] of Object.entries({ kv: 'x', uid: 'x', pv: 4, ep: 1, deviceId: 'x', exp: 1 })) {
    expect(deviceMacFields({ ...parts, [name]: value })).not.toEqual(deviceMacFields(parts));
  }
});

test.each<[string, boolean, Partial<typeof token>, number]>([
  ['of the account with its present password', true, {}, 0],
  ['of another owner of the address', false, { uid: 'another' }, 0],
  ['of the password before', false, { pv: 2 }, 0],
  ['of a password that a restore undid', false, { pv: 4 }, 0],
  ['below the floor', false, {}, 1],
  ['at the floor', true, { ep: 1 }, 1],
])('ID-07 a token %s: %s', (_, belongs, parts, floor) => {
  expect(deviceTokenBelongs({ ...token, ...parts }, credential, floor)).toBe(belongs);
});

test('a token of a release before is read too, and belongs to an account that has kept its first password since', () => {
  const read = parseFormerDeviceToken(former)!;
  expect(read).toEqual({ kv: token.kv, deviceId: token.deviceId, exp: token.exp, mac: token.mac });
  expect(parseFormerDeviceToken(text)).toBeUndefined();
  expect(formerDeviceMacFields(read, 'a@example.com')).toEqual(['dt1', token.kv, 'a@example.com', token.deviceId, '1800000000']);
  const made = (token.exp - 60) * 1000;
  expect(formerDeviceTokenBelongs(read, { pv: 1, createdAt: made }, 60)).toBe(true);
  expect(formerDeviceTokenBelongs(read, { pv: 1, createdAt: made + 1 }, 60)).toBe(false);
  expect(formerDeviceTokenBelongs(read, { pv: 2, createdAt: 0 }, 60)).toBe(false);
});

test('a device token expires at its time', () => {
  expect(deviceTokenExpired(token, 1_800_000_000_000 - 1)).toBe(false);
  expect(deviceTokenExpired(token, 1_800_000_000_000)).toBe(true);
});
