import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { nodeCrypto } from '../../../../lambda/adapters/node-crypto/crypto';

const KEY = Buffer.alloc(32, 7).toString('base64url');

test('SE-01 random tokens have the asked bits and do not repeat', () => {
  const tokens = Array.from({ length: 1000 }, () => nodeCrypto.randomToken(32));
  expect(new Set(tokens).size).toBe(1000);
  expect(tokens.every((token) => /^[A-Za-z0-9_-]{43}$/.test(token))).toBe(true);
  expect(nodeCrypto.randomToken(16)).toMatch(/^[A-Za-z0-9_-]{21}[AQgw]$/);
  expect(nodeCrypto.randomUuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('SHA-256 of "abc" is FIPS 180\'s', () => {
  expect(Buffer.from(nodeCrypto.sha256('abc'), 'base64url').toString('hex')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

test('T35 a MAC covers every field with its length: no two lists of fields make the same input', () => {
  const input = Buffer.from([0, 0, 0, 2, 0x61, 0x62, 0, 0, 0, 2, 0xc3, 0xa9]);
  expect(nodeCrypto.mac(KEY, ['ab', '\u00E9'])).toBe(createHmac('sha256', Buffer.alloc(32, 7)).update(input).digest('base64url'));
  expect(nodeCrypto.mac(KEY, ['ab', 'c'])).not.toBe(nodeCrypto.mac(KEY, ['a', 'bc']));
  expect(nodeCrypto.mac(KEY, ['ab'])).not.toBe(nodeCrypto.mac(KEY, ['ab', '']));
  const list = fc.array(fc.string({ unit: 'grapheme', maxLength: 4 }), { maxLength: 4 });
  fc.assert(
    fc.property(list, list, (a, b) => {
      expect(nodeCrypto.mac(KEY, a) === nodeCrypto.mac(KEY, b)).toBe(JSON.stringify(a) === JSON.stringify(b));
    }),
  );
});

test('texts are compared as bytes, of any length', () => {
  expect(nodeCrypto.equal('abc', 'abc')).toBe(true);
  expect(nodeCrypto.equal('abc', 'abd')).toBe(false);
  expect(nodeCrypto.equal('abc', 'ab')).toBe(false);
  expect(nodeCrypto.equal('', '')).toBe(true);
  expect(nodeCrypto.equal('\u00E9', 'e')).toBe(false);
});
