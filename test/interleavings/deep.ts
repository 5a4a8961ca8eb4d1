/** The longer run: `npm run explore`, or `npm run explore -- -t "two tabs"` for what has these words in its name. */
import { DEEP } from './scenarios/deep';
import { exploreScenario } from './scenarios/scenario';

const MOST_STATES = 3_000_000;
const HOURS = 3_600_000;

jest.setTimeout(12 * HOURS);

test.each(DEEP.map((scenario) => [scenario.name, scenario] as const))('%s', async (name, scenario) => {
  const { violation, exhausted, states, steps } = await exploreScenario(scenario, { mostStates: MOST_STATES });
  process.stderr.write(`${violation ? 'VIOLATED' : exhausted ? 'holds' : 'not exhausted'}: ${states.toLocaleString('en')} states, ${steps.toLocaleString('en')} steps: ${name}\n`);
  if (violation) throw new Error([violation.message, ...violation.trace].join('\n  '));
});
