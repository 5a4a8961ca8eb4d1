import { CompactSign } from 'jose';
import { accessTokenHeader } from '../../domain/jws';
import { SigningKey } from '../../domain/model';
import { ImportedKeys } from './keys';

/** Signs claims as an access token with a given key. Rejects when the key is none of its algorithm. */
export type SignAccessToken = (key: Pick<SigningKey, 'kid' | 'alg' | 'privateJwk'>, claims: Readonly<Record<string, unknown>>) => Promise<string>;

/** Which key signs is the caller's decision; this only computes. One per container: it keeps imported keys. */
export function createTokenSigning(keys = new ImportedKeys()): SignAccessToken {
  return async ({ kid, alg, privateJwk }, claims) => {
    const key = await keys.private(alg, privateJwk);
    if (!key) {
      throw new Error(`signing key: not a private ${alg} key`);
    }
    return new CompactSign(Buffer.from(JSON.stringify(claims))).setProtectedHeader(accessTokenHeader(alg, kid)).sign(key);
  };
}
