import { AwsError } from '../errors';
import { operationOf } from '../operations';
import { AwsService, Input, Permission, ServiceAnswer } from '../service';
import { ProvisionedResource, ResolvedResource } from '../types';
import { TransactionLocks } from './locks';
import { TableDescription } from './model';
import { DynamoDbPermissions } from './permissions';
import { tableRequest } from './provision';
import { batchGetItem, getItem, readMany } from './reads';
import { TableStore } from './store';
import { nameOf, Tables } from './tables';
import { conflictOf, Transactions } from './transactions';
import { TtlSweeper } from './ttl';
import { batchWriteItem, writeItem } from './writes';

export interface DynamoDbOptions {
  readonly region: string;
  readonly accountId: string;
  readonly partition: string;
  /** Virtual epoch milliseconds. */
  readonly now: () => number;
}

type Operation = (input: Input) => Promise<ServiceAnswer> | ServiceAnswer;

/** DynamoDB: dynalite's expressions and item rules, with transactions, capacity, TTL and table settings of its own. */
export class DynamoDb implements AwsService {
  readonly name = 'dynamodb';
  readonly endpointName = 'DYNAMODB';
  readonly store: TableStore;
  readonly tables: Tables;
  readonly ttl: TtlSweeper;
  private readonly locks = new TransactionLocks();
  private readonly transactions: Transactions;
  private readonly permissions: DynamoDbPermissions;
  private readonly operations: Readonly<Record<string, Operation>>;
  private tablesChanged: () => void = () => undefined;

  constructor(private readonly options: DynamoDbOptions) {
    this.store = new TableStore(options);
    this.tables = new Tables(this.store, () => this.tablesChanged());
    this.ttl = new TtlSweeper(this.store, this.locks, this.tables, options.now);
    this.transactions = new Transactions(this.store, this.locks, options.now);
    this.permissions = new DynamoDbPermissions((table) => this.arnOf(table), (table, index) => this.schemaOf(table, index));
    this.operations = this.operationTable();
  }

  async call(operation: string, input: Input): Promise<ServiceAnswer> {
    const known = operationOf('DynamoDB', this.operations, operation);
    return known(byName(input));
  }

  resourceOf(_operation: string, input: Input): string | undefined {
    if (typeof input.TableName === 'string') return nameOf(input.TableName);
    if (Array.isArray(input.TransactItems)) {
      const requests = (input.TransactItems as Record<string, { TableName?: string }>[]).flatMap((entry) => Object.values(entry));
      const names = requests.map((request) => nameOf(request?.TableName ?? ''));
      return [...new Set(names)].join(',');
    }
    if (input.RequestItems && typeof input.RequestItems === 'object') return Object.keys(input.RequestItems).map(nameOf).join(',');
    return typeof input.ResourceArn === 'string' ? nameOf(input.ResourceArn) : undefined;
  }

  permissionsOf(operation: string, input: Input): Permission[] {
    return this.permissions.of(operation, input);
  }

  throttled(): AwsError {
    const message = 'The level of configured provisioned throughput for the table was exceeded. '
      + 'Consider increasing your provisioning level with the UpdateTable API.';
    return new AwsError('ProvisionedThroughputExceededException', message);
  }

  conflict(_operation: string, input: Input): AwsError {
    if (Array.isArray(input.TransactItems)) return conflictOf(input.TransactItems.length);
    return new AwsError('TransactionConflictException', 'Transaction is ongoing for the item');
  }

  /** A table of a template. With kept data, a table that exists stays as it is. */
  async provision(resource: ResolvedResource): Promise<ProvisionedResource> {
    const request = tableRequest(resource.type, resource.properties, resource.generatedName, this.options.region);
    const name = request.create.TableName as string;
    if (!this.tables.exists(name)) {
      await this.tables.create(request.create);
      if (request.ttlAttribute) {
        this.tables.updateTimeToLive({ TableName: name, TimeToLiveSpecification: { Enabled: true, AttributeName: request.ttlAttribute } });
      }
      if (request.pointInTimeRecovery) {
        this.tables.updateContinuousBackups({ TableName: name, PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } });
      }
    }
    const { TableArn: arn, TableId: id } = this.tables.describe(name);
    return { ref: name, attributes: { Arn: arn, TableId: id, StreamArn: `${arn}/stream/local` }, notEvaluated: request.notEvaluated };
  }

  /** Called after anything but items changed. */
  onTablesChanged(listener: () => void): void {
    this.tablesChanged = listener;
  }

  /** To be awaited before any call. */
  start(): Promise<void> {
    return this.store.open();
  }

  async stop(): Promise<void> {
    this.ttl.stop();
    await this.store.close();
  }

  private arnOf(table: string): string {
    return `arn:${this.options.partition}:dynamodb:${this.options.region}:${this.options.accountId}:table/${table}`;
  }

  private schemaOf(table: string, index?: string): TableDescription['KeySchema'] | undefined {
    const description = this.store.dynalite.db.getSync(`table~${table}`) as TableDescription | undefined;
    if (index === undefined) return description?.KeySchema;
    const { GlobalSecondaryIndexes: global = [], LocalSecondaryIndexes: local = [] } = description ?? {};
    return [...global, ...local].find(({ IndexName }) => IndexName === index)?.KeySchema;
  }

  private operationTable(): Record<string, Operation> {
    const { store, locks, tables, transactions } = this;
    const plain = (work: (input: Input) => unknown): Operation => async (input) => ({ output: await work(input) });
    return {
      GetItem: (input) => getItem(store, input),
      BatchGetItem: (input) => batchGetItem(store, input),
      Query: (input) => readMany(store, 'Query', input),
      Scan: (input) => readMany(store, 'Scan', input),
      PutItem: (input) => writeItem(store, locks, 'PutItem', input),
      UpdateItem: (input) => writeItem(store, locks, 'UpdateItem', input),
      DeleteItem: (input) => writeItem(store, locks, 'DeleteItem', input),
      BatchWriteItem: (input) => batchWriteItem(store, locks, input),
      TransactWriteItems: (input) => transactions.write(input),
      TransactGetItems: (input) => transactions.read(input),
      CreateTable: plain((input) => tables.create(input)),
      DeleteTable: plain((input) => tables.delete(input)),
      UpdateTable: plain((input) => tables.update(input)),
      DescribeTable: plain((input) => ({ Table: tables.describe(input.TableName) })),
      ListTables: plain((input) => tables.list(input)),
      TagResource: plain((input) => tables.tag('TagResource', input)),
      UntagResource: plain((input) => tables.tag('UntagResource', input)),
      ListTagsOfResource: plain((input) => tables.tag('ListTagsOfResource', input)),
      DescribeTimeToLive: plain((input) => tables.describeTimeToLive(input)),
      UpdateTimeToLive: plain((input) => tables.updateTimeToLive(input)),
      DescribeContinuousBackups: plain((input) => tables.describeContinuousBackups(input)),
      UpdateContinuousBackups: plain((input) => tables.updateContinuousBackups(input)),
      DescribeLimits: plain(() => ({
        AccountMaxReadCapacityUnits: 80000,
        AccountMaxWriteCapacityUnits: 80000,
        TableMaxReadCapacityUnits: 40000,
        TableMaxWriteCapacityUnits: 40000,
      })),
      DescribeEndpoints: plain(() => ({ Endpoints: [] })),
    };
  }
}

/** A table's ARN stands wherever its name may stand; dynalite knows names only. */
function byName(input: Input): Input {
  if (typeof input.TableName === 'string' && input.TableName.startsWith('arn:')) return { ...input, TableName: nameOf(input.TableName) };
  return input;
}
