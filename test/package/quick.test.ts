import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './support/repository';

const { relatedTests } = require('../../scripts/quick/related.js') as { relatedTests: (root: string, changed: string[]) => Map<string, number> };
const { BASE, choose } = require('../../scripts/quick/choose.js') as {
  BASE: string[];
  choose: (related: Map<string, number>, secondsOf: (file: string) => number | undefined, budget: number) =>
  { run: string[]; left: { file: string; seconds: number }[] };
};

/** npm run test:quick: the suites of what changed, in less than two minutes. */
describe('which tests a change can touch', () => {
  test('the changed test itself, then who imports the changed file, at any distance', () => {
    const related = relatedTests(root, ['test/local/control.test.ts', 'local/loopback/admission.ts']);
    expect(related.get('test/local/control.test.ts')).toBe(0);
    expect(related.get('test/local/loopback.test.ts')).toBe(1);
    expect(related.get('test/local/rest-api.test.ts')).toBeGreaterThan(1);
    expect(related.has('test/lambda/domain/email.test.ts')).toBe(false);
  });

  test('what construct and functions share touches both; a document the tests that read it', () => {
    const rooms = new Set([...relatedTests(root, ['src/contract/limits.ts']).keys()].map((file) => file.split('/')[1]));
    expect([...rooms]).toEqual(expect.arrayContaining(['construct', 'lambda', 'contract']));
    expect(relatedTests(root, ['docs/runbook.md']).has('test/docs/runbook.test.ts')).toBe(true);
    expect(relatedTests(root, []).size).toBe(0);
    // In two halves: a test that names a file is related to it.
    expect(relatedTests(root, ['go' + 'ne.ts']).size).toBe(0);
  });
});

describe('what of it runs', () => {
  const related = new Map([['test/lambda/far.test.ts', 3], ['test/lambda/near.test.ts', 1], ['test/construct/near.test.ts', 1],
    ['test/service/a.test.ts', 1], ['test/service/changed.test.ts', 0]]);

  test('the nearest first, of equally near ones the shortest, a slow kind only when it is itself what changed', () => {
    expect(choose(related, () => 1, 1000).run).toEqual([...BASE, 'test/service/changed.test.ts', 'test/construct/near.test.ts', 'test/lambda/near.test.ts', 'test/lambda/far.test.ts']);
  });

  test('never more than there is time for, and what is left out is named', () => {
    const seconds: Record<string, number> = { 'test/lambda/near.test.ts': 40, 'test/construct/near.test.ts': 200, 'test/lambda/far.test.ts': 5 };
    const { run, left } = choose(related, (file) => seconds[file] ?? 10, 100);
    expect(run).toEqual([...BASE, 'test/service/changed.test.ts', 'test/lambda/near.test.ts', 'test/lambda/far.test.ts']);
    expect(left).toEqual([{ file: 'test/construct/near.test.ts', seconds: 200 }]);
  });

  test('what never ran is taken to be slow, and the suites that always run are there', () => {
    expect(choose(new Map([['test/construct/gates/new.test.ts', 1]]), () => undefined, 40).left).toHaveLength(1);
    for (const file of BASE) expect([file, existsSync(join(root, file))]).toEqual([file, true]);
  });
});
