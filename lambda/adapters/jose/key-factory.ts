import { randomBytes, randomInt } from 'node:crypto';
import { exportJWK, generateKeyPair } from 'jose';
import { KeyFactory } from '../../ports/keys';
import { ImportedKeys, publicMembers, thumbprint } from './keys';
import { createProof } from './proof';

/** 128 bits of security (NIST SP 800-57 part 1, table 2), as the other algorithms have. */
const RSA_BITS = 3072;
const KV_ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';
const KV_LENGTH = 8;
const REFRESH_KEY_BYTES = 32;
const LOOKUP_KEY_BYTES = 32;
/** 64 characters in hexadecimal. */
const ORIGIN_SECRET_BYTES = 32;

/** `KeyFactory` over jose and node:crypto. */
export function createKeyFactory(): KeyFactory {
  const prove = createProof(new ImportedKeys());
  return {
    async signingKey(alg, now) {
      const { privateKey } = await generateKeyPair(alg, { extractable: true, modulusLength: RSA_BITS });
      const privateJwk = (await exportJWK(privateKey)) as Record<string, string>;
      const kid = await thumbprint(alg, privateJwk);
      if (kid === undefined) {
        throw new Error(`signing key: jose exported no ${alg} key`);
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

    // The thumbprint too: a key filed under another one's id would fail every verification.
    check: async (key) => (await thumbprint(key.alg, key.privateJwk)) === key.kid && prove(key),
  };
}
