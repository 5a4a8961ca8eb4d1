import * as crypto from 'node:crypto';
import { KeyObject } from 'node:crypto';
import { UnavailableError } from '../../domain/errors';
import { SigningAlgorithm } from '../../domain/model';
import { SignatureVerifier } from '../../ports/crypto';
import { KeyObjects } from './jwk';
import { KNOWN_SIGNATURES } from './known-signatures';

/** Length of R || S for P-256 and of an Ed25519 signature. */
const ELLIPTIC_SIGNATURE_BYTES = 64;

/**
 * `SignatureVerifier` over node:crypto. Answers false for whatever is no valid signature by a key of that algorithm. Before the first false it
 * sees whether this runtime verifies a signature that is right: one whose OpenSSL lacks the algorithm would call every token bad, and clients
 * end their session on that (DP-01). It throws `UnavailableError` then, and never otherwise.
 */
export function createSignatureVerifier(): SignatureVerifier {
  const keys = new KeyObjects();
  const proven = new Map<string, boolean>();

  const verifies = (alg: string, jwk: Readonly<Record<string, string>>, input: string, signature: Uint8Array): boolean => {
    try {
      const key = keys.public(alg, jwk);
      return key !== undefined && verifyWith(alg, key, Buffer.from(input, 'ascii'), signature);
    } catch {
      return false;
    }
  };
  const works = (alg: SigningAlgorithm): boolean => {
    const known = KNOWN_SIGNATURES[alg];
    const result = proven.get(alg) ?? verifies(alg, known.jwk, known.input, Buffer.from(known.signature, 'base64url'));
    proven.set(alg, result);
    return result;
  };
  return {
    verify(alg, jwk, input, signature) {
      if (verifies(alg, jwk, input, signature)) return true;
      if (Object.hasOwn(KNOWN_SIGNATURES, alg) && !works(alg as SigningAlgorithm)) throw new UnavailableError('signature-verification', new Error(`this runtime cannot verify ${alg}`));
      return false;
    },
  };
}

function verifyWith(alg: string, key: KeyObject, input: Buffer, signature: Uint8Array): boolean {
  switch (alg) {
    case 'ES256':
      // RFC 7518 section 3.4: R || S, never DER.
      return signature.length === ELLIPTIC_SIGNATURE_BYTES && crypto.verify('sha256', input, { key, dsaEncoding: 'ieee-p1363' }, signature);
    case 'EdDSA':
      return signature.length === ELLIPTIC_SIGNATURE_BYTES && crypto.verify(null, input, key, signature);
    case 'RS256':
      // The KeyObject itself: an options object costs Node 24 two thirds more.
      return crypto.verify('sha256', input, key, signature);
    default:
      return false;
  }
}
