import { UnavailableError } from '../domain/errors';
import { RevocationReader } from '../ports/revocations';

export interface HealthDeps {
  readonly revocations: Pick<RevocationReader, 'readPublishedKeys'>;
}

export interface HealthOutput {
  readonly status: 'ok';
}

/** Whether the service can verify: the table that every request depends on answers and holds keys. Throws `unavailable` otherwise. */
export async function health(deps: HealthDeps): Promise<HealthOutput> {
  if ((await deps.revocations.readPublishedKeys()) === undefined) throw new UnavailableError('signing-keys');
  return { status: 'ok' };
}
