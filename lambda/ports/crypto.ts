/** One password hash algorithm behind PHC strings. */
export interface PasswordHasher {
  /** PHC string with the configured algorithm and cost. */
  hash(password: string): Promise<string>;
  /** Verifies any supported algorithm; parameters beyond the bounds are refused before computing. Never throws on a malformed string: false. */
  verify(password: string, phc: string): Promise<boolean>;
  /** Whether the stored hash is weaker or other than the configuration. */
  needsRehash(phc: string): boolean;
  /** A hash with the configured cost of a password nobody has: for unknown addresses. */
  readonly dummy: string;
}

/** Randomness, hashes, MACs. The only source of randomness. */
export interface Crypto {
  /** base64url of so many random bytes. */
  randomToken(bytes: number): string;
  /** UUID v4. */
  randomUuid(): string;
  /** base64url of SHA-256. */
  sha256(text: string): string;
  /** base64url of HMAC-SHA-256 under a base64url key, over the length-prefixed fields. */
  mac(key: string, fields: readonly string[]): string;
  /** Constant time; false for other lengths. */
  equal(a: string, b: string): boolean;
}

/** Verifies the signature of a compact JWS by a public JWK; the algorithm is the key's own, never the token's. */
export interface SignatureVerifier {
  /** Rejects with `UnavailableError('signature-verification')` where the runtime cannot verify the algorithm at all. */
  verify(alg: string, jwk: Readonly<Record<string, string>>, token: string): Promise<boolean>;
}
