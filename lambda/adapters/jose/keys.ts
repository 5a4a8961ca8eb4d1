import { calculateJwkThumbprint, type CryptoKey, importJWK } from 'jose';
import { SigningAlgorithm } from '../../domain/model';

export type Jwk = Readonly<Record<string, string>>;

interface Shape {
  readonly kty: string;
  readonly crv?: string;
  readonly publicMembers: readonly string[];
  readonly privateMembers: readonly string[];
}

/** RFC 7518 section 6 and RFC 8037 section 2. */
const SHAPES: Readonly<Record<SigningAlgorithm, Shape>> = {
  ES256: { kty: 'EC', crv: 'P-256', publicMembers: ['crv', 'kty', 'x', 'y'], privateMembers: ['d'] },
  RS256: { kty: 'RSA', publicMembers: ['e', 'kty', 'n'], privateMembers: ['d', 'p', 'q', 'dp', 'dq', 'qi'] },
  EdDSA: { kty: 'OKP', crv: 'Ed25519', publicMembers: ['crv', 'kty', 'x'], privateMembers: ['d'] },
};

/** NIST SP 800-131A least; more than 4096 would let one key slow every verification. */
const RSA_BITS_MIN = 2048;
const RSA_BITS_MAX = 4096;
const CACHED_KEYS = 64;

/** The public members that make the key, without kid, use and alg; undefined when the JWK is no key for the algorithm. */
export function publicMembers(alg: string, jwk: Jwk): Jwk | undefined {
  const shape = Object.hasOwn(SHAPES, alg) ? SHAPES[alg as SigningAlgorithm] : undefined;
  return shape && jwk.kty === shape.kty && jwk.crv === shape.crv ? membersOf(jwk, shape.publicMembers) : undefined;
}

/** RFC 7638 thumbprint with SHA-256; undefined when the JWK is no key for the algorithm. */
export async function thumbprint(alg: string, jwk: Jwk): Promise<string | undefined> {
  const members = publicMembers(alg, jwk);
  return members && calculateJwkThumbprint(members);
}

/** Imported keys by their JWK members, bounded: the oldest goes first. Safe to share between concurrent requests: entries never change. */
export class ImportedKeys {
  private readonly byMaterial = new Map<string, CryptoKey>();

  /** The public key, or undefined for a JWK that is no key for the algorithm. */
  async public(alg: string, jwk: Jwk): Promise<CryptoKey | undefined> {
    const members = publicMembers(alg, jwk);
    return members && this.imported(alg, members);
  }

  /** The private key, or undefined for a JWK that is no private key for the algorithm. */
  async private(alg: string, jwk: Jwk): Promise<CryptoKey | undefined> {
    const members = publicMembers(alg, jwk);
    const secret = members && membersOf(jwk, SHAPES[alg as SigningAlgorithm].privateMembers);
    return secret && this.imported(alg, { ...members, ...secret });
  }

  private async imported(alg: string, members: Jwk): Promise<CryptoKey | undefined> {
    const id = [alg, ...Object.values(members)].join(' ');
    const known = this.byMaterial.get(id);
    if (known) return known;
    const made = await importKey(alg, members);
    if (!made) return undefined;
    if (this.byMaterial.size >= CACHED_KEYS) this.byMaterial.delete(this.byMaterial.keys().next().value as string);
    this.byMaterial.set(id, made);
    return made;
  }
}

async function importKey(alg: string, members: Jwk): Promise<CryptoKey | undefined> {
  try {
    const key = (await importJWK({ ...members }, alg)) as CryptoKey;
    const { modulusLength } = key.algorithm as { modulusLength?: number };
    return modulusLength !== undefined && (modulusLength < RSA_BITS_MIN || modulusLength > RSA_BITS_MAX) ? undefined : key;
  } catch {
    return undefined;
  }
}

/** These members alone, so that whatever else a JWK carries (`key_ops`, `ext`) decides nothing; undefined when one is missing. */
function membersOf(jwk: Jwk, names: readonly string[]): Jwk | undefined {
  const members = names.map((name) => [name, jwk[name]] as const);
  return members.every(([, value]) => typeof value === 'string' && value !== '') ? Object.fromEntries(members) as Jwk : undefined;
}
