import { Limits } from '../../src/contract/limits';
import { Revocations } from './model';

export interface RevocationTimes {
  readonly accessTtlSeconds: number;
  /** Time-out of the slowest function that writes a token. */
  readonly longestTimeoutSeconds: number;
}

/**
 * How long a revocation has to stand, seconds: a token may be signed by a call that began just before it, live its whole life, and be
 * forgiven the leeway by a verifier whose clock is behind one that is ahead.
 */
export function revocationLifeSeconds(times: RevocationTimes): number {
  return times.accessTtlSeconds + 2 * Limits.CLOCK_LEEWAY_SECONDS + times.longestTimeoutSeconds;
}

/** End of a revocation written at `now` (epoch ms), in epoch seconds: both the entry's expiry and the item's TTL. */
export function revocationTtl(times: RevocationTimes, now: number): number {
  return Math.ceil(now / 1000) + revocationLifeSeconds(times);
}

/** Whether a token or session was ended. By session and version, never by the token's text or its `iat`. */
export function isRevoked(revocations: Revocations, token: { readonly sid: string; readonly sv: number }): boolean {
  return token.sv < revocations.minSv || revocations.sids.has(token.sid);
}
