import {
  BatchGetItemCommand, BatchWriteItemCommand, DeleteItemCommand, GetItemCommand, PutItemCommand, QueryCommand, TransactGetItemsCommand,
  TransactWriteItemsCommand, UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { itemSize } from '../../../local/services/dynamodb/capacity';
import { Bench, itemOf, plainTable, sortedTable, startBench, tableWithIndex } from './support/dynamodb';

const KB = 1024;
let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());

describe('item sizes, by the examples of "DynamoDB item sizes and formats"', () => {
  test.each([
    ['an attribute shirt-color of value R takes 12 bytes', { 'shirt-color': { S: 'R' } }, 12],
    ['with shirt-size M it is 23', { 'shirt-color': { S: 'R' }, 'shirt-size': { S: 'M' } }, 23],
    ['text counts in UTF-8', { a: { S: 'é€😀' } }, 1 + 9],
    ['a number takes a byte for two digits and one more', { a: { N: '1234' } }, 1 + 3],
    ['zeros at the ends of a number count nothing', { a: { N: '1000' } }, 1 + 2],
    ['a negative number takes one byte more', { a: { N: '-12' } }, 1 + 3],
    ['null and Boolean take one byte', { a: { NULL: true }, b: { BOOL: false } }, 4],
    ['a list takes 3 bytes and one an element', { a: { L: [{ S: 'x' }, { S: 'y' }] } }, 1 + 3 + 2 + 2],
    ['a map takes 3 bytes and one a pair', { a: { M: { b: { S: 'x' } } } }, 1 + 3 + 1 + 2],
    ['binary counts its bytes, not its base64', { a: { B: Buffer.alloc(10).toString('base64') } }, 1 + 10],
  ])('%s', (_name, item, bytes) => {
    expect(itemSize(item)).toBe(bytes);
  });
});

describe('reads, by the examples of "Read and write operations"', () => {
  test('an item of 8 KB costs 2 units strongly consistent, 1 eventually consistent, 4 in a transaction', async () => {
    const table = await bench.db.createTable(plainTable);
    await bench.client.send(new PutItemCommand({ TableName: table, Item: itemOf('a', 8 * KB) }));
    const read = (ConsistentRead: boolean) => bench.client.send(new GetItemCommand({ TableName: table, Key: { pk: { S: 'a' } }, ConsistentRead, ReturnConsumedCapacity: 'TOTAL' }));

    expect((await read(true)).ConsumedCapacity?.CapacityUnits).toBe(2);
    expect((await read(false)).ConsumedCapacity?.CapacityUnits).toBe(1);
    const transaction = await bench.client.send(new TransactGetItemsCommand({ TransactItems: [{ Get: { TableName: table, Key: { pk: { S: 'a' } } } }], ReturnConsumedCapacity: 'TOTAL' }));
    expect(transaction.ConsumedCapacity?.[0]).toMatchObject({ CapacityUnits: 4, ReadCapacityUnits: 4 });
  });

  test('an item that is not there costs the least', async () => {
    const table = await bench.db.createTable(plainTable);
    const read = (ConsistentRead: boolean) => bench.client.send(new GetItemCommand({ TableName: table, Key: { pk: { S: 'none' } }, ConsistentRead, ReturnConsumedCapacity: 'TOTAL' }));
    expect((await read(true)).ConsumedCapacity?.CapacityUnits).toBe(1);
    expect((await read(false)).ConsumedCapacity?.CapacityUnits).toBe(0.5);
  });

  test('a projection does not make a read cheaper', async () => {
    const table = await bench.db.createTable(plainTable);
    await bench.client.send(new PutItemCommand({ TableName: table, Item: itemOf('a', 8 * KB) }));
    const answer = await bench.client.send(new GetItemCommand({ TableName: table, Key: { pk: { S: 'a' } }, ProjectionExpression: 'pk', ConsistentRead: true, ReturnConsumedCapacity: 'TOTAL' }));
    expect(answer.Item).toEqual({ pk: { S: 'a' } });
    expect(answer.ConsumedCapacity?.CapacityUnits).toBe(2);
  });

  test('BatchGetItem of 1.5 KB and 6.5 KB reads 4 KB and 8 KB, not 8 KB together', async () => {
    const table = await bench.db.createTable(plainTable);
    await bench.client.send(new PutItemCommand({ TableName: table, Item: itemOf('a', 1.5 * KB) }));
    await bench.client.send(new PutItemCommand({ TableName: table, Item: itemOf('b', 6.5 * KB) }));
    const answer = await bench.client.send(new BatchGetItemCommand({
      RequestItems: { [table]: { Keys: [{ pk: { S: 'a' } }, { pk: { S: 'b' } }], ConsistentRead: true } }, ReturnConsumedCapacity: 'TOTAL',
    }));
    expect(answer.Responses?.[table]).toHaveLength(2);
    expect(answer.ConsumedCapacity?.[0]?.CapacityUnits).toBe(3);
  });

  test('Query of items of 40.8 KB together rounds up once, to 44 KB; one without a result costs the least', async () => {
    const table = await bench.db.createTable(sortedTable);
    for (let i = 0; i < 10; i += 1) {
      await bench.client.send(new PutItemCommand({ TableName: table, Item: { ...itemOf('a', Math.floor(4.08 * KB) - 4), sk: { S: `0${i}` } } }));
    }
    const query = (pk: string) => bench.client.send(new QueryCommand({
      TableName: table, KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': { S: pk } }, ConsistentRead: true, ReturnConsumedCapacity: 'TOTAL',
    }));
    expect((await query('a')).ConsumedCapacity?.CapacityUnits).toBe(11);
    expect((await query('none')).ConsumedCapacity?.CapacityUnits).toBe(1);
  });
});

describe('writes without an index', () => {
  test('an item of 2 KB costs 2 units, 4 in a transaction', async () => {
    const table = await bench.db.createTable(plainTable);
    const single = await bench.client.send(new PutItemCommand({ TableName: table, Item: itemOf('a', 2 * KB), ReturnConsumedCapacity: 'TOTAL' }));
    expect(single.ConsumedCapacity?.CapacityUnits).toBe(2);
    const transaction = await bench.client.send(new TransactWriteItemsCommand({ TransactItems: [{ Put: { TableName: table, Item: itemOf('b', 2 * KB) } }], ReturnConsumedCapacity: 'INDEXES' }));
    expect(transaction.ConsumedCapacity?.[0]).toMatchObject({ CapacityUnits: 4, WriteCapacityUnits: 4, Table: { CapacityUnits: 4, WriteCapacityUnits: 4 } });
  });

  test('a replacement and an update cost the larger of before and after', async () => {
    const table = await bench.db.createTable(plainTable);
    const put = (bytes: number) => bench.client.send(new PutItemCommand({ TableName: table, Item: itemOf('a', bytes), ReturnConsumedCapacity: 'TOTAL' }));
    await put(3 * KB);
    expect((await put(500)).ConsumedCapacity?.CapacityUnits).toBe(3);
    const grow = await bench.client.send(new UpdateItemCommand({
      TableName: table, Key: { pk: { S: 'a' } }, UpdateExpression: 'SET more = :more', ExpressionAttributeValues: { ':more': { S: 'x'.repeat(2 * KB) } }, ReturnConsumedCapacity: 'TOTAL',
    }));
    expect(grow.ConsumedCapacity?.CapacityUnits).toBe(3);
  });

  test('a deletion costs what is deleted, and of nothing one unit', async () => {
    const table = await bench.db.createTable(plainTable);
    await bench.client.send(new PutItemCommand({ TableName: table, Item: itemOf('a', 3.5 * KB) }));
    const remove = () => bench.client.send(new DeleteItemCommand({ TableName: table, Key: { pk: { S: 'a' } }, ReturnConsumedCapacity: 'TOTAL' }));
    expect((await remove()).ConsumedCapacity?.CapacityUnits).toBe(4);
    expect((await remove()).ConsumedCapacity?.CapacityUnits).toBe(1);
  });

  test('BatchWriteItem of 500 bytes and 3.5 KB costs 1 and 4', async () => {
    const table = await bench.db.createTable(plainTable);
    const answer = await bench.client.send(new BatchWriteItemCommand({
      RequestItems: { [table]: [{ PutRequest: { Item: itemOf('a', 500) } }, { PutRequest: { Item: itemOf('b', 3.5 * KB) } }] }, ReturnConsumedCapacity: 'TOTAL',
    }));
    expect(answer.ConsumedCapacity?.[0]?.CapacityUnits).toBe(5);
  });

  test('a refused condition is charged by the item that stands there, and recorded', async () => {
    const table = await bench.db.createTable(plainTable);
    await bench.client.send(new PutItemCommand({ TableName: table, Item: itemOf('a', 3 * KB) }));
    const put = (pk: string, ConditionExpression: string) =>
      bench.client.send(new PutItemCommand({ TableName: table, Item: itemOf(pk, 4 * KB), ConditionExpression }));
    await expect(put('a', 'attribute_not_exists(pk)')).rejects.toThrow('The conditional request failed');
    expect(bench.db.calls.list({ resource: table }).at(-1)).toMatchObject({ error: 'ConditionalCheckFailedException', writeUnits: 3 });
    await expect(put('none', 'attribute_exists(pk)')).rejects.toThrow('The conditional request failed');
    expect(bench.db.calls.list({ resource: table }).at(-1)?.writeUnits).toBe(1);
  });

  test('a condition check in a transaction costs as a write', async () => {
    const table = await bench.db.createTable(plainTable);
    await bench.client.send(new PutItemCommand({ TableName: table, Item: itemOf('a', 100) }));
    const answer = await bench.client.send(new TransactWriteItemsCommand({
      TransactItems: [{ ConditionCheck: { TableName: table, Key: { pk: { S: 'a' } }, ConditionExpression: 'attribute_exists(pk)' } }], ReturnConsumedCapacity: 'TOTAL',
    }));
    expect(answer.ConsumedCapacity?.[0]?.CapacityUnits).toBe(2);
  });
});

describe('index writes, by "Write capacity for global secondary indexes"', () => {
  const INCLUDE = { ProjectionType: 'INCLUDE', NonKeyAttributes: ['nick'] };

  async function writes(projection: object | undefined, ...steps: Record<string, { S: string }>[]): Promise<unknown> {
    const table = await bench.db.createTable(tableWithIndex(projection));
    let last: unknown;
    for (const step of steps) {
      const answer = await bench.client.send(new PutItemCommand({ TableName: table, Item: { pk: { S: 'a' }, ...step }, ReturnConsumedCapacity: 'INDEXES' }));
      last = answer.ConsumedCapacity?.GlobalSecondaryIndexes?.['by-owner']?.CapacityUnits ?? 0;
    }
    return last;
  }
  const owner = (name: string, more: Record<string, { S: string }> = {}) => ({ owner: { S: name }, ...more });

  test('an item without the index key costs nothing in the index', async () => expect(await writes(undefined, {})).toBe(0));
  test('a new entry costs one write', async () => expect(await writes(undefined, owner('o'))).toBe(1));
  test('an entry that appears by an update costs one', async () => expect(await writes(undefined, {}, owner('o'))).toBe(1));
  test('a changed index key costs two: delete and put', async () => expect(await writes(undefined, owner('o'), owner('p'))).toBe(2));
  test('an entry that disappears costs one', async () => expect(await writes(undefined, owner('o'), {})).toBe(1));
  test('a change of what is not projected costs nothing', async () => expect(await writes(undefined, owner('o'), owner('o', { nick: { S: 'n' } }))).toBe(0));
  test('a change of a projected attribute costs one', async () => expect(await writes(INCLUDE, owner('o'), owner('o', { nick: { S: 'n' } }))).toBe(1));
  test('an entry costs by its own size', async () => expect(await writes(INCLUDE, owner('o', { nick: { S: 'n'.repeat(2500) } }))).toBe(3));
  test('the same item again costs nothing in the index', async () => expect(await writes({ ProjectionType: 'ALL' }, owner('o'), owner('o'))).toBe(0));

  test('the answer adds table and index, and a transaction doubles the table only', async () => {
    const table = await bench.db.createTable(tableWithIndex());
    const put = await bench.client.send(new PutItemCommand({ TableName: table, Item: { pk: { S: 'a' }, owner: { S: 'o' } }, ReturnConsumedCapacity: 'INDEXES' }));
    expect(put.ConsumedCapacity).toMatchObject({ CapacityUnits: 2, Table: { CapacityUnits: 1 }, GlobalSecondaryIndexes: { 'by-owner': { CapacityUnits: 1 } } });
    const transaction = await bench.client.send(new TransactWriteItemsCommand({
      TransactItems: [{ Put: { TableName: table, Item: { pk: { S: 'b' }, owner: { S: 'o' } } } }, { Put: { TableName: table, Item: { pk: { S: 'c' } } } }], ReturnConsumedCapacity: 'INDEXES',
    }));
    expect(transaction.ConsumedCapacity?.[0]).toMatchObject({ CapacityUnits: 5, Table: { CapacityUnits: 4 }, GlobalSecondaryIndexes: { 'by-owner': { CapacityUnits: 1 } } });
  });

  test('a deletion removes the entry for one write', async () => {
    const table = await bench.db.createTable(tableWithIndex());
    await bench.client.send(new PutItemCommand({ TableName: table, Item: { pk: { S: 'a' }, owner: { S: 'o' } } }));
    const answer = await bench.client.send(new DeleteItemCommand({ TableName: table, Key: { pk: { S: 'a' } }, ReturnConsumedCapacity: 'TOTAL' }));
    expect(answer.ConsumedCapacity?.CapacityUnits).toBe(2);
  });
});
