import { SCENARIOS } from '../scenarios';
import type { Scenario } from '../scenarios/scenario';
import { exploreScenario } from '../scenarios/scenario';
import type { Mutant } from './mutants';
import { mutantsOf } from './mutants';
import type { WriteRecorder } from './recorder';

export const nameOf = ({ shape, clause }: Pick<Mutant, 'shape' | 'clause'>): string => `${shape} WITHOUT ${clause}`;

/** Every mutant of the writes that the scenarios ran, by name. */
export function mutantsIn(recorders: Iterable<WriteRecorder>): ReadonlyMap<string, Mutant> {
  const mutants = new Map<string, Mutant>();
  for (const { ran } of recorders) {
    for (const mutant of ran.flatMap(({ write }) => mutantsOf(write))) mutants.set(nameOf(mutant), mutant);
  }
  return mutants;
}

/** Whether the scenario has another end with the mutant. One that goes on for much longer than the product has noticed it, too. */
export async function notices(scenario: Scenario, mutant: Mutant, mostStates: number): Promise<boolean> {
  return !(await exploreScenario(scenario, { mostStates, alter: mutant.alter })).exhausted;
}

export function scenarioCalled(name: string): Scenario | undefined {
  return SCENARIOS.find((scenario) => scenario.name === name);
}
