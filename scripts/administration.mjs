// node scripts/administration.mjs           writes docs/administration.md from the schemas that the admin function enforces
// node scripts/administration.mjs --check   exit code 1 when the committed file is stale
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import esbuild from 'esbuild';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const file = path.join(root, 'docs', 'administration.md');

const { outputFiles } = await esbuild.build({
  absWorkingDir: root,
  entryPoints: ['lambda/handlers/admin/document.ts'],
  bundle: true,
  platform: 'node',
  format: 'cjs',
  write: false,
  tsconfigRaw: '{}',
  logLevel: 'warning',
});
const module = { exports: {} };
new Function('module', 'exports', 'require', outputFiles[0].text)(module, module.exports, createRequire(import.meta.url));
const introduction = readFileSync(path.join(root, 'scripts', 'administration', 'introduction.md'), 'utf8');
const text = `${introduction}${module.exports.actionsPage()}\n## Errors\n\n${module.exports.errorsTable()}\n`;

if (!process.argv.includes('--check')) {
  writeFileSync(file, text);
} else if (readFileSync(file, 'utf8') !== text) {
  console.error('docs/administration.md is stale: npm run docs:administration');
  process.exitCode = 1;
}
