import type { GaugeName } from '../../src/contract/metrics';

/** Levels, as opposed to counts of events. Never throws, never waits for a network. */
export interface Gauges {
  report(name: GaugeName, value: number): void;
}
