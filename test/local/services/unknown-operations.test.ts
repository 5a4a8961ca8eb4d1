import { TARGETS } from '../../../local/services/protocols';
import type { ServicesBench } from './support/services';
import { startServices } from './support/services';

/** What every object of JavaScript inherits, and names that are merely wrong. */
const NAMES = [...Object.getOwnPropertyNames(Object.prototype), 'then', 'NoSuchOperation', ''];

let bench: ServicesBench;

beforeAll(async () => {
  bench = await startServices();
});

afterAll(() => bench.services.stop());

const send = async (headers: Record<string, string>, body: string) => {
  const answer = await fetch(bench.services.url, { method: 'POST', headers, body });
  return { status: answer.status, text: await answer.text() };
};

describe.each(Object.keys(TARGETS))('%s', (target) => {
  test.each(NAMES)('%j is no operation', async (name) => {
    const { status, text } = await send({ 'x-amz-target': `${target}.${name}` }, '{}');
    expect([status, JSON.parse(text)]).toEqual([400, { __type: 'UnknownOperationException', message: expect.stringContaining(`${name} is not available`) }]);
  });
});

test.each(NAMES)('sts: %j is no operation', async (name) => {
  const { status, text } = await send({ 'content-type': 'application/x-www-form-urlencoded' }, `Version=2011-06-15&Action=${name}`);
  expect([status, text]).toEqual([400, expect.stringContaining('<Code>UnknownOperationException</Code>')]);
});

test.each(NAMES)('%j is no service, no type of resource and no member of a transaction', async (name) => {
  expect((await send({ 'x-amz-target': `${name}.ListTables` }, '{}')).status).toBe(501);
  expect(bench.services.supports(name)).toBe(false);
  const { status, text } = await send({ 'x-amz-target': 'DynamoDB_20120810.TransactWriteItems' }, `{"TransactItems":[{"${name}":{"TableName":"a-table"}}]}`);
  expect([status, JSON.parse(text).__type]).toEqual([400, 'ValidationException']);
});
