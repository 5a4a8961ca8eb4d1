import { Input, Permission } from '../service';
import { Item, KeySchemaElement } from './model';
import { nameOf } from './tables';

interface WriteRequest {
  readonly PutRequest?: { readonly Item: Item };
  readonly DeleteRequest?: { readonly Key: Item };
}

type SchemaOf = (table: string) => readonly KeySchemaElement[] | undefined;

const transactionActions: Readonly<Record<string, string>> = {
  Put: 'dynamodb:PutItem',
  Update: 'dynamodb:UpdateItem',
  Delete: 'dynamodb:DeleteItem',
  ConditionCheck: 'dynamodb:ConditionCheckItem',
  Get: 'dynamodb:GetItem',
};

/** What a call needs, with `dynamodb:LeadingKeys`: the partition keys it names. */
export class DynamoDbPermissions {
  constructor(private readonly arnOf: (table: string) => string, private readonly schemaOf: SchemaOf) {}

  of(operation: string, input: Input): Permission[] {
    switch (operation) {
      case 'ListTables':
        return [{ action: 'dynamodb:ListTables', resource: '*' }];
      case 'TransactWriteItems':
      case 'TransactGetItems':
        return this.ofTransaction(input);
      case 'BatchGetItem':
      case 'BatchWriteItem':
        return this.ofBatch(`dynamodb:${operation}`, input);
      case 'TagResource':
      case 'UntagResource':
      case 'ListTagsOfResource':
        return [{ action: `dynamodb:${operation}`, resource: String(input.ResourceArn) }];
      default:
        return [this.ofOne(`dynamodb:${operation}`, input)];
    }
  }

  private ofOne(action: string, input: Input): Permission {
    const table = tableName(input.TableName);
    const resource = this.arnOf(table) + (typeof input.IndexName === 'string' ? `/index/${input.IndexName}` : '');
    const keys = this.leadingKeys(table, input);
    return { action, resource, context: keys.length > 0 ? { 'dynamodb:LeadingKeys': keys } : {} };
  }

  private ofTransaction(input: Input): Permission[] {
    const entries = (Array.isArray(input.TransactItems) ? input.TransactItems : []) as Record<string, Input>[];
    return entries.flatMap((entry) => Object.entries(entry)
      .filter(([kind, request]) => transactionActions[kind] && request)
      .map(([kind, request]) => this.ofOne(transactionActions[kind]!, request)));
  }

  private ofBatch(action: string, input: Input): Permission[] {
    return Object.entries((input.RequestItems ?? {}) as Record<string, unknown>).map(([nameOrArn, requests]) => {
      const table = tableName(nameOrArn);
      const items = Array.isArray(requests)
        ? (requests as WriteRequest[]).map((request) => request.PutRequest?.Item ?? request.DeleteRequest?.Key)
        : (requests as { Keys?: Item[] }).Keys ?? [];
      const keys = items.flatMap((item) => (item ? this.leadingKeys(table, { Key: item }) : []));
      return { action, resource: this.arnOf(table), context: { 'dynamodb:LeadingKeys': [...new Set(keys)] } };
    });
  }

  private leadingKeys(table: string, input: Input): string[] {
    const schema = this.schemaOf(table);
    const attribute = schema?.find((key) => key.KeyType === 'HASH')?.AttributeName;
    if (!attribute) return [];
    const item = (input.Key ?? input.Item) as Item | undefined;
    if (item) return item[attribute] ? [textOf(item[attribute])] : [];
    return input.IndexName === undefined ? keysOfQuery(attribute, input) : [];
  }
}

/** The partition key value of a Query's key condition. */
function keysOfQuery(attribute: string, input: Input): string[] {
  const names = (input.ExpressionAttributeNames ?? {}) as Record<string, string>;
  const values = (input.ExpressionAttributeValues ?? {}) as Item;
  const expression = typeof input.KeyConditionExpression === 'string' ? input.KeyConditionExpression : '';
  for (const [, name, value] of expression.matchAll(/([#\w]+)\s*=\s*(:\w+)/g)) {
    if ((names[name!] ?? name) === attribute && values[value!]) return [textOf(values[value!]!)];
  }
  return [];
}

const textOf = (value: Readonly<Record<string, unknown>>): string => String(Object.values(value)[0]);

const tableName = (nameOrArn: unknown): string => (typeof nameOrArn === 'string' ? nameOf(nameOrArn) : '*');
