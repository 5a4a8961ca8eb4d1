import { createHmac, randomBytes } from 'node:crypto';
import { BcryptSha256Hash } from '../../domain/phc';

/** Few functions ever meet a bcrypt hash: the bundler puts the library into a file of its own, which is loaded when one does. */
const bcryptjs = () => import('bcryptjs');

const SALT_BYTES = 16;
const SALT_LENGTH = 22;
/** bcrypt gives 23 of its 24 bytes. */
const TAG_BYTES = 23;

/** bcrypt over base64(HMAC-SHA-256(salt, password)): 44 characters without NUL, so every byte of the password counts. */
export async function bcryptSha256(password: string, cost: number, salt: string): Promise<BcryptSha256Hash> {
  const digest = createHmac('sha256', salt).update(password, 'utf8').digest('base64');
  const prefix = `$2b$${String(cost).padStart(2, '0')}$`;
  const { hash } = await bcryptjs();
  const text = await hash(digest, `${prefix}${salt}`);
  return { algorithm: 'bcrypt-sha256', cost, salt, tag: text.slice(prefix.length + SALT_LENGTH) };
}

/** A hash of elsewhere, with bcrypt's own limit of 72 bytes. */
export async function verifyBcrypt(password: string, text: string): Promise<boolean> {
  const { compare } = await bcryptjs();
  return compare(password, text);
}

/** 128 random bits in bcrypt's own base64. */
export function newBcryptSalt(): string {
  return bcryptBase64(randomBytes(SALT_BYTES));
}

/** A tag that is no password's. */
export function randomBcryptTag(): string {
  return bcryptBase64(randomBytes(TAG_BYTES));
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const BCRYPT_BASE64 = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Base64 without padding, in the alphabet that bcrypt had before RFC 4648. */
function bcryptBase64(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '').replace(/./g, (digit) => BCRYPT_BASE64[BASE64.indexOf(digit)]!);
}
