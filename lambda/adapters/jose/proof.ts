import { SigningKey } from '../../domain/model';
import { ImportedKeys } from './keys';
import { createSignatureVerifier } from './signature-verifier';
import { createTokenSigning } from './token-signing';

/** Whether a token that the private half signs verifies with the public half: false also for what is no private key. */
export type ProveKey = (key: Pick<SigningKey, 'kid' | 'alg' | 'privateJwk'>) => Promise<boolean>;

export function createProof(keys: ImportedKeys): ProveKey {
  const sign = createTokenSigning(keys);
  const { verify } = createSignatureVerifier(keys);
  return async (key) => {
    try {
      return await verify(key.alg, key.privateJwk, await sign(key, {}));
    } catch {
      return false;
    }
  };
}
