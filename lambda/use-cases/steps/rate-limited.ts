import { AuthError } from '../../domain/errors';

/**
 * Refused by a limit of the functions; `limit` says in the audit which one. `retryAt` (epoch ms): when the next attempt may pass; absent where
 * waiting does not help, since a time would be a promise that nobody keeps.
 */
export function rateLimited(limit: 'hour' | 'locked' | 'stopped' | 'source', retryAt: number | undefined, now: number): AuthError {
  const reason = `limit_${limit}`;
  if (retryAt === undefined) return new AuthError('rate_limited', { detail: 'There were too many wrong passwords in a row. Waiting does not help.', reason });
  return new AuthError('rate_limited', { retryAfter: Math.max(1, Math.ceil((retryAt - now) / 1000)), reason });
}
