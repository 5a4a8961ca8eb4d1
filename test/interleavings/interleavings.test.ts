import type { Result } from './engine/search';
import { SCENARIOS } from './scenarios';
import { ATTEMPTS } from './scenarios/attempts';
import { KEYS } from './scenarios/keys';
import { LOGOUT } from './scenarios/logout';
import { ADMINISTRATION, PASSWORDS } from './scenarios/passwords';
import { REFRESH } from './scenarios/refresh';
import { REGISTRATION } from './scenarios/registration';
import { SESSION_CAP } from './scenarios/session-cap';
import { SOURCES } from './scenarios/sources';
import { mutantsIn, noticedBy, notices } from './writes/inventory';
import type { Mutant } from './writes/mutants';
import { WriteRecorder } from './writes/recorder';
import { conditionSites } from './writes/sources';
import { SURVIVORS, survivorOf } from './writes/survivors';
import type { Scenario } from './scenarios/scenario';
import { exploreScenario } from './scenarios/scenario';

/** A scenario that has more states than this is too large for every commit: it belongs to the longer run. */
const MOST_STATES = 20_000;
/** Scenarios of no more states are tried with every mutant that is said to survive; the longer run tries the others, too. */
const SMALL = 120;
// Seconds on a quiet machine; what ends a search is the number of its states.
jest.setTimeout(600_000);

const results = new Map<string, Result>();
const recorders = new Map<Scenario, WriteRecorder>();

async function passes(scenario: Scenario): Promise<void> {
  const recorder = new WriteRecorder();
  const result = await exploreScenario(scenario, { mostStates: MOST_STATES, recorder });
  results.set(scenario.name, result);
  recorders.set(scenario, recorder);
  if (result.violation) throw new Error([result.violation.message, ...result.violation.trace].join('\n  '));
  if (!result.exhausted) throw new Error(`not exhausted after ${result.states} states: make the scenario smaller, or move it to the longer run`);
}

describe('ID-01 T01 T22 T33 T45 an address has one account, whole, with the password of whoever registered it', () => {
  test.each(REGISTRATION.map((scenario) => [scenario.name, scenario] as const))('%s', (_name, scenario) => passes(scenario));
});

describe('SE-09 SE-12 T04 T15 T16 a session whose end was answered is dead, with every token that ever left it', () => {
  test.each(LOGOUT.map((scenario) => [scenario.name, scenario] as const))('%s', (_name, scenario) => passes(scenario));
});

describe('SE-12 T02 T33 a login above the cap ends the oldest session, and neither itself nor another one', () => {
  test.each(SESSION_CAP.map((scenario) => [scenario.name, scenario] as const))('%s', (_name, scenario) => passes(scenario));
});

describe('SE-03 SE-04 SE-05 T02 T03 T39 one successor a generation, nobody is sent away who did nothing wrong, and theft is noticed', () => {
  test.each(REFRESH.map((scenario) => [scenario.name, scenario] as const))('%s', (_name, scenario) => passes(scenario));
});

describe('SE-10 SE-15 T12 what ends all sessions ends also those that are just being made', () => {
  test.each(PASSWORDS.map((scenario) => [scenario.name, scenario] as const))('%s', (_name, scenario) => passes(scenario));
});

describe('SE-11 T42 what an administrator takes away is gone, and no change is lost', () => {
  test.each(ADMINISTRATION.map((scenario) => [scenario.name, scenario] as const))('%s', (_name, scenario) => passes(scenario));
});

describe('AA-02 AA-03 T05 never more hashes than the limit', () => {
  test.each(ATTEMPTS.map((scenario) => [scenario.name, scenario] as const))('%s', (_name, scenario) => passes(scenario));
});

describe('AA-12 ID-07 T05 a source that failed too often gets nothing but what a known device does', () => {
  test.each(SOURCES.map((scenario) => [scenario.name, scenario] as const))('%s', (_name, scenario) => passes(scenario));
});

describe('KR-03 KR-04 KR-05 KR-06 ID-06 T28 every verifier knows the key of every token, whatever becomes of the keys meanwhile', () => {
  test.each(KEYS.map((scenario) => [scenario.name, scenario] as const))('%s', (_name, scenario) => passes(scenario));
});

describe('the conditional writes of the stores', () => {
  const ran = () => [...recorders.values()].flatMap((recorder) => recorder.ran);

  test.each(conditionSites().map((site) => [site.place, site] as const))('%s ran in some scenario', (_place, { within, sends, pattern }) => {
    const found = ran().some(({ write, through }) => pattern.test(write.request.ConditionExpression!) && (!sends || through.has(within)));
    if (!found) throw new Error(`no scenario sends ${pattern.source} from ${within}: add the flow that does`);
  });
});

describe('mutants: a write without one clause of its condition', () => {
  const noticed = noticedBy();

  test.each(Object.entries(noticed))('%s is noticed', async (name, by) => {
    const mutant = mutantsIn(recorders.values()).get(name);
    const scenario = SCENARIOS.find((each) => each.name === by);
    if (!mutant || !scenario) throw new Error(`${mutant ? `there is no scenario "${by}"` : 'no scenario sends such a write'}: UPDATE_NOTICED=1 npm run explore -- -t mutant`);
    if (!await notices(scenario, mutant, MOST_STATES)) throw new Error(`"${by}" does not notice: UPDATE_NOTICED=1 npm run explore -- -t mutant`);
  });

  const survivors = (): [string, Mutant][] => [...mutantsIn(recorders.values())].filter(([name]) => noticed[name] === undefined);

  test('every other one has a reason to survive', () => {
    expect(survivors().filter(([, mutant]) => !survivorOf(mutant)).map(([name]) => name)).toEqual([]);
  });

  test.each(SURVIVORS.flatMap(({ write, clauses }) => clauses.map((clause) => [`${write.source} WITHOUT ${clause}`, write, clause] as const)))(
    'the reason of %s is one of a mutant, and of none that is noticed',
    (_name, write, clause) => {
      const mutants = [...mutantsIn(recorders.values())].filter(([, mutant]) => write.test(mutant.shape) && mutant.clause === clause);
      expect(mutants.length).toBeGreaterThan(0);
      expect(mutants.filter(([name]) => noticed[name] !== undefined)).toEqual([]);
    },
  );

  test('what survives, no small scenario notices', async () => {
    const small = [...recorders].filter(([{ name }]) => results.get(name)!.states <= SMALL);
    const found: string[] = [];
    for (const [name, mutant] of survivors()) {
      for (const [scenario, recorder] of small) {
        if (recorder.shapes.has(mutant.shape) && await notices(scenario, mutant, MOST_STATES)) found.push(`"${scenario.name}" notices ${name}`);
      }
    }
    // Its reason goes, and it comes into the list: UPDATE_NOTICED=1 npm run explore -- -t mutant
    expect(found).toEqual([]);
  });
});

afterAll(() => {
  const { user, system } = process.cpuUsage();
  const total = (of: (result: Result) => number): string => [...results.values()].reduce((sum, result) => sum + of(result), 0).toLocaleString('en');
  process.stderr.write(`interleavings: ${results.size} scenarios, ${total(({ states }) => states)} states, ${total(({ steps }) => steps)} steps, ${Math.round((user + system) / 1e6)} s of CPU\n`);
});
