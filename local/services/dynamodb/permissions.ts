import { own } from '../operations';
import { Input, Permission } from '../service';
import { conditionKeys } from './condition-keys';
import { Item, KeySchemaElement } from './model';
import { nameOf } from './tables';

interface WriteRequest {
  readonly PutRequest?: { readonly Item: Item };
  readonly DeleteRequest?: { readonly Key: Item };
}

/** Of a table, or of one of its indexes. */
type SchemaOf = (table: string, index?: string) => readonly KeySchemaElement[] | undefined;

const partOperations: Readonly<Record<string, string>> = {
  Put: 'PutItem', Update: 'UpdateItem', Delete: 'DeleteItem', ConditionCheck: 'ConditionCheckItem', Get: 'GetItem',
};

/** What a call needs, with the condition keys of each permission. */
export class DynamoDbPermissions {
  constructor(private readonly arnOf: (table: string) => string, private readonly schemaOf: SchemaOf) {}

  of(operation: string, input: Input): Permission[] {
    switch (operation) {
      case 'ListTables':
        return [{ action: 'dynamodb:ListTables', resource: '*' }];
      case 'TransactWriteItems':
      case 'TransactGetItems':
        return this.ofTransaction(operation, input);
      case 'BatchGetItem':
      case 'BatchWriteItem':
        return this.ofBatch(operation, input);
      case 'TagResource':
      case 'UntagResource':
      case 'ListTagsOfResource':
        return [{ action: `dynamodb:${operation}`, resource: String(input.ResourceArn) }];
      default:
        return [this.ofOne(operation, input)];
    }
  }

  private ofOne(operation: string, input: Input, enclosing?: string): Permission {
    const table = tableName(input.TableName);
    const index = typeof input.IndexName === 'string' ? input.IndexName : undefined;
    return {
      action: `dynamodb:${operation}`,
      resource: this.arnOf(table) + (index === undefined ? '' : `/index/${index}`),
      context: conditionKeys(operation, input, this.schemaOf(table, index), enclosing === undefined ? {} : { enclosing }),
    };
  }

  /** Each part needs the permission of its own operation. */
  private ofTransaction(operation: string, input: Input): Permission[] {
    const entries = (Array.isArray(input.TransactItems) ? input.TransactItems : []) as Record<string, Input>[];
    return entries.flatMap((entry) => Object.entries(entry)
      .filter(([kind, request]) => own(partOperations, kind) && request)
      .map(([kind, request]) => this.ofOne(partOperations[kind]!, request, operation)));
  }

  /** One permission for each table, with the keys of all its items. */
  private ofBatch(operation: string, input: Input): Permission[] {
    return Object.entries((input.RequestItems ?? {}) as Record<string, unknown>).map(([nameOrArn, requests]) => {
      const table = tableName(nameOrArn);
      const items = Array.isArray(requests)
        ? (requests as WriteRequest[]).map((request) => request.PutRequest?.Item ?? request.DeleteRequest?.Key ?? {})
        : (requests as { Keys?: Item[] }).Keys ?? [];
      const own = Array.isArray(requests) ? {} : requests as Input;
      const whole = { ...own, ReturnConsumedCapacity: input.ReturnConsumedCapacity };
      return { action: `dynamodb:${operation}`, resource: this.arnOf(table), context: conditionKeys(operation, whole, this.schemaOf(table), { items }) };
    });
  }
}

const tableName = (nameOrArn: unknown): string => (typeof nameOrArn === 'string' ? nameOf(nameOrArn) : '*');
