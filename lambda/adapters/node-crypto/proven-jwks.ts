import { KID } from '../../domain/keyset-format';
import { KeyListError } from '../../domain/listed-keys';
import { ListedKey } from '../../domain/model';
import { isObject } from '../../domain/encoding';
import { KeyObjects, publicMembers } from './jwk';
import { jwksIn, PrivateKey, privateKeyOf } from './private-jwks';
import { createSignatureVerifier } from './signature-verifier';
import { signBytes } from './token-signing';

/** More would only make every verifier's key set larger. */
const MOST_KEYS = 10;
const PROBE = 'probe';

/**
 * The public halves of the private keys in a JWK Set, the oldest first. Each is tried with its private one: nothing is published that no
 * token could be signed with. Throws `KeyListError`, which quotes no key.
 */
export function provenPublicHalves(json: string): readonly ListedKey[] {
  const list = jwksIn(json) ?? [];
  if (list.length === 0 || list.length > MOST_KEYS) {
    throw new KeyListError(`the secret holds no JWK Set of 1 to ${MOST_KEYS} keys: {"keys": [...]} (RFC 7517 section 5)`);
  }
  const keys = new KeyObjects();
  const proven = list.map((jwk, index) => publicHalf(checked(jwk, `key ${index + 1} of the secret`, keys), `key ${index + 1} of the secret`, keys));
  if (new Set(proven.map(({ kid }) => kid)).size !== proven.length) {
    throw new KeyListError('the secret repeats a kid, or a key without one');
  }
  return proven;
}

function checked(jwk: unknown, which: string, keys: KeyObjects): PrivateKey {
  const refuse = (what: string): never => {
    throw new KeyListError(`${which} ${what}`);
  };
  const { kid, alg, use } = isObject(jwk) ? jwk : {};
  if (kid !== undefined && (typeof kid !== 'string' || !KID.test(kid))) {
    return refuse('has a kid of other than 1 to 64 letters, digits, _ and -');
  }
  const key = privateKeyOf(jwk) ?? refuse('is no key for ES256 (EC P-256), RS256 (RSA) or EdDSA (Ed25519) with its public members');
  if (alg !== undefined && alg !== key.alg) {
    return refuse(`has another alg than ${key.alg}, the one that this service uses such keys for`);
  }
  if (use !== undefined && use !== 'sig') {
    return refuse('is not for signatures: its use has to be sig, or left out');
  }
  if (key.privateJwk.d === undefined) {
    return refuse('has no private part, d');
  }
  return keys.private(key.alg, key.privateJwk) ? key : refuse(`is no valid private key for ${key.alg}; RSA keys have 2048 to 4096 bits`);
}

function publicHalf(key: PrivateKey, which: string, keys: KeyObjects): ListedKey {
  const { kid, alg, privateJwk } = key;
  if (!createSignatureVerifier().verify(alg, privateJwk, PROBE, signBytes(keys, key, PROBE))) {
    throw new KeyListError(`${which} failed its test: its private and public members do not belong together`);
  }
  return { kid, alg, jwk: { ...publicMembers(alg, privateJwk), kid, use: 'sig', alg } };
}
