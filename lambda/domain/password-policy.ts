import { Limits } from '../../src/contract/limits';
import { isCommonPassword } from './common-passwords';
import { localPart } from './email';
import { codePoints, utf8Bytes } from './encoding';
import { AuthError } from './errors';
import { isPredictablePassword, withoutLookAlikes } from './predictable-passwords';
import { isSimplePassword, visible } from './simple-passwords';

export interface PasswordPolicy {
  /** Least length in code points. */
  readonly minLength: number;
  /** Least number of character classes (lower, upper, digit, other): 0 to 4. */
  readonly classes: number;
  /** Name of the service: a context word. */
  readonly serviceName: string;
}

/** A shorter word would refuse too many good passwords by chance. */
const CONTEXT_WORD_MIN = 4;
/**
 * Greatest input in UTF-16 units before normalisation, so that the normalisation itself is bounded. Above the cap of the normalised
 * password, because decomposed text shrinks: what was accepted composed must be accepted decomposed.
 */
const RAW_LENGTH = 4 * Limits.PASSWORD_BYTES;
// With the u flag a surrogate matches only when it stands alone.
const LONE_SURROGATE = /\p{Surrogate}/u;
const CLASSES = [/\p{Ll}/u, /\p{Lu}/u, /\p{Nd}/u, /[^\p{Ll}\p{Lu}\p{Nd}]/u];

/** NFKC and nothing else: no trim, no case change, no cut (NIST SP 800-63B-4 section 3.1.1.2; deviation from ASVS 6.2.8 documented). */
export function normalisePassword(password: string): string {
  return password.normalize('NFKC');
}

/** For login and the current password: refuses what no stored password can be, before anything is hashed (PW-02). */
export function checkPasswordLength(password: string): void {
  if (password.length > RAW_LENGTH) {
    throw new AuthError('password_too_long');
  }
  const normal = normalisePassword(password);
  if (utf8Bytes(normal) > Limits.PASSWORD_BYTES || codePoints(normal) > Limits.PASSWORD_CODE_POINTS) {
    throw new AuthError('password_too_long');
  }
}

/**
 * For registration, change and reset. Throws `AuthError` with `password_too_long`, `password_too_short`, `password_classes`,
 * `password_compromised`, `password_personal` or `password_too_simple`, checked in this order.
 */
export function checkNewPassword(policy: PasswordPolicy, password: string, subject: { readonly email: string }): void {
  checkPasswordLength(password);
  if (LONE_SURROGATE.test(password)) {
    // It has no UTF-8 form: every such character would hash like U+FFFD, so different passwords would be one.
    throw new AuthError('validation_failed', { detail: 'The password is not well-formed Unicode.', reason: 'password_not_unicode' });
  }
  const normal = normalisePassword(password);
  if (codePoints(normal) < policy.minLength) {
    throw new AuthError('password_too_short', { detail: `The password needs at least ${policy.minLength} characters.` });
  }
  if (CLASSES.filter((one) => one.test(normal)).length < policy.classes) {
    throw new AuthError('password_classes', {
      detail: `The password needs ${policy.classes} of: lower-case letters, upper-case letters, digits, other characters.`,
    });
  }
  if (isCommonPassword(normal) || isCommonPassword(visible(normal))) {
    throw new AuthError('password_compromised');
  }
  const undone = withoutLookAlikes([...normal]).join('');
  if (contextWords(policy, subject.email).some((word) => undone.includes(withoutLookAlikes([...word]).join('')))) {
    throw new AuthError('password_personal');
  }
  if (isSimplePassword(normal)) {
    throw new AuthError('password_too_simple', { detail: 'The password is a sequence, a repetition, or made of few different characters.' });
  }
  if (isPredictablePassword(visible(normal))) {
    throw new AuthError('password_too_simple', { detail: 'The password is made of common words, sequences, repetitions or years, and little else.' });
  }
}

function contextWords(policy: PasswordPolicy, email: string): string[] {
  return [localPart(email), policy.serviceName.normalize('NFKC').toLowerCase()].filter((word) => codePoints(word) >= CONTEXT_WORD_MIN);
}
