import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { App, CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as apigatewayv2 from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as wafv2 from 'aws-cdk-lib/aws-wafv2';
import { call, startApp, stopApps } from './support/app';
import { LocalInstance } from '../../local/instance';

const directory = mkdtempSync(path.join(os.tmpdir(), 'local-consumer-'));
afterAll(async () => {
  await stopApps();
  rmSync(directory, { recursive: true, force: true });
});

// The functions speak to DynamoDB and SQS by the SDK's wire protocol, so that no package has to be found beside them.
const sdk = `const http = require('http');
const send = (service, target, body) => new Promise((resolve, reject) => {
  const url = new URL(process.env['AWS_ENDPOINT_URL_' + service.toUpperCase()]);
  const request = http.request({ host: url.hostname, port: url.port, method: 'POST', path: '/', headers: {
    'x-amz-target': target, 'content-type': 'application/x-amz-json-1.0',
    authorization: 'AWS4-HMAC-SHA256 Credential=' + process.env.AWS_ACCESS_KEY_ID + '/20261122/us-east-1/' + service + '/aws4_request, SignedHeaders=host, Signature=0',
  } }, (response) => { let text = ''; response.on('data', (c) => text += c); response.on('end', () => response.statusCode === 200 ? resolve(JSON.parse(text)) : reject(new Error(text))); });
  request.on('error', reject);
  request.end(JSON.stringify(body));
});
`;

function code(body: string): lambda.Code {
  return lambda.Code.fromInline(`${sdk}exports.handler = async (event) => {${body}};`);
}

const base = { runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler' };

/** A REST API with a table and a queue in one stack; an HTTP API in a second one that reads the first one's table. */
function synthesize(): string {
  const app = new App({ outdir: directory, context: { '@aws-cdk/aws-lambda:useCdkManagedLogGroup': false } });
  const orders = new Stack(app, 'OrdersStack');
  const table = new dynamodb.TableV2(orders, 'Table', { partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING }, removalPolicy: RemovalPolicy.DESTROY });
  const queue = new sqs.Queue(orders, 'Queue');
  const write = new lambda.Function(orders, 'Write', {
    ...base, environment: { QUEUE: queue.queueUrl },
    code: code("await send('sqs', 'AmazonSQS.SendMessage', { QueueUrl: process.env.QUEUE, MessageBody: event.pathParameters.id }); return { statusCode: 202, body: '{}' };"),
  });
  queue.grantSendMessages(write);
  const work = new lambda.Function(orders, 'Work', {
    ...base, environment: { TABLE: table.tableName },
    code: code("for (const record of event.Records) await send('dynamodb', 'DynamoDB_20120810.PutItem', { TableName: process.env.TABLE, Item: { id: { S: record.body } } }); console.log('stored');"),
  });
  table.grant(work, 'dynamodb:PutItem');
  work.addEventSource(new SqsEventSource(queue, { batchSize: 1 }));
  const rest = new apigateway.RestApi(orders, 'Api', {
    cloudWatchRole: false, deployOptions: { stageName: 'prod' },
    defaultCorsPreflightOptions: { allowOrigins: ['https://a.example', 'https://b.example'] },
  });
  const order = rest.root.addResource('orders').addResource('{id}');
  order.addMethod('PUT', new apigateway.LambdaIntegration(write));
  const acl = new wafv2.CfnWebACL(orders, 'Acl', {
    defaultAction: { allow: {} }, scope: 'REGIONAL', visibilityConfig: { cloudWatchMetricsEnabled: false, metricName: 'm', sampledRequestsEnabled: false },
    rules: [{
      name: 'rate', priority: 1, action: { block: {} }, visibilityConfig: { cloudWatchMetricsEnabled: false, metricName: 'm', sampledRequestsEnabled: false },
      statement: { rateBasedStatement: { limit: 10, aggregateKeyType: 'IP', evaluationWindowSec: 60 } },
    }],
  });
  new wafv2.CfnWebACLAssociation(orders, 'AclToStage', { resourceArn: rest.deploymentStage.stageArn, webAclArn: acl.attrArn });

  const reports = new Stack(app, 'ReportsStack');
  const read = new lambda.Function(reports, 'Read', {
    ...base, environment: { TABLE: table.tableName, REST_URL: rest.url },
    code: code("const { Count } = await send('dynamodb', 'DynamoDB_20120810.Scan', { TableName: process.env.TABLE }); return { count: Count, rest: process.env.REST_URL };"),
  });
  table.grant(read, 'dynamodb:Scan');
  const denied = new lambda.Function(reports, 'Denied', { ...base, environment: { TABLE: table.tableName }, code: code("return await send('dynamodb', 'DynamoDB_20120810.Scan', { TableName: process.env.TABLE });") });
  const http = new apigatewayv2.HttpApi(reports, 'HttpApi');
  http.addRoutes({ path: '/report', methods: [apigatewayv2.HttpMethod.GET], integration: new HttpLambdaIntegration('ToRead', read) });
  http.addRoutes({ path: '/denied', methods: [apigatewayv2.HttpMethod.GET], integration: new HttpLambdaIntegration('ToDenied', denied) });
  new CfnOutput(reports, 'ReportUrl', { value: `${http.apiEndpoint}/report` });
  return app.synth().directory;
}

let instance: LocalInstance;
let tellStored: () => void;
const stored = new Promise<void>((resolve) => {
  tellStored = resolve;
});
beforeAll(async () => {
  instance = await startApp(synthesize(), { listener: { log: ({ text }) => (text.includes('stored') ? tellStored() : undefined) } });
});

test("a consumer's own app runs: REST API, queue, function, table in one stack, HTTP API over the same table in another", async () => {
  const url = instance.url('Api');
  expect((await call(`${url}/orders/o-1`, { method: 'PUT' })).status).toBe(202);
  await stored;
  const report = await call(String(instance.outputs.ReportsStack?.ReportUrl));
  expect(report.json).toEqual({ count: 1, rest: `${url}/` });
});

test("what a function's role does not allow is refused, as on AWS", async () => {
  const answer = await call(`${instance.url('HttpApi')}/denied`);
  expect(answer.status).toBe(500);
  expect(instance.requests().at(-1)?.integrationError).toContain('AccessDenied');
});

test('CORS preflight of CDK and the web ACL of the stage', async () => {
  const preflight = await call(`${instance.url('Api')}/orders/1`, { method: 'OPTIONS', headers: { Origin: 'https://b.example', 'Access-Control-Request-Method': 'PUT' }, from: '127.0.0.20' });
  expect([preflight.status, preflight.headers['access-control-allow-origin']]).toEqual([204, 'https://b.example']);
  const statuses: number[] = [];
  for (let count = 0; count < 12; count += 1) statuses.push((await call(`${instance.url('Api')}/orders/x`, { method: 'OPTIONS', from: '127.0.0.21' })).status);
  expect(statuses.filter((status) => status === 403)).toHaveLength(2);
});

test('nothing of this app is left out', () => {
  expect(instance.notEvaluated).toEqual([]);
});
