import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Deployment } from '../deployment.ts';
import type { Report } from '../report.ts';
import { isOf } from './keys.ts';

/** What there is under the name of a stack, whether the stack knows it or not. */
async function left(region: string, stackName: string): Promise<string[]> {
  const { TableNames: tables = [] } = await new DynamoDBClient({ region }).send(new ListTablesCommand({}));
  const { SecretList: secrets = [] } = await new SecretsManagerClient({ region }).send(new ListSecretsCommand({ MaxResults: 100 }));
  const { logGroups = [] } = await new CloudWatchLogsClient({ region }).send(new DescribeLogGroupsCommand({ logGroupNamePattern: stackName }));
  const { Functions: functions = [] } = await new LambdaClient({ region }).send(new ListFunctionsCommand({}));
  const named = [...tables, ...logGroups.map(({ logGroupName: name }) => name!), ...functions.map(({ FunctionName: name }) => name!)];
  const tagged = secrets.filter(({ Tags: tags = [] }) => isOf(stackName, tags)).map(({ Name: name }) => name!);
  return [...tagged, ...named.filter((name) => name.includes(stackName))];
}

/** Destroys, tells what is left, and deploys the same name again. */
export async function destroyAndAgain(report: Report, deployment: Deployment, region: string): Promise<void> {
  report.heading('Destroy, and deploy the same name again');
  report.proves(await deployment.destroy(), 'the stack is destroyed', 'see the events above');
  report.note(`left behind: ${(await left(region, deployment.stackName)).join(', ') || 'nothing under its name'}`);
  report.proves(await deployment.deploy(), 'the same name is deployed again', 'see the events above');
}

/** For the end. */
export async function cleanUp(report: Report, deployment: Deployment, region: string): Promise<void> {
  report.heading('Clean-up');
  report.proves(await deployment.destroy(), 'the stack is destroyed', 'see the events above');
  const rest = await left(region, deployment.stackName);
  report.proves(rest.length === 0, 'with RemovalPolicy.DESTROY nothing stays under its name', rest);
}
