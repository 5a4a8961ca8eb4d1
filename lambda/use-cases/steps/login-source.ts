import { failedLoginsCounter } from '../../domain/attempts';
import { nextHour } from '../../domain/hours';
import { Clock } from '../../ports/clock';
import { HourlyCounters } from '../../ports/hourly-counters';
import { Lookup } from '../../ports/lookup';
import { LoginLimits } from '../settings';
import { counterKey } from './counter-key';
import { rateLimited } from './rate-limited';

export interface LoginSourceDeps {
  readonly counters: HourlyCounters;
  readonly lookup: Pick<Lookup, 'digest'>;
  readonly clock: Clock;
  readonly limits: LoginLimits;
}

/**
 * Throws `rate_limited` for a source address that failed too many logins in this hour, before anything else is asked about the account: one
 * password tried on many accounts meets no limit of an account. A look, not a reservation, so that a right password costs half a read unit
 * and no write; what is under way when the limit is reached gets its answer.
 */
export async function checkSource(deps: LoginSourceDeps, sourceIp: string): Promise<void> {
  const now = deps.clock.now();
  const failed = await deps.counters.read(await counterKey(deps, failedLoginsCounter(sourceIp)), now);
  if (failed >= deps.limits.failedPerSource) throw rateLimited('source', nextHour(now), now);
}

/** For an unknown address, a wrong password and a disabled user alike (EN-01). */
export async function countFailedLogin(deps: LoginSourceDeps, sourceIp: string): Promise<void> {
  await deps.counters.count(await counterKey(deps, failedLoginsCounter(sourceIp)), deps.limits.failedPerSource, deps.clock.now());
}
