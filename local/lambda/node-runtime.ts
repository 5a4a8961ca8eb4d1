import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../template/types';

const own = Number(process.versions.node.split('.')[0]);
const found = new Map<number, string>();

export function isNodeRuntime(runtime: string): boolean {
  return /^nodejs\d+\.x$/.test(runtime);
}

/**
 * Node binary of the major version that a runtime names: this process's own, or one that an npm package brought
 * (`node` or `node-<platform>-<arch>`) to the app, to one of its parent folders or to this package.
 */
export function nodeFor(runtime: string, functionName: string, searchFrom: readonly string[]): string {
  const major = Number(/^nodejs(\d+)\.x$/.exec(runtime)?.[1]);
  if (major === own) return process.execPath;
  const binary = found.get(major) ?? search(major, searchFrom);
  if (!binary) {
    throw new UserError(
      `function ${functionName} runs on Node ${major} and this is Node ${process.versions.node}: start with Node ${major}, or add it to the app with "npm install -D node@${major}"`,
    );
  }
  found.set(major, binary);
  return binary;
}

function search(major: number, from: readonly string[]): string | undefined {
  const packages = [`node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`, 'node'];
  for (const directory of from.flatMap(ancestors)) {
    for (const name of packages) {
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
