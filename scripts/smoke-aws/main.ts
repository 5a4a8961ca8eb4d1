// npm run smoke:aws: what only AWS can show, in an account of its own. See the usage in arguments.ts, and docs/smoke-test.md.
import { parseOptions, USAGE, UsageError, type Options } from './arguments.ts';
import { Deployment } from './deployment.ts';
import { smokeLocally } from './local.ts';
import { Report } from './report.ts';
import type { Scenario } from './scenarios.ts';
import { canary, failingUpdate } from './steps/changes.ts';
import { cost } from './steps/cost.ts';
import { cleanUp, destroyAndAgain } from './steps/destruction.ts';
import { firewall } from './steps/firewall.ts';
import { gatewayAnswers, journey } from './steps/journey.ts';
import { firstKeys, rotateTwice } from './steps/keys.ts';
import { latency } from './steps/latency.ts';
import { observability } from './steps/observability.ts';
import { preflight } from './steps/preflight.ts';
import { runtime } from './steps/runtime.ts';
import { Target } from './target.ts';

async function scenario(report: Report, { account, region }: Required<Pick<Options, 'account' | 'region'>>, name: Scenario, keep: boolean): Promise<void> {
  const startedAt = Date.now();
  const deployment = new Deployment(account, region, name);
  report.heading(`Deployment of ${name}`);
  const deployed = await deployment.deploy();
  report.proves(deployed, 'the first deployment succeeds', deployed ? undefined : await deployment.failures());
  if (!deployed) return;
  const target = await Target.ofStack(region, deployment.stackName);
  await runtime(report, target);
  await firstKeys(report, target);
  await journey(report, target);
  // An HTTP API words its own refusals, and has no web ACL without CloudFront.
  if (name !== 'http-api') await gatewayAnswers(report, target);
  await rotateTwice(report, target);
  await latency(report, target, { warm: 200, cold: name === 'quickstart' ? 20 : 0 });
  if (name !== 'http-api') await firewall(report, target);
  await observability(report, target);
  if (name === 'production') await canary(report, deployment, region);
  await failingUpdate(report, deployment, region);
  await destroyAndAgain(report, deployment, region);
  await cost(report, target, startedAt);
  if (!keep) await cleanUp(report, deployment, region);
}

async function main(): Promise<boolean> {
  const options = parseOptions(process.argv.slice(2));
  const report = new Report();
  if (options.local) {
    await smokeLocally(report);
    return report.finish();
  }
  const place = { account: options.account!, region: options.region! };
  if (await preflight(report, place.account, place.region)) {
    for (const name of options.scenarios) await scenario(report, place, name, options.keep && name === options.scenarios.at(-1));
  }
  return report.finish();
}

main().then(
  (good) => {
    process.exitCode = good ? 0 : 1;
  },
  (error: unknown) => {
    console.error(error instanceof UsageError ? `${error.message}\n\n${USAGE}` : error);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  },
);
