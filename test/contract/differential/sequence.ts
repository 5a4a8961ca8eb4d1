import { isDeepStrictEqual } from 'node:util';
import { MemoryTables } from '../../../lambda/adapters/memory';
import { DynamoDb } from '../../interleavings/dynamodb/dynamodb';
import { Randomness } from '../../interleavings/engine/random';
import { dynamoStores } from '../../lambda/adapters/dynamodb/support/stores';
import { memoryStores } from '../../lambda/support/world';
import { START } from '../suites/stores';
import type { Side, StoreCall } from './calls';
import { CALLS } from './calls';
import type { Contents } from './contents';
import { contentsOfDynamoDb, contentsOfMemory } from './contents';
import { Draw, STEPS } from './pool';

export interface Step extends StoreCall {
  readonly name: string;
  readonly now: number;
}

export interface Difference {
  /** Position of the call. */
  readonly at: number;
  readonly memory: unknown;
  readonly dynamodb: unknown;
}

interface Command {
  readonly constructor: { readonly name: string };
  readonly input: unknown;
}

const NAMES = { users: 'Users', sessions: 'Sessions', revocations: 'Revocations', attempts: 'Attempts', tickets: 'Tickets' };

/** So many calls, all told by the seed. */
export function sequenceOf(seed: number, length: number): Step[] {
  const draw = new Draw(seed);
  const names = Object.keys(CALLS);
  let now = START;
  return Array.from({ length }, () => {
    now += draw.of(STEPS);
    const name = draw.of(names);
    return { name, now, ...CALLS[name]!(draw, now) };
  });
}

/** Runs the calls on both implementations, each over tables of its own, and compares answers and what is stored after each of them. */
export async function firstDifference(steps: readonly Step[]): Promise<Difference | undefined> {
  const tables = new MemoryTables();
  const db = new DynamoDb();
  const randomness = new Randomness('differential');
  const client = { send: async ({ constructor, input }: Command) => db.execute(constructor.name, input) };
  const dynamo = { client: client as never, ids: { randomUuid: () => randomness.uuid() }, pause: async () => undefined };
  const sides: Readonly<Record<'memory' | 'dynamodb', Side>> = {
    memory: { stores: memoryStores(tables), reservations: [] },
    dynamodb: { stores: dynamoStores(dynamo, NAMES), reservations: [] },
  };
  for (const [at, { now, run }] of steps.entries()) {
    const memory = await answered(() => run(sides.memory));
    const dynamodb = await answered(() => run(sides.dynamodb));
    if (!isDeepStrictEqual(memory, dynamodb)) return { at, memory, dynamodb };
    const held = { memory: contentsOfMemory(tables, now), dynamodb: contentsOfDynamoDb(db, now) };
    for (const table of Object.keys(held.memory) as (keyof Contents)[]) {
      const [memory, dynamodb] = [held.memory[table], held.dynamodb[table]];
      if (!isDeepStrictEqual(memory, dynamodb)) return { at, memory: { [table]: memory }, dynamodb: { [table]: dynamodb } };
    }
  }
  return undefined;
}

/** The shortest sequence that still shows the difference: without each call that it does not need. */
export async function shortened(steps: readonly Step[], { at }: Difference): Promise<readonly Step[]> {
  let shortest = steps.slice(0, at + 1);
  for (let position = shortest.length - 2; position >= 0; position -= 1) {
    const fewer = shortest.filter((_, index) => index !== position);
    const difference = await firstDifference(fewer);
    if (difference) shortest = fewer.slice(0, difference.at + 1);
    position = Math.min(position, shortest.length - 1);
  }
  return shortest;
}

/** As JSON has it: a member that is undefined is one that is not there. */
async function answered(call: () => Promise<unknown>): Promise<unknown> {
  try {
    return JSON.parse(JSON.stringify(await call() ?? null));
  } catch (error) {
    const { name, dependency, message } = error as Error & { readonly dependency?: string };
    return dependency === undefined ? { error: name, message } : { error: name, dependency };
  }
}
