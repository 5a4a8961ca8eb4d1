import { mkdtempSync, rmSync, appendFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateTableCommand, DeleteItemCommand, DeleteTableCommand, DescribeContinuousBackupsCommand, DescribeTableCommand, DescribeTimeToLiveCommand, DynamoDBClient,
  GetItemCommand, ListTablesCommand, ListTagsOfResourceCommand, PutItemCommand, QueryCommand, ScanCommand, UpdateItemCommand, UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import { Bench, NOW, plainTable, startBench, tableWithIndex } from './support/dynamodb';
import { ServicesBench, settings, startServices } from './support/services';

const globalTable = {
  KeySchema: [{ AttributeName: 'sid', KeyType: 'HASH' }],
  AttributeDefinitions: [{ AttributeName: 'sid', AttributeType: 'S' }, { AttributeName: 'uid', AttributeType: 'S' }, { AttributeName: 'createdAt', AttributeType: 'N' }],
  BillingMode: 'PAY_PER_REQUEST',
  GlobalSecondaryIndexes: [{
    IndexName: 'user-index',
    KeySchema: [{ AttributeName: 'uid', KeyType: 'HASH' }, { AttributeName: 'createdAt', KeyType: 'RANGE' }],
    Projection: { ProjectionType: 'KEYS_ONLY' },
  }],
  TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
  SSESpecification: { SSEEnabled: true },
  Replicas: [
    { Region: 'us-west-2' },
    {
      Region: 'eu-central-1',
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: 'true' },
      Tags: [{ Key: 'team', Value: 'auth' }],
    },
  ],
};

describe('tables of a template', () => {
  let bench: ServicesBench;
  let client: DynamoDBClient;
  beforeAll(async () => {
    bench = await startServices();
    client = new DynamoDBClient(settings(bench.services));
  });
  afterAll(async () => {
    client.destroy();
    await bench.services.stop();
  });

  test('a global table takes protection, recovery and tags from the replica of its Region', async () => {
    const made = await bench.create('AWS::DynamoDB::GlobalTable', globalTable, 'Sessions');
    const TableName = made.ref;
    expect(TableName).toBe('Stack-Sessions-ABCDEFGHIJKL');
    expect(made.notEvaluated).toEqual(['replicas in us-west-2']);
    const { Table: table } = await client.send(new DescribeTableCommand({ TableName }));
    expect(table).toMatchObject({ TableStatus: 'ACTIVE', TableArn: made.attributes.Arn, DeletionProtectionEnabled: true, BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' } });
    expect(made.attributes.Arn).toBe('arn:aws:dynamodb:eu-central-1:111122223333:table/Stack-Sessions-ABCDEFGHIJKL');
    expect((await client.send(new DescribeTimeToLiveCommand({ TableName }))).TimeToLiveDescription).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'ttl' });
    const backups = await client.send(new DescribeContinuousBackupsCommand({ TableName }));
    expect(backups.ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus).toBe('ENABLED');
    expect((await client.send(new ListTagsOfResourceCommand({ ResourceArn: table!.TableArn }))).Tags).toEqual([{ Key: 'team', Value: 'auth' }]);
    await expect(client.send(new DeleteTableCommand({ TableName }))).rejects.toThrow('protected against deletion');
    await client.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false }));
    await client.send(new DeleteTableCommand({ TableName }));
    expect((await client.send(new ListTablesCommand({}))).TableNames).not.toContain(TableName);
  });

  test('a plain table takes its own name, and its ARN stands for it in calls', async () => {
    const made = await bench.create('AWS::DynamoDB::Table', { ...plainTable, TableName: 'named', ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 }, StreamSpecification: { StreamViewType: 'NEW_IMAGE' }, ResourcePolicy: { PolicyDocument: {} } });
    expect(made).toMatchObject({ ref: 'named', notEvaluated: ['streams', 'resource policy'] });
    await client.send(new PutItemCommand({ TableName: made.attributes.Arn as string, Item: { pk: { S: 'a' } } }));
    expect((await client.send(new GetItemCommand({ TableName: 'named', Key: { pk: { S: 'a' } } }))).Item).toEqual({ pk: { S: 'a' } });
  });

  test('wrong properties name the problem', async () => {
    await expect(bench.create('AWS::DynamoDB::Table', { ...plainTable, AttributeDefinitions: [] }, 'Wrong')).rejects.toThrow('Invalid KeySchema');
  });

  test('the API creates and lists tables too', async () => {
    await client.send(new CreateTableCommand({ TableName: 'by-api', ...(plainTable as object), BillingMode: 'PAY_PER_REQUEST' } as never));
    expect((await client.send(new ListTablesCommand({}))).TableNames).toContain('by-api');
    await expect(client.send(new DescribeTableCommand({ TableName: 'missing' }))).rejects.toThrow('Table: missing not found');
  });
});

describe('expiry and stale indexes', () => {
  let bench: Bench;
  let table: string;
  beforeAll(async () => {
    bench = await startBench();
  });
  beforeEach(async () => {
    table = await bench.db.createTable({ ...tableWithIndex(), TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true } });
  });
  afterAll(() => bench.stop());

  const put = (pk: string, more: Record<string, { S: string } | { N: string }>) =>
    bench.client.send(new PutItemCommand({ TableName: table, Item: { pk: { S: pk }, ...more } }));
  const keys = async () => ((await bench.client.send(new ScanCommand({ TableName: table }))).Items ?? []).map((item) => item.pk?.S).sort();
  const ofOwner = async (owner: string) => (await bench.client.send(new QueryCommand({
    TableName: table, IndexName: 'by-owner', KeyConditionExpression: '#o = :o', ExpressionAttributeNames: { '#o': 'owner' }, ExpressionAttributeValues: { ':o': { S: owner } },
  }))).Items?.map((item) => item.pk?.S);
  const seconds = (offset: number) => ({ N: String(Math.floor(bench.clock.time / 1000) + offset) });

  test('expired items stay for two days, as AWS may take that long, and go at once when asked to', async () => {
    await put('expired', { ttl: seconds(-1), owner: { S: 'o' } });
    await put('live', { ttl: seconds(3600) });
    await put('text', { ttl: { S: '1' } });
    await put('ancient', { ttl: { N: '1000' } });
    expect(await bench.db.dynamoDb.ttl.sweepLate()).toBe(0);
    expect(await keys()).toContain('expired');
    expect(await bench.db.dynamoDb.ttl.sweep()).toBe(1);
    expect(await keys()).toEqual(['ancient', 'live', 'text']);
    expect(await ofOwner('o')).toEqual([]);
    bench.clock.time += 50 * 3600 * 1000;
    expect(await bench.db.dynamoDb.ttl.sweepLate()).toBe(1);
    bench.clock.time = NOW;
  });

  test('a frozen index shows the past, the table the present; released, it catches up in order', async () => {
    await put('a', { owner: { S: 'old' } });
    bench.db.dynamoDb.store.freezeIndexes(table);
    await put('a', { owner: { S: 'new' } });
    await put('b', { owner: { S: 'new' } });
    await bench.client.send(new DeleteItemCommand({ TableName: table, Key: { pk: { S: 'b' } } }));
    expect([await ofOwner('old'), await ofOwner('new'), await keys()]).toEqual([['a'], [], ['a']]);
    bench.db.dynamoDb.store.releaseIndexes();
    expect([await ofOwner('old'), await ofOwner('new')]).toEqual([[], ['a']]);
  });
});

describe('conditions', () => {
  let bench: Bench;
  let table: string;
  beforeAll(async () => {
    bench = await startBench();
    table = await bench.db.createTable(plainTable);
  });
  afterAll(() => bench.stop());

  const stored = { pk: { S: 'a' }, map: { M: { x: { N: '1' }, l: { L: [{ S: 'é' }, { BOOL: true }] } } }, set: { SS: ['a', 'b'] }, n: { N: '10' }, text: { S: 'é' } };

  test.each([
    ['maps are equal by value', '#a = :v', 'map', { M: { l: { L: [{ S: 'é' }, { BOOL: true }] }, x: { N: '1.0' } } }, true],
    ['maps of other content are not', '#a = :v', 'map', { M: { x: { N: '1' } } }, false],
    ['sets are equal in any order', '#a = :v', 'set', { SS: ['b', 'a'] }, true],
    ['a subset is not the set', '#a = :v', 'set', { SS: ['a'] }, false],
    ['numbers are compared by value', '#a = :v', 'n', { N: '10.00' }, true],
    ['size counts bytes', 'size(#a) = :v', 'text', { N: '2' }, true],
    ['an absent attribute is not smaller', '#a < :v', 'none', { N: '5' }, false],
    ['an absent attribute is unequal', '#a <> :v', 'none', { N: '5' }, true],
    ['IN looks by value', '#a IN (:v)', 'map', { M: { x: { N: '1' }, l: { L: [{ S: 'é' }, { BOOL: true }] } } }, true],
    ['contains looks into sets', 'contains(#a, :v)', 'set', { S: 'b' }, true],
    ['BETWEEN holds at its ends', '#a BETWEEN :v AND :v', 'n', { N: '10' }, true],
    ['NOT turns it around', 'NOT (#a = :v)', 'n', { N: '11' }, true],
  ])('%s', async (_name, ConditionExpression, attribute, value, holds) => {
    await bench.client.send(new PutItemCommand({ TableName: table, Item: stored as never }));
    const put = bench.client.send(new PutItemCommand({
      TableName: table, Item: stored as never, ConditionExpression, ExpressionAttributeNames: { '#a': attribute }, ExpressionAttributeValues: { ':v': value as never },
    }));
    await (holds ? expect(put).resolves.toBeDefined() : expect(put).rejects.toThrow('The conditional request failed'));
  });

  test.each([
    ['put', new PutItemCommand({ TableName: 'T', Item: { pk: { S: 'a' } }, ConditionExpression: 'attribute_not_exists(pk)' })],
    ['update', new UpdateItemCommand({ TableName: 'T', Key: { pk: { S: 'a' } }, UpdateExpression: 'REMOVE n', ConditionExpression: 'attribute_not_exists(pk)' })],
    ['delete', new DeleteItemCommand({ TableName: 'T', Key: { pk: { S: 'a' } }, ConditionExpression: 'attribute_not_exists(pk)' })],
  ])('a refused %s tells the item when asked for', async (_name, command) => {
    await bench.client.send(new PutItemCommand({ TableName: table, Item: { pk: { S: 'a' }, n: { N: '1' } } }));
    Object.assign(command.input, { TableName: table });
    await expect(bench.client.send(command as PutItemCommand)).rejects.toHaveProperty('Item', undefined);
    Object.assign(command.input, { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' });
    await expect(bench.client.send(command as PutItemCommand)).rejects.toMatchObject({ name: 'ConditionalCheckFailedException', Item: { pk: { S: 'a' }, n: { N: '1' } } });
  });
});

test('tables and items outlive the instance in a data directory, a line cut off by a crash included', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'tables-'));
  try {
    const first = await startServices({ dataDir });
    const made = await first.create('AWS::DynamoDB::GlobalTable', globalTable, 'Sessions');
    const gone = await first.create('AWS::DynamoDB::Table', { ...plainTable, TableName: 'gone' }, 'Gone');
    const client = new DynamoDBClient(settings(first.services));
    const TableName = made.ref;
    for (const sid of ['a', 'b', 'c']) await client.send(new PutItemCommand({ TableName, Item: { sid: { S: sid }, uid: { S: 'u' }, createdAt: { N: '1' } } }));
    await client.send(new DeleteItemCommand({ TableName, Key: { sid: { S: 'b' } } }));
    await client.send(new PutItemCommand({ TableName: gone.ref, Item: { pk: { S: 'a' } } }));
    await client.send(new DeleteTableCommand({ TableName: gone.ref }));
    client.destroy();
    await first.services.stop();
    appendFileSync(join(dataDir, 'dynamodb.jsonl'), '{"type":"put","key":"item-');

    const second = await startServices({ dataDir });
    expect((await second.create('AWS::DynamoDB::GlobalTable', globalTable, 'Sessions')).ref).toBe(TableName);
    const again = new DynamoDBClient(settings(second.services));
    expect((await again.send(new ListTablesCommand({}))).TableNames).toEqual([TableName]);
    const found = await again.send(new QueryCommand({ TableName, IndexName: 'user-index', KeyConditionExpression: 'uid = :u', ExpressionAttributeValues: { ':u': { S: 'u' } } }));
    expect(found.Items?.map((item) => item.sid?.S).sort()).toEqual(['a', 'c']);
    expect((await again.send(new DescribeTimeToLiveCommand({ TableName }))).TimeToLiveDescription?.TimeToLiveStatus).toBe('ENABLED');
    again.destroy();
    await second.services.stop();
  } finally {
    rmSync(dataDir, { recursive: true });
  }
});
