import type { Result } from './engine/search';
import { ATTEMPTS } from './scenarios/attempts';
import { LOGOUT } from './scenarios/logout';
import { ADMINISTRATION, PASSWORDS } from './scenarios/passwords';
import { REFRESH } from './scenarios/refresh';
import { REGISTRATION } from './scenarios/registration';
import type { Scenario } from './scenarios/scenario';
import { exploreScenario } from './scenarios/scenario';

/** A scenario that has more states than this is too large for every commit: it belongs to the longer run. */
const MOST_STATES = 20_000;
const results = new Map<string, Result>();

async function passes(scenario: Scenario): Promise<void> {
  const result = await exploreScenario(scenario, MOST_STATES);
  results.set(scenario.name, result);
  if (result.violation) throw new Error([result.violation.message, ...result.violation.trace].join('\n  '));
  if (!result.exhausted) throw new Error(`not exhausted after ${result.states} states: make the scenario smaller, or move it to the longer run`);
}

describe('ID-01 T01 T22 T33 T45 an address has one account, whole, with the password of whoever registered it', () => {
  test.each(REGISTRATION.map((scenario) => [scenario.name, scenario] as const))('%s', (_name, scenario) => passes(scenario));
});

describe('SE-09 SE-12 T04 T15 T16 a session whose end was answered is dead, with every token that ever left it', () => {
  test.each(LOGOUT.map((scenario) => [scenario.name, scenario] as const))('%s', (_name, scenario) => passes(scenario));
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

afterAll(() => {
  const total = (of: (result: Result) => number): string => [...results.values()].reduce((sum, result) => sum + of(result), 0).toLocaleString('en');
  process.stderr.write(`interleavings: ${results.size} scenarios, ${total(({ states }) => states)} states, ${total(({ steps }) => steps)} steps\n`);
});
