// FILE CALLS TOKEN: the authorizer in FILE from loading it to its first answer, then CALLS warm ones and as many bare requests.
import https from 'node:https';
import { createRequire } from 'node:module';

const [file, calls, token] = process.argv.slice(2) as [string, string, string];
const require = createRequire(file);
type Handler = (event: object, context: object) => Promise<{ policyDocument: { Statement: { Effect: string }[] } }>;
const event = {
  type: 'REQUEST', methodArn: 'arn:aws:execute-api:us-east-1:123456789012:abc/v1/GET/me',
  headers: { authorization: `Bearer ${token}` }, multiValueHeaders: { authorization: [`Bearer ${token}`] },
  requestContext: { requestId: 'bench', identity: { sourceIp: '127.0.0.1' } },
};
const context = { awsRequestId: 'bench', invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:authorizer:live', getRemainingTimeInMillis: () => 5000 };

function since(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

const start = process.cpuUsage();
const { handler } = require(file) as { handler: Handler };
const answer = await handler(event, context);
const first = since(start);
if (answer.policyDocument.Statement[0]!.Effect !== 'Allow') throw new Error('the token was refused');

const agent = new https.Agent({ keepAlive: true, maxSockets: 1 });
const query = JSON.stringify({ TableName: 'none', Key: { key: { S: 'U#00000000-0000-0000-0000-000000000000' } }, ConsistentRead: true });

/** One request of the same size to the same place, unsigned: what the connection alone costs here. */
const bareRequest = () => new Promise<void>((resolve, reject) => {
  const request = https.request(process.env.AWS_ENDPOINT_URL!, { method: 'POST', agent, headers: { 'content-length': query.length } }, (response) => {
    response.on('end', resolve).resume();
  });
  request.on('error', reject).end(query);
});

async function cost(act: () => Promise<unknown>): Promise<number> {
  for (let turn = 0; turn < 200; turn += 1) await act();
  const before = process.cpuUsage();
  for (let turn = 0; turn < Number(calls); turn += 1) await act();
  return since(before) / Number(calls);
}

let [warm, bare] = [0, 0];
if (Number(calls) > 0) {
  warm = await cost(() => handler(event, context));
  bare = await cost(bareRequest);
}
process.stdout.write(`\n${JSON.stringify({ first, warm, bare })}\n`, () => process.exit(0));
