import { parseArgs } from 'node:util';
import { SCENARIOS, type Scenario } from './scenarios.ts';

export interface Options {
  /** Runs what can be run against the local instance, and names the rest. */
  readonly local: boolean;
  /** The account that the caller's credentials must belong to; undefined with `local`. */
  readonly account?: string;
  readonly region?: string;
  readonly scenarios: readonly Scenario[];
  /** Leaves the last stack for a look at it. */
  readonly keep: boolean;
}

export const USAGE = `Usage: npm run smoke:aws -- --account 123456789012 --region eu-west-1 --throwaway [options]
       npm run smoke:aws -- --local

Deploys the service into an AWS account of its own, tries what only AWS can show, and removes it again.
It takes about two hours and costs about two dollars. Never run it in an account that holds anything else.

  --account ID        the account; the run ends if the caller's credentials belong to another one
  --region NAME       the Region
  --throwaway         says that nothing in this account is needed
  --scenario NAME     only this: ${SCENARIOS.join(', ')}; may be repeated
  --keep              do not destroy the last stack
  --local             what can be tried without AWS, against the local instance
`;

export class UsageError extends Error {}

export function parseOptions(args: readonly string[]): Options {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        'account': { type: 'string' }, 'region': { type: 'string' }, 'throwaway': { type: 'boolean' },
        'scenario': { type: 'string', multiple: true }, 'keep': { type: 'boolean' }, 'local': { type: 'boolean' },
      },
    }));
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  const unknown = (values.scenario ?? []).find((name) => !(SCENARIOS as readonly string[]).includes(name));
  if (unknown !== undefined) throw new UsageError(`--scenario must be one of ${SCENARIOS.join(', ')}, got ${unknown}`);
  const scenarios = (values.scenario as Scenario[] | undefined) ?? SCENARIOS;
  if (values.local) return { local: true, scenarios: ['quickstart'], keep: false };
  if (!/^\d{12}$/.test(values.account ?? '')) throw new UsageError(`--account must be twelve digits, got ${values.account ?? 'nothing'}`);
  if (!/^[a-z]{2}(-[a-z]+)+-\d$/.test(values.region ?? '')) throw new UsageError(`--region must be a Region such as eu-west-1, got ${values.region ?? 'nothing'}`);
  if (!values.throwaway) throw new UsageError('--throwaway is missing: say that nothing in this account is needed');
  return { local: false, account: values.account!, region: values.region!, scenarios, keep: values.keep ?? false };
}
