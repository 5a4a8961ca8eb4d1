import fc from 'fast-check';
import { formatRefreshToken, macFields, parseRefreshToken } from '../../../lambda/domain/refresh-token';

const token = { kv: 'a1b2c3d4', sid: 'AAAAAAAAAAAAAAAAAAAAAA', n: 7, mac: 'm'.repeat(43) };
const text = `rt1.a1b2c3d4.AAAAAAAAAAAAAAAAAAAAAA.7.${'m'.repeat(43)}`;

describe('format', () => {
  test('SE-01 a token is written and read back', () => {
    expect(formatRefreshToken(token)).toBe(text);
    expect(parseRefreshToken(text)).toEqual(token);
  });

  test.each([
    ['another prefix', text.replace('rt1', 'rt2')],
    ['a device token', text.replace('rt1', 'dt1')],
    ['a leading zero', text.replace('.7.', '.07.')],
    ['a sign', text.replace('.7.', '.+7.')],
    ['a negative generation', text.replace('.7.', '.-1.')],
    ['an exponent', text.replace('.7.', '.1e3.')],
    ['a fraction', text.replace('.7.', '.7.0.')],
    ['a generation beyond its length', text.replace('.7.', '.1234567890.')],
    ['no generation', text.replace('.7.', '..')],
    ['a sid of 21 characters', text.replace('AAAA.', 'AAA.')],
    ['a sid with more than 128 bits', text.replace('A.7', 'B.7')],
    ['an upper-case key id', text.replace('a1b2', 'A1b2')],
    ['a short MAC', text.slice(0, -1)],
    ['a long MAC', `${text}m`],
    ['a padded MAC', `${text}=`],
    ['a space before', ` ${text}`],
    ['a line break after', `${text}\n`],
    ['a sixth part', `${text}.x`],
    ['ten thousand characters', text + 'm'.repeat(10_000)],
    ['a JWT', 'eyJhbGciOiJub25lIn0.e30.'],
    ['nothing', ''],
  ])('T19 T47 refuses %s', (_, malformed) => {
    expect(parseRefreshToken(malformed)).toBeUndefined();
  });

  test('T17b what is read has one spelling', () => {
    const nearly = fc
      .tuple(fc.nat(text.length), fc.string({ unit: 'binary', maxLength: 2 }), fc.nat(2))
      .map(([at, junk, cut]) => text.slice(0, at) + junk + text.slice(at + cut));
    fc.assert(
      fc.property(fc.oneof(nearly, fc.string({ unit: 'binary' })), (given) => {
        const parsed = parseRefreshToken(given);
        expect(parsed === undefined || formatRefreshToken(parsed) === given).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test('SE-02 the MAC covers kind, key, session, generation and the session\'s salt', () => {
    expect(macFields(token, 'salt')).toEqual(['rt1', token.kv, token.sid, '7', 'salt']);
  });
});
