import type { TimeLeft } from '../../../lambda/http/working-time';

/** What a function is told that has only just been invoked. */
export const TIME_LEFT: TimeLeft = { getRemainingTimeInMillis: () => 10_000 };
