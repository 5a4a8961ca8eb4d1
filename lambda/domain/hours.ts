const HOUR_MS = 3_600_000;

/** Hours since the epoch. */
export function hourOf(now: number): number {
  return Math.floor(now / HOUR_MS);
}

/** Days since the epoch, UTC. */
export function dayOf(now: number): number {
  return Math.floor(hourOf(now) / 24);
}

/** Start of the hour after that of `now`, epoch ms. */
export function nextHour(now: number): number {
  return (hourOf(now) + 1) * HOUR_MS;
}
