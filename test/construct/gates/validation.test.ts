import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '..', '..', '..');
const example = join(root, 'examples', 'quickstart');
const cdkCli = join(root, 'node_modules', 'aws-cdk', 'bin', 'cdk');

interface Report {
  readonly pluginReports: readonly { readonly violations: readonly unknown[] }[];
}

const outputs: string[] = [];
const newOutput = (): string => {
  const output = mkdtempSync(join(os.tmpdir(), 'validated-'));
  outputs.push(output);
  return output;
};

afterAll(() => {
  for (const output of outputs) rmSync(output, { recursive: true, force: true });
});

const environment = (): NodeJS.ProcessEnv => {
  const { CDK_VALIDATION: _off, ...rest } = process.env;
  return { ...rest, JSII_DEPRECATED: 'quiet' };
};

/** What it says of every preset and example stands in matrix.test.ts; this is the way on which a user meets it. */
describe('the validation of templates that is built into aws-cdk-lib', () => {
  test('npx cdk synth of the quick start, as a user types it, says nothing of a finding', () => {
    // GIVEN a user's folder with the compiled package
    expect(spawnSync(process.execPath, [join(root, 'scripts', 'compile.js')]).status).toBe(0);
    const user = newOutput();
    for (const file of readdirSync(example)) if (/\.(ts|json)$/.test(file)) cpSync(join(example, file), join(user, file));
    const installed = join(user, 'node_modules', 'cdk-auth-service');
    mkdirSync(installed, { recursive: true });
    for (const part of ['package.json', 'lib', 'assets']) symlinkSync(join(root, part), join(installed, part));
    for (const name of readdirSync(join(root, 'node_modules')).filter((entry) => !entry.startsWith('.') && entry !== 'aws-cdk-lib')) {
      symlinkSync(join(root, 'node_modules', name), join(user, 'node_modules', name === 'aws-cdk-lib-newest' ? 'aws-cdk-lib' : name));
    }
    // WHEN
    const options = ['synth', '--quiet', '--output', join(user, 'cdk.out'), '--no-notices', '--no-version-reporting', '--strict'];
    const env = { ...environment(), NODE_OPTIONS: '--preserve-symlinks --preserve-symlinks-main' };
    const result = spawnSync(process.execPath, [cdkCli, ...options], { cwd: user, encoding: 'utf8', env });
    // THEN
    expect(`${result.stdout}${result.stderr}`).not.toMatch(/warning|error|violation/i);
    expect(result.status).toBe(0);
    expect(violations(join(user, 'cdk.out'))).toEqual([]);
    expect(existsSync(join(user, 'cdk.out', 'QuickStart.template.json'))).toBe(true);
  });
});

function violations(assembly: string): unknown[] {
  const report = JSON.parse(readFileSync(join(assembly, 'validation-report.json'), 'utf8')) as Report;
  return report.pluginReports.flatMap((plugin) => plugin.violations);
}
