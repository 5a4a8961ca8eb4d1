import { Limits } from '../../../src/contract/limits';
import { softLockUntil } from '../../domain/attempts';
import { AuthError } from '../../domain/errors';
import { AttemptStore, Reservation } from '../../ports/attempts';
import { Clock } from '../../ports/clock';
import { AttemptSettings } from '../settings';

export interface PasswordAttemptDeps {
  readonly attempts: Pick<AttemptStore, 'reserve' | 'recordFailure' | 'recordSuccess'>;
  readonly clock: Clock;
  readonly limits: AttemptSettings;
}

/** An attempt that was counted before anything was hashed. */
export interface PasswordAttempt {
  readonly key: string;
  readonly count: number;
  readonly streak: number;
}

/** Counts the attempt, or throws `rate_limited`: verifying first and counting later is beaten by parallel requests (AA-03). */
export async function reserveAttempt(deps: PasswordAttemptDeps, key: string): Promise<PasswordAttempt> {
  const now = deps.clock.now();
  const reservation = await deps.attempts.reserve(key, { perHour: deps.limits.perHour, stopAt: Limits.FAILURES_UNTIL_STOP }, now);
  if (!reservation.allowed) throw rateLimited(reservation, now);
  return { key, count: reservation.count, streak: reservation.streak };
}

export async function attemptFailed(deps: PasswordAttemptDeps, attempt: PasswordAttempt): Promise<void> {
  const now = deps.clock.now();
  await deps.attempts.recordFailure(attempt.key, softLockUntil(attempt.streak + 1, now, deps.limits.softLockAfter), now);
}

/** Writes only when there is a streak to clear or the hour fills up, so that the usual login pays nothing for it. */
export async function attemptSucceeded(deps: PasswordAttemptDeps, attempt: PasswordAttempt): Promise<void> {
  if (attempt.streak === 0 && attempt.count <= deps.limits.perHour / 2) return;
  await deps.attempts.recordSuccess(attempt.key, deps.clock.now());
}

export function rateLimited(reservation: Extract<Reservation, { allowed: false }>, now: number): AuthError {
  return new AuthError('rate_limited', {
    retryAfter: Math.max(1, Math.ceil((reservation.retryAt - now) / 1000)),
    reason: `limit_${reservation.reason}`,
  });
}
