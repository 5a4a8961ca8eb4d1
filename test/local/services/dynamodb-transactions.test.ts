import {
  GetItemCommand, IdempotentParameterMismatchException, PutItemCommand, QueryCommand, TransactGetItemsCommand, TransactionCanceledException,
  TransactWriteItem, TransactWriteItemsCommand, UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { Bench, plainTable, sortedTable, startBench } from './support/dynamodb';

let bench: Bench;
let table: string;
beforeAll(async () => {
  bench = await startBench();
});
beforeEach(async () => {
  table = await bench.db.createTable(plainTable);
});
afterAll(() => bench.stop());

const put = (pk: string, value = 0, more: object = {}): TransactWriteItem =>
  ({ Put: { TableName: table, Item: { pk: { S: pk }, value: { N: String(value) } }, ...more } });

const write = (TransactItems: TransactWriteItem[], ClientRequestToken?: string) =>
  bench.client.send(new TransactWriteItemsCommand({ TransactItems, ...(ClientRequestToken === undefined ? {} : { ClientRequestToken }) }));

async function value(pk: string): Promise<number | undefined> {
  const { Item: item } = await bench.client.send(new GetItemCommand({ TableName: table, Key: { pk: { S: pk } }, ConsistentRead: true }));
  return item && Number(item.value?.N);
}

async function refused(work: Promise<unknown>): Promise<TransactionCanceledException> {
  return work.then(() => {
    throw new Error('the transaction was not refused');
  }, (error: unknown) => {
    expect(error).toBeInstanceOf(TransactionCanceledException);
    return error as TransactionCanceledException;
  });
}

describe('all or nothing', () => {
  test('a failed condition leaves everything as it was and says which one failed', async () => {
    await write([put('a', 1)]);
    const error = await refused(write([
      put('new'),
      { Update: { TableName: table, Key: { pk: { S: 'other' } }, UpdateExpression: 'SET #v = :v', ExpressionAttributeNames: { '#v': 'value' }, ExpressionAttributeValues: { ':v': { N: '5' } } } },
      put('a', 2, { ConditionExpression: 'attribute_not_exists(pk)', ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }),
    ]));
    expect(error.CancellationReasons).toEqual([
      { Code: 'None' },
      { Code: 'None' },
      { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed', Item: { pk: { S: 'a' }, value: { N: '1' } } },
    ]);
    expect(error.message).toContain('[None, None, ConditionalCheckFailed]');
    expect([await value('new'), await value('other'), await value('a')]).toEqual([undefined, undefined, 1]);
  });

  test('the item is told only when asked for', async () => {
    await write([put('a', 1)]);
    const error = await refused(write([put('a', 2, { ConditionExpression: 'attribute_not_exists(pk)' })]));
    expect(error.CancellationReasons).toEqual([{ Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' }]);
  });

  test('put, update, delete and a condition check take effect together', async () => {
    await write([put('guard', 7), put('gone', 1), put('changed', 1)]);
    await write([
      { ConditionCheck: { TableName: table, Key: { pk: { S: 'guard' } }, ConditionExpression: '#v = :v', ExpressionAttributeNames: { '#v': 'value' }, ExpressionAttributeValues: { ':v': { N: '7' } } } },
      { Delete: { TableName: table, Key: { pk: { S: 'gone' } } } },
      { Update: { TableName: table, Key: { pk: { S: 'changed' } }, UpdateExpression: 'ADD #v :one', ExpressionAttributeNames: { '#v': 'value' }, ExpressionAttributeValues: { ':one': { N: '1' } } } },
      put('added', 3),
    ]);
    expect([await value('guard'), await value('gone'), await value('changed'), await value('added')]).toEqual([7, undefined, 2, 3]);
  });

  test('an item may appear once, and a wrong update is told as a reason', async () => {
    await expect(write([put('a'), put('a')])).rejects.toThrow('Transaction request cannot include multiple operations on one item');
    await write([{ Put: { TableName: table, Item: { pk: { S: 't' }, value: { S: 'text' } } } }]);
    const error = await refused(write([
      put('b'),
      { Update: { TableName: table, Key: { pk: { S: 't' } }, UpdateExpression: 'ADD #v :one', ExpressionAttributeNames: { '#v': 'value' }, ExpressionAttributeValues: { ':one': { N: '1' } } } },
    ]));
    expect(error.CancellationReasons?.[1]).toMatchObject({ Code: 'ValidationError' });
    expect(await value('b')).toBeUndefined();
  });

  test('a table that does not exist is no reason but an error', async () => {
    await expect(write([put('a'), { Delete: { TableName: 'nowhere', Key: { pk: { S: 'x' } } } }])).rejects.toThrow('Requested resource not found');
  });
});

describe('the client request token', () => {
  test('a repeated token answers success and writes nothing again', async () => {
    const items = [{ Update: { TableName: table, Key: { pk: { S: 'n' } }, UpdateExpression: 'ADD #v :one', ExpressionAttributeNames: { '#v': 'value' }, ExpressionAttributeValues: { ':one': { N: '1' } } } }];
    await write(items, 'token-1');
    await write(items, 'token-1');
    expect(await value('n')).toBe(1);
  });

  test('another request under the token is refused', async () => {
    await write([put('a', 1)], 'token-2');
    await expect(write([put('a', 2)], 'token-2')).rejects.toBeInstanceOf(IdempotentParameterMismatchException);
    expect(await value('a')).toBe(1);
  });

  test('after ten minutes the token is free', async () => {
    await write([put('a', 1)], 'token-3');
    bench.clock.time += 10 * 60 * 1000;
    await write([put('a', 2)], 'token-3');
    expect(await value('a')).toBe(2);
  });

  test('a cancelled transaction may be tried again under its token', async () => {
    const conditional = [put('c', 1, { ConditionExpression: 'attribute_not_exists(pk)' })];
    await write([put('c', 0)]);
    await refused(write(conditional, 'token-4'));
    await write([{ Delete: { TableName: table, Key: { pk: { S: 'c' } } } }]);
    await write(conditional, 'token-4');
    expect(await value('c')).toBe(1);
  });

  test('a response lost after the commit is recognised by the retry of the SDK', async () => {
    bench.db.faults.add({ operation: 'TransactWriteItems', effect: 'commit-then-drop', times: 1 });
    const items = [put('lost', 1, { ConditionExpression: 'attribute_not_exists(pk)' })];
    await expect(write(items, 'token-5')).rejects.toThrow();
    await write(items, 'token-5');
    expect(await value('lost')).toBe(1);
  });
});

describe('concurrency', () => {
  test('of transactions that meet on an item one wins, and every other is told of the conflict', async () => {
    const outcomes = await Promise.all(Array.from({ length: 20 }, (_, i) =>
      write([put('hot', i, { ConditionExpression: 'attribute_not_exists(pk)' }), put(`own-${i}`)]).then(() => 'won' as const, (error: TransactionCanceledException) => error.CancellationReasons?.[0]?.Code)));
    expect(outcomes.filter((outcome) => outcome === 'won')).toHaveLength(1);
    expect(outcomes.every((outcome) => ['won', 'TransactionConflict', 'ConditionalCheckFailed'].includes(outcome!))).toBe(true);
    const owned = await Promise.all(outcomes.map((_, i) => value(`own-${i}`)));
    expect(owned.map((own) => own !== undefined)).toEqual(outcomes.map((outcome) => outcome === 'won'));
  });

  test('counters lose nothing between transactions and single writes', async () => {
    const add = { TableName: table, Key: { pk: { S: 'count' } }, UpdateExpression: 'ADD #v :one', ExpressionAttributeNames: { '#v': 'value' }, ExpressionAttributeValues: { ':one': { N: '1' } } };
    const untilDone = async (attempt: () => Promise<unknown>): Promise<void> => {
      for (;;) {
        const name = await attempt().then(() => 'done', (error: Error) => error.name);
        if (name === 'done') return;
        expect(['TransactionCanceledException', 'TransactionConflictException']).toContain(name);
      }
    };
    await Promise.all(Array.from({ length: 30 }, (_, i) => untilDone(() =>
      (i % 2 ? bench.client.send(new UpdateItemCommand(add)) : write([{ Update: add }])))));
    expect(await value('count')).toBe(30);
  });

  test('no reader ever sees half of a transaction', async () => {
    const sorted = await bench.db.createTable(sortedTable);
    const pair = (n: number) => ['left', 'right'].map((sk) => ({ Put: { TableName: sorted, Item: { pk: { S: 'p' }, sk: { S: sk }, value: { N: String(n) } } } }));
    await write(pair(0));
    let running = true;
    const writer = (async () => {
      for (let n = 1; n <= 40; n += 1) await write(pair(n));
      running = false;
    })();
    while (running) {
      const { Items: items } = await bench.client.send(new QueryCommand({ TableName: sorted, KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: { ':p': { S: 'p' } }, ConsistentRead: true }));
      expect(new Set(items?.map((item) => item.value?.N)).size).toBe(1);
      const read = await bench.client.send(new TransactGetItemsCommand({ TransactItems: ['left', 'right'].map((sk) => ({ Get: { TableName: sorted, Key: { pk: { S: 'p' }, sk: { S: sk } } } })) }))
        .catch((error: TransactionCanceledException) => expect(error.CancellationReasons?.map(({ Code }) => Code)).toContain('TransactionConflict'));
      if (read) expect(new Set(read.Responses?.map(({ Item }) => Item?.value?.N)).size).toBe(1);
    }
    await writer;
  });

  test('an injected conflict has the shape of a real one', async () => {
    bench.db.faults.add({ effect: 'conflict', times: 2 });
    const error = await refused(write([put('a'), put('b')]));
    expect(error.CancellationReasons?.map(({ Code }) => Code)).toEqual(['TransactionConflict', 'TransactionConflict']);
    await expect(bench.client.send(new PutItemCommand({ TableName: table, Item: { pk: { S: 'a' } } }))).rejects.toMatchObject({ name: 'TransactionConflictException' });
  });
});
