import type { Faults, Plan, Run, World } from './run';
import { Unanswered } from './run';
import type { Exploration } from './search';
import { explore, Violation } from './search';

/** One number, and who has been answered what. */
class Counter implements World {
  value = 0;
  readonly answers: (number | 'no answer' | 'failed')[] = [];

  state(): string {
    return String(this.value);
  }

  sweep(): readonly string[] {
    return [];
  }
}

/** Reads the number and then writes one more: what must be one step is two. */
async function increment(run: Run, world: Counter, actor: string): Promise<void> {
  const touches = ['Numbers one'];
  try {
    world.answers.push(await run.request(actor, async () => {
      const value = await run.step(actor, { label: 'read', kind: 'read', touches }, () => world.value);
      return run.step(actor, { label: 'write', kind: 'write', touches }, () => (world.value = value + 1));
    }));
  } catch (error) {
    world.answers.push(error instanceof Unanswered ? 'no answer' : 'failed');
  }
}

function counting(clients: number, plan: Plan, ends: Set<string>, checkEnd: (world: Counter) => void = () => undefined): Exploration {
  return {
    begin(begun) {
      const world = new Counter();
      const run = begun(plan, world, 0);
      for (let client = 1; client <= clients; client += 1) void increment(run, world, `client ${client}`);
      return {
        run,
        check: async () => undefined,
        checkEnd: async () => {
          ends.add(`${world.value}: ${[...world.answers].sort().join()}`);
          checkEnd(world);
        },
      };
    },
  };
}

async function endsWith(clients: number, faults: Faults): Promise<string[]> {
  const ends = new Set<string>();
  expect(await explore(counting(clients, { faults }, ends), 10_000)).toMatchObject({ exhausted: true });
  return [...ends].sort();
}

test('a lost update is found, with the way there', async () => {
  const result = await explore(counting(2, {}, new Set(), ({ value }) => {
    if (value !== 2) throw new Violation(`two counted to ${value}`);
  }), 1000);
  expect(result.violation?.message).toBe('two counted to 1');
  expect(result.violation?.trace.filter((line) => / (read|write) /.test(line)).map((line) => line.replace(/ ->.*/, ''))).toEqual([
    'client 1: read', 'client 2: read', 'client 1: write', 'client 2: write',
  ]);
});

test('every outcome of three is seen', async () => {
  expect(await endsWith(3, {})).toEqual(['1: 1,1,1', '1: 1,1,2', '2: 1,1,2', '2: 1,2,2', '3: 1,2,3']);
});

test.each<[keyof Faults, string[]]>([
  ['lost', ['0: failed', '1: 1', '1: failed']],
  ['repeated', ['1: 1']],
  ['death', ['0: no answer', '1: 1', '1: no answer']],
  ['unanswered', ['1: 1', '1: no answer']],
])('%s: what one fault makes of one client', async (fault, ends) => {
  expect(await endsWith(1, { [fault]: 1 })).toEqual(ends);
});

test('a write that is sent again undoes what came in between', async () => {
  expect(await endsWith(2, { repeated: 1 })).toContain('1: 1,2');
});

test('the clock moves at any moment that the scenario allows', async () => {
  const seen = new Set<number>();
  const touches = ['Numbers one'];
  const exploration: Exploration = {
    begin(begun) {
      const run = begun({ ticks: [5, 10], mayTick: () => true }, new Counter(), 100);
      void run.request('client', async () => {
        await run.step('client', { label: 'read', kind: 'read', touches }, () => undefined);
        seen.add(run.now);
      });
      return { run, check: async () => undefined, checkEnd: async () => undefined };
    },
  };
  expect(await explore(exploration, 1000)).toMatchObject({ exhausted: true });
  expect([...seen].sort()).toEqual([100, 105, 115]);
});

test('the same exploration takes the same steps, and one that is too large says so', async () => {
  const first = await explore(counting(3, { faults: { lost: 1 } }, new Set()), 10_000);
  expect(await explore(counting(3, { faults: { lost: 1 } }, new Set()), 10_000)).toEqual(first);
  expect(await explore(counting(3, { faults: { lost: 1 } }, new Set()), 10)).toMatchObject({ exhausted: false, states: 10 });
});
