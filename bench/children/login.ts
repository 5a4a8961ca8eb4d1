// FILE BATCHES HASHING EMAIL...: processor time of logins by the function in FILE and of the bare hash, batch by batch.
import * as crypto from 'node:crypto';
import { createRequire } from 'node:module';
import { PASSWORD } from '../support/password.ts';

const [file, batches, hashing, ...emails] = process.argv.slice(2) as [string, string, string, ...string[]];
const PER_BATCH = 10;
const require = createRequire(import.meta.url);
const { handler } = createRequire(file)(file) as { handler(event: object, context: object): Promise<{ statusCode: number; body: string }> };
const bcrypt = require('bcryptjs') as { hash(password: string, cost: number): Promise<string>; compare(password: string, hash: string): Promise<boolean> };
const stored = await bcrypt.hash(PASSWORD, 10);

let count = 0;
async function login(): Promise<void> {
  const email = emails[count % emails.length];
  count += 1;
  const requestId = crypto.randomUUID();
  const { statusCode, body } = await handler({
    resource: '/login', path: '/v1/login', httpMethod: 'POST', isBase64Encoded: false, pathParameters: null,
    headers: { 'Content-Type': 'application/json', 'User-Agent': 'bench' },
    multiValueHeaders: { 'Content-Type': ['application/json'], 'User-Agent': ['bench'] },
    requestContext: { requestId, stage: 'v1', resourcePath: '/login', identity: { sourceIp: '127.0.0.1' } },
    body: JSON.stringify({ email, password: PASSWORD }),
  }, { awsRequestId: requestId, invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:login:live', getRemainingTimeInMillis: () => 10_000 });
  if (statusCode !== 200) throw new Error(`login answered ${statusCode} ${body}`);
}

const parameters = { message: Buffer.from(PASSWORD), nonce: crypto.randomBytes(16), parallelism: 1, tagLength: 32, memory: 19_456, passes: 2 };
const argon2id = () => new Promise<void>((resolve, reject) => crypto.argon2('argon2id', parameters, (error) => (error ? reject(error) : resolve())));
const bcrypt10 = async () => { await bcrypt.compare(PASSWORD, stored); };

/** Milliseconds of the processor for one of many, every thread counted. */
async function cost(act: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  for (let turn = 0; turn < PER_BATCH; turn += 1) await act();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / PER_BATCH;
}

for (let warm = 0; warm < 3; warm += 1) for (const act of [login, argon2id, bcrypt10]) await cost(act);
const results: { login: number; hash: number; bcrypt: number }[] = [];
for (let batch = 0; batch < Number(batches); batch += 1) {
  const bcryptTime = await cost(bcrypt10);
  results.push({ login: await cost(login), hash: hashing === 'argon2id' ? await cost(argon2id) : bcryptTime, bcrypt: bcryptTime });
}
process.stdout.write(`\n${JSON.stringify(results)}\n`, () => process.exit(0));
