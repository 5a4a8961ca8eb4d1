import crypto, { createHmac } from 'node:crypto';
import { hashSync } from 'bcryptjs';
import fc from 'fast-check';
import type { HashingCapabilities, HashingChoice } from '../../../../lambda/adapters/node-crypto/password-hasher';
import { createPasswordHasher, parseHashingChoice, probedCapabilities } from '../../../../lambda/adapters/node-crypto/password-hasher';
import { UnavailableError } from '../../../../lambda/domain/errors';
import { parsePasswordHash } from '../../../../lambda/domain/phc';

const argon2id = createPasswordHasher({ algorithm: 'argon2id' });
const scrypt = createPasswordHasher({ algorithm: 'scrypt' });
const bcrypt = createPasswordHasher({ algorithm: 'bcrypt', cost: 10 });
const PASSWORD = 'correct horse battery staple';

describe.each([
  ['argon2id', argon2id, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/],
  ['scrypt', scrypt, /^\$scrypt\$ln=17,r=8,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/],
  ['bcrypt', bcrypt, /^\$bcrypt-sha256\$v=2,t=2b,r=10\$[./A-Za-z0-9]{22}\$[./A-Za-z0-9]{31}$/],
] as const)('%s', (_, hasher, format) => {
  test('PW-09 makes a PHC string with at least OWASP\'s parameters, another one each time', async () => {
    const [a, b] = [await hasher.hash(PASSWORD), await hasher.hash(PASSWORD)];
    expect(a).toMatch(format);
    expect(a).not.toBe(b);
    expect(await hasher.verify(PASSWORD, a)).toBe(true);
    expect(hasher.needsRehash(a)).toBe(false);
  });

  test('PW-04 every byte of the password counts, also after NUL and after 72 bytes, as do case and spaces', async () => {
    const long = 'p'.repeat(127);
    const stored = await hasher.hash(`${long}a`);
    const nul = await hasher.hash('a\0b');
    const space = await hasher.hash(`${PASSWORD} `);
    expect(await hasher.verify(`${long}b`, stored)).toBe(false);
    expect(await hasher.verify(long, stored)).toBe(false);
    expect(await hasher.verify('a\0c', nul)).toBe(false);
    expect(await hasher.verify('a', nul)).toBe(false);
    expect(await hasher.verify('a\0b', nul)).toBe(true);
    expect(await hasher.verify(PASSWORD, space)).toBe(false);
    expect(await hasher.verify(`${PASSWORD.toUpperCase()} `, space)).toBe(false);
  });

  test('EN-02 the dummy has the configured parameters, is another one in each container and no password\'s', async () => {
    expect(hasher.dummy).toMatch(format);
    expect(parsePasswordHash(hasher.dummy)).toBeDefined();
    expect(hasher.needsRehash(hasher.dummy)).toBe(false);
    expect(await hasher.verify(PASSWORD, hasher.dummy)).toBe(false);
  });
});

test('PW-04 each changed byte of a password of 128 bytes is another password', async () => {
  const password = Buffer.from(Array.from({ length: 128 }, (_, index) => 33 + (index % 90)));
  const stored = await argon2id.hash(password.toString('ascii'));
  const verdicts = await Promise.all(
    Array.from({ length: 128 }, (_, index) => {
      const changed = Buffer.from(password);
      changed.writeUInt8(changed.readUInt8(index) ^ 1, index);
      return argon2id.verify(changed.toString('ascii'), stored);
    }),
  );
  expect(verdicts.every((verdict) => !verdict)).toBe(true);
  expect(await argon2id.verify(password.toString('ascii'), stored)).toBe(true);
});

describe('hashes of elsewhere', () => {
  // RFC 9106 has no vector for text; this one is of the reference implementation: echo -n password | argon2 somesalt -id -t 2 -m 16 -p 1 -l 24 -e
  test('PW-09 argon2id of the reference implementation', async () => {
    const reference = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
    expect(await argon2id.verify('password', reference)).toBe(true);
    expect(await argon2id.verify('passworD', reference)).toBe(false);
    expect(argon2id.needsRehash(reference)).toBe(false);
  });

  test('PW-10 scrypt of RFC 7914, upgraded at the next login', async () => {
    const tag = Buffer.from('7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887', 'hex');
    const reference = `$scrypt$ln=14,r=8,p=1$${Buffer.from('SodiumChloride').toString('base64').replace(/=+$/, '')}$${tag.toString('base64').replace(/=+$/, '')}`;
    expect(await argon2id.verify('pleaseletmein', reference)).toBe(true);
    expect(await argon2id.verify('pleaseletmeout', reference)).toBe(false);
    expect(argon2id.needsRehash(reference)).toBe(true);
    expect(scrypt.needsRehash(reference)).toBe(true);
  });

  test('PW-10 plain bcrypt is verified, with its own limit, and upgraded at the next login', async () => {
    const stored = hashSync(PASSWORD, 5);
    expect(await argon2id.verify(PASSWORD, stored)).toBe(true);
    expect(await argon2id.verify(`${PASSWORD}!`, stored)).toBe(false);
    expect(await bcrypt.verify(PASSWORD, stored.replace('$2b$', '$2y$'))).toBe(true);
    expect(argon2id.needsRehash(stored)).toBe(true);
    expect(bcrypt.needsRehash(hashSync(PASSWORD, 10))).toBe(true);
  });

  test('PW-09 bcrypt_sha256 of passlib, whose format our bcrypt hashes have', async () => {
    const passlib = '$bcrypt-sha256$v=2,t=2b,r=12$n79VH.0Q2TMWmt3Oqt9uku$Kq4Noyk3094Y2QlB8NdRT8SvGiI4ft2';
    expect(await bcrypt.verify('password', passlib)).toBe(true);
    expect(await bcrypt.verify('passwore', passlib)).toBe(false);
    expect(bcrypt.needsRehash(passlib)).toBe(false);
  });

  test('T35 what bcrypt sees of a long password depends on all of it', async () => {
    const stored = await bcrypt.hash(`${'x'.repeat(80)}a`);
    const [, , , salt = ''] = stored.split('$');
    const digest = createHmac('sha256', salt).update(`${'x'.repeat(80)}a`).digest('base64');
    expect(digest).toHaveLength(44);
    expect(hashSync(digest, `$2b$10$${salt}`).slice(29)).toBe(stored.slice(-31));
  });
});

describe('rehash', () => {
  test('PW-10 another algorithm or a lower cost asks for it, a higher cost does not', async () => {
    const weak = '$argon2id$v=19$m=4096,t=3,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
    expect(argon2id.needsRehash(weak)).toBe(true);
    expect(argon2id.needsRehash(weak.replace('m=4096,t=3', 'm=47104,t=1'))).toBe(true);
    expect(argon2id.needsRehash(weak.replace('m=4096,t=3', 'm=47104,t=3'))).toBe(false);
    const cost10 = await bcrypt.hash(PASSWORD);
    expect(createPasswordHasher({ algorithm: 'bcrypt', cost: 12 }).needsRehash(cost10)).toBe(true);
    expect(createPasswordHasher({ algorithm: 'bcrypt', cost: 10 }).needsRehash(cost10)).toBe(false);
    expect(scrypt.needsRehash(cost10)).toBe(true);
    expect(bcrypt.needsRehash(argon2id.dummy)).toBe(true);
    expect(argon2id.needsRehash('garbage')).toBe(true);
  });
});

describe('a runtime that lacks something', () => {
  const everything: HashingCapabilities = { argon2id: true, scrypt: true, memory: 1024 };
  const withoutArgon2 = createPasswordHasher({ algorithm: 'argon2id' }, { ...everything, argon2id: false });

  test('PW-09 DP-01 scrypt stands in for argon2id and says so', async () => {
    expect(withoutArgon2.fallback).toBe('scrypt');
    const stored = await withoutArgon2.hash(PASSWORD);
    expect(stored).toMatch(/^\$scrypt\$ln=17,r=8,p=1\$/);
    expect(withoutArgon2.dummy).toMatch(/^\$scrypt\$ln=17,r=8,p=1\$/);
    expect(withoutArgon2.needsRehash(stored)).toBe(false);
    expect(argon2id.needsRehash(stored)).toBe(true);
    expect(await argon2id.verify(PASSWORD, stored)).toBe(true);
  });

  test.each<[string, HashingChoice, Partial<HashingCapabilities>, HashingChoice['algorithm'] | undefined]>([
    ['everything there', { algorithm: 'argon2id' }, {}, undefined],
    ['argon2id not asked for', { algorithm: 'scrypt' }, { argon2id: false }, undefined],
    ['bcrypt is our own code', { algorithm: 'bcrypt', cost: 12 }, { argon2id: false, scrypt: false }, undefined],
    ['neither argon2id nor scrypt', { algorithm: 'argon2id' }, { argon2id: false, scrypt: false }, 'bcrypt'],
    ['scrypt asked for and not there', { algorithm: 'scrypt' }, { scrypt: false }, 'bcrypt'],
    ['a function that scrypt would kill', { algorithm: 'argon2id' }, { argon2id: false, memory: 256 }, 'bcrypt'],
  ])('PW-09 DP-01 %s', async (_, choice, missing, expected) => {
    const hasher = createPasswordHasher(choice, { ...everything, ...missing });
    expect(hasher.fallback).toBe(expected);
    expect(await hasher.verify(PASSWORD, hasher.dummy)).toBe(false);
    if (expected === 'bcrypt') expect(await hasher.hash(PASSWORD)).toMatch(/^\$bcrypt-sha256\$v=2,t=2b,r=12\$/);
  });

  test('RS-02 a hash of what is missing cannot be judged there: unavailable, not wrong', async () => {
    const nothing = createPasswordHasher({ algorithm: 'argon2id' }, { ...everything, argon2id: false, scrypt: false });
    await expect(withoutArgon2.verify(PASSWORD, argon2id.dummy)).rejects.toBeInstanceOf(UnavailableError);
    await expect(nothing.verify(PASSWORD, scrypt.dummy)).rejects.toBeInstanceOf(UnavailableError);
  });
});

describe('what the runtime can do is found out by doing it', () => {
  // As Node says it where its OpenSSL is older than 3.2.
  const refuse = () => { throw Object.assign(new Error('Argon2 algorithm not supported'), { code: 'ERR_CRYPTO_ARGON2_NOT_SUPPORTED' }); };
  afterEach(() => jest.restoreAllMocks());

  test('DP-01 here everything', () => {
    expect(probedCapabilities()).toEqual({ argon2id: true, scrypt: true, memory: Infinity });
  });

  test.each(['argon2', 'argon2Sync'])('DP-01 a %s that is there and throws is none', (name) => {
    jest.spyOn(crypto as never, name as never).mockImplementation(refuse as never);
    expect(probedCapabilities()).toMatchObject({ argon2id: false, scrypt: true });
    expect(createPasswordHasher({ algorithm: 'argon2id' }).fallback).toBe('scrypt');
  });

  test.each(['argon2', 'argon2Sync'])('DP-01 nor is one that is missing: %s', (name) => {
    const { [name]: original } = crypto as any;
    try {
      (crypto as any)[name] = undefined;
      expect(probedCapabilities()).toMatchObject({ argon2id: false, scrypt: true });
    } finally {
      (crypto as any)[name] = original;
    }
  });

  test('DP-01 nor one that derives something else', () => {
    jest.spyOn(crypto as any, 'argon2Sync').mockImplementation(() => Buffer.alloc(16));
    expect(probedCapabilities().argon2id).toBe(false);
  });

  test('DP-01 the same of scrypt', () => {
    jest.spyOn(crypto, 'scryptSync').mockImplementation(refuse);
    expect(probedCapabilities()).toMatchObject({ argon2id: true, scrypt: false });
  });
});

describe('malformed and extreme hashes', () => {
  test('PW-11 are answered with false at once', async () => {
    const extreme = [
      '$argon2id$v=19$m=8388608,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
      '$argon2id$v=19$m=65536,t=1000,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
      '$scrypt$ln=31,r=8,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
      `$2b$20$${'a'.repeat(53)}`,
      '$pbkdf2-sha256$i=1000000000$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
      '',
    ];
    const start = process.cpuUsage();
    for (const phc of extreme) {
      expect(await argon2id.verify(PASSWORD, phc)).toBe(false);
    }
    expect(process.cpuUsage(start).user / extreme.length).toBeLessThan(5_000);
  });

  test('PW-11 verify never throws', async () => {
    const cheap = ['$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc', '$scrypt$ln=1,r=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc', `$2b$04$${'a'.repeat(53)}`, `$bcrypt-sha256$v=2,t=2b,r=4$${'a'.repeat(22)}$${'b'.repeat(31)}`];
    const nearly = fc
      .tuple(fc.constantFrom(...cheap), fc.nat(40), fc.constantFrom('', '.', '/', 'z', 'a', '\0', '\u{1F600}'), fc.nat(1))
      .map(([text, at, junk, cut]) => text.slice(0, at + 30) + junk + text.slice(at + 30 + cut));
    await fc.assert(
      fc.asyncProperty(fc.oneof(nearly, fc.constantFrom(...cheap), fc.string({ unit: 'binary' })), fc.string({ unit: 'binary' }), async (phc, password) => {
        expect(await argon2id.verify(password, phc)).toBe(false);
      }),
      { numRuns: 300 },
    );
  });
});

describe('the setting', () => {
  test('is read', () => {
    expect(parseHashingChoice('argon2id')).toEqual({ algorithm: 'argon2id' });
    expect(parseHashingChoice('scrypt')).toEqual({ algorithm: 'scrypt' });
    expect(parseHashingChoice('bcrypt:12')).toEqual({ algorithm: 'bcrypt', cost: 12 });
  });

  test.each(['', 'bcrypt', 'bcrypt:9', 'bcrypt:15', 'bcrypt:010', 'bcrypt:1e1', 'md5', 'argon2id '])('PW-09 %j is refused', (text) => {
    expect(() => parseHashingChoice(text)).toThrow(/^password hashing: expected/);
  });
});
