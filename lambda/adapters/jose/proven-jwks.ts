import { KID } from '../../domain/keyset-format';
import { KeyListError } from '../../domain/listed-keys';
import { ListedKey } from '../../domain/model';
import { isObject } from '../../domain/encoding';
import { ImportedKeys, publicMembers } from './keys';
import { jwksIn, PrivateKey, privateKeyOf } from './private-jwks';
import { createProof, ProveKey } from './proof';

/** More would only make every verifier's key set larger. */
const MOST_KEYS = 10;

/**
 * The public halves of the private keys in a JWK Set, the oldest first. Each is tried with its private one: nothing is published that no
 * token could be signed with. Rejects with `KeyListError`, which quotes no key.
 */
export async function provenPublicHalves(json: string): Promise<readonly ListedKey[]> {
  const list = jwksIn(json) ?? [];
  if (list.length === 0 || list.length > MOST_KEYS) {
    throw new KeyListError(`the secret holds no JWK Set of 1 to ${MOST_KEYS} keys: {"keys": [...]} (RFC 7517 section 5)`);
  }
  const keys = new ImportedKeys();
  const prove = createProof(keys);
  const proven: ListedKey[] = [];
  for (const [index, jwk] of list.entries()) {
    const which = `key ${index + 1} of the secret`;
    proven.push(await publicHalf(await checked(jwk, which, keys), which, prove));
  }
  if (new Set(proven.map(({ kid }) => kid)).size !== proven.length) {
    throw new KeyListError('the secret repeats a kid, or a key without one');
  }
  return proven;
}

async function checked(jwk: unknown, which: string, keys: ImportedKeys): Promise<PrivateKey> {
  const refuse = (what: string): never => {
    throw new KeyListError(`${which} ${what}`);
  };
  const { kid, alg, use } = isObject(jwk) ? jwk : {};
  if (kid !== undefined && (typeof kid !== 'string' || !KID.test(kid))) {
    return refuse('has a kid of other than 1 to 64 letters, digits, _ and -');
  }
  const key = (await privateKeyOf(jwk)) ?? refuse('is no key for ES256 (EC P-256), RS256 (RSA) or EdDSA (Ed25519) with its public members');
  if (alg !== undefined && alg !== key.alg) {
    return refuse(`has another alg than ${key.alg}, the one that this service uses such keys for`);
  }
  if (use !== undefined && use !== 'sig') {
    return refuse('is not for signatures: its use has to be sig, or left out');
  }
  if (key.privateJwk.d === undefined) {
    return refuse('has no private part, d');
  }
  return (await keys.private(key.alg, key.privateJwk)) ? key : refuse(`is no valid private key for ${key.alg}; RSA keys have 2048 to 4096 bits`);
}

async function publicHalf(key: PrivateKey, which: string, prove: ProveKey): Promise<ListedKey> {
  const { kid, alg, privateJwk } = key;
  if (!(await prove(key))) {
    throw new KeyListError(`${which} failed its test: its private and public members do not belong together`);
  }
  return { kid, alg, jwk: { ...publicMembers(alg, privateJwk), kid, use: 'sig', alg } };
}
