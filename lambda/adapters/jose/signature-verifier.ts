import { compactVerify } from 'jose';
import { UnavailableError } from '../../domain/errors';
import { SigningAlgorithm } from '../../domain/model';
import { SignatureVerifier } from '../../ports/crypto';
import { ImportedKeys, Jwk } from './keys';
import { KNOWN_SIGNATURES } from './known-signatures';

/**
 * `SignatureVerifier` over jose. Answers false for whatever is no valid signature by a key of that algorithm. Before the first false it sees
 * whether this runtime verifies a signature that is right: one whose OpenSSL lacks the algorithm would call every token bad, and clients end
 * their session on that (DP-01). It rejects with `UnavailableError` then, and never otherwise.
 */
export function createSignatureVerifier(keys = new ImportedKeys()): SignatureVerifier {
  const proven = new Map<string, Promise<boolean>>();

  const verifies = async (alg: string, jwk: Jwk, token: string): Promise<boolean> => {
    try {
      const key = await keys.public(alg, jwk);
      return key !== undefined && (await compactVerify(token, key, { algorithms: [alg] })) !== undefined;
    } catch {
      return false;
    }
  };
  const works = (alg: SigningAlgorithm): Promise<boolean> => {
    const { jwk, token } = KNOWN_SIGNATURES[alg];
    const result = proven.get(alg) ?? verifies(alg, jwk, token);
    proven.set(alg, result);
    return result;
  };
  return {
    async verify(alg, jwk, token) {
      if (await verifies(alg, jwk, token)) return true;
      if (Object.hasOwn(KNOWN_SIGNATURES, alg) && !(await works(alg as SigningAlgorithm))) {
        throw new UnavailableError('signature-verification', new Error(`this runtime cannot verify ${alg}`));
      }
      return false;
    },
  };
}
