import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { DynamoDBClient, ListTablesCommand, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import type { Service } from './service';

export type TableName = 'Users' | 'Sessions' | 'Revocations' | 'Attempts' | 'Tickets';
export type Item = Record<string, AttributeValue>;

/** The tables of a running service, seen as an operator with a client of his own sees them. */
export class Tables {
  private readonly client: DynamoDBClient;
  private names: readonly string[] | undefined;

  constructor(service: Service) {
    const credentials = { accessKeyId: 'operator', secretAccessKey: 'operator' };
    this.client = new DynamoDBClient({ endpoint: service.instance.servicesUrl, region: service.instance.region, credentials });
  }

  /** Items in the form of the wire, with their types. */
  async items(table: TableName): Promise<Item[]> {
    const items: Item[] = [];
    let start: Item | undefined;
    do {
      const page = await this.client.send(new ScanCommand({ TableName: await this.nameOf(table), ConsistentRead: true, ExclusiveStartKey: start }));
      items.push(...page.Items ?? []);
      start = page.LastEvaluatedKey;
    } while (start);
    return items;
  }

   
  async rows(table: TableName): Promise<Record<string, any>[]> {
    return (await this.items(table)).map((item) => plainMap(item));
  }

  async put(table: TableName, item: Item): Promise<void> {
    await this.client.send(new PutItemCommand({ TableName: await this.nameOf(table), Item: item }));
  }

  private async nameOf(table: TableName): Promise<string> {
    this.names ??= (await this.client.send(new ListTablesCommand({}))).TableNames ?? [];
    const found = this.names.filter((name) => name.includes(table));
    if (found.length !== 1) throw new Error(`${found.length} tables are called ${table}: ${this.names.join(', ')}`);
    return found[0]!;
  }
}

function plainMap(item: Item): Record<string, unknown> {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, plain(value)]));
}

/** The kinds of value that the service stores. */
function plain(value: AttributeValue): unknown {
  if (value.N !== undefined) return Number(value.N);
  if (value.M !== undefined) return plainMap(value.M);
  if (value.L !== undefined) return value.L.map(plain);
  return value.S ?? value.BOOL ?? null;
}

export const TABLES: readonly TableName[] = ['Users', 'Sessions', 'Revocations', 'Attempts', 'Tickets'];
