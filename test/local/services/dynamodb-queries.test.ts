import { BatchWriteItemCommand, PutItemCommand, QueryCommand, QueryCommandInput, ScanCommand, UpdateItemCommand, UpdateItemCommandInput } from '@aws-sdk/client-dynamodb';
import { Bench, startBench } from './support/dynamodb';

let bench: Bench;
let table: string;
const stamps = [-20, -3, 0, 5, 40, 1_700_000_000_000];

beforeAll(async () => {
  bench = await startBench();
  table = await bench.db.createTable({
    KeySchema: [{ AttributeName: 'sid', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'sid', AttributeType: 'S' }, { AttributeName: 'uid', AttributeType: 'S' }, { AttributeName: 'at', AttributeType: 'N' }],
    GlobalSecondaryIndexes: [{
      IndexName: 'user-index', KeySchema: [{ AttributeName: 'uid', KeyType: 'HASH' }, { AttributeName: 'at', KeyType: 'RANGE' }], Projection: { ProjectionType: 'KEYS_ONLY' },
    }],
  });
  const requests = stamps.map((at, i) => ({ PutRequest: { Item: { sid: { S: `s${i}` }, uid: { S: 'ü' }, at: { N: String(at) }, kind: { S: i % 2 ? 'odd' : 'even' } } } }));
  await bench.client.send(new BatchWriteItemCommand({ RequestItems: { [table]: [...requests, { PutRequest: { Item: { sid: { S: 'x' }, uid: { S: 'other' }, at: { N: '1' } } } }] } }));
});
afterAll(() => bench.stop());

const query = (more: Partial<QueryCommandInput> = {}) => bench.client.send(new QueryCommand({
  TableName: table, IndexName: 'user-index', KeyConditionExpression: 'uid = :u', ExpressionAttributeValues: { ':u': { S: 'ü' } }, ...more,
}));
const times = (items: Record<string, { N?: string }>[] | undefined) => items?.map((item) => Number(item.at?.N));

test('numbers are in numerical order, forth and back', async () => {
  expect(times((await query()).Items as never)).toEqual(stamps);
  expect(times((await query({ ScanIndexForward: false })).Items as never)).toEqual([...stamps].reverse());
});

test('an index that projects keys gives keys only', async () => {
  expect((await query({ Limit: 1 })).Items).toEqual([{ sid: { S: 's0' }, uid: { S: 'ü' }, at: { N: '-20' } }]);
});

test.each([true, false])('pages join without gap or overlap (forward: %s)', async (ScanIndexForward) => {
  const seen: number[] = [];
  let ExclusiveStartKey: QueryCommandInput['ExclusiveStartKey'];
  do {
    const page = await query({ Limit: 2, ScanIndexForward, ExclusiveStartKey });
    seen.push(...times(page.Items as never)!);
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  expect(seen).toEqual(ScanIndexForward ? stamps : [...stamps].reverse());
});

test.each([
  ['#at > :a', [5, 40, 1_700_000_000_000]],
  ['#at <= :a', [-20, -3, 0]],
  ['#at BETWEEN :b AND :a', [-3, 0]],
])('a range %s', async (range, expected) => {
  const answer = await query({
    KeyConditionExpression: `uid = :u AND ${range}`,
    ExpressionAttributeNames: { '#at': 'at' },
    ExpressionAttributeValues: { ':u': { S: 'ü' }, ':a': { N: '0' }, ...(range.includes(':b') ? { ':b': { N: '-5' } } : {}) },
  });
  expect(times(answer.Items as never)).toEqual(expected);
});

test('a filter counts what it read and gives what it lets through', async () => {
  const answer = await bench.client.send(new ScanCommand({ TableName: table, FilterExpression: 'kind = :k', ExpressionAttributeValues: { ':k': { S: 'odd' } } }));
  expect([answer.Count, answer.ScannedCount]).toEqual([3, 7]);
});

describe('updates', () => {
  const update = (more: Partial<UpdateItemCommandInput>) => bench.client.send(new UpdateItemCommand({ TableName: table, Key: { sid: { S: 'u' } }, ReturnValues: 'ALL_NEW', ...more }));

  test('counters, defaults, lists, nested paths and sets in one expression', async () => {
    await bench.client.send(new PutItemCommand({ TableName: table, Item: { sid: { S: 'u' }, map: { M: { a: { N: '1' } } }, list: { L: [{ S: 'x' }] }, set: { SS: ['a', 'b'] } } }));
    const { Attributes: item } = await update({
      UpdateExpression: 'SET #m.a = #m.a + :one, #l = list_append(#l, :more), n = if_not_exists(n, :one) REMOVE nothing ADD c :one DELETE #s :gone',
      ExpressionAttributeNames: { '#m': 'map', '#l': 'list', '#s': 'set' },
      ExpressionAttributeValues: { ':one': { N: '1' }, ':more': { L: [{ S: 'y' }] }, ':gone': { SS: ['a'] } },
    });
    expect(item).toEqual({ sid: { S: 'u' }, map: { M: { a: { N: '2' } } }, list: { L: [{ S: 'x' }, { S: 'y' }] }, n: { N: '1' }, c: { N: '1' }, set: { SS: ['b'] } });
  });

  test.each<[string, Partial<UpdateItemCommandInput>]>([
    ['a key', { UpdateExpression: 'SET sid = :v', ExpressionAttributeValues: { ':v': { S: 'x' } } }],
    ['a value that is not used', { UpdateExpression: 'REMOVE n', ExpressionAttributeValues: { ':v': { S: 'x' } } }],
    ['an index key of the wrong type', { UpdateExpression: 'SET #at = :v', ExpressionAttributeNames: { '#at': 'at' }, ExpressionAttributeValues: { ':v': { S: 'x' } } }],
    ['an expression that does not parse', { UpdateExpression: 'SET = 1' }],
    ['an empty set', { UpdateExpression: 'SET s = :v', ExpressionAttributeValues: { ':v': { SS: [] } } }],
  ])('%s is refused', async (_name, input) => {
    await expect(update(input)).rejects.toMatchObject({ name: 'ValidationException' });
  });

  test('an empty text is a value, but no key', async () => {
    await expect(update({ UpdateExpression: 'SET t = :v', ExpressionAttributeValues: { ':v': { S: '' } } })).resolves.toMatchObject({ Attributes: { t: { S: '' } } });
    await expect(bench.client.send(new PutItemCommand({ TableName: table, Item: { sid: { S: '' } } }))).rejects.toMatchObject({ name: 'ValidationException' });
  });
});
