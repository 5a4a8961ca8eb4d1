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

describe('what is not known is refused with what is known', () => {
  test.each([
    ['POST', 'clock', { advanceSecond: 60 }, '"advanceSecond" is not known in the body; known are advanceSeconds, offsetMs, skewMs'],
    ['POST', 'clock', { skewMs: { Nobody: 1 } }, 'there is no function Nobody; there are: Now'],
    ['POST', 'clock', { skewMs: { Now: '1' } }, 'skewMs must be numbers by name, got {"Now":"1"}'],
    ['POST', 'clock', { advanceSeconds: '60' }, 'advanceSeconds must be number, got "60"'],
    ['POST', 'clock', [60], 'the body must be a JSON object'],
    ['POST', 'faults', { effect: 'error', operations: 'GetItem' }, '"operations" is not known in the body; known are service, operation, caller, resource, skip, times, effect, delayMs'],
    ['POST', 'faults', { effect: 'explode' }, 'unknown effect explode, there are throttle, error, timeout, drop, commit-then-drop, conflict, deny, delay, hold'],
    ['POST', 'faults', { service: 'dynamodb' }, 'a fault needs an effect'],
    ['POST', 'faults', { effect: 'error', times: 'one' }, 'times must be number, got "one"'],
    ['POST', 'dynamodb', { sweep: true }, '"sweep" is not known in the body; known are freezeIndexes, sweepExpired, sweeper'],
    ['POST', 'functions', { recycled: 'Now' }, '"recycled" is not known in the body; known are recycle'],
    ['POST', 'functions', { recycle: 'Nobody' }, 'there is no function Nobody; there are: Now'],
    ['POST', 'functions', { constructor: 1 }, '"constructor" is not known in the body; known are recycle'],
    ['DELETE', 'logs?all=true', undefined, '"all" is not known in the query; it takes nothing'],
    ['DELETE', 'faults/fault-99', undefined, 'there is no fault fault-99; there are: '],
    ['GET', 'logs?sources=Now', undefined, '"sources" is not known in the query; known are after, source, requestId, stream, kind'],
    ['GET', 'logs?after=x', undefined, 'after must be number, got "x"'],
    ['GET', 'logs?source=a&source=b', undefined, 'source is given twice'],
    ['GET', 'calls?table=items', undefined, '"table" is not known in the query; known are after, service, operation, caller, resource'],
    ['GET', 'requests?api=x', undefined, '"api" is not known in the query; known are after'],
    ['GET', 'clock?now', undefined, '"now" is not known in the query; it takes nothing'],
    ['GET', '?x=1', undefined, '"x" is not known in the query; it takes nothing'],
  ] as [string, string, object | undefined, string][])('%s /_local/%s %j', async (method, path, body, message) => {
    const before = (await control('GET', 'clock')).json.offsetMs;
    expect(await control(method, path, body)).toMatchObject({ status: 400, json: { error: message } });
    expect((await control('GET', 'clock')).json.offsetMs).toBe(before);
  });

  test('a path that goes on where nothing follows', async () => {
    expect((await control('GET', 'clock/now')).status).toBe(404);
  });
});

test('an unknown path names the known ones', async () => {
  const answer = await control('GET', 'nothing');
  expect([answer.status, answer.json.error]).toEqual([404, expect.stringContaining('POST /_local/clock')]);
});
