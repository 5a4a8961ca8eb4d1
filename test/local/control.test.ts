import { call, inlineFunction, startApp, stopApps } from './support/app';
import { LocalInstance } from '../../local/instance';

afterAll(stopApps);

let instance: LocalInstance;
beforeAll(async () => {
  instance = await startApp({
    Control: {
      Resources: {
        Now: inlineFunction('exports.handler = async () => { console.log("asked"); return { now: Date.now(), pid: process.pid }; };'),
        Table: {
          Type: 'AWS::DynamoDB::Table',
          Properties: { TableName: 'items', KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }], AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }], BillingMode: 'PAY_PER_REQUEST' },
        },
      },
    },
  });
});

const control = (method: string, path: string, body?: object, headers = {}) =>
  call(`${instance.servicesUrl}/_local/${path}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });

const getItem = () => call(instance.servicesUrl, {
  method: 'POST', body: JSON.stringify({ TableName: 'items', Key: { pk: { S: 'a' } } }),
  headers: {
    'X-Amz-Target': 'DynamoDB_20120810.GetItem', 'Content-Type': 'application/x-amz-json-1.0', 'X-Amz-Date': '20261122T000000Z',
    Authorization: 'AWS4-HMAC-SHA256 Credential=TEST/20261122/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
  },
});

test('the clock moves for functions and for the instance', async () => {
  const { offsetMs } = (await control('GET', 'clock')).json;
  const moved = await control('POST', 'clock', { advanceSeconds: 86_400, skewMs: { Now: -14_000 } });
  expect(moved.json).toMatchObject({ offsetMs: offsetMs + 86_400_000, skewMs: { Now: -14_000 } });
  // What the function sees lies between two looks at the clock that it follows.
  const earliest = instance.clock.now() - 14_000;
  const { payload } = await instance.invoke<any>('Now', {});
  expect(payload.now).toBeGreaterThanOrEqual(earliest);
  expect(payload.now).toBeLessThanOrEqual(instance.clock.now() - 14_000);
  expect((await control('POST', 'clock', { offsetMs, skewMs: { Now: 0 } })).json).toMatchObject({ offsetMs, skewMs: {} });
  expect((await control('POST', 'clock', { advanceSeconds: 'much' })).status).toBe(400);
});

test('a fault makes the next call fail, the recorder tells of it', async () => {
  const { json: fault } = await control('POST', 'faults', { service: 'dynamodb', operation: 'GetItem', effect: 'error', times: 1 });
  expect((await getItem()).status).toBe(500);
  expect((await getItem()).status).toBe(200);
  expect((await control('GET', 'faults')).json).toMatchObject([{ id: fault.id, applied: 1 }]);
  expect((await control('DELETE', `faults/${fault.id}`)).json).toEqual([]);
  const calls = (await control('GET', 'calls?service=dynamodb&operation=GetItem')).json;
  expect(calls.map(({ status, fault: id }: { status: number; fault?: string }) => [status, id])).toEqual([[500, fault.id], [200, undefined]]);
});

test('functions can be recycled, logs be read', async () => {
  const before = await instance.invoke<any>('Now', {});
  await control('POST', 'functions', { recycle: 'Now' });
  const after = await instance.invoke<any>('Now', {});
  expect(after.payload.pid).not.toBe(before.payload.pid);
  const logs = (await control('GET', 'logs?source=Now')).json;
  expect(logs.at(-1)).toMatchObject({ source: 'Now', stream: 'stdout', text: expect.stringContaining('asked') });
  expect((await control('GET', `logs?after=${logs.at(-1).sequence}`)).json).toEqual([]);
});

test('a web page cannot reach it: neither by an own request nor by a name that points here', async () => {
  expect((await control('POST', 'clock', { advanceSeconds: 1 }, { Origin: 'https://evil.example' })).status).toBe(403);
  expect((await control('GET', 'clock', undefined, { Host: 'rebound.example' })).status).toBe(403);
});

test('an unknown path names the known ones', async () => {
  const answer = await control('GET', 'nothing');
  expect([answer.status, answer.json.error]).toEqual([404, expect.stringContaining('POST /_local/clock')]);
});
