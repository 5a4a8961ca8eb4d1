import { Clock } from '../../ports/clock';

/** The machine's clock, asked at each call. */
export const systemClock: Clock = {
  now: () => Date.now(),
};
