import type { JsonWebKey, KeyObject, webcrypto } from 'node:crypto';
import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';

type SubtleCrypto = Pick<webcrypto.SubtleCrypto, 'importKey' | 'sign' | 'verify'>;

/** What each key was imported from. */
const imported = new WeakMap<webcrypto.CryptoKey, KeyObject>();

/**
 * Web Crypto for ES256 without the thread pool: between two calls of a store everything has to happen at once, or a run could not be
 * repeated. The signatures are node:crypto's own.
 */
export const subtleAtOnce: SubtleCrypto = {
  importKey: async (_format: string, jwk: unknown, algorithm: unknown, extractable: boolean, usages: readonly webcrypto.KeyUsage[]) => {
    const input = { key: jwk as JsonWebKey, format: 'jwk' } as const;
    const key = input.key.d === undefined ? createPublicKey(input) : createPrivateKey(input);
    const cryptoKey = key.toCryptoKey(algorithm as webcrypto.EcKeyAlgorithm, extractable, [...usages]);
    imported.set(cryptoKey, key);
    return cryptoKey;
  },
  sign: async (_algorithm: unknown, key: webcrypto.CryptoKey, data: unknown) => new Uint8Array(sign('sha256', data as Uint8Array, ecdsa(key))).buffer,
  verify: async (_algorithm: unknown, key: webcrypto.CryptoKey, signature: unknown, data: unknown) => verify('sha256', data as Uint8Array, ecdsa(key), signature as Uint8Array),
} as SubtleCrypto;

function ecdsa(cryptoKey: webcrypto.CryptoKey): { readonly key: KeyObject; readonly dsaEncoding: 'ieee-p1363' } {
  const key = imported.get(cryptoKey);
  if (!key) throw new Error('got a key that was not imported here');
  return { key, dsaEncoding: 'ieee-p1363' };
}
