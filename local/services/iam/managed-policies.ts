import { PolicyDocument } from './model';

const allow = (...actions: string[]): PolicyDocument => ({ Statement: { Effect: 'Allow', Action: actions, Resource: '*' } });

/** AWS's own policies that functions commonly carry, reduced to the services that exist here. By the part of the ARN after `policy/`. */
const policies: Readonly<Record<string, PolicyDocument>> = {
  AdministratorAccess: allow('*'),
  PowerUserAccess: { Statement: { Effect: 'Allow', NotAction: ['iam:*', 'organizations:*', 'account:*'], Resource: '*' } },
  AmazonDynamoDBFullAccess: allow('dynamodb:*'),
  AmazonDynamoDBFullAccess_v2: allow('dynamodb:*'),
  AmazonDynamoDBReadOnlyAccess: allow('dynamodb:BatchGet*', 'dynamodb:Describe*', 'dynamodb:Get*', 'dynamodb:List*', 'dynamodb:PartiQLSelect', 'dynamodb:Query', 'dynamodb:Scan'),
  AmazonSQSFullAccess: allow('sqs:*'),
  AmazonSSMFullAccess: allow('ssm:*'),
  AmazonSSMReadOnlyAccess: allow('ssm:Describe*', 'ssm:Get*', 'ssm:List*'),
  SecretsManagerReadWrite: allow('secretsmanager:*'),
  AmazonSESFullAccess: allow('ses:*'),
  CloudWatchLambdaInsightsExecutionRolePolicy: allow('logs:*'),
  AWSXRayDaemonWriteAccess: allow('xray:*'),
  'service-role/AWSLambdaBasicExecutionRole': allow('logs:*'),
  'service-role/AWSLambdaVPCAccessExecutionRole': allow('logs:*', 'ec2:*'),
  'service-role/AWSLambdaDynamoDBExecutionRole': allow('dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams', 'logs:*'),
  'service-role/AWSLambdaSQSQueueExecutionRole': allow('sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'logs:*'),
};

/** The document of an AWS managed policy, or undefined when it is not known here. */
export const managedPolicy = (arn: string): PolicyDocument | undefined => policies[arn.split(':policy/')[1] ?? ''];
