import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './support/repository';

interface Packed {
  readonly size: number;
  readonly files: ReadonlyArray<{ readonly path: string; readonly size: number }>;
}

/** What may ship: an allow-list, since the tarball travels inside the wheel, the jar, the nupkg and the Go module. */
const allowed = [
  /^lib\/[\w./-]+\.(js|d\.ts)$/,
  /^assets\/[\w-]+\/index\.js$/,
  /^assets\/(credentials|login|register)\/bcryptjs\.js$/,
  /^assets\/local\/(cli|bootstrap)\.js$/,
  /^bin\/cdk-auth-service\.js$/,
  /^docs\/(adr\/)?[\w-]+\.(md|json|png)$/,
  /^docs\/rules\/\w+\.guard$/,
  /^examples\/[\w-]+\/[\w-]+\.(ts|json)$/,
  /^(\.jsii|\.jsii\.tabl\.json|API\.md|CHANGELOG\.md|README\.md|SECURITY\.md|LICENSE|THIRD-PARTY-NOTICES\.txt|package\.json)$/,
];

const MB = 1024 * 1024;

/** npm lies beside the node that started the tests, or is on PATH. */
function pack(): Packed {
  const output = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts', '--loglevel=error'], { cwd: root, encoding: 'utf8', maxBuffer: 64 * MB });
  const parsed = JSON.parse(output) as Packed[] | Record<string, Packed>;
  const packed = Array.isArray(parsed) ? parsed[0] : Object.values(parsed)[0];
  if (!packed) throw new Error('npm pack told nothing');
  return packed;
}

describe('the package', () => {
  const packed = pack();
  const paths = packed.files.map(({ path }) => path);

  test('holds what is on the list and nothing else', () => {
    expect(paths.filter((path) => !allowed.some((pattern) => pattern.test(path)))).toEqual([]);
  });

  test.each(['.jsii', 'lib/index.js', 'lib/index.d.ts', 'lib/auth-service.js', 'assets/login/index.js', 'assets/authorizer/index.js', 'assets/local/cli.js', 'assets/local/bootstrap.js', 'bin/cdk-auth-service.js', 'LICENSE', 'THIRD-PARTY-NOTICES.txt', 'README.md'])('holds %s', (path) => {
    expect(paths).toContain(path);
  });

  test('its pages link to what ships, or to the whole of an address; anchors are there', () => {
    const anchorsOf = (page: string) => [...readFileSync(join(root, page), 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
      title!.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-'));
    const shipped = (file: string) => paths.includes(file) || paths.some((path) => path.startsWith(`${file.replace(/\/$/, '')}/`));
    const pages = paths.filter((path) => path.endsWith('.md') && path !== 'API.md');
    const broken = pages.flatMap((page) => [...readFileSync(join(root, page), 'utf8').replace(/^```.*?^```$/gms, '').matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link]) => {
      if (/^(?:https?:|mailto:)/.test(link!)) return [];
      const [file, anchor] = link!.split('#') as [string, string?];
      const target = file === '' ? page : join(dirname(page), file);
      const there = shipped(target) && (anchor === undefined || anchorsOf(target).includes(anchor));
      return there ? [] : [`${page}: ${link}`];
    }));
    expect(pages.length).toBeGreaterThan(20);
    expect(broken).toEqual([]);
  });

  test('holds no source map, not even inside a file', () => {
    const inline = paths.filter((path) => path.endsWith('.js') && readFileSync(join(root, path), 'utf8').includes('sourceMappingURL=data:'));
    expect([...paths.filter((path) => path.endsWith('.map')), ...inline]).toEqual([]);
  });

  test('weighs no more than 3 MB, since every language carries the whole of it', () => {
    expect(packed.size).toBeLessThanOrEqual(3 * MB);
  });

  test('needs nothing installed beside the CDK', () => {
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, Record<string, string> | undefined>;
    expect(manifest.dependencies).toBeUndefined();
    expect(manifest.optionalDependencies).toBeUndefined();
    expect(manifest.bundledDependencies).toBeUndefined();
    expect(Object.keys(manifest.peerDependencies ?? {}).sort()).toEqual(['aws-cdk-lib', 'constructs']);
    expect(manifest.scripts).not.toHaveProperty('postinstall');
    expect(manifest.scripts).not.toHaveProperty('install');
  });

  test('the command line starts by a file that ships', () => {
    const bin = join(root, 'bin', 'cdk-auth-service.js');
    const target = /require\('(.+)'\)/.exec(readFileSync(bin, 'utf8'))?.[1] ?? '';
    expect(existsSync(join(dirname(bin), target))).toBe(true);
  });
});
