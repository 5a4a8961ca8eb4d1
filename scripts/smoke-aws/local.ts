import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { send } from '../demo/http.ts';
import { Instance } from '../demo/instance.ts';
import type { Report } from './report.ts';
import { firewall } from './steps/firewall.ts';
import { gatewayAnswers, journey } from './steps/journey.ts';
import { firstKeys, rotateTwice } from './steps/keys.ts';
import { latency } from './steps/latency.ts';
import { runtime } from './steps/runtime.ts';
import { Target, type Outputs } from './target.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const assembly = join(root, '.cache', 'smoke-aws-local');
const STACK = 'AuthSmoke';

/** What only AWS can show, and why. */
const ONLY_ON_AWS: readonly (readonly [what: string, why: string])[] = [
  ['the deployment and its events', 'no CloudFormation'],
  ['permissions as IAM spreads them', 'they are there at once'],
  ['metrics, traces, the access log and the states of alarms', 'no CloudWatch and no X-Ray'],
  ['cold logins', 'a process here is no environment of Lambda'],
  ['a canary that must roll back', 'no CodeDeploy'],
  ['an update that must fail after the first keys', 'no CloudFormation'],
  ['what a destroyed stack leaves behind', 'no CloudFormation'],
];

/** The same steps against the local instance, so that they are known to work before they meet an account. */
export async function smokeLocally(report: Report): Promise<void> {
  rmSync(assembly, { recursive: true, force: true });
  const synthesized = spawnSync(process.execPath, ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', 'scripts/smoke-aws/app.ts'], {
    cwd: root, env: { ...process.env, CDK_OUTDIR: assembly, SMOKE_STACK: STACK, JSII_DEPRECATED: 'quiet' }, encoding: 'utf8',
  });
  if (synthesized.status !== 0) throw new Error(`scripts/smoke-aws/app.ts does not synthesize:\n${synthesized.stderr}`);
  const instance = await Instance.start(join(root, 'bin', 'cdk-auth-service.js'), assembly, () => undefined);
  try {
    const { services } = instance.started;
    const { region, outputs } = (await send({ method: 'GET', url: `${services}/_local/` })).body;
    const settings = { region, endpoint: services, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
    const target = new Target(settings, STACK, outputs[STACK] as Outputs);
    await runtime(report, target);
    await firstKeys(report, target);
    await journey(report, target);
    await gatewayAnswers(report, target);
    await rotateTwice(report, target);
    await latency(report, target, { warm: 20, cold: 0 });
    await firewall(report, target);
    report.heading('Only on AWS');
    for (const [what, why] of ONLY_ON_AWS) report.notTried(what, why);
  } finally {
    await instance.stop();
  }
}
