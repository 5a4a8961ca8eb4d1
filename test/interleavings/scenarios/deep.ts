import type { Faults } from '../engine/run';
import { SCENARIOS } from '.';
import { withEach } from './faults';
import { retirement, rotationBeside, twoDeployments } from './keys';
import { jar } from './refresh';
import type { Scenario } from './scenario';

const PAIRS: Readonly<Record<string, Faults>> = {
  'a call is lost and a write sent again': { lost: 1, repeated: 1 },
  'a function dies and a call is lost': { death: 1, lost: 1 },
  'a function dies and an answer does not arrive': { death: 1, unanswered: 1 },
  'two calls are lost': { lost: 2 },
};

/** Each scenario once, whatever fault it has on each commit, with two. */
function withTwo(scenarios: readonly Scenario[]): Scenario[] {
  const plain = new Map(scenarios.filter((scenario) => !scenario.keysMove && scenario !== jar).map((scenario) => [scenario.name.replace(/; .*/, ''), scenario]));
  return [...plain].flatMap(([name, scenario]) => Object.entries(PAIRS).map(([pair, faults]) => ({ ...scenario, name: `${name}; ${pair}`, faults })));
}

/** What is too large for every commit: `npm run explore`. */
export const DEEP: readonly Scenario[] = [
  ...withTwo(SCENARIOS),
  ...withEach(['death', 'repeated', 'lost'], rotationBeside(2)),
  ...withEach(['death', 'repeated'], retirement({ rotation: true, signer: false })),
  retirement({ rotation: true, signer: true }),
  ...withEach(['lost', 'repeated'], twoDeployments),
];
