// What the scripts share that write a page out of the functions' own sources.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import esbuild from 'esbuild';

export const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');

/** @returns the exports of a TypeScript module of this repository */
export async function exportsOf(entryPoint) {
  const { outputFiles } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: [entryPoint],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    write: false,
    tsconfigRaw: '{}',
    logLevel: 'warning',
  });
  const module = { exports: {} };
  new Function('module', 'exports', 'require', outputFiles[0].text)(module, module.exports, createRequire(import.meta.url));
  return module.exports;
}

/** Writes the page; with --check, exit code 1 when the committed one is another. */
export function writeOrCheck(page, text, command) {
  const file = path.join(root, page);
  if (!process.argv.includes('--check')) {
    writeFileSync(file, text);
  } else if (readFileSync(file, 'utf8') !== text) {
    console.error(`${page} is stale: ${command}`);
    process.exitCode = 1;
  }
}
