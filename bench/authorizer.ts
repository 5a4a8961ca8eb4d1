// The authorizer against the same authorizer over the SDK.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { child } from './support/child.ts';
import { PASSWORD } from './support/password.ts';
import { kilobytes, median, ratioRow, section } from './support/report.ts';
import { startService } from './support/service.ts';
import { root } from './support/sources.ts';
import { tlsFront } from './support/tls.ts';

const ROUNDS = 15;
const CALLS = 2000;
const folder = mkdtempSync(path.join(tmpdir(), 'bench-authorizer-'));

/** The shipped settings over a copy of the sources in which one line of the composition is another one. */
function overTheSdk(): string {
  for (const name of ['lambda', 'src/contract']) cpSync(path.join(root, name), path.join(folder, name), { recursive: true });
  symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
  const composition = path.join(folder, 'lambda', 'composition', 'authorizer.ts');
  const source = readFileSync(composition, 'utf8');
  const changed = source.replace("new SignedHttpRevocationReader(signedTransport(env, 'dynamodb'), env.text(Env.REVOCATIONS_TABLE))", 'new Stores(env).revocations');
  if (changed === source) throw new Error('lambda/composition/authorizer.ts is no longer as this measurement expects');
  writeFileSync(composition, `import { Stores } from './stores';\n${changed}`);
  execFileSync(process.execPath, [path.join(root, 'scripts', 'bundle.mjs'), '--quiet', '--root', folder, 'authorizer'], { stdio: ['ignore', 'ignore', 'inherit'] });
  return path.join(folder, 'assets', 'authorizer', 'index.js');
}

const service = await startService();
await service.post('/register', { email: 'user@example.com', password: PASSWORD });
const { body } = await service.post('/login', { email: 'user@example.com', password: PASSWORD });
const front = await tlsFront(service.instance.servicesUrl, folder);
const env = { ...service.environmentOf('AuthFunctionsAuthorizer'), AWS_ENDPOINT_URL: front.url, NODE_EXTRA_CA_CERTS: front.certificate };
const variants = { shipped: path.join(root, 'assets', 'authorizer', 'index.js'), sdk: overTheSdk() };
const first: Record<keyof typeof variants, number[]> = { shipped: [], sdk: [] };
const warm: Record<keyof typeof variants, number[]> = { shipped: [], sdk: [] };
const bare: number[] = [];
const run = (name: keyof typeof variants, calls: number) => child<{ first: number; warm: number; bare: number }>('authorizer', [variants[name], String(calls), body.access_token!], env);
for (let round = 0; round < ROUNDS; round += 1) for (const name of ['shipped', 'sdk'] as const) first[name].push((await run(name, 0)).first);
for (let round = 0; round < 3; round += 1) {for (const name of ['shipped', 'sdk'] as const) {
  const measured = await run(name, CALLS);
  warm[name].push(measured.warm);
  bare.push(measured.bare);
}}
front.stop();
await service.stop();
const sizes = { shipped: statSync(variants.shipped).size, sdk: statSync(variants.sdk).size };
rmSync(folder, { recursive: true, force: true });

const microseconds = (values: readonly number[]) => median(values) * 1000;
section('The authorizer without the SDK', 'authorizer',
  `The shipped authorizer against the same one over the SDK, bundled alike. From loading it to its first answer (key set and revocations
read over https on this machine): processor time, medians of ${ROUNDS} fresh processes each, interleaved. Warm: ${CALLS} calls, one read each.`, [
    { what: 'bundle', measured: kilobytes(sizes.shipped), target: '<= 80 KB', met: sizes.shipped <= 80 * 1024 },
    { what: 'bundle over the SDK', measured: kilobytes(sizes.sdk) },
    { what: 'loading and first answer', measured: `${median(first.shipped).toFixed(0)} ms` },
    { what: 'loading and first answer over the SDK', measured: `${median(first.sdk).toFixed(0)} ms` },
    ratioRow('loading and first answer, without the SDK over with it', median(first.shipped) / median(first.sdk), 0.5),
    { what: 'a warm call', measured: `${microseconds(warm.shipped).toFixed(0)} us`, target: '<= 300 us', met: microseconds(warm.shipped) <= 300 },
    { what: 'a bare https request of that size, unsigned', measured: `${microseconds(bare).toFixed(0)} us` },
    { what: 'a warm call over the SDK', measured: `${microseconds(warm.sdk).toFixed(0)} us` },
  ]);
