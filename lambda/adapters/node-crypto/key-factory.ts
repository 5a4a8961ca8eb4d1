import { generateKeyPair, KeyObject, randomBytes, randomInt } from 'node:crypto';
import { promisify } from 'node:util';
import { SigningAlgorithm } from '../../domain/model';
import { KeyFactory } from '../../ports/keys';
import { KeyObjects, publicMembers, thumbprint } from './jwk';
import { createSignatureVerifier } from './signature-verifier';
import { signBytes } from './token-signing';

const generate = promisify(generateKeyPair);
/** 128 bits of security (NIST SP 800-57 part 1, table 2), as the other algorithms have. */
const RSA_BITS = 3072;
const KV_ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';
const KV_LENGTH = 8;
const REFRESH_KEY_BYTES = 32;
const LOOKUP_KEY_BYTES = 32;
/** 64 characters in hexadecimal. */
const ORIGIN_SECRET_BYTES = 32;
const PROBE = 'probe';

/** `KeyFactory` over node:crypto. */
export function createKeyFactory(): KeyFactory {
  const keys = new KeyObjects();
  const signatures = createSignatureVerifier();
  return {
    async signingKey(alg, now) {
      const privateJwk = (await generatePrivateKey(alg)).export({ format: 'jwk' }) as Record<string, string>;
      const kid = thumbprint(alg, privateJwk);
      if (kid === undefined) {
        throw new Error(`signing key: node:crypto exported no ${alg} key`);
      }
      return { kid, alg, privateJwk, createdAt: now };
    },

    publicJwk(key) {
      const members = publicMembers(key.alg, key.privateJwk);
      if (!members) {
        throw new Error(`signing key: not an ${key.alg} key`);
      }
      return { ...members, kid: key.kid, use: 'sig', alg: key.alg };
    },

    refreshKey: (now) => ({
      kv: Array.from({ length: KV_LENGTH }, () => KV_ALPHABET[randomInt(KV_ALPHABET.length)]).join(''),
      key: randomBytes(REFRESH_KEY_BYTES).toString('base64url'),
      createdAt: now,
    }),

    lookupKey: () => randomBytes(LOOKUP_KEY_BYTES).toString('base64url'),

    originSecret: () => randomBytes(ORIGIN_SECRET_BYTES).toString('hex'),

    async check(key) {
      try {
        // The thumbprint too: a key filed under another one's id would fail every verification.
        return thumbprint(key.alg, key.privateJwk) === key.kid && signatures.verify(key.alg, key.privateJwk, PROBE, signBytes(keys, key, PROBE));
      } catch {
        return false;
      }
    },
  };
}

async function generatePrivateKey(alg: SigningAlgorithm): Promise<KeyObject> {
  switch (alg) {
    case 'ES256':
      return (await generate('ec', { namedCurve: 'P-256' })).privateKey;
    case 'RS256':
      return (await generate('rsa', { modulusLength: RSA_BITS })).privateKey;
    case 'EdDSA':
      return (await generate('ed25519')).privateKey;
  }
}
