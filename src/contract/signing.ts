/** Algorithms of access tokens (RFC 7518 section 3.1, RFC 8037 section 3.1), what is made by default first. */
export const SIGNING_ALGORITHMS = ['ES256', 'RS256', 'EdDSA'] as const;

/** How KMS calls the algorithms of access tokens: what a signer asks for, and all that its role allows it. */
export const KmsSigningAlgorithms = {
  ES256: 'ECDSA_SHA_256',
  RS256: 'RSASSA_PKCS1_V1_5_SHA_256',
  EdDSA: 'ED25519_SHA_512',
} as const;

/** KMS hashes the message itself; then it takes 4096 bytes at most, as many as an access token may have. */
export const KMS_MESSAGE_TYPE = 'RAW';
export const KMS_MESSAGE_BYTES = 4096;
