import { Counter } from '../../domain/attempts';
import { AttemptStore } from '../../ports/attempts';
import { Clock } from '../../ports/clock';
import { Crypto } from '../../ports/crypto';
import { Lookup } from '../../ports/lookup';
import { rateLimited } from './rate-limited';

export interface FormerStopDeps {
  readonly attempts: Pick<AttemptStore, 'isStopped'>;
  readonly lookup: Pick<Lookup, 'unkeyedBefore'>;
  readonly crypto: Pick<Crypto, 'sha256'>;
  readonly clock: Clock;
}

/**
 * Throws `rate_limited` where a release before the lookup secret had stopped the counter. For one release: what else that release counted is
 * forgotten within the hour, but a stop holds until a reset or an administrator. A service that always had the secret reads nothing.
 */
export async function refuseFormerStop(deps: FormerStopDeps, { unkeyedName }: Counter): Promise<void> {
  if (unkeyedName === undefined || !await deps.lookup.unkeyedBefore()) return;
  const stopped = await deps.attempts.isStopped(deps.crypto.sha256(unkeyedName));
  if (stopped) throw rateLimited('stopped', undefined, deps.clock.now());
}
