import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { AwsError } from '../errors';
import { contentKey, Key } from './keys';

const VERSION = 1;
const ID_BYTES = 36;
const SALT_BYTES = 16;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Encryption context: pairs that must be given again to decrypt. Bound by length, so that no two contexts look alike. */
function additionalData(context: Readonly<Record<string, string>>): Buffer {
  const parts = Object.keys(context).sort().flatMap((name) => [name, context[name]!]);
  return Buffer.concat(parts.flatMap((part) => {
    const bytes = Buffer.from(part);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return [length, bytes];
  }));
}

/** A blob that names its key, as those of KMS do. */
export function encrypt(key: Key, plaintext: Buffer, context: Readonly<Record<string, string>>): Buffer {
  const salt = randomBytes(SALT_BYTES);
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', contentKey(key, salt), iv);
  cipher.setAAD(additionalData(context));
  const encrypted = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return Buffer.concat([Buffer.from([VERSION]), Buffer.from(key.id.padEnd(ID_BYTES)), salt, iv, cipher.getAuthTag(), encrypted]);
}

export function keyIdOf(blob: Buffer): string {
  if (blob[0] !== VERSION || blob.length < 1 + ID_BYTES + SALT_BYTES + IV_BYTES + TAG_BYTES) throw invalid();
  return blob.toString('utf8', 1, 1 + ID_BYTES).trim();
}

export function decrypt(key: Key, blob: Buffer, context: Readonly<Record<string, string>>): Buffer {
  let offset = 1 + ID_BYTES;
  const take = (length: number): Buffer => blob.subarray(offset, (offset += length));
  const salt = take(SALT_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', contentKey(key, salt), take(IV_BYTES));
  decipher.setAuthTag(take(TAG_BYTES));
  decipher.setAAD(additionalData(context));
  try {
    return Buffer.concat([decipher.update(blob.subarray(offset)), decipher.final()]);
  } catch {
    throw invalid();
  }
}

const invalid = (): AwsError => new AwsError('InvalidCiphertextException', '');
