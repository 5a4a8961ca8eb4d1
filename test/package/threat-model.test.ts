import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './support/repository';

const generate = join(root, 'scripts', 'threat-model', 'generate.mjs');

/** Attacks that must fail today, each shown through HTTP by a test whose title carries the id. (T09 needs mail: without it a taken address is 409.) */
const SHOWN = [
  'T01', 'T02', 'T03', 'T04', 'T05', 'T06', 'T08', 'T12', 'T13', 'T15', 'T16', 'T17', 'T17b', 'T18',
  'T19', 'T23', 'T24', 'T25', 'T26', 'T27', 'T28', 'T29', 'T35', 'T36', 'T45', 'T47',
];

describe('docs/threat-model.md', () => {
  test('is what the names of the tests give (npm run docs:threat-model)', () => {
    expect(spawnSync(process.execPath, [generate, '--check'], { cwd: root, encoding: 'utf8' })).toMatchObject({ stderr: '', status: 0 });
  });

  test('none of the attacks that a running service must stand is open', () => {
    const script = `import(${JSON.stringify(pathToFileURL(generate).href)}).then(({ titlesWithIds }) => console.log(JSON.stringify(titlesWithIds())))`;
    const { stdout } = spawnSync(process.execPath, ['-e', script], { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
    const titles = JSON.parse(stdout) as ReadonlyArray<{ readonly file: string; readonly ids: readonly string[] }>;
    const shown = new Set(titles.filter(({ file }) => file.startsWith('test/service/')).flatMap(({ ids }) => ids));
    expect(SHOWN.filter((id) => !shown.has(id))).toEqual([]);
  });
});
