import { Limits } from '../../../src/contract/limits';
import { CacheAges } from './cached-value';

/** A secret: asked for again now and then so that a rotation spreads, kept for a day while Secrets Manager is down. */
export const SECRET_AGES: CacheAges = {
  refreshAfterMs: 5 * 60 * 1000,
  refuseAfterMs: Limits.SECRET_HARD_AGE_SECONDS * 1000,
  retryAfterMs: Limits.KEYSET_COOLDOWN_SECONDS * 1000,
};

/**
 * The published set. While the table is down the last set serves for an hour: keys are published a whole rotation period before
 * they sign, so an old set refuses no good token, and whoever decides on a token reads the same table for revocations anyway.
 */
export const PUBLISHED_AGES: CacheAges = {
  refreshAfterMs: Limits.KEYSET_CACHE_SECONDS * 1000,
  refuseAfterMs: 60 * 60 * 1000,
  retryAfterMs: 5 * 1000,
};

/**
 * The published set for others. It is young, since what is left of the minute is theirs: the answer says how long they may keep it, so that
 * nobody who keeps to that goes by a set that is older than signers count on. A retired key therefore leaves within the same minute.
 */
export const OFFERED_AGES: CacheAges = { ...PUBLISHED_AGES, refreshAfterMs: 15 * 1000 };

export const RELOAD_COOLDOWN_MS = Limits.KEYSET_COOLDOWN_SECONDS * 1000;
