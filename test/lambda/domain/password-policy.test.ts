import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { COMMON_PASSWORDS } from '../../../lambda/domain/common-password-list';
import { commonPasswords, isCommonPassword } from '../../../lambda/domain/common-passwords';
import { codePoints, utf8Bytes } from '../../../lambda/domain/encoding';
import { AuthError } from '../../../lambda/domain/errors';
import { checkNewPassword, checkPasswordLength, normalisePassword, PasswordPolicy } from '../../../lambda/domain/password-policy';
import { isSimplePassword } from '../../../lambda/domain/simple-passwords';

const policy: PasswordPolicy = { minLength: 15, classes: 0, serviceName: 'Wonderland' };
const email = 'alice.liddell@example.com';

function code(run: () => void): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    return (error as AuthError).code;
  }
}

function refusal(password: string, change: Partial<PasswordPolicy> = {}): string | undefined {
  return code(() => checkNewPassword({ ...policy, ...change }, password, { email }));
}

const FIFTEEN_EMOJI = '\u{1F600}\u{1F680}\u{1F40D}\u{1F355}\u{1F3A9}'.repeat(2) + '\u{1F4A1}\u{1F511}\u{1F34B}\u{1F697}\u{1F3B2}';

/** So many characters that are no pattern: steps of a generator of full period. */
function distinct(count: number, from = 0x4e00): string {
  return Array.from({ length: count }, (_, index) => String.fromCodePoint(from + ((index * 53 + 7) % 128))).join('');
}

describe('length', () => {
  test('PW-01 counts code points: 14 emoji are too short, 15 are enough', () => {
    expect(refusal('\u{1F600}\u{1F601}'.repeat(7))).toBe('password_too_short');
    // Emoji that do not follow one another: those are a sequence.
    expect(refusal(FIFTEEN_EMOJI)).toBeUndefined();
  });

  test('PW-01 the least length is the policy\'s', () => {
    expect(refusal('tqzv7wpk', { minLength: 8 })).toBeUndefined();
    expect(refusal('tqzv7wp', { minLength: 8 })).toBe('password_too_short');
  });

  test('PW-02 64 emoji and 128 characters are accepted, 129 are not', () => {
    expect(refusal(distinct(64, 0x1f600))).toBeUndefined();
    expect(refusal(distinct(128))).toBeUndefined();
    expect(refusal(distinct(129))).toBe('password_too_long');
  });

  test('PW-02 128 code points of four bytes are accepted: the cap in bytes is theirs', () => {
    expect(refusal(distinct(128, 0x1f300))).toBeUndefined();
    expect(refusal('\u{1F600}'.repeat(129))).toBe('password_too_long');
  });

  test('PW-02 the cap holds for what the normalisation makes', () => {
    // U+FDFA is 18 characters in NFKC.
    expect(code(() => checkPasswordLength('\uFDFA'.repeat(8)))).toBe('password_too_long');
    expect(code(() => checkPasswordLength('\uFDFA'.repeat(7)))).toBeUndefined();
  });

  test('PW-05 a password that is accepted composed is accepted decomposed', () => {
    const composed = '\u00E9'.repeat(128);
    expect(code(() => checkPasswordLength(composed))).toBeUndefined();
    expect(code(() => checkPasswordLength(composed.normalize('NFD')))).toBeUndefined();
  });

  test('T35 a password of a megabyte is refused at once', () => {
    const huge = '\uFDFA'.repeat(1_000_000);
    const start = process.cpuUsage();
    expect(code(() => checkPasswordLength(huge))).toBe('password_too_long');
    expect(process.cpuUsage(start).user).toBeLessThan(20_000);
  });

  test('PW-02 whatever passes the length check is within the cap after normalisation', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 3000 }), (password) => {
        const normal = normalisePassword(password);
        const within = codePoints(normal) <= 128 && utf8Bytes(normal) <= 512;
        const passed = code(() => checkPasswordLength(password)) === undefined;
        expect(!passed || within).toBe(true);
        expect(passed || password.length > 2048 || !within).toBe(true);
      }),
    );
  });
});

describe('composition', () => {
  test('PW-03 there are no composition rules by default', () => {
    expect(refusal('thorough brindle quagmire')).toBeUndefined();
    expect(refusal('\u{1F600} as  spaces \u{1F680}  please')).toBeUndefined();
    expect(refusal('thorough\0brindle')).toBeUndefined();
  });

  test('PW-03 a policy may ask for classes: lower, upper, digit, other', () => {
    expect(refusal('thoroughbrindle', { classes: 1 })).toBeUndefined();
    expect(refusal('thoroughbrindle', { classes: 2 })).toBe('password_classes');
    expect(refusal('Thoroughbrindle', { classes: 2 })).toBeUndefined();
    expect(refusal('Thoroughbrindl3', { classes: 4 })).toBe('password_classes');
    expect(refusal('Thorough brind3', { classes: 4 })).toBeUndefined();
  });

  test('a lone surrogate is refused: it has no UTF-8 form', () => {
    expect(refusal('thorough brindle \uD800 quagmire')).toBe('validation_failed');
    expect(refusal('thorough brindle \uDC00\uD800 quagmire')).toBe('validation_failed');
  });

  test('PW-05 normalisation is NFKC, idempotent, and nothing else', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (password) => {
        const normal = normalisePassword(password);
        expect(normalisePassword(normal)).toBe(normal);
        expect(normalisePassword(password.normalize('NFD'))).toBe(normalisePassword(password.normalize('NFC')));
      }),
    );
    expect(normalisePassword('  Trailing Space ')).toBe('  Trailing Space ');
  });
});

describe('common passwords', () => {
  test('PW-06 holds at least 3000 that meet the rule of 15 characters, and common shorter ones', () => {
    const all = [...commonPasswords()];
    expect(all.filter((one) => codePoints(one) >= 15).length).toBeGreaterThanOrEqual(3000);
    expect(all.filter((one) => codePoints(one) < 15).length).toBeGreaterThanOrEqual(2000);
    expect(Math.min(...all.map((one) => one.length))).toBeGreaterThanOrEqual(8);
    expect(all.every((one) => /^[\x21-\x7e]+$/.test(one) && one === one.toLowerCase())).toBe(true);
  });

  test('PW-06 the list costs a bundle at most 30 KB', () => {
    expect(Buffer.byteLength(JSON.stringify(COMMON_PASSWORDS))).toBeLessThan(30_000);
  });

  test.each(['123456789012345', 'ManchesterUnited', 'correcthorsebatterystaple', 'passwordpassword', 'qwertyuiopasdfgh', 'PasswordPassword', '1qaz2wsx3edc4rfv', '111111111111111', '\uFF11'.repeat(15)])(
    'PW-06 refuses %j',
    (password) => {
      expect(refusal(password)).toBe('password_compromised');
    },
  );

  test('PW-06 a shorter one is refused where the rule is 8 characters', () => {
    expect(refusal('iloveyou', { minLength: 8 })).toBe('password_compromised');
    expect(refusal('Password1', { minLength: 8 })).toBe('password_compromised');
  });

  test('PW-06 compares whole passwords', () => {
    expect(isCommonPassword('passwordpassword')).toBe(true);
    expect(isCommonPassword('passwordpassword!q7')).toBe(false);
  });

  test('PW-06 every entry is refused in any case', () => {
    fc.assert(
      fc.property(fc.constantFrom(...commonPasswords()), fc.boolean(), (password, upper) => {
        expect(refusal(upper ? password.toUpperCase() : password, { minLength: 8 })).toBe('password_compromised');
      }),
    );
  });
});

describe('patterns', () => {
  const keyboards = ['1234567890', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm', 'qwertzuiop', 'azertyuiop', 'qsdfghjklm', 'йцукенгшщзхъ'];
  const alphabets = ['abcdefghijklmnopqrstuvwxyz', 'αβγδεζηθικλμνξοπρ', 'абвгдежзийклмнопрстуфхцчшщъыьэюя', '٠١٢٣٤٥٦٧٨٩'];
  const reversed = (text: string) => [...text].reverse().join('');
  const repeated = (unit: string, length = 40) => unit.repeat(length).slice(0, length);
  const patterns: [string, readonly string[]][] = [
    ['of at most four distinct characters', ['abbacaddabbacadd', 'aAbBcCdDdCcBbAaDaB', '0110100110010110', '\u{1F600}'.repeat(20), '!?'.repeat(9), 'hellohheellooo lol hello', 'zz  zz  zz  zz  zz']],
    ['that nobody sees', [
      ' '.repeat(15), '\u00A0\u2003\u3000'.repeat(6), '\u200B\u200C\u200D\u2060\uFEFF\u00AD'.repeat(3), '\t\n\v\f\r\0'.repeat(4), '\u2800'.repeat(20),
      '\u115F\u1160\u3164\uFFA0\u034F\u180E'.repeat(3), '\u202A\u202E\u2066\u2069\uFE0F\u{E0100}\u{E0061}'.repeat(3), `${'\u200B '.repeat(20)}abc`,
    ]],
    ['of a repeated unit', [
      'tulip marmot tulip marmot ', 'tulipmarmottulipmarmot', 'Tulip7Tulip7Tulip7', 'tulip-tulip-tulip', 'tuliptuliptul', 'TULIPtulipTuLiP', 'tulip1tulip2tulip3', '!!tuliptulip!!', 'tu lip t ulip tulip',
      'tulip\u200Btulip\u200Btulip', '\uFF54ulip-marmot-tulip-marmot',
    ]],
    ['of an alphabet, digits or a row of keys', [...alphabets, ...keyboards].flatMap((row) => [repeated(row), repeated(reversed(row)), repeated(row).toUpperCase(), [...row].join(' ') + ` ${row}`])],
    ['of several of them', ['abcdefgh12345678', 'qwertyuiopasdfgh', 'asdfghjklqwertyuiop', '1234567890qwertyuiop', 'mnbvcxzlkjhgfdsa', 'abcdefghijklmno1', '!1234567890abcdef!', 'xyzabcdefg789012', '1qaz2wsx3edc4rfv']],
    ['of them in turns', ['a1b2c3d4e5f6g7h8', '1q2w3e4r5t6y7u8i', 'aabbccddeeffgghh', '112233445566778899', 'aXbXcXdXeXfXgXhX', 'a-b-c-d-e-f-g-h-i-j']],
  ];

  test.each(patterns)('PW-12 refuses what is made %s', (_kind, passwords) => {
    // Some are listed too.
    const taken = passwords.filter((password) => !['password_too_simple', 'password_compromised'].includes(refusal(password, { minLength: 8 })!));
    expect(taken).toEqual([]);
    expect(passwords.every((password) => isSimplePassword(normalisePassword(password)))).toBe(true);
  });

  test('PW-12 takes what only contains such things', () => {
    const good = [
      'seven brown birds sing at noon in may', 'qzvkwmxjrtplhsd', 'thorough brindle quagmire', 'abcdefg is how it begins', '12345 tulips for marmots', 'glacier tulip marmot sonata',
      'no more no less no fewer', 'Donaudampfschifffahrt', 'かさねがさねおれいもうしあげます', 'зелёные тюльпаны у реки', 'ein Tulpenbeet, zwei Murmeltiere', FIFTEEN_EMOJI,
    ];
    for (const password of good) expect([password, refusal(password)]).toEqual([password, undefined]);
  });

  test('PW-12 refuses hardly a password that a generator makes: of 8 lower-case letters less than one in a hundred, of 15 none', () => {
    const generated = (length: number) => fc.string({ unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz'), minLength: length, maxLength: length });
    const refusedOf = (length: number, count: number) => fc.sample(generated(length), { numRuns: count, seed: 7 }).filter(isSimplePassword);
    expect(refusedOf(8, 5000).length).toBeLessThan(50);
    expect(refusedOf(15, 5000)).toEqual([]);
  });

  test('PW-06 what the README once registered its user with is refused, however it is spaced, and so is a listed one with blanks', () => {
    for (const password of ['correct horse battery staple 42', 'Correct Horse  Battery Staple 42', 'correct horse battery staple', 'manchester united']) {
      expect([password, refusal(password)]).toEqual([password, 'password_compromised']);
    }
  });

  test('PW-06 no document shows a password that somebody could register with', () => {
    const documents = ['README.md', ...readdirSync('docs').filter((name) => /\.(md|json)$/.test(name)).map((name) => `docs/${name}`)];
    const shown = documents.flatMap((name) => [...readFileSync(name, 'utf8').matchAll(/"(?:new_|current_)?password"\s*:\s*"([^"$]+)"/g)].map(([, password]) => `${name}: ${password}`));
    expect(shown.filter((one) => refusal(one.slice(one.indexOf(': ') + 2)) === undefined)).toEqual([]);
  });
});

describe('context words', () => {
  test('PW-07 refuses the local part of the address and the name of the service, in any case', () => {
    expect(refusal('my Alice.Liddell password')).toBe('password_personal');
    expect(refusal('i am in wonderland again')).toBe('password_personal');
    expect(refusal('i am in \uFF37onderland again')).toBe('password_personal');
    expect(refusal('my liddell horse staple')).toBeUndefined();
  });

  test('PW-07 a word of fewer than four characters is no context word', () => {
    expect(code(() => checkNewPassword(policy, 'the bobsleigh track is icy', { email: 'bob@example.com' }))).toBeUndefined();
    expect(code(() => checkNewPassword({ ...policy, serviceName: 'api' }, 'the apiary is full of bees', { email }))).toBeUndefined();
  });
});
