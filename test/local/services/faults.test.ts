import { request } from 'node:http';
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { FaultSpec } from '../../../local/services/types';
import { plainTable } from './support/dynamodb';
import { principal, ServicesBench, settings, startServices } from './support/services';

let bench: ServicesBench;
let client: DynamoDBClient;
beforeAll(async () => {
  bench = await startServices();
  await bench.create('AWS::DynamoDB::Table', { ...plainTable, TableName: 'a-table' });
  await bench.create('AWS::DynamoDB::Table', { ...plainTable, TableName: 'b-table' }, 'B');
  client = new DynamoDBClient(settings(bench.services));
});
afterEach(() => bench.services.faults.remove());
afterAll(async () => {
  client.destroy();
  await bench.services.stop();
});

const put = (pk: string, TableName = 'a-table', with_: DynamoDBClient = client) => with_.send(new PutItemCommand({ TableName, Item: { pk: { S: pk } } }));
const stored = async (pk: string) => (await client.send(new GetItemCommand({ TableName: 'a-table', Key: { pk: { S: pk } } }))).Item !== undefined;
const fault = (spec: FaultSpec) => bench.services.faults.add(spec);
const last = () => bench.services.calls.list().at(-1);

test.each([
  ['throttle', 'ProvisionedThroughputExceededException', 400],
  ['error', 'InternalServerError', 500],
  ['deny', 'AccessDeniedException', 400],
  ['conflict', 'TransactionConflictException', 400],
] as const)('%s answers %s and has no effect', async (effect, name, status) => {
  const { id } = fault({ operation: 'PutItem', effect });
  await expect(put(effect)).rejects.toMatchObject({ name, $metadata: { httpStatusCode: status } });
  expect(last()).toMatchObject({ service: 'dynamodb', operation: 'PutItem', resource: 'a-table', status, error: name, fault: id });
  bench.services.faults.remove(id);
  expect(await stored(effect)).toBe(false);
});

test('a dropped connection has no effect, a response lost after the commit has one', async () => {
  fault({ operation: 'PutItem', effect: 'drop', times: 1 });
  await expect(put('dropped')).rejects.toThrow();
  expect(await stored('dropped')).toBe(false);
  fault({ operation: 'PutItem', effect: 'commit-then-drop', times: 1 });
  await expect(put('committed')).rejects.toThrow();
  expect(await stored('committed')).toBe(true);
  expect(bench.services.calls.list({ operation: 'PutItem' }).slice(-2).map(({ status, writeUnits }) => [status, writeUnits])).toEqual([[0, undefined], [0, 1]]);
});

test('a call that never gets an answer ends by the client\'s own time-out', async () => {
  fault({ operation: 'PutItem', effect: 'timeout', times: 1 });
  const impatient = new DynamoDBClient({ ...settings(bench.services), requestHandler: { requestTimeout: 50, throwOnRequestTimeout: true } });
  await expect(put('never', 'a-table', impatient)).rejects.toThrow();
  expect(await stored('never')).toBe(false);
  impatient.destroy();
});

test('the k-th matching call, so many times, and no other', async () => {
  fault({ service: 'dynamodb', operation: 'PutItem', resource: 'b-table', effect: 'throttle', skip: 1, times: 2 });
  const outcomes: string[] = [];
  for (let i = 0; i < 5; i += 1) {
    await put(`other-${i}`);
    outcomes.push(await put(`k-${i}`, 'b-table').then(() => 'ok', (error: Error) => error.name));
  }
  const throttled = 'ProvisionedThroughputExceededException';
  expect(outcomes).toEqual(['ok', throttled, throttled, 'ok', 'ok']);
  expect(bench.services.faults.list()).toMatchObject([{ applied: 2, skip: 1, times: 2, waiting: 0 }]);
});

test('only the calls of one function', async () => {
  const caller = principal('arn:aws:iam::111122223333:role/unrestricted', 'Login');
  bench.services.registerPrincipal(caller);
  const login = new DynamoDBClient(settings(bench.services, caller.accessKeyId));
  fault({ caller: 'Login', effect: 'error' });
  await expect(put('x', 'a-table', login)).rejects.toMatchObject({ name: 'InternalServerError' });
  await expect(put('x')).resolves.toBeDefined();
  expect(bench.services.calls.list({ caller: 'Login' })).toHaveLength(1);
  login.destroy();
});

test('held calls wait together and go on together', async () => {
  const { id } = fault({ operation: 'PutItem', effect: 'hold' });
  const calls = ['h1', 'h2', 'h3'].map((pk) => put(pk));
  while (bench.services.faults.list()[0]!.waiting < 3) await new Promise((resolve) => setImmediate(resolve));
  expect(await stored('h1')).toBe(false);
  bench.services.faults.remove(id);
  await Promise.all(calls);
  expect(await stored('h3')).toBe(true);
});

test('an ARN in a fault matches calls by name', async () => {
  fault({ resource: 'arn:aws:dynamodb:eu-central-1:111122223333:table/b-table', effect: 'throttle' });
  await expect(put('x')).resolves.toBeDefined();
  await expect(put('x', 'b-table')).rejects.toThrow();
});

test('an effect that does not exist is refused', () => {
  expect(() => fault({ effect: 'explode' as 'drop' })).toThrow('unknown effect explode');
});

test('the recorder tells time, duration, units and trace of each call, and forgets on request', async () => {
  bench.services.calls.clear();
  client.middlewareStack.add((next) => (args) => {
    (args.request as { headers: Record<string, string> }).headers['x-amzn-trace-id'] = 'Root=1-2-3';
    return next(args);
  }, { step: 'build', name: 'trace' });
  await put('r');
  client.middlewareStack.remove('trace');
  const [call] = bench.services.calls.list({ operation: 'PutItem' });
  expect(call).toMatchObject({ status: 200, writeUnits: 1, resource: 'a-table', trace: 'Root=1-2-3', time: bench.clock.time });
  expect(call!.durationMs).toBeGreaterThan(0);
  expect(bench.services.calls.list({ after: call!.sequence })).toEqual([]);
});

test('an operation or a service that does not exist here says so', async () => {
  const secrets = new SecretsManagerClient(settings(bench.services));
  fault({ service: 'secretsmanager', effect: 'throttle', times: 1 });
  await expect(secrets.send(new GetSecretValueCommand({ SecretId: 'x' }))).rejects.toMatchObject({ name: 'ThrottlingException' });
  const answer = await fetch(bench.services.url, { method: 'POST', headers: { 'x-amz-target': 'Kinesis_20131202.PutRecord' }, body: '{}' });
  expect([answer.status, await answer.json()]).toMatchObject([501, { message: 'Kinesis_20131202 PutRecord is not available in the local instance' }]);
  const rest = await fetch(`${bench.services.url}/bucket/key`);
  expect([rest.status, await rest.json()]).toMatchObject([501, { message: expect.stringContaining('GET /bucket/key is not available') as string }]);
  secrets.destroy();
});

test('a web page is refused, by origin and by name', async () => {
  const headers = { 'x-amz-target': 'DynamoDB_20120810.ListTables' };
  const answer = await fetch(bench.services.url, { method: 'POST', headers: { ...headers, origin: 'https://evil.example' }, body: '{}' });
  expect(answer.status).toBe(403);
  const rebound = await new Promise<number | undefined>((resolve) => {
    request(bench.services.url, { method: 'POST', headers: { ...headers, host: 'evil.example' } }, (response) => resolve(response.resume().statusCode)).end('{}');
  });
  expect(rebound).toBe(403);
});

test('a port in use is told by the rejection of start', async () => {
  await expect(startServices({ port: Number(new URL(bench.services.url).port) })).rejects.toThrow(/^port \d+ is in use: choose another with --port$/);
});
