import type { Item, Placeholders } from './conditions';
import { definitionOf } from './tables';

/** What the stores send to read or write one item; of a transaction, one of its parts. */
export interface ItemRequest extends Placeholders {
  readonly TableName: string;
  readonly Key?: Item;
  readonly Item?: Item;
  readonly ConditionExpression?: string;
  readonly UpdateExpression?: string;
  readonly ProjectionExpression?: string;
  readonly ReturnValues?: string;
  readonly ReturnValuesOnConditionCheckFailure?: string;
}

export interface QueryRequest extends Placeholders {
  readonly TableName: string;
  readonly IndexName?: string;
  readonly KeyConditionExpression: string;
  readonly FilterExpression?: string;
  readonly ScanIndexForward?: boolean;
  readonly Limit?: number;
  readonly ExclusiveStartKey?: Item;
}

export interface BatchRequest {
  readonly RequestItems: Readonly<Record<string, { readonly Keys: readonly Item[] }>>;
}

export interface TransactionRequest {
  readonly TransactItems: readonly Readonly<Record<string, ItemRequest>>[];
  readonly ClientRequestToken?: string;
}

export type WriteKind = 'Put' | 'Update' | 'Delete' | 'ConditionCheck';

export interface Write {
  readonly kind: WriteKind;
  readonly request: ItemRequest;
}

const SINGLE_WRITES: Readonly<Record<string, WriteKind>> = { PutCommand: 'Put', UpdateCommand: 'Update', DeleteCommand: 'Delete' };

/** The writes of a command by the name of its class; of a read none. */
export function writesOf(command: string, input: unknown): readonly Write[] {
  const kind = SINGLE_WRITES[command];
  if (kind) return [{ kind, request: input as ItemRequest }];
  if (command !== 'TransactWriteCommand') return [];
  return (input as TransactionRequest).TransactItems.map((item) => {
    const [part, request] = Object.entries(item)[0]!;
    return { kind: part as WriteKind, request };
  });
}

/** What a command reads by key. */
export function readsOf(command: string, input: unknown): readonly ItemRequest[] {
  if (command === 'GetCommand') return [input as ItemRequest];
  if (command !== 'BatchGetCommand') return [];
  return Object.entries((input as BatchRequest).RequestItems).flatMap(([TableName, { Keys }]) => Keys.map((Key) => ({ TableName, Key })));
}

/** What a write is, whatever the values: the same text for every use of one place in the sources. */
export function shapeOf({ kind, request: { TableName, UpdateExpression, ConditionExpression } }: Write): string {
  return [kind, TableName, UpdateExpression, ...(ConditionExpression === undefined ? [] : ['if', ConditionExpression])].filter((part) => part !== undefined).join(' ');
}

/** The items that a command touches, as `table key`; of a query the whole table. */
export function itemsOf(command: string, input: unknown): readonly string[] {
  if (command === 'QueryCommand') return [(input as QueryRequest).TableName];
  const requests = [...readsOf(command, input), ...writesOf(command, input).map(({ request }) => request)];
  return requests.map(({ TableName, Key, Item }) => `${TableName} ${keyOf(TableName, (Key ?? Item)!)}`);
}

/** The key of an item as one text. */
export function keyOf(table: string, item: Item): string {
  return definitionOf(table).key.map((name) => {
    if (typeof item[name] !== 'string' || item[name] === '') throw new Error(`ValidationException: ${table} got a key whose ${name} is ${String(item[name])}`);
    return item[name];
  }).join('|');
}

/** For a trace: `update Sessions:XyZ`. */
export function labelOf(command: string, input: unknown): string {
  const writes = writesOf(command, input);
  const name = ({ TableName, Key, Item }: ItemRequest): string => `${TableName}:${Object.values(Key ?? Item ?? {}).map(String)[0]?.slice(0, 18) ?? ''}`;
  const [first, ...more] = readsOf(command, input);
  if (first && more.length > 0) return `get ${name(first)} and ${more.length} more`;
  if (writes.length === 0) return `${command.replace('Command', '').toLowerCase()} ${name(first ?? input as ItemRequest)}`;
  const parts = writes.map(({ kind, request }) => `${kind.toLowerCase()} ${name(request)}`);
  return parts.length === 1 ? parts[0]! : `transaction(${parts.join(', ')})`;
}
