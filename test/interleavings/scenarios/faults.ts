import type { Faults } from '../engine/run';
import type { Scenario } from './scenario';

const ONE: Readonly<Record<keyof Faults, Faults>> = { lost: { lost: 1 }, repeated: { repeated: 1 }, death: { death: 1 }, unanswered: { unanswered: 1 } };

const NAMES: Readonly<Record<keyof Faults, string>> = {
  lost: 'a call to a store is lost',
  repeated: 'a write is done and sent again',
  death: 'a function dies',
  unanswered: 'an answer does not arrive',
};

/** The scenario once with each of these faults. What can happen without a fault can happen with one that strikes at the end. */
export function withEach(faults: readonly (keyof Faults)[], scenario: Scenario): Scenario[] {
  return faults.map((fault) => ({ ...scenario, name: `${scenario.name}; ${NAMES[fault]}`, faults: ONE[fault] }));
}
