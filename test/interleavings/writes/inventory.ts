import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Scenario } from '../scenarios/scenario';
import { exploreScenario } from '../scenarios/scenario';
import type { Mutant } from './mutants';
import { mutantsOf } from './mutants';
import { WriteRecorder } from './recorder';

/** Which scenario notices each mutant, so that a commit need not look for it. Written by `UPDATE_NOTICED=1 npm run explore -- -t mutant`. */
export const NOTICED_FILE = path.join(__dirname, 'noticed.json');

export function noticedBy(): Readonly<Record<string, string>> {
  return JSON.parse(readFileSync(NOTICED_FILE, 'utf8'));
}

/** Every mutant of the writes that ran, by name. */
export function mutantsIn(recorders: Iterable<WriteRecorder>): ReadonlyMap<string, Mutant> {
  const mutants = new Map<string, Mutant>();
  for (const { ran } of recorders) {
    for (const mutant of ran.flatMap(({ write }) => mutantsOf(write))) mutants.set(`${mutant.shape} WITHOUT ${mutant.clause}`, mutant);
  }
  return mutants;
}

/** Whether the scenario comes to a violation with the mutant. */
export async function notices(scenario: Scenario, mutant: Mutant, mostStates: number): Promise<boolean> {
  return (await exploreScenario(scenario, { mostStates, alter: mutant.alter })).violation !== undefined;
}

/** Looks for a scenario that notices each mutant, in the small ones first. */
export async function findNoticing(
  scenarios: readonly Scenario[],
  sizes: readonly number[],
  tell: (line: string) => void,
): Promise<Readonly<Record<string, string>>> {
  const explored = [];
  for (const scenario of scenarios) {
    const recorder = new WriteRecorder();
    const { exhausted, steps } = await exploreScenario(scenario, { mostStates: sizes[0]!, recorder });
    explored.push({ scenario, recorder, shapes: recorder.shapes, small: exhausted, steps });
  }
  explored.sort((a, b) => Number(b.small) - Number(a.small) || a.steps - b.steps);
  const found: Record<string, string> = {};
  for (const [name, mutant] of mutantsIn(explored.map(({ recorder }) => recorder))) {
    const able = explored.filter(({ shapes }) => shapes.has(mutant.shape));
    for (const [round, size] of sizes.entries()) {
      for (const { scenario, small } of able) {
        if (found[name] !== undefined || (round > 0 && small)) continue;
        if (await notices(scenario, mutant, size)) found[name] = scenario.name;
      }
    }
    tell(`${found[name] === undefined ? 'SURVIVES' : 'noticed'}: ${name}${found[name] === undefined ? '' : ` by ${found[name]}`}`);
  }
  return found;
}
