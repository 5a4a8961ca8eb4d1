import { existsSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import ts from 'typescript';
import { read, root } from './repository';

/** One arrow: `file` names `specifier`; `target` is the file behind a relative one. */
export interface Import {
  readonly file: string;
  readonly specifier: string;
  readonly target?: string;
}

/** Every import, export-from, require and import() of a file, type-only ones included. */
export function importsOf(file: string): Import[] {
  const { importedFiles } = ts.preProcessFile(read(file), true, true);
  return importedFiles.map(({ fileName: specifier }) => ({
    file,
    specifier,
    ...(specifier.startsWith('.') ? { target: resolveRelative(file, specifier) } : {}),
  }));
}

function resolveRelative(file: string, specifier: string): string {
  const base = posix.normalize(posix.join(posix.dirname(file), specifier));
  const candidates = [base, `${base}.ts`, `${base}.json`, `${base}/index.ts`];
  return candidates.find((path) => existsSync(join(root, path)) && statSync(join(root, path)).isFile()) ?? base;
}
