import { DescribeStacksCommand, CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Report } from '../report.ts';

/** What new accounts start with, and what is too little for provisioned concurrency. */
const NEW_ACCOUNT_CONCURRENCY = 10;
const OLDEST_BOOTSTRAP = 6;

/** Whether this is the account that was named, and whether it can take a deployment. @returns false when it makes no sense to go on */
export async function preflight(report: Report, account: string, region: string): Promise<boolean> {
  report.heading('The account');
  const { Account: actual, Arn: caller } = await new STSClient({ region }).send(new GetCallerIdentityCommand({}));
  report.proves(actual === account, `the credentials belong to ${account}`, `they belong to ${actual}`);
  if (actual !== account) return false;
  report.note(`as ${caller}`);
  const bootstrap = await new SSMClient({ region }).send(new GetParameterCommand({ Name: '/cdk-bootstrap/hnb659fds/version' }))
    .then(({ Parameter }) => Number(Parameter?.Value), () => undefined);
  report.proves(bootstrap !== undefined && bootstrap >= OLDEST_BOOTSTRAP, 'the Region is bootstrapped for the CDK', `run: npx cdk bootstrap aws://${account}/${region}`);
  if (bootstrap === undefined) return false;
  const { AccountLimit: limit } = await new LambdaClient({ region }).send(new GetAccountSettingsCommand({}));
  report.note(`${limit?.ConcurrentExecutions} concurrent executions of functions${limit?.ConcurrentExecutions === NEW_ACCOUNT_CONCURRENCY ? ': the quota of a new account, too little for provisioned concurrency' : ''}`);
  const { Stacks: stacks = [] } = await new CloudFormationClient({ region }).send(new DescribeStacksCommand({}));
  const foreign = stacks.map(({ StackName: name }) => name!).filter((name) => name !== 'CDKToolkit' && !name.startsWith('AuthSmoke-'));
  report.proves(foreign.length === 0, 'the Region holds no stack of anybody else', foreign);
  return foreign.length === 0;
}
