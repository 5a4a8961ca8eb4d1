import { constants, createHmac, createPrivateKey, createPublicKey, generateKeyPairSync, hkdfSync, KeyObject, randomBytes, sign, verify } from 'node:crypto';
import { AwsError } from '../errors';
import { own } from '../operations';

/** One key, in a form that can be kept. */
export interface Key {
  readonly id: string;
  readonly arn: string;
  readonly spec: string;
  readonly usage: string;
  /** base64: raw bytes of a symmetric or HMAC key, PKCS #8 of an asymmetric one. */
  readonly material: string;
  readonly createdAt: number;
  description?: string;
  enabled: boolean;
  rotation: boolean;
  deletionAt?: number;
}

const curves: Readonly<Record<string, string>> = { ECC_NIST_P256: 'prime256v1', ECC_NIST_P384: 'secp384r1', ECC_NIST_P521: 'secp521r1', ECC_SECG_P256K1: 'secp256k1' };
const hmacBytes: Readonly<Record<string, number>> = { HMAC_224: 28, HMAC_256: 32, HMAC_384: 48, HMAC_512: 64 };

export function newMaterial(spec: string): string {
  if (spec === 'SYMMETRIC_DEFAULT') return randomBytes(32).toString('base64');
  const bytes = own(hmacBytes, spec);
  if (bytes) return randomBytes(bytes).toString('base64');
  return pair(spec).export({ type: 'pkcs8', format: 'der' }).toString('base64');
}

function pair(spec: string): KeyObject {
  const curve = own(curves, spec);
  if (curve) return generateKeyPairSync('ec', { namedCurve: curve }).privateKey;
  if (spec === 'ECC_NIST_EDWARDS25519') return generateKeyPairSync('ed25519').privateKey;
  const rsa = /^RSA_(\d+)$/.exec(spec);
  if (rsa) return generateKeyPairSync('rsa', { modulusLength: Number(rsa[1]) }).privateKey;
  throw new AwsError('ValidationException', `key spec ${spec} is not available in the local instance`);
}

export const defaultUsage = (spec: string): string => (spec === 'SYMMETRIC_DEFAULT' ? 'ENCRYPT_DECRYPT' : own(hmacBytes, spec) ? 'GENERATE_VERIFY_MAC' : 'SIGN_VERIFY');

export const privateKeyOf = (key: Key): KeyObject => createPrivateKey({ key: Buffer.from(key.material, 'base64'), format: 'der', type: 'pkcs8' });

export const publicKeyOf = (key: Key): KeyObject => createPublicKey(privateKeyOf(key));

export function signingAlgorithmsOf({ spec }: Key): string[] {
  if (spec.startsWith('RSA')) return ['PKCS1_V1_5', 'PSS'].flatMap((scheme) => [256, 384, 512].map((bits) => `RSASSA_${scheme}_SHA_${bits}`));
  if (spec === 'ECC_NIST_EDWARDS25519') return ['ED25519_SHA_512'];
  if (spec === 'ECC_NIST_P384') return ['ECDSA_SHA_384'];
  return spec === 'ECC_NIST_P521' ? ['ECDSA_SHA_512'] : ['ECDSA_SHA_256'];
}

export const macAlgorithmOf = ({ spec }: Key): string => `HMAC_SHA_${spec.split('_')[1]}`;

interface Scheme {
  readonly hash: string | null;
  readonly padding?: number;
  readonly saltLength?: number;
}

function schemeOf(key: Key, algorithm: string): Scheme {
  if (!signingAlgorithmsOf(key).includes(algorithm)) throw new AwsError('InvalidKeyUsageException', `Algorithm ${algorithm} is incompatible with key spec ${key.spec}.`);
  const bits = algorithm.split('_').at(-1)!;
  if (algorithm === 'ED25519_SHA_512') return { hash: null };
  if (algorithm.startsWith('RSASSA_PSS')) return { hash: `sha${bits}`, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
  if (algorithm.startsWith('RSASSA')) return { hash: `sha${bits}`, padding: constants.RSA_PKCS1_PADDING };
  return { hash: `sha${bits}` };
}

/** Signs a whole message; ECDSA signatures are DER, as KMS gives them. */
export function signMessage(key: Key, algorithm: string, message: Buffer): Buffer {
  const { hash, ...options } = schemeOf(key, algorithm);
  return sign(hash, message, { key: privateKeyOf(key), ...options });
}

export function verifyMessage(key: Key, algorithm: string, message: Buffer, signature: Buffer): boolean {
  const { hash, ...options } = schemeOf(key, algorithm);
  return verify(hash, message, { key: publicKeyOf(key), ...options }, signature);
}

export function macOf(key: Key, algorithm: string, message: Buffer): Buffer {
  if (algorithm !== macAlgorithmOf(key)) throw new AwsError('InvalidKeyUsageException', `Algorithm ${algorithm} is incompatible with key spec ${key.spec}.`);
  return createHmac(`sha${algorithm.split('_').at(-1)}`, Buffer.from(key.material, 'base64')).update(message).digest();
}

/** A key for one ciphertext, so that a nonce never meets the same key twice. */
export const contentKey = (key: Key, salt: Buffer): Buffer => Buffer.from(hkdfSync('sha256', Buffer.from(key.material, 'base64'), salt, 'local kms', 32));
