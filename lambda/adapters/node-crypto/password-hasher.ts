import { randomBytes, timingSafeEqual } from 'node:crypto';
import { Limits } from '../../../src/contract/limits';
import { UnavailableError } from '../../domain/errors';
import { formatPasswordHash, HashBounds, parsePasswordHash, PasswordHash } from '../../domain/phc';
import { PasswordHasher } from '../../ports/crypto';
import { argon2id, argon2Works } from './argon2';
import { bcryptSha256, newBcryptSalt, randomBcryptTag, verifyBcrypt } from './bcrypt';
import { scrypt, scryptWorks } from './scrypt';

/** What `Env.PASSWORD_HASHING` says: `argon2id`, `bcrypt:<cost>` or `scrypt`. */
export type HashingChoice = { readonly algorithm: 'argon2id' | 'scrypt' } | { readonly algorithm: 'bcrypt'; readonly cost: number };

export interface NodePasswordHasher extends PasswordHasher {
  /** What stands in for an algorithm that was asked for and that this runtime lacks. The `HASHING_FALLBACK` metric must be raised. */
  readonly fallback: HashingChoice['algorithm'] | undefined;
}

/** What this runtime can do. bcrypt is our own code and always there. */
export interface HashingCapabilities {
  readonly argon2id: boolean;
  readonly scrypt: boolean;
  /** MiB that the function has. */
  readonly memory: number;
}

/** Floors of the OWASP Password Storage cheat sheet and ASVS 5.0 appendix C (PW-09). */
const ARGON2ID = { memory: 19456, passes: 2, parallelism: 1 } as const;
const SCRYPT = { ln: 17, r: 8, p: 1 } as const;
const BCRYPT_COST_MIN = 10;
/** Where neither argon2id nor scrypt can be had. */
const BCRYPT_FALLBACK = { algorithm: 'bcrypt', cost: 12 } as const;
const SALT_BYTES = 16;
const TAG_BYTES = 32;

export function parseHashingChoice(text: string): HashingChoice {
  if (text === 'argon2id' || text === 'scrypt') {
    return { algorithm: text };
  }
  const cost = Number(/^bcrypt:([1-9][0-9]?)$/.exec(text)?.[1]);
  if (cost >= BCRYPT_COST_MIN && cost <= HashBounds.BCRYPT_COST) {
    return { algorithm: 'bcrypt', cost };
  }
  throw new Error(`password hashing: expected argon2id, scrypt or bcrypt:<${BCRYPT_COST_MIN}..${HashBounds.BCRYPT_COST}>`);
}

/** By one small derivation each. */
export function probedCapabilities(memory = Infinity): HashingCapabilities {
  return { argon2id: argon2Works(), scrypt: scryptWorks(), memory };
}

export function createPasswordHasher(choice: HashingChoice, capabilities = probedCapabilities()): NodePasswordHasher {
  const configured = possible(choice, capabilities);
  return {
    fallback: configured.algorithm === choice.algorithm ? undefined : configured.algorithm,
    dummy: formatPasswordHash(unmatchable(configured)),

    async hash(password) {
      return formatPasswordHash(await make(configured, password));
    },

    async verify(password, phc) {
      const stored = parsePasswordHash(phc);
      if (!stored) {
        return false;
      }
      if ((stored.algorithm === 'argon2id' || stored.algorithm === 'scrypt') && !capabilities[stored.algorithm]) {
        // The password may be right: no answer is possible here, and 401 would be a wrong one.
        throw new UnavailableError('password-hashing');
      }
      return matches(stored, password);
    },

    needsRehash(phc) {
      const stored = parsePasswordHash(phc);
      return !stored || weaker(stored, configured);
    },
  };
}

/** The choice, or the strongest that stands in for it. scrypt takes several times the memory of argon2id: a small function would be killed by it. */
function possible(choice: HashingChoice, { argon2id: hasArgon2id, scrypt: hasScrypt, memory }: HashingCapabilities): HashingChoice {
  if (choice.algorithm === 'argon2id' && !hasArgon2id) {
    return hasScrypt && memory >= Limits.SCRYPT_MEBIBYTES ? { algorithm: 'scrypt' } : BCRYPT_FALLBACK;
  }
  return choice.algorithm === 'scrypt' && !hasScrypt ? BCRYPT_FALLBACK : choice;
}

async function make(choice: HashingChoice, password: string): Promise<PasswordHash> {
  if (choice.algorithm === 'bcrypt') {
    return bcryptSha256(password, choice.cost, newBcryptSalt());
  }
  const salt = randomBytes(SALT_BYTES);
  return choice.algorithm === 'argon2id'
    ? { algorithm: 'argon2id', ...ARGON2ID, salt, tag: await argon2id(password, { ...ARGON2ID, salt, tagLength: TAG_BYTES }) }
    : { algorithm: 'scrypt', ...SCRYPT, salt, tag: await scrypt(password, { ...SCRYPT, salt, tagLength: TAG_BYTES }) };
}

async function matches(stored: PasswordHash, password: string): Promise<boolean> {
  switch (stored.algorithm) {
    case 'argon2id':
      return timingSafeEqual(await argon2id(password, { ...stored, tagLength: stored.tag.length }), stored.tag);
    case 'scrypt':
      return timingSafeEqual(await scrypt(password, { ...stored, tagLength: stored.tag.length }), stored.tag);
    case 'bcrypt':
      return verifyBcrypt(password, stored.text);
    case 'bcrypt-sha256': {
      const { tag } = await bcryptSha256(password, stored.cost, stored.salt);
      return timingSafeEqual(Buffer.from(tag), Buffer.from(stored.tag));
    }
  }
}

/** A hash of the configured cost that belongs to no password: salt and tag are random, so it costs nothing to make at init. */
function unmatchable(choice: HashingChoice): PasswordHash {
  if (choice.algorithm === 'bcrypt') {
    return { algorithm: 'bcrypt-sha256', cost: choice.cost, salt: newBcryptSalt(), tag: randomBcryptTag() };
  }
  const bytes = { salt: randomBytes(SALT_BYTES), tag: randomBytes(TAG_BYTES) };
  return choice.algorithm === 'argon2id' ? { algorithm: 'argon2id', ...ARGON2ID, ...bytes } : { algorithm: 'scrypt', ...SCRYPT, ...bytes };
}

/** Another algorithm, or a parameter below the configured one. A stronger hash is left alone. */
function weaker(stored: PasswordHash, choice: HashingChoice): boolean {
  switch (choice.algorithm) {
    case 'argon2id':
      return stored.algorithm !== 'argon2id' || stored.memory < ARGON2ID.memory || stored.passes < ARGON2ID.passes || stored.tag.length < TAG_BYTES;
    case 'scrypt':
      return stored.algorithm !== 'scrypt' || stored.ln < SCRYPT.ln || stored.r < SCRYPT.r || stored.tag.length < TAG_BYTES;
    case 'bcrypt':
      return stored.algorithm !== 'bcrypt-sha256' || stored.cost < choice.cost;
  }
}
