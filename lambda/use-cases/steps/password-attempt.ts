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
  const now = deps.clock.now();
  const reservation = await deps.attempts.reserve(key, rule(deps), now);
  if (!reservation.allowed) throw rateLimited(reservation.reason, reservation.retryAt, now);
  return reservation;
}

/** Locks by the streak that the failure made, not by the one before the attempt: a wave of parallel guesses has seen none. */
export async function attemptFailed(deps: PasswordAttemptDeps, attempt: PasswordAttempt): Promise<void> {
  const now = deps.clock.now();
  const streak = await deps.attempts.recordFailure(attempt, rule(deps), now);
  const until = softLockUntil(streak, now, deps.limits.softLockAfter);
  if (until !== undefined) await deps.attempts.raiseLock(attempt.key, streak, until);
}

/** Writes only when there is a streak to clear or the hour fills up, so that the usual login pays nothing for it. */
export async function attemptSucceeded(deps: PasswordAttemptDeps, attempt: PasswordAttempt): Promise<void> {
  if (attempt.streak === 0 && attempt.count <= deps.limits.perHour / 2) return;
  await deps.attempts.recordSuccess(attempt, deps.clock.now());
}

function rule({ limits }: PasswordAttemptDeps): AttemptRule {
  return { perHour: limits.perHour, stopAt: Limits.FAILURES_UNTIL_STOP };
}
