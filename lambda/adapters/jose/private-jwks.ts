import { isObject, parseJsonObject } from '../../domain/encoding';
import { SIGNING_ALGORITHMS } from '../../../src/contract/signing';
import { SigningKey } from '../../domain/model';
import { publicMembers, thumbprint } from './keys';

export type PrivateKey = Pick<SigningKey, 'kid' | 'alg' | 'privateJwk'>;

/** The keys of a JWK Set (RFC 7517 section 5), as they are; undefined when the text is none. */
export function jwksIn(json: string): readonly unknown[] | undefined {
  const keys = parseJsonObject(json)?.keys;
  return Array.isArray(keys) ? keys : undefined;
}

/**
 * A private key as its members tell. A `kid` is kept, so that tokens of another system stay valid; without one it is the RFC 7638
 * thumbprint. Undefined when it is no key of a kind that this service knows.
 */
export async function privateKeyOf(jwk: unknown): Promise<PrivateKey | undefined> {
  const privateJwk = (isObject(jwk) ? jwk : {}) as Record<string, string>;
  const alg = SIGNING_ALGORITHMS.find((name) => publicMembers(name, privateJwk));
  return alg && { kid: privateJwk.kid ?? (await thumbprint(alg, privateJwk))!, alg, privateJwk };
}

/** What a signer finds in a secret that the team fills. It signs with nothing that was not looked through when it was published. */
export async function readPrivateJwks(json: string): Promise<readonly PrivateKey[]> {
  const keys = await Promise.all((jwksIn(json) ?? []).map(privateKeyOf));
  return keys.filter((key) => key !== undefined);
}
