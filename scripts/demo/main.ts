// npm run demo [-- --once]: synthesizes examples/quickstart, runs it here, walks a user's whole life over HTTP and keeps serving.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Instance } from './instance.ts';
import { journey } from './journey.ts';
import { Narrator } from './narrator.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const example = join(root, 'examples', 'quickstart');
const assembly = join(root, '.cache', 'demo', 'cdk.out');

const options = process.argv.slice(2);
const unknown = options.find((option) => option !== '--once');
if (unknown !== undefined) {
  console.error(`the option must be --once, got ${unknown}: npm run demo -- --once`);
  process.exit(2);
}

synthesize();
let serving = false;
const instance = await Instance.start(join(root, 'bin', 'cdk-auth-service.js'), assembly, (line) => serving && console.log(line));
try {
  const tell = new Narrator();
  await journey(await instance.stage(), tell);
  process.exitCode = tell.finish() ? 0 : 1;
  if (!options.includes('--once') && process.exitCode === 0) {
    announce();
    serving = true;
    await new Promise<void>((resolve) => ['SIGINT', 'SIGTERM', 'SIGHUP'].forEach((signal) => process.once(signal, () => resolve())));
  }
} finally {
  await instance.stop();
}

function synthesize(): void {
  console.log('synthesizing examples/quickstart ...');
  rmSync(assembly, { recursive: true, force: true });
  const result = spawnSync(process.execPath, ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', 'app.ts'], {
    cwd: example,
    env: { ...process.env, CDK_OUTDIR: assembly, JSII_DEPRECATED: 'quiet' },
    encoding: 'utf8',
  });
  if (result.status !== 0) throw new Error(`examples/quickstart does not synthesize:\n${result.stdout}${result.stderr}`);
}

function announce(): void {
  const auth = instance.url('AuthApi');
  console.log(`
It keeps running. Try it from another terminal:

  curl -i ${auth}/register -H 'content-type: application/json' \\
       -d '{"email":"grace@example.com","password":"glacier tulip marmot sonata 42"}'
  LOGIN=$(curl -s ${auth}/login -H 'content-type: application/json' \\
       -d '{"email":"grace@example.com","password":"glacier tulip marmot sonata 42"}')
  curl -i ${instance.url('OrdersApi')}/orders -H "authorization: Bearer $(jq -r .access_token <<< "$LOGIN")"

  key set   ${auth}/.well-known/jwks.json
  clock, faults, calls, logs   ${instance.started.services}/_local/

Ctrl-C ends it.
`);
}
