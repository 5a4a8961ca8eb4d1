import { Limits } from '../contract/limits';
import { checkInteger } from './validation';

/** Cost of bcrypt. */
export interface BcryptOptions {
  /**
   * Binary logarithm of the number of rounds, 10 to 14. Each step doubles the time of a login.
   * @default 12
   */
  readonly cost?: number;
}

/** How new password hashes are made. Hashes made before, by any of them, stay valid and are replaced at the next login. */
export class PasswordHashing {
  /** Argon2id with 19 MiB, two passes: the first choice of the OWASP Password Storage Cheat Sheet. */
  public static argon2id(): PasswordHashing {
    return new PasswordHashing('argon2id', false);
  }

  /** bcrypt: only where something else must read the hashes. Slower, and weaker against graphics cards than argon2id. */
  public static bcrypt(options: BcryptOptions = {}): PasswordHashing {
    checkInteger('passwords.hashing: cost of bcrypt', options.cost, 10, 14, 'below 10 it is too fast to guess, above 14 a login takes seconds');
    return new PasswordHashing(`bcrypt:${options.cost ?? 12}`, true);
  }

  /** scrypt with N = 2^17, r = 8, p = 1, which takes 128 MiB. */
  public static scrypt(): PasswordHashing {
    return new PasswordHashing('scrypt', false);
  }

  private constructor(
    /** @internal */
    public readonly _algorithm: string,
    /** @internal */
    public readonly _weaker: boolean,
  ) {}
}

/** Rules for new passwords. A list of common passwords and words from the context are refused always. */
export interface PasswordOptions {
  /**
   * Least length in code points, 8 to 64. Below 15 the synthesizer warns: NIST SP 800-63B-4 asks for 15 while the password is the only factor.
   * @default 15
   */
  readonly minLength?: number;

  /**
   * Least number of kinds of characters (lower case, upper case, digit, other): 0 to 4. Such rules make passwords worse; only for
   * those who are told to have them.
   * @default 0
   */
  readonly characterClasses?: number;

  /**
   * How new hashes are made.
   * @default PasswordHashing.argon2id()
   */
  readonly hashing?: PasswordHashing;
}

/** Whether the rules are within the bounds of NIST SP 800-63B-4. */
export function checkPasswords(passwords: PasswordOptions): void {
  checkInteger('passwords.minLength', passwords.minLength, Limits.PASSWORD_MIN_WITH_MFA, 64,
    'NIST SP 800-63B-4 asks for 8 at least, and more than 64 shuts password managers out');
  checkInteger('passwords.characterClasses', passwords.characterClasses, 0, 4);
}
