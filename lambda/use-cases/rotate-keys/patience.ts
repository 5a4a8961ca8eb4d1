import { UnavailableError } from '../../domain/errors';
import { Clock } from '../../ports/clock';
import { Log } from '../../ports/log';

export interface PatienceDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly pause: (milliseconds: number) => Promise<void>;
}

/** Of the two minutes that the function has: with a minute more, verifiers may have to learn of new keys, and the outcome is to be reported. */
const PATIENCE_MS = 50_000;
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 8000;

/**
 * Repeats what gives no definite answer. IAM takes seconds to tell every service of a permission that came with the same deployment: one denied
 * call must not undo the deployment of everything else. `act` has to bear repetition.
 */
export async function patiently(deps: PatienceDeps, act: () => Promise<void>): Promise<void> {
  const started = deps.clock.now();
  let paused = 0;
  for (let next = FIRST_PAUSE_MS; ; next = Math.min(next * 2, LONGEST_PAUSE_MS)) {
    try {
      return await act();
    } catch (error) {
      // The clock tells how long the calls took; a clock that was set back tells nothing.
      const spent = Math.max(paused, deps.clock.now() - started);
      if (!(error instanceof UnavailableError) || spent + next > PATIENCE_MS) throw error;
      deps.log.warn('the first keys could not be made yet', error, { next_try_ms: next });
    }
    await deps.pause(next);
    paused += next;
  }
}
