// Processor and wall time of loading the shipped login function against default esbuild settings and against unbundled code.
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { child } from './support/child.ts';
import { median, ratioRow, section } from './support/report.ts';
import { startService } from './support/service.ts';
import { root } from './support/sources.ts';

const ROUNDS = 15;
const folder = mkdtempSync(path.join(tmpdir(), 'bench-import-'));
const entry = path.join(root, 'lambda', 'handlers', 'login', 'index.ts');

function byDefault(): string {
  const outfile = path.join(folder, 'default.js');
  buildSync({ entryPoints: [entry], outfile, bundle: true, platform: 'node', target: 'node24', logLevel: 'error' });
  return outfile;
}

/** Every file of ours translated by itself, packages from node_modules. */
function unbundled(): string {
  const out = path.join(folder, 'unbundled');
  for (const name of ['lambda', 'src/contract']) {
    const entryPoints = readdirSync(path.join(root, name), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
      .map((file) => path.join(root, name, file));
    buildSync({ entryPoints, outdir: path.join(out, name), outbase: path.join(root, name), bundle: false, platform: 'node', target: 'node24', format: 'cjs', logLevel: 'error' });
  }
  symlinkSync(path.join(root, 'node_modules'), path.join(out, 'node_modules'));
  return path.join(out, 'lambda', 'handlers', 'login', 'index.js');
}

function shipped(): string {
  mkdirSync(path.join(folder, 'shipped'));
  const file = path.join(folder, 'shipped', 'index.js');
  cpSync(path.join(root, 'assets', 'login', 'index.js'), file);
  return file;
}

const service = await startService();
// Nobody listens there: what is measured is loading, not the first answers.
const env = { ...service.environmentOf('AuthFunctionsLogin'), AWS_ENDPOINT_URL: 'http://127.0.0.1:9' };
await service.stop();
const variants = { shipped: shipped(), byDefault: byDefault(), unbundled: unbundled() };
interface Times {
  readonly processor: number;
  readonly wall: number;
}
const times: Record<keyof typeof variants, Times[]> = { shipped: [], byDefault: [], unbundled: [] };
for (let round = 0; round <= ROUNDS; round += 1) {
  for (const name of Object.keys(variants) as (keyof typeof variants)[]) {
    const taken = await child<Times>('import', [variants[name]], env);
    // The first round fills the file cache.
    if (round > 0) times[name].push(taken);
  }
}
rmSync(folder, { recursive: true, force: true });

const of = (name: keyof typeof variants, kind: keyof Times) => median(times[name].map((taken) => taken[kind]));
const both = (name: keyof typeof variants) => `${of(name, 'processor').toFixed(0)} ms (wall ${of(name, 'wall').toFixed(0)} ms)`;
const over = (name: keyof typeof variants, kind: keyof Times) => of('shipped', kind) / of(name, kind);
section('Import time of the login function', 'import-time',
  `Everything that the function loads, the making of its SDK clients included. Medians of ${ROUNDS} fresh processes each, interleaved. Processor
time and wall time: on a machine that does other things meanwhile only the former says much, and both are held to the target.`, [
    { what: 'shipped', measured: both('shipped') },
    { what: 'default esbuild settings', measured: both('byDefault') },
    { what: 'unbundled', measured: both('unbundled') },
    ratioRow('shipped over default esbuild settings, processor time', over('byDefault', 'processor'), 0.5),
    ratioRow('shipped over default esbuild settings, wall time', over('byDefault', 'wall'), 0.5),
    ratioRow('shipped over unbundled, processor time', over('unbundled', 'processor'), 0.35),
    ratioRow('shipped over unbundled, wall time', over('unbundled', 'wall'), 0.35),
  ]);
