import { AsyncLocalStorage } from 'node:async_hooks';
import { UnavailableError } from '../../domain/errors';
import { Deadline } from '../../ports/deadline';

/** A call that was cut off fails within this, and its error says which dependency hung: only what hears of no signal is left behind. */
const LAST_WORD_MS = 50;

/** The deadline of each request that the process works on. It travels with what the request awaits, so adapters ask here and nobody hands it on. */
export class RequestDeadline implements Deadline {
  private readonly signals = new AsyncLocalStorage<AbortSignal>();

  /** Aborts when the time of the request at hand is over. Undefined outside a request: while the function is loaded. */
  get signal(): AbortSignal | undefined {
    return this.signals.getStore();
  }

  get isOver(): boolean {
    return this.signal?.aborted ?? false;
  }

  async run<T>(milliseconds: number, work: () => Promise<T>): Promise<T> {
    const own = new AbortController();
    const timer = setTimeout(() => own.abort(new Error('the time of the request is over')), Math.max(0, milliseconds));
    try {
      return await this.until(own.signal, work);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Within another deadline, the earlier one counts. */
  until<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const { signal: outer } = this;
    return this.signals.run(outer ? AbortSignal.any([outer, signal]) : signal, work);
  }

  keep<T>(work: () => Promise<T>): Promise<T> {
    const { signal } = this;
    if (!signal) return work();
    return new Promise((resolve, reject) => {
      let lastWord: NodeJS.Timeout | undefined;
      const over = (): void => {
        lastWord = setTimeout(() => reject(new UnavailableError('deadline', signal.reason)), LAST_WORD_MS);
      };
      const done = (): void => {
        clearTimeout(lastWord);
        signal.removeEventListener('abort', over);
      };
      if (signal.aborted) over();
      else signal.addEventListener('abort', over, { once: true });
      work().finally(done).then(resolve, reject);
    });
  }
}

/** The one of this process. */
export const requestDeadline = new RequestDeadline();
