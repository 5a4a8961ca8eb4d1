import { Limits } from '../../src/contract/limits';
import { Clock } from '../ports/clock';
import { OfferedKeys } from '../ports/keys';

export interface JwksDeps {
  readonly offeredKeys: OfferedKeys;
  readonly clock: Clock;
}

/** RFC 7517 section 5. */
export interface Jwks {
  readonly keys: readonly Readonly<Record<string, string>>[];
}

export interface JwksOutput {
  readonly document: Jwks;
  /** How long it may be kept, seconds: what is left of the time that signers wait for whoever verifies. 0: ask again. */
  readonly maxAge: number;
}

/** The public keys, from their own table: they stay readable while the secret store is down, and for an hour while the table is (JT-14). */
export async function jwks({ offeredKeys, clock }: JwksDeps): Promise<JwksOutput> {
  const { set, readAt } = await offeredKeys.latest();
  const now = clock.now();
  const left = Limits.KEYSET_CACHE_SECONDS - Math.ceil((now - readAt) / 1000);
  return {
    document: { keys: set.keys.filter((key) => key.removeAt === undefined || key.removeAt > now).map((key) => key.jwk) },
    maxAge: Math.max(0, left),
  };
}
