import fc from 'fast-check';
import { formatPasswordHash, parsePasswordHash } from '../../../lambda/domain/phc';

const SALT = 'c29tZXNhbHRzb21lc2FsdA';
const TAG = 'CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
const BCRYPT = '$2b$10$n79VH.0Q2TMWmt3Oqt9ukuKq4Noyk3094Y2QlB8NdRT8SvGiI4ft2';

const accepted = [
  `$argon2id$v=19$m=19456,t=2,p=1$${SALT}$${TAG}`,
  `$argon2id$v=19$m=47104,t=1,p=1$${SALT}$${TAG}`,
  `$argon2id$v=19$m=131072,t=8,p=4$${SALT}$${TAG}`,
  `$scrypt$ln=17,r=8,p=1$${SALT}$${TAG}`,
  `$scrypt$ln=14,r=8,p=1$${SALT}$${TAG}`,
  BCRYPT,
  BCRYPT.replace('$2b$', '$2a$'),
  BCRYPT.replace('$2b$', '$2y$'),
  '$bcrypt-sha256$v=2,t=2b,r=12$n79VH.0Q2TMWmt3Oqt9uku$Kq4Noyk3094Y2QlB8NdRT8SvGiI4ft2',
];

/** PW-11: what a hostile import or a broken row may hold. */
const refused: readonly (readonly [string, string])[] = [
  ['argon2id of 8 GiB', `$argon2id$v=19$m=8388608,t=2,p=1$${SALT}$${TAG}`],
  ['argon2id of 1000 passes', `$argon2id$v=19$m=19456,t=1000,p=1$${SALT}$${TAG}`],
  ['argon2id with both at their greatest', `$argon2id$v=19$m=131072,t=16,p=1$${SALT}$${TAG}`],
  ['argon2id of 64 lanes', `$argon2id$v=19$m=19456,t=2,p=64$${SALT}$${TAG}`],
  ['argon2id without memory', `$argon2id$v=19$m=0,t=2,p=1$${SALT}$${TAG}`],
  ['argon2id with less memory than its lanes need', `$argon2id$v=19$m=31,t=2,p=4$${SALT}$${TAG}`],
  ['argon2id without passes', `$argon2id$v=19$m=19456,t=0,p=1$${SALT}$${TAG}`],
  ['argon2id of version 16', `$argon2id$v=16$m=19456,t=2,p=1$${SALT}$${TAG}`],
  ['argon2i', `$argon2i$v=19$m=19456,t=2,p=1$${SALT}$${TAG}`],
  ['argon2id with a leading zero', `$argon2id$v=19$m=019456,t=2,p=1$${SALT}$${TAG}`],
  ['argon2id in another order', `$argon2id$v=19$t=2,m=19456,p=1$${SALT}$${TAG}`],
  ['argon2id with a negative number', `$argon2id$v=19$m=19456,t=-2,p=1$${SALT}$${TAG}`],
  ['argon2id with an exponent', `$argon2id$v=19$m=1e9,t=2,p=1$${SALT}$${TAG}`],
  ['argon2id without a tag', `$argon2id$v=19$m=19456,t=2,p=1$${SALT}$`],
  ['argon2id with a short tag', `$argon2id$v=19$m=19456,t=2,p=1$${SALT}$AAAA`],
  ['argon2id with a short salt', `$argon2id$v=19$m=19456,t=2,p=1$AAAA$${TAG}`],
  ['argon2id with padded base64', `$argon2id$v=19$m=19456,t=2,p=1$${SALT}==$${TAG}`],
  ['argon2id with another spelling of its tag', `$argon2id$v=19$m=19456,t=2,p=1$${SALT}$${TAG.slice(0, -1)}d`],
  ['argon2id with a line break after it', `$argon2id$v=19$m=19456,t=2,p=1$${SALT}$${TAG}\n`],
  ['scrypt of N = 2^30', `$scrypt$ln=30,r=8,p=1$${SALT}$${TAG}`],
  ['scrypt with an r of a million', `$scrypt$ln=10,r=1000000,p=1$${SALT}$${TAG}`],
  ['scrypt with a p of a thousand', `$scrypt$ln=14,r=8,p=1000$${SALT}$${TAG}`],
  ['scrypt with all at their greatest', `$scrypt$ln=18,r=16,p=4$${SALT}$${TAG}`],
  ['scrypt without N', `$scrypt$ln=0,r=8,p=1$${SALT}$${TAG}`],
  ['scrypt with an N that its r does not allow', `$scrypt$ln=17,r=1,p=1$${SALT}$${TAG}`],
  ['bcrypt of cost 20', BCRYPT.replace('$10$', '$20$')],
  ['bcrypt of cost 3', BCRYPT.replace('$10$', '$03$')],
  ['bcrypt of cost 99', BCRYPT.replace('$10$', '$99$')],
  ['bcrypt of the broken 2x', BCRYPT.replace('$2b$', '$2x$')],
  ['bcrypt cut short', BCRYPT.slice(0, -1)],
  ['bcrypt-sha256 of cost 20', '$bcrypt-sha256$v=2,t=2b,r=20$n79VH.0Q2TMWmt3Oqt9uku$Kq4Noyk3094Y2QlB8NdRT8SvGiI4ft2'],
  ['bcrypt-sha256 of version 1', '$bcrypt-sha256$2b,12$n79VH.0Q2TMWmt3Oqt9uku$Kq4Noyk3094Y2QlB8NdRT8SvGiI4ft2'],
  ['pbkdf2 of a billion rounds', `$pbkdf2-sha256$i=1000000000$${SALT}$${TAG}`],
  ['a plain password', 'hunter2hunter2hunter2'],
  ['nothing', ''],
  ['half a megabyte', `$argon2id$v=19$m=19456,t=2,p=1$${'A'.repeat(500_000)}$${TAG}`],
];

describe('password hashes', () => {
  test.each(accepted)('PW-09 %s is read and written back as it was', (text) => {
    const parsed = parsePasswordHash(text);
    expect(parsed).toBeDefined();
    expect(parsed && formatPasswordHash(parsed)).toBe(text);
  });

  test.each(refused)('PW-11 refuses %s', (_, text) => {
    expect(parsePasswordHash(text)).toBeUndefined();
  });

  test('PW-11 bounds hold before anything is computed', () => {
    const start = process.cpuUsage();
    refused.forEach(([, text]) => parsePasswordHash(text));
    expect(process.cpuUsage(start).user / refused.length).toBeLessThan(5_000);
  });

  test('PW-11 never throws, and what it reads has one spelling', () => {
    const nearly = fc
      .tuple(fc.constantFrom(...accepted), fc.nat(), fc.string({ maxLength: 3 }))
      .map(([text, at, junk]) => text.slice(0, at % text.length) + junk + text.slice((at % text.length) + 1));
    fc.assert(
      fc.property(fc.oneof(nearly, fc.string({ unit: 'binary' })), (text) => {
        const parsed = parsePasswordHash(text);
        expect(parsed === undefined || formatPasswordHash(parsed) === text).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });
});
