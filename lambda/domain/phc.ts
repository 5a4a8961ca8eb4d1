import { decodePhcBase64, encodePhcBase64 } from './encoding';

/**
 * Password hashes as PHC strings. Parameters are bounded here, before anything is computed with them: a stored or imported hash
 * must not be able to ask for gigabytes or minutes (PW-11, ASVS 15.1.3).
 */
export type PasswordHash = Argon2idHash | ScryptHash | BcryptHash | BcryptSha256Hash;

export interface Argon2idHash {
  readonly algorithm: 'argon2id';
  /** Memory in KiB. */
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
  readonly salt: Uint8Array;
  readonly tag: Uint8Array;
}

export interface ScryptHash {
  readonly algorithm: 'scrypt';
  /** log2 of N. */
  readonly ln: number;
  readonly r: number;
  readonly p: number;
  readonly salt: Uint8Array;
  readonly tag: Uint8Array;
}

/** A plain bcrypt hash of elsewhere: sees only 72 bytes of the password. Verified, never made. */
export interface BcryptHash {
  readonly algorithm: 'bcrypt';
  readonly cost: number;
  /** The whole modular crypt string. */
  readonly text: string;
}

/**
 * bcrypt over base64(HMAC-SHA-256(salt, password)), which closes the 72-byte limit and the stop at NUL. The format and the
 * computation are version 2 of `bcrypt_sha256` of Python's passlib, so hashes move both ways. The salt as HMAC key keeps an
 * unsalted SHA-256 leaked elsewhere from being tried directly against the bcrypt hash.
 */
export interface BcryptSha256Hash {
  readonly algorithm: 'bcrypt-sha256';
  readonly cost: number;
  /** 22 characters of bcrypt's own base64. */
  readonly salt: string;
  /** 31 characters of bcrypt's own base64. */
  readonly tag: string;
}

export const HashBounds = {
  /** KiB: six times the default. */
  ARGON2_MEMORY: 131072,
  ARGON2_PASSES: 16,
  ARGON2_PARALLELISM: 4,
  /** KiB times passes: what the time is proportional to; about half a second. */
  ARGON2_WORK: 1048576,
  SCRYPT_LN: 18,
  SCRYPT_R: 16,
  SCRYPT_P: 4,
  /** Bytes of memory (128 N r) times p. */
  SCRYPT_WORK: 256 * 1024 * 1024,
  BCRYPT_COST_MIN: 4,
  BCRYPT_COST: 14,
  /** Salts and tags in bytes. */
  SALT_MIN: 8,
  SALT_MAX: 64,
  TAG_MIN: 16,
  TAG_MAX: 64,
} as const;

/** Longest PHC string that is looked at. */
const MAX_LENGTH = 512;
const NUMBER = '(0|[1-9][0-9]{0,9})';
const ARGON2ID = new RegExp(`^\\$argon2id\\$v=19\\$m=${NUMBER},t=${NUMBER},p=${NUMBER}\\$([A-Za-z0-9+/]+)\\$([A-Za-z0-9+/]+)$`);
const SCRYPT = new RegExp(`^\\$scrypt\\$ln=${NUMBER},r=${NUMBER},p=${NUMBER}\\$([A-Za-z0-9+/]+)\\$([A-Za-z0-9+/]+)$`);
// 2a and 2y of today's libraries compute the same as 2b.
const BCRYPT = /^\$2[aby]\$([0-9]{2})\$[./A-Za-z0-9]{53}$/;
const BCRYPT_SHA256 = /^\$bcrypt-sha256\$v=2,t=2b,r=([0-9]{1,2})\$([./A-Za-z0-9]{22})\$([./A-Za-z0-9]{31})$/;

/** The parts of a hash, or undefined when it is malformed, of an unknown algorithm or beyond the bounds. */
export function parsePasswordHash(text: string): PasswordHash | undefined {
  if (text.length > MAX_LENGTH) {
    return undefined;
  }
  return parseArgon2id(text) ?? parseScrypt(text) ?? parseBcrypt(text) ?? parseBcryptSha256(text);
}

/** PHC string of a hash. */
export function formatPasswordHash(hash: PasswordHash): string {
  switch (hash.algorithm) {
    case 'argon2id':
      return `$argon2id$v=19$m=${hash.memory},t=${hash.passes},p=${hash.parallelism}$${encodePhcBase64(hash.salt)}$${encodePhcBase64(hash.tag)}`;
    case 'scrypt':
      return `$scrypt$ln=${hash.ln},r=${hash.r},p=${hash.p}$${encodePhcBase64(hash.salt)}$${encodePhcBase64(hash.tag)}`;
    case 'bcrypt':
      return hash.text;
    case 'bcrypt-sha256':
      return `$bcrypt-sha256$v=2,t=2b,r=${hash.cost}$${hash.salt}$${hash.tag}`;
  }
}

function parseArgon2id(text: string): Argon2idHash | undefined {
  const match = ARGON2ID.exec(text);
  if (!match) {
    return undefined;
  }
  const [memory, passes, parallelism] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const bytes = saltAndTag(match[4], match[5]);
  const within =
    between(parallelism, 1, HashBounds.ARGON2_PARALLELISM) &&
    between(passes, 1, HashBounds.ARGON2_PASSES) &&
    between(memory, 8 * parallelism, HashBounds.ARGON2_MEMORY) &&
    memory * passes <= HashBounds.ARGON2_WORK;
  return within && bytes ? { algorithm: 'argon2id', memory, passes, parallelism, ...bytes } : undefined;
}

function parseScrypt(text: string): ScryptHash | undefined {
  const match = SCRYPT.exec(text);
  if (!match) {
    return undefined;
  }
  const [ln, r, p] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const bytes = saltAndTag(match[4], match[5]);
  const within =
    between(ln, 1, HashBounds.SCRYPT_LN) &&
    between(r, 1, HashBounds.SCRYPT_R) &&
    between(p, 1, HashBounds.SCRYPT_P) &&
    128 * 2 ** ln * r * p <= HashBounds.SCRYPT_WORK &&
    // RFC 7914 section 2: N < 2^(128 r / 8); the library would throw.
    ln < 16 * r;
  return within && bytes ? { algorithm: 'scrypt', ln, r, p, ...bytes } : undefined;
}

function parseBcrypt(text: string): BcryptHash | undefined {
  const cost = Number(BCRYPT.exec(text)?.[1]);
  return bcryptCostWithin(cost) ? { algorithm: 'bcrypt', cost, text } : undefined;
}

function parseBcryptSha256(text: string): BcryptSha256Hash | undefined {
  const [, rounds, salt, tag] = BCRYPT_SHA256.exec(text) ?? [];
  const cost = Number(rounds);
  return salt && tag && bcryptCostWithin(cost) ? { algorithm: 'bcrypt-sha256', cost, salt, tag } : undefined;
}

function bcryptCostWithin(cost: number): boolean {
  return between(cost, HashBounds.BCRYPT_COST_MIN, HashBounds.BCRYPT_COST);
}

function saltAndTag(saltText = '', tagText = ''): { salt: Uint8Array; tag: Uint8Array } | undefined {
  const salt = decodePhcBase64(saltText);
  const tag = decodePhcBase64(tagText);
  const within =
    between(salt?.length ?? 0, HashBounds.SALT_MIN, HashBounds.SALT_MAX) && between(tag?.length ?? 0, HashBounds.TAG_MIN, HashBounds.TAG_MAX);
  return salt && tag && within ? { salt, tag } : undefined;
}

function between(value: number, least: number, greatest: number): boolean {
  return value >= least && value <= greatest;
}
