import { SigningAlgorithm } from '../../domain/model';

const P256_BYTES = 32;
const SEQUENCE = 0x30;
const INTEGER = 0x02;

/** A signature of KMS as a JWS carries it (RFC 7518 section 3). Throws when it is none of that algorithm. */
export function jwsSignature(alg: SigningAlgorithm, signature: Buffer): Buffer {
  switch (alg) {
    case 'ES256':
      return p1363(signature);
    case 'EdDSA':
      return signature.length === 2 * P256_BYTES ? signature : malformed();
    case 'RS256':
      return signature;
  }
}

/** ECDSA signatures come in DER, a sequence of the integers R and S; a JWS has R || S, each filled up to the length of the curve. */
function p1363(der: Buffer): Buffer {
  const [r, afterR] = integer(der, 2);
  const [s, end] = integer(der, afterR);
  return der[0] === SEQUENCE && der[1] === der.length - 2 && end === der.length ? Buffer.concat([r, s]) : malformed();
}

/** A positive integer of at most 32 bytes, and where it ends. P-256 needs no length above one byte. */
function integer(der: Buffer, at: number): readonly [Buffer, number] {
  const length = der[at + 1] ?? 0;
  const start = at + 2;
  const end = start + length;
  // A leading zero keeps a high first bit from being taken for a sign.
  const value = der.subarray(der[start] === 0 ? start + 1 : start, end);
  if (der[at] !== INTEGER || length === 0 || end > der.length || value.length > P256_BYTES) {
    return malformed();
  }
  return [Buffer.concat([Buffer.alloc(P256_BYTES - value.length), value]), end];
}

function malformed(): never {
  throw new Error('kms: the signature is malformed');
}
