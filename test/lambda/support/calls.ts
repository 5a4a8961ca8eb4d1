import { UnavailableError } from '../../../lambda/domain/errors';

/** One call of a port's method. */
export interface Call {
  readonly port: string;
  readonly method: string;
  readonly args: readonly unknown[];
}

/** Where a fault strikes: before the call takes effect, or after it, so that only its response is lost. */
export type FaultMoment = 'before' | 'after';

interface Fault {
  readonly moment: FaultMoment;
  readonly matches: (call: Call) => boolean;
  /** Strikes left. */
  times: number;
}

type Observer = (call: Call) => Promise<void> | void;

/**
 * Watches calls of ports, counts them and lets them fail. One instance serves all ports of a world, so that "the k-th write" counts
 * across them.
 */
export class Calls {
  readonly log: Call[] = [];
  private faults: Fault[] = [];
  private observers: Observer[] = [];

  /** The same port, watched. */
  watch<T extends object>(port: string, target: T): T {
    return new Proxy(target, {
      get: (object, method) => {
        const value: unknown = Reflect.get(object, method);
        if (typeof value !== 'function' || typeof method !== 'string') return value;
        return (...args: unknown[]) => this.run({ port, method, args }, () => value.apply(object, args));
      },
    });
  }

  /** Names of the calls so far, as `port.method`. */
  names(): string[] {
    return this.log.map((call) => `${call.port}.${call.method}`);
  }

  writes(): string[] {
    return this.log.filter(isWrite).map((call) => `${call.port}.${call.method}`);
  }

  reads(): string[] {
    return this.log.filter((call) => !isWrite(call)).map((call) => `${call.port}.${call.method}`);
  }

  count(name: string): number {
    return this.names().filter((called) => called === name).length;
  }

  /** Forgets calls and faults. */
  reset(): void {
    this.log.length = 0;
    this.faults = [];
    this.observers = [];
  }

  /** The next call of `port.method` fails, or the next `times`. */
  failNext(name: string, moment: FaultMoment = 'before', times = 1): void {
    this.faults.push({ moment, times, matches: (call) => `${call.port}.${call.method}` === name });
  }

  /** The k-th call of `port.method` from now on fails, counted from 1. */
  failNth(name: string, k: number, moment: FaultMoment): void {
    this.failAt(k, moment, (call) => `${call.port}.${call.method}` === name);
  }

  /** The k-th write from now on fails, counted from 1. */
  failWrite(k: number, moment: FaultMoment): void {
    this.failAt(k, moment, isWrite);
  }

  /** Every call of a port fails until the reset. */
  failAll(port: string): void {
    this.faults.push({ moment: 'before', times: Infinity, matches: (call) => call.port === port });
  }

  /** Runs before each call of `port.method` takes effect: to hold it at a barrier, or to let something happen in between. */
  before(name: string, observer: Observer): void {
    this.observers.push((call) => (`${call.port}.${call.method}` === name ? observer(call) : undefined));
  }

  private failAt(k: number, moment: FaultMoment, counts: (call: Call) => boolean): void {
    let seen = 0;
    // Asked once about each call.
    const matches = (call: Call): boolean => {
      if (!counts(call)) return false;
      seen += 1;
      return seen === k;
    };
    this.faults.push({ moment, times: 1, matches });
  }

  private run(call: Call, act: () => unknown): unknown {
    this.log.push(call);
    // Decided now, in the order of the calls, also for a fault that strikes afterwards.
    const fault = this.faults.find((candidate) => candidate.times > 0 && candidate.matches(call));
    if (fault !== undefined) fault.times -= 1;
    if (fault === undefined && this.observers.length === 0) return act();
    return this.runObserved(call, act, fault);
  }

  private async runObserved(call: Call, act: () => unknown, fault: Fault | undefined): Promise<unknown> {
    for (const observer of this.observers) await observer(call);
    if (fault?.moment === 'before') throw new UnavailableError(call.port);
    const result = await act();
    if (fault?.moment === 'after') throw new UnavailableError(call.port);
    return result;
  }
}

/** Everything that is not a look. Keys and hashes are computed or read, never written by a use case. */
export function isWrite(call: Call): boolean {
  return STORES.has(call.port) && !/^(read|find|list)/.test(call.method);
}

const STORES = new Set(['users', 'sessions', 'revocations', 'attempts', 'counters', 'tickets']);
