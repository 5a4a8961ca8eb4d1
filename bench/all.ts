// Runs every measurement and writes docs/benchmarks.md. What is built is measured: run `npm run build` or `npm test` before.
import { execFileSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { machine } from './support/report.ts';

const folder = import.meta.dirname;
/** No measurements of their own. */
const OTHERS = ['all.ts', 'prices.ts'];
const sections = readdirSync(folder).filter((file) => file.endsWith('.ts') && !OTHERS.includes(file)).sort().map((file) => {
  process.stderr.write(`${file}\n`);
  return execFileSync(process.execPath, [path.join(folder, file)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
});

writeFileSync(path.join(folder, '..', 'docs', 'benchmarks.md'), `# Benchmarks

Written by \`npm run bench\`, on ${machine()}.
The ratios are what counts: both sides of each were measured in the same run. A missed target stands here as such.

${sections.join('\n\n')}
`);
