import fc from 'fast-check';
import { COMMON_PASSWORDS } from '../../../lambda/domain/common-password-list';
import { commonPasswords, isCommonPassword } from '../../../lambda/domain/common-passwords';
import { codePoints, utf8Bytes } from '../../../lambda/domain/encoding';
import { AuthError } from '../../../lambda/domain/errors';
import { checkNewPassword, checkPasswordLength, normalisePassword, PasswordPolicy } from '../../../lambda/domain/password-policy';

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

describe('length', () => {
  test('PW-01 counts code points: 14 emoji are too short, 15 are enough', () => {
    expect(refusal('\u{1F600}\u{1F601}'.repeat(7))).toBe('password_too_short');
    expect(refusal(`${'\u{1F600}\u{1F601}'.repeat(7)}\u{1F602}`)).toBeUndefined();
  });

  test('PW-01 the least length is the policy\'s', () => {
    expect(refusal('tqzv7wpk', { minLength: 8 })).toBeUndefined();
    expect(refusal('tqzv7wp', { minLength: 8 })).toBe('password_too_short');
  });

  test('PW-02 64 emoji and 128 characters are accepted, 129 are not', () => {
    expect(refusal('\u{1F600}'.repeat(64))).toBeUndefined();
    expect(refusal('xq'.repeat(64))).toBeUndefined();
    expect(refusal(`${'xq'.repeat(64)}x`)).toBe('password_too_long');
  });

  test('PW-02 128 code points of four bytes are accepted: the cap in bytes is theirs', () => {
    expect(refusal('\u{1F600}'.repeat(128))).toBeUndefined();
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
    expect(refusal(`${' '.repeat(19)}\u{1F600}`)).toBeUndefined();
    expect(refusal('a\0b'.repeat(6))).toBeUndefined();
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
