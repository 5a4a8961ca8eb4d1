/** The longer run: `npm run explore`, or `npm run explore -- -t "two tabs"` for what has these words in its name. */
import { writeFileSync } from 'node:fs';
import { SCENARIOS } from './scenarios';
import { DEEP } from './scenarios/deep';
import { exploreScenario } from './scenarios/scenario';
import { findNoticing, NOTICED_FILE, noticedBy } from './writes/inventory';

/** `EXPLORE_STATES=100000 npm run explore` bounds each search, to see in minutes which of them end. */
const MOST_STATES = Number(process.env.EXPLORE_STATES ?? 3_000_000);
const HOURS = 3_600_000;

jest.setTimeout(12 * HOURS);

test.each(DEEP.map((scenario) => [scenario.name, scenario] as const))('%s', async (name, scenario) => {
  const begun = process.cpuUsage();
  const { violation, exhausted, states, steps } = await exploreScenario(scenario, { mostStates: MOST_STATES });
  const { user, system } = process.cpuUsage(begun);
  const figures = `${states.toLocaleString('en')} states, ${steps.toLocaleString('en')} steps, ${Math.round((user + system) / 1e6)} s`;
  process.stderr.write(`${violation ? 'VIOLATED' : exhausted ? 'holds' : 'not exhausted'}: ${figures}: ${name}\n`);
  if (violation) throw new Error([violation.message, ...violation.trace].join('\n  '));
});

test('every mutant that a scenario notices is among those that are known to be noticed', async () => {
  // Small searches first; the larger only for what they do not notice.
  const found = await findNoticing(SCENARIOS, [400, 3000], (line) => process.stderr.write(`${line}\n`));
  if (process.env.UPDATE_NOTICED === '1') writeFileSync(NOTICED_FILE, `${JSON.stringify(found, undefined, 2)}\n`);
  // A survivor that is noticed now has lost its reason.
  expect(Object.keys(found).sort()).toEqual(Object.keys(noticedBy()).sort());
});
