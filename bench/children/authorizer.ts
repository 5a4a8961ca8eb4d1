// FILE CALLS TOKEN: the authorizer in FILE from loading it to its first answer, then CALLS warm ones.
import { createRequire } from 'node:module';

const [file, calls, token] = process.argv.slice(2) as [string, string, string];
const require = createRequire(file);
type Handler = (event: object, context: object) => Promise<{ policyDocument: { Statement: { Effect: string }[] } }>;
const event = {
  type: 'REQUEST', methodArn: 'arn:aws:execute-api:us-east-1:123456789012:abc/v1/GET/me',
  headers: { authorization: `Bearer ${token}` }, multiValueHeaders: { authorization: [`Bearer ${token}`] },
  requestContext: { requestId: 'bench', identity: { sourceIp: '127.0.0.1' } },
};
const context = { awsRequestId: 'bench', invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:authorizer:live' };

function since(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

const start = process.cpuUsage();
const { handler } = require(file) as { handler: Handler };
const answer = await handler(event, context);
const first = since(start);
if (answer.policyDocument.Statement[0]!.Effect !== 'Allow') throw new Error('the token was refused');
let warm = 0;
if (Number(calls) > 0) {
  for (let turn = 0; turn < 200; turn += 1) await handler(event, context);
  const before = process.cpuUsage();
  for (let turn = 0; turn < Number(calls); turn += 1) await handler(event, context);
  warm = since(before) / Number(calls);
}
process.stdout.write(`\n${JSON.stringify({ first, warm })}\n`, () => process.exit(0));
