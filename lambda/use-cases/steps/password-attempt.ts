import { Limits } from '../../../src/contract/limits';
import { softLockUntil } from '../../domain/attempts';
import { AttemptRule, AttemptStore, Reserved } from '../../ports/attempts';
import { Clock } from '../../ports/clock';
import { AttemptSettings } from '../settings';
import { rateLimited } from './rate-limited';

export interface PasswordAttemptDeps {
  readonly attempts: Pick<AttemptStore, 'reserve' | 'recordFailure' | 'raiseLock' | 'recordSuccess'>;
  readonly clock: Clock;
  readonly limits: AttemptSettings;
}

/** An attempt that was counted before anything was hashed. */
export type PasswordAttempt = Reserved;

/** Counts the attempt, or throws `rate_limited`: verifying first and counting later is beaten by parallel requests (AA-03). */
export async function reserveAttempt(deps: PasswordAttemptDeps, key: string): Promise<PasswordAttempt> {
  const attempt = await reserveUnlessStopped(deps, key);
  if (attempt === undefined) throw rateLimited('stopped', undefined, deps.clock.now());
  return attempt;
}

/** The same, but none where failures in a row have stopped the counter. */
export async function reserveUnlessStopped(deps: PasswordAttemptDeps, key: string): Promise<PasswordAttempt | undefined> {
  const now = deps.clock.now();
  const reservation = await deps.attempts.reserve(key, rule(deps), now);
  if (reservation.allowed) return reservation;
  if (reservation.reason === 'stopped') return undefined;
  throw rateLimited(reservation.reason, reservation.retryAt, now);
}

/** Locks by the failures with this one, not by those before the attempt: a wave of parallel guesses has seen none. */
export async function attemptFailed(deps: PasswordAttemptDeps, attempt: PasswordAttempt): Promise<void> {
  const now = deps.clock.now();
  const failures = await deps.attempts.recordFailure(attempt, rule(deps), now);
  const until = softLockUntil(failures, now, deps.limits.softLockAfter);
  if (until !== undefined) await deps.attempts.raiseLock(attempt.key, failures, now, until);
}

/** Every success gives back what it reserved: strangers share the count, and would read from it that and how often the owner came (EN-01). */
export async function attemptSucceeded(deps: PasswordAttemptDeps, attempt: PasswordAttempt): Promise<void> {
  await deps.attempts.recordSuccess(attempt, deps.clock.now());
}

function rule({ limits }: PasswordAttemptDeps): AttemptRule {
  return { perHour: limits.perHour, stopAt: Limits.FAILURES_UNTIL_STOP };
}
