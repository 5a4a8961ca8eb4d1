import { createHash, createPrivateKey, createPublicKey, KeyObject } from 'node:crypto';
import { SigningAlgorithm } from '../../domain/model';

type Jwk = Readonly<Record<string, string>>;

interface Shape {
  readonly kty: string;
  readonly crv?: string;
  /** Required public members in the lexicographic order of RFC 7638 section 3.2. */
  readonly members: readonly string[];
}

const SHAPES: Readonly<Record<SigningAlgorithm, Shape>> = {
  ES256: { kty: 'EC', crv: 'P-256', members: ['crv', 'kty', 'x', 'y'] },
  RS256: { kty: 'RSA', members: ['e', 'kty', 'n'] },
  EdDSA: { kty: 'OKP', crv: 'Ed25519', members: ['crv', 'kty', 'x'] },
};

/** NIST SP 800-131A least; more than 4096 would let one key slow every verification. */
const RSA_BITS_MIN = 2048;
const RSA_BITS_MAX = 4096;
const CACHED_KEYS = 64;

/** The public members that make the key, without kid, use and alg; undefined when the JWK is no key for the algorithm. */
export function publicMembers(alg: string, jwk: Jwk): Jwk | undefined {
  const shape = Object.hasOwn(SHAPES, alg) ? SHAPES[alg as SigningAlgorithm] : undefined;
  if (!shape || jwk.kty !== shape.kty || jwk.crv !== shape.crv) {
    return undefined;
  }
  const members = shape.members.map((name) => [name, jwk[name] ?? ''] as const);
  return members.every(([, value]) => typeof value === 'string' && value !== '') ? Object.fromEntries(members) : undefined;
}

/** RFC 7638 thumbprint with SHA-256; undefined when the JWK is no key for the algorithm. */
export function thumbprint(alg: string, jwk: Jwk): string | undefined {
  const members = publicMembers(alg, jwk);
  // The members stand in the order that the RFC hashes.
  return members && createHash('sha256').update(JSON.stringify(members)).digest('base64url');
}

/** Imported keys by their JWK members, bounded: the oldest goes first. Safe to share between concurrent requests: entries never change. */
export class KeyObjects {
  private readonly byMaterial = new Map<string, KeyObject>();

  /** The public key, or undefined for a JWK that is no key for the algorithm. */
  public(alg: string, jwk: Jwk): KeyObject | undefined {
    const members = publicMembers(alg, jwk);
    if (!members) {
      return undefined;
    }
    return this.cached(`${alg} ${Object.values(members).join(' ')}`, () => createPublicKey({ key: members, format: 'jwk' }));
  }

  /** The private key, or undefined for a JWK that is no private key for the algorithm. */
  private(alg: string, jwk: Jwk): KeyObject | undefined {
    const members = publicMembers(alg, jwk);
    if (!members || typeof jwk.d !== 'string') {
      return undefined;
    }
    const id = createHash('sha256').update(`${alg} ${Object.values(members).join(' ')} ${jwk.d}`).digest('base64url');
    return this.cached(`private ${id}`, () => createPrivateKey({ key: { ...jwk }, format: 'jwk' }));
  }

  private cached(id: string, make: () => KeyObject): KeyObject | undefined {
    const known = this.byMaterial.get(id);
    if (known) {
      return known;
    }
    const made = imported(make);
    if (!made) {
      return undefined;
    }
    if (this.byMaterial.size >= CACHED_KEYS) {
      this.byMaterial.delete(this.byMaterial.keys().next().value as string);
    }
    this.byMaterial.set(id, made);
    return made;
  }
}

function imported(make: () => KeyObject): KeyObject | undefined {
  try {
    const key = make();
    const bits = key.asymmetricKeyDetails?.modulusLength;
    return bits !== undefined && (bits < RSA_BITS_MIN || bits > RSA_BITS_MAX) ? undefined : key;
  } catch {
    return undefined;
  }
}
