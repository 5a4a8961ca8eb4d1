import fc from 'fast-check';
import { canonicalEmail, localPart } from '../../../lambda/domain/email';

const accepted: readonly (readonly [string, string])[] = [
  ['mike@example.com', 'mike@example.com'],
  ['MIKE@Example.COM', 'mike@example.com'],
  ['a.b+tag@sub.example.co.uk', 'a.b+tag@sub.example.co.uk'],
  ["o'neil!#$%&*/=?^_`{|}~-@example.com", "o'neil!#$%&*/=?^_`{|}~-@example.com"],
  ['mike@xn--fa-hia.de', 'mike@xn--fa-hia.de'],
  ['mike@123.example.com', 'mike@123.example.com'],
  [`${'a'.repeat(64)}@example.com`, `${'a'.repeat(64)}@example.com`],
];

/** Every case of T20, and what else must not become somebody's address. */
const refused: readonly string[] = [
  'mi\u212Ae@example.com',
  'm\u0131ke@example.com',
  '\uFF4Dike@example.com',
  'admin\u017F@example.com',
  '\uFB01sh@example.com',
  'mike\uFF20example.com',
  'mike@exa\u200Bmple.com',
  'mi\u043Ae@example.com',
  'mike@fa\u00DF.de',
  '"a@evil.com x"@victim.com',
  '"mike"@example.com',
  'a@b.com\r\nBcc: c@d.com',
  'a@b.com\n',
  'mike@example.com.',
  'mike.@example.com',
  '.mike@example.com',
  'mi..ke@example.com',
  'mike@example..com',
  'mike@.example.com',
  'mike@-example.com',
  'mike@example-.com',
  'mike@example',
  'mike@[127.0.0.1]',
  'mike@127.0.0.1',
  'mike@0x7f.1',
  'mike@%65xample.com',
  'mike@xn--a.com',
  'mike@xn--mike-.com',
  'mike@xn--zzzzzz.com',
  'mike@xn--.com',
  'mike@example.xn--a',
  ' mike@example.com',
  'mike@example.com ',
  'mi ke@example.com',
  'mike\0@example.com',
  'mike\u007F@example.com',
  'mike@@example.com',
  'a@b@example.com',
  'mike',
  '@example.com',
  'mike@',
  '',
  '<mike@example.com>',
  'mike@example.com,eve@example.com',
  'mike(comment)@example.com',
  `${'a'.repeat(65)}@example.com`,
  `a@${'b'.repeat(64)}.com`,
  `mike@${'a23456789.'.repeat(25)}com`,
];

describe('canonicalEmail', () => {
  test.each(accepted)('ID-02 %j becomes %j', (raw, canonical) => {
    expect(canonicalEmail(raw)).toBe(canonical);
  });

  test.each(refused)('ID-02 T20 refuses %j', (raw) => {
    expect(canonicalEmail(raw)).toBeUndefined();
  });

  test('ID-02 accepts 254 bytes and refuses 255', () => {
    const local = 'a'.repeat(64);
    const domain = (length: number): string => 'b.'.repeat(100).slice(0, length - 65 - 4) + 'ccom'.slice(0, 4);
    const longest = `${local}@${domain(254)}`;
    expect(longest).toHaveLength(254);
    expect(canonicalEmail(longest)).toBe(longest);
    expect(canonicalEmail(`${longest}c`)).toBeUndefined();
  });

  test('ID-02 is idempotent and ASCII for every text it accepts', () => {
    const nearly = fc
      .tuple(fc.string({ unit: fc.constantFrom(...'aZ.\u212Ak-_+"\u0130\u00DF') }), fc.string({ unit: fc.constantFrom(...'aB1-.xn\u3002\uFF0E') }))
      .map(([local, domain]) => `${local}@${domain}.com`);
    fc.assert(
      fc.property(fc.oneof(nearly, fc.emailAddress(), fc.string({ unit: 'binary' })), (raw) => {
        const canonical = canonicalEmail(raw);
        if (canonical !== undefined) {
          expect(canonicalEmail(canonical)).toBe(canonical);
          expect(canonical).toMatch(/^[\x21-\x7e]+$/);
          expect(canonical).toBe(raw.toLowerCase());
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('AA-06 case variants are one address', () => {
    expect(new Set(['Mike@Example.com', 'mike@EXAMPLE.com', 'MIKE@example.COM'].map(canonicalEmail)).size).toBe(1);
  });
});

test('localPart is what stands before the last at sign', () => {
  expect(localPart('mike.smith@example.com')).toBe('mike.smith');
});
