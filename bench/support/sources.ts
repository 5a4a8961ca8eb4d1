import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { transformSync } from 'esbuild';

export const root = path.resolve(import.meta.dirname, '..', '..');

const require = createRequire(import.meta.url);

/** src/ and local/ are written for jsii and esbuild: no extensions, CommonJS. Node alone cannot load them, so esbuild translates file by file. */
require.extensions['.ts'] = (module, file) => {
  const { code } = transformSync(readFileSync(file, 'utf8'), { loader: 'ts', format: 'cjs', target: 'node24', platform: 'node' });
  (module as unknown as { _compile(source: string, name: string): void })._compile(code, file);
};

/** A module of this repository, by its path from the root, or a package. */
export function load<T>(name: string): T {
  return require(name.startsWith('.') ? path.join(root, name) : name) as T;
}
