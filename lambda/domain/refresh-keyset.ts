import { Limits } from '../../src/contract/limits';
import { RefreshKey, RefreshKeyset } from './model';

export function firstRefreshKeyset(key: RefreshKey): RefreshKeyset {
  return { v: 1, keys: [key] };
}

/**
 * A new current key. A retired one stays for a full session life, plus the time for which a container that cannot reach Secrets Manager
 * may go on making sessions with it.
 */
export function rotateRefreshKeyset(keyset: RefreshKeyset, key: RefreshKey, sessionTtlSeconds: number, now: number): RefreshKeyset {
  const keepMs = (sessionTtlSeconds + Limits.SECRET_HARD_AGE_SECONDS + Limits.CLOCK_LEEWAY_SECONDS) * 1000;
  return {
    ...keyset,
    keys: [key, ...keyset.keys.map((one) => ({ ...one, retiredAt: one.retiredAt ?? now })).filter((one) => one.retiredAt + keepMs > now)],
  };
}
