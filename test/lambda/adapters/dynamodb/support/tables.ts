import { DynamoDBClient, DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { DynamoDb, dynamoDbOver } from '../../../../../lambda/adapters/dynamodb';
import { Crypto } from '../../../../../lambda/ports/crypto';
import { startDynamoDb, StartedDynamoDb } from '../../../../../local/services/dynamodb/start';
import { AttemptsTable, RevocationsTable, SessionsTable, TicketsTable, UsersTable } from '../../../../../src/contract/tables';

export interface TableNames {
  readonly users: string;
  readonly sessions: string;
  readonly revocations: string;
  readonly attempts: string;
  readonly tickets: string;
}

export interface StartedTables extends Pick<StartedDynamoDb, 'endpoint' | 'faults' | 'calls'> {
  readonly names: TableNames;
  /** A client whose pauses take no time. */
  connect(ids: Pick<Crypto, 'randomUuid'>, config?: DynamoDBClientConfig): DynamoDb;
  stop(): Promise<void>;
}

/** The five tables, with the keys and indexes of the contract, in a local DynamoDB. */
export async function startTables(options: { readonly clock?: { now(): number } } = {}): Promise<StartedTables> {
  const local = await startDynamoDb(options);
  const clients: DynamoDBClient[] = [];
  const create = (name: string, properties: Record<string, unknown>): Promise<string> => local.createTable({ TableName: name, BillingMode: 'PAY_PER_REQUEST', ...properties });
  const names: TableNames = {
    users: await create('users', {
      ...keys({ [UsersTable.PARTITION_KEY]: 'S', [UsersTable.SORT_KEY]: 'S' }, { [UsersTable.EMAIL_INDEX_KEY]: 'S' }),
      GlobalSecondaryIndexes: [index(UsersTable.EMAIL_INDEX, [UsersTable.EMAIL_INDEX_KEY])],
    }),
    sessions: await create('sessions', {
      ...keys({ [SessionsTable.PARTITION_KEY]: 'S' }, { [SessionsTable.USER_INDEX_PARTITION_KEY]: 'S', [SessionsTable.USER_INDEX_SORT_KEY]: 'N' }),
      GlobalSecondaryIndexes: [index(SessionsTable.USER_INDEX, [SessionsTable.USER_INDEX_PARTITION_KEY, SessionsTable.USER_INDEX_SORT_KEY])],
      ...ttl(SessionsTable.TTL),
    }),
    revocations: await create('revocations', { ...keys({ [RevocationsTable.PARTITION_KEY]: 'S' }), ...ttl(RevocationsTable.TTL) }),
    attempts: await create('attempts', { ...keys({ [AttemptsTable.PARTITION_KEY]: 'S' }), ...ttl(AttemptsTable.TTL) }),
    tickets: await create('tickets', { ...keys({ [TicketsTable.PARTITION_KEY]: 'S' }), ...ttl(TicketsTable.TTL) }),
  };
  return {
    endpoint: local.endpoint,
    faults: local.faults,
    calls: local.calls,
    names,
    connect: (ids, config = {}) => {
      const client = new DynamoDBClient({
        endpoint: local.endpoint,
        region: 'us-east-1',
        credentials: { accessKeyId: 'TEST', secretAccessKey: 'test' },
        requestHandler: { requestTimeout: 5000, throwOnRequestTimeout: true },
        ...config,
      });
      clients.push(client);
      return dynamoDbOver(client, ids, () => new Promise((resolve) => setImmediate(resolve)));
    },
    stop: async () => {
      for (const client of clients) client.destroy();
      await local.stop();
    },
  };
}

function keys(schema: Record<string, string>, others: Record<string, string> = {}): Record<string, unknown> {
  return {
    KeySchema: Object.keys(schema).map((name, position) => ({ AttributeName: name, KeyType: position === 0 ? 'HASH' : 'RANGE' })),
    AttributeDefinitions: Object.entries({ ...schema, ...others }).map(([name, type]) => ({ AttributeName: name, AttributeType: type })),
  };
}

function index(name: string, attributes: readonly string[]): Record<string, unknown> {
  return {
    IndexName: name,
    KeySchema: attributes.map((attribute, position) => ({ AttributeName: attribute, KeyType: position === 0 ? 'HASH' : 'RANGE' })),
    Projection: { ProjectionType: 'KEYS_ONLY' },
  };
}

function ttl(attribute: string): Record<string, unknown> {
  return { TimeToLiveSpecification: { Enabled: true, AttributeName: attribute } };
}
