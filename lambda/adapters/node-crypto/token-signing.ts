import { sign } from 'node:crypto';
import { accessTokenSigningInput } from '../../domain/jws';
import { SigningKey } from '../../domain/model';
import { KeyObjects } from './jwk';

/** Signs claims as an access token with a given key. Throws when the key is none of its algorithm. */
export type SignAccessToken = (key: Pick<SigningKey, 'kid' | 'alg' | 'privateJwk'>, claims: Readonly<Record<string, unknown>>) => string;

/** Which key signs is the caller's decision; this only computes. One per container: it keeps imported keys. */
export function createTokenSigning(): SignAccessToken {
  const keys = new KeyObjects();
  return (key, claims) => {
    const input = accessTokenSigningInput(key.alg, key.kid, claims);
    return `${input}.${signBytes(keys, key, input).toString('base64url')}`;
  };
}

/** JWS signature of ASCII text (RFC 7515 section 5.1). */
export function signBytes(keys: KeyObjects, key: Pick<SigningKey, 'alg' | 'privateJwk'>, input: string): Buffer {
  const privateKey = keys.private(key.alg, key.privateJwk);
  if (!privateKey) {
    throw new Error(`signing key: not a private ${key.alg} key`);
  }
  const bytes = Buffer.from(input, 'ascii');
  switch (key.alg) {
    case 'ES256':
      return sign('sha256', bytes, { key: privateKey, dsaEncoding: 'ieee-p1363' });
    case 'RS256':
      return sign('sha256', bytes, privateKey);
    case 'EdDSA':
      return sign(null, bytes, privateKey);
  }
}
