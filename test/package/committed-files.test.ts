import { extname } from 'node:path';
import { committedFiles, read } from './support/repository';

const text = new Set(['.ts', '.js', '.mjs', '.json', '.md', '.yml', '.yaml', '.txt', '.toml', '.py', '.java', '.xml', '.go', '.cs', '.csproj', '.sh', '']);

/** Hosts are put together here, so that this file does not name them. */
const forbidden: ReadonlyArray<readonly [what: string, pattern: RegExp]> = [
  ['the host of a package registry', new RegExp(['registry.npm' + 'js.org', 'pypi' + '.org', 'repo1.' + 'maven', 'proxy.' + 'golang', 'crates' + '.io', 'files.python' + 'hosted']
    .map((host) => host.replaceAll('.', '\\.')).join('|'))],
  ['a path of somebody\'s machine', new RegExp(['/ho' + 'me/[a-z]', '/Us' + 'ers/[a-z]', '/wo' + 'rk/', 'C:\\\\Us' + 'ers'].join('|'))],
];

describe('what is committed', () => {
  const files = committedFiles().filter((file) => text.has(extname(file)));

  test.each(forbidden)('never names %s', (_what, pattern) => {
    const found = files.flatMap((file) => read(file).split('\n')
      .map((line, index) => ({ place: `${file}:${index + 1}`, line }))
      .filter(({ line }) => pattern.test(line))
      .map(({ place, line }) => `${place}: ${line.trim().slice(0, 120)}`));
    expect(found).toEqual([]);
  });

  test('the lock file holds hashes, not addresses', () => {
    const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, { resolved?: string; link?: boolean }> };
    const resolved = Object.entries(packages).filter(([, entry]) => entry.resolved !== undefined && !entry.link).map(([name]) => name);
    expect(resolved).toEqual([]);
  });

  test('every version is exact', () => {
    const { devDependencies, dependencies } = JSON.parse(read('package.json')) as Record<string, Record<string, string> | undefined>;
    expect(dependencies).toBeUndefined();
    const loose = Object.entries(devDependencies ?? {}).filter(([, version]) => !/^(npm:[\w-]+@)?\d+\.\d+\.\d+$/.test(version));
    expect(loose).toEqual([]);
  });

  test('what is generated is not committed', () => {
    expect(committedFiles().filter((file) => /^(assets|lib|dist|\.cache)\/|(^|\/)(cdk\.out|node_modules)\/|\.jsii$|\.tsbuildinfo$/.test(file))).toEqual([]);
  });
});
