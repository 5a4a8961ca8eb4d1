// node scripts/openapi.mjs           writes docs/openapi.json from the schemas that the handlers enforce
// node scripts/openapi.mjs --check   exit code 1 when the committed file is stale
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import esbuild from 'esbuild';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const file = path.join(root, 'docs', 'openapi.json');

const { outputFiles } = await esbuild.build({
  absWorkingDir: root,
  entryPoints: ['lambda/http/openapi/document.ts'],
  bundle: true,
  platform: 'node',
  format: 'cjs',
  write: false,
  tsconfigRaw: '{}',
  logLevel: 'warning',
});
const module = { exports: {} };
new Function('module', 'exports', 'require', outputFiles[0].text)(module, module.exports, createRequire(import.meta.url));
const text = `${JSON.stringify(module.exports.openApiDocument(), null, 2)}\n`;

if (!process.argv.includes('--check')) {
  writeFileSync(file, text);
} else if (readFileSync(file, 'utf8') !== text) {
  console.error('docs/openapi.json is stale: node scripts/openapi.mjs');
  process.exitCode = 1;
}
