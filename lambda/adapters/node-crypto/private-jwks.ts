import { isObject, parseJsonObject } from '../../domain/encoding';
import { SigningAlgorithm, SigningKey } from '../../domain/model';
import { publicMembers, thumbprint } from './jwk';

export type PrivateKey = Pick<SigningKey, 'kid' | 'alg' | 'privateJwk'>;

const ALGORITHMS: readonly SigningAlgorithm[] = ['ES256', 'RS256', 'EdDSA'];

/** The keys of a JWK Set (RFC 7517 section 5), as they are; undefined when the text is none. */
export function jwksIn(json: string): readonly unknown[] | undefined {
  const keys = parseJsonObject(json)?.keys;
  return Array.isArray(keys) ? keys : undefined;
}

/**
 * A private key as its members tell. A `kid` is kept, so that tokens of another system stay valid; without one it is the RFC 7638
 * thumbprint. Undefined when it is no key of a kind that this service knows.
 */
export function privateKeyOf(jwk: unknown): PrivateKey | undefined {
  const privateJwk = (isObject(jwk) ? jwk : {}) as Record<string, string>;
  const alg = ALGORITHMS.find((name) => publicMembers(name, privateJwk));
  return alg && { kid: privateJwk.kid ?? thumbprint(alg, privateJwk)!, alg, privateJwk };
}

/** What a signer finds in a secret that the team fills. It signs with nothing that was not looked through when it was published. */
export function readPrivateJwks(json: string): readonly PrivateKey[] {
  return (jwksIn(json) ?? []).flatMap((jwk) => privateKeyOf(jwk) ?? []);
}
