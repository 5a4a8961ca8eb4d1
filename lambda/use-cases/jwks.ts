import { UnavailableError } from '../domain/errors';
import { Clock } from '../ports/clock';
import { RevocationReader } from '../ports/revocations';

export interface JwksDeps {
  readonly revocations: Pick<RevocationReader, 'readPublishedKeys'>;
  readonly clock: Clock;
}

/** RFC 7517 section 5. */
export interface JwksOutput {
  readonly keys: readonly Readonly<Record<string, string>>[];
}

/** The public keys, from their own table: they stay readable while the secret store is down (JT-14). */
export async function jwks(deps: JwksDeps): Promise<JwksOutput> {
  const set = await deps.revocations.readPublishedKeys();
  if (set === undefined) throw new UnavailableError('signing-keys');
  const now = deps.clock.now();
  return { keys: set.keys.filter((key) => key.removeAt === undefined || key.removeAt > now).map((key) => key.jwk) };
}
