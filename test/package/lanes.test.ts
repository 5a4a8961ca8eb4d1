interface Stage {
  readonly name: string;
  readonly after?: readonly string[];
}
type Run = (stage: Stage) => Promise<boolean>;

const { runInLanes } = require('../../scripts/lanes.js') as { runInLanes: (stages: Stage[], lanes: number, run: Run) => Promise<{ failed: string[]; notRun: string[] }> };
const { stages } = require('../../scripts/stages.js') as { stages: Stage[] };

/** All that follows from the end of a stage has happened: it takes no time, only turns. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** What runs at each moment, when one after the other ends in the order in which they began. */
async function history(all: Stage[], lanes: number, failing: readonly string[] = []): Promise<{ moments: string[]; failed: string[]; notRun: string[] }> {
  const running = new Map<string, (ok: boolean) => void>();
  const moments: string[] = [];
  const result = runInLanes(all, lanes, ({ name }) => new Promise((resolve) => running.set(name, resolve)));
  for (let ended = false; !ended;) {
    await settled();
    const [first] = running;
    ended = first === undefined;
    if (!first) continue;
    moments.push([...running.keys()].join(' '));
    running.delete(first[0]);
    first[1](!failing.includes(first[0]));
  }
  return { moments, ...await result };
}

/** npm test: which stage runs when. */
describe('stages in lanes', () => {
  const all = [{ name: 'a' }, { name: 'b' }, { name: 'c', after: ['a'] }, { name: 'd', after: ['c'] }, { name: 'e' }, { name: 'f' }];

  test('as many at a time as there are lanes, in their order, each after those that it needs', async () => {
    expect(await history(all, 2)).toEqual({ moments: ['a b', 'b c', 'c e', 'e d', 'd f', 'f'], failed: [], notRun: [] });
    expect((await history(all, 1)).moments).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  });

  test('what needs a stage that failed does not run, however far away, and all others do', async () => {
    const { moments, failed, notRun } = await history(all, 2, ['a', 'f']);
    expect([moments, failed, notRun.sort()]).toEqual([['a b', 'b e', 'e f', 'f'], ['a', 'f'], ['c', 'd']]);
  });

  test('a stage that was not asked for is not waited for', async () => {
    expect((await history([{ name: 'c', after: ['a'] }], 2)).moments).toEqual(['c']);
  });

  test('those of npm test need only stages before them', () => {
    const names = stages.map(({ name }) => name);
    const early = stages.flatMap(({ name, after = [] }) => after.filter((needed) => !names.slice(0, names.indexOf(name)).includes(needed)).map((needed) => `${name} needs ${needed}`));
    expect(early).toEqual([]);
  });
});
