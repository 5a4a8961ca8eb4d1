import { independent, Run, settled, type Choice, type Plan, type World } from './run';

/** A scenario as the search sees it. */
export interface Exploration {
  /** A new run at its beginning; with the same choices it comes to the same state. */
  begin(begun: (plan: Plan, world: World, now: number) => Run): Begun;
}

export interface Begun {
  readonly run: Run;
  /** Throws `Violation` if this state must not be. */
  check(): Promise<void>;
  /** The same once nothing is left to do. */
  checkEnd(): Promise<void>;
}

/** What must never be. The message names the rule and the place, without ids that differ from run to run. */
export class Violation extends Error {
  override readonly name = 'Violation';
}

export interface Found {
  readonly message: string;
  /** What happened, step by step. */
  readonly trace: readonly string[];
}

export interface Result {
  readonly states: number;
  readonly runs: number;
  readonly steps: number;
  readonly ends: number;
  /** Whether every state was seen: otherwise the limit of states, or the first violation, ended the search. */
  readonly exhausted: boolean;
  readonly violation?: Found;
}

interface Node {
  readonly todo: readonly Choice[];
  /** Gone into already from a state before this one, with the same outcome in another order. */
  readonly asleep: readonly Choice[];
  at: number;
}

/**
 * Depth first through every order of steps. The code under test cannot be set back, so each branch is a new run that repeats the choices
 * before it. A state that was seen before is not gone into again, nor a choice that another order of independent steps has covered (sleep
 * sets, Godefroid 1996, with the states that were seen); every state is visited all the same. Stops at the first violation.
 */
export async function explore(exploration: Exploration, mostStates: number): Promise<Result> {
  /** Of each state the choices that were asleep at every visit. */
  const seen = new Map<string, readonly string[]>();
  const path: Node[] = [];
  const counts = { runs: 0, steps: 0, ends: 0 };
  const result = (exhausted: boolean, violation?: Found): Result => ({ states: seen.size, ...counts, exhausted, ...(violation ? { violation } : {}) });
  const choicesSoFar = (): string[] => path.map(({ todo, at }) => todo[at]!.name);

  do {
    const begun = exploration.begin((plan, world, now) => new Run(plan, world, now, false));
    const { run } = begun;
    counts.runs += 1;
    await settled();
    for (const choice of choicesSoFar()) await run.take(choice);
    counts.steps += path.length;
    for (;;) {
      const asleep = sleepers(path.at(-1));
      const names = asleep.map(({ name }) => name);
      const key = run.key();
      const before = seen.get(key);
      if (before === undefined) {
        if (seen.size === mostStates) return result(false);
        try {
          if (run.failure) throw run.failure;
          await begun.check();
          if (run.over) await begun.checkEnd();
        } catch (error) {
          return result(false, await retrace(exploration, choicesSoFar(), error));
        }
        if (run.over) counts.ends += 1;
      }
      seen.set(key, before === undefined ? names : before.filter((name) => names.includes(name)));
      const todo = run.choices().filter(({ name }) => (before === undefined ? !names.includes(name) : before.includes(name) && !names.includes(name)));
      if (todo.length === 0) break;
      path.push({ todo, asleep, at: 0 });
      await run.take(todo[0]!.name);
      counts.steps += 1;
    }
    while (path.length > 0 && path.at(-1)!.at + 1 === path.at(-1)!.todo.length) path.pop();
    if (path.length > 0) path.at(-1)!.at += 1;
  } while (path.length > 0);
  return result(true);
}

/** After a choice, what was asleep or was gone into before it stays covered if it does not depend on it. */
function sleepers(node: Node | undefined): readonly Choice[] {
  if (!node) return [];
  const taken = node.todo[node.at]!;
  return [...node.asleep, ...node.todo.slice(0, node.at)].filter((choice) => independent(choice, taken));
}

/** The same run once more, writing down what happens. */
async function retrace(exploration: Exploration, choices: readonly string[], error: unknown): Promise<Found> {
  const { run } = exploration.begin((plan, world, now) => new Run(plan, world, now, true));
  await settled();
  for (const choice of choices) await run.take(choice);
  const message = error instanceof Violation ? error.message : error instanceof Error ? error.stack ?? error.message : String(error);
  return { message, trace: run.trace };
}
