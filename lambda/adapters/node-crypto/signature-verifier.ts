import { KeyObject, verify } from 'node:crypto';
import { SignatureVerifier } from '../../ports/crypto';
import { KeyObjects } from './jwk';

/** Length of R || S for P-256 and of an Ed25519 signature. */
const ELLIPTIC_SIGNATURE_BYTES = 64;

/** `SignatureVerifier` over node:crypto. Answers false for whatever is no valid signature by a key of that algorithm; never throws. */
export function createSignatureVerifier(): SignatureVerifier {
  const keys = new KeyObjects();
  return {
    verify(alg, jwk, input, signature) {
      const key = keys.public(alg, jwk);
      try {
        return key !== undefined && verifyWith(alg, key, Buffer.from(input, 'ascii'), signature);
      } catch {
        return false;
      }
    },
  };
}

function verifyWith(alg: string, key: KeyObject, input: Buffer, signature: Uint8Array): boolean {
  switch (alg) {
    case 'ES256':
      // RFC 7518 section 3.4: R || S, never DER.
      return signature.length === ELLIPTIC_SIGNATURE_BYTES && verify('sha256', input, { key, dsaEncoding: 'ieee-p1363' }, signature);
    case 'EdDSA':
      return signature.length === ELLIPTIC_SIGNATURE_BYTES && verify(null, input, key, signature);
    case 'RS256':
      // The KeyObject itself: an options object costs Node 24 two thirds more.
      return verify('sha256', input, key, signature);
    default:
      return false;
  }
}
