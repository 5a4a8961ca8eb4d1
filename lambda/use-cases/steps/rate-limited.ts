import { AuthError } from '../../domain/errors';

/** Refused by a limit of the functions; `limit` says in the audit which one. `retryAt` (epoch ms): when the next attempt may pass. */
export function rateLimited(limit: 'hour' | 'locked' | 'stopped' | 'source', retryAt: number, now: number): AuthError {
  return new AuthError('rate_limited', { retryAfter: Math.max(1, Math.ceil((retryAt - now) / 1000)), reason: `limit_${limit}` });
}
