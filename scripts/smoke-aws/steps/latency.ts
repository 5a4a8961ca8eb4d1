import {
  LambdaClient, PublishVersionCommand, UpdateAliasCommand, UpdateFunctionConfigurationCommand, waitUntilFunctionUpdatedV2, waitUntilPublishedVersionActive,
} from '@aws-sdk/client-lambda';
import type { Report } from '../report.ts';
import { percentile, type Target } from '../target.ts';

/** Logins as a client sees them, warm and cold: figures, of which only the answers' being right is judged. */
export async function latency(report: Report, target: Target, counts: { readonly warm: number; readonly cold: number }): Promise<void> {
  report.heading('Logins, warm and cold');
  const users = await Promise.all(Array.from({ length: 5 }, async () => (await target.newUser()).email));
  const login = async (turn: number) => {
    const answer = await target.login(users[turn % users.length]!);
    if (answer.status !== 200) failed.push(`${answer.status} ${answer.body?.code}`);
    return answer.milliseconds;
  };
  const failed: string[] = [];
  const warm: number[] = [];
  for (let turn = 0; turn < counts.warm; turn += 1) {
    warm.push(await login(turn));
    // 200 logins must not meet the limit of 100 requests a minute.
    if (target.settings.endpoint === undefined && turn % 20 === 19) await new Promise((resolve) => setTimeout(resolve, 15_000));
  }
  report.note(`${warm.length} warm: p50 ${percentile(warm, 0.5).toFixed(0)} ms, p99 ${percentile(warm, 0.99).toFixed(0)} ms`);
  if (counts.cold > 0) {
    const cold: number[] = [];
    for (let turn = 0; turn < counts.cold; turn += 1) {
      await recycle(target, turn);
      cold.push(await login(turn));
    }
    report.note(`${cold.length} cold: p50 ${percentile(cold, 0.5).toFixed(0)} ms, p99 ${percentile(cold, 0.99).toFixed(0)} ms`);
  }
  report.proves(failed.length === 0, `each of ${counts.warm + counts.cold} logins is answered with tokens`, failed);
}

/** Publishes the same code as a new version and lets the alias point at it: its first request starts cold. Drifts from the stack, which goes anyway. */
async function recycle(target: Target, turn: number): Promise<void> {
  const lambda = new LambdaClient(target.settings);
  const FunctionName = target.outputs.LoginFunction;
  await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Description: `Verifies passwords (cold ${turn})` }));
  await waitUntilFunctionUpdatedV2({ client: lambda, maxWaitTime: 60 }, { FunctionName });
  const { Version } = await lambda.send(new PublishVersionCommand({ FunctionName }));
  await waitUntilPublishedVersionActive({ client: lambda, maxWaitTime: 60 }, { FunctionName, Qualifier: Version });
  await lambda.send(new UpdateAliasCommand({ FunctionName, Name: 'live', FunctionVersion: Version }));
}
