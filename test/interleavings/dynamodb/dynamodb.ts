import { ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { Condition, Item } from './conditions';
import { holds, nameOf, order, parseCondition } from './conditions';
import type { ItemRequest, QueryRequest, TransactionRequest, Write } from './requests';
import { keyOf, readsOf, writesOf } from './requests';
import { definitionOf, TABLES } from './tables';
import { updated } from './updates';

/** Puts another condition in the place of a write's own: what a mutant does. `undefined`: always holds. */
export type Alteration = (write: Write, condition: Condition) => Condition | undefined;

const WITHOUT_UNDEFINED = { removeUndefinedValues: true };
/** Items never change, they are replaced: their text is made once. */
const texts = new WeakMap<Item, string>();

/**
 * The tables of one service in memory. It evaluates the expressions that the stores send; each call is one atomic step, as it is for
 * whoever looks at DynamoDB from outside. Reads are strong: that an index lags, its readers are tested for elsewhere.
 */
export class DynamoDb {
  private readonly tables = new Map<string, Map<string, Item>>(Object.keys(TABLES).map((name) => [name, new Map()]));
  /** Of transactions that were done: the same token does nothing twice. */
  private readonly tokens = new Set<string>();
  /** Texts of tables that were not written since. */
  private readonly unchanged = new Map<string, string>();
  /** Told of every item that a call looks at; a query looks at the whole table. */
  touched: ((table: string, key: string | undefined) => void) | undefined;

  constructor(private readonly alter?: Alteration) {}

  copy(alter = this.alter): DynamoDb {
    const copy = new DynamoDb(alter);
    for (const [name, items] of this.tables) copy.tables.set(name, new Map(items));
    for (const token of this.tokens) copy.tokens.add(token);
    for (const [name, text] of this.unchanged) copy.unchanged.set(name, text);
    return copy;
  }

  /** Everything that a later call could tell apart, as text. */
  state(): string {
    const parts: string[] = [];
    for (const name of this.tables.keys()) parts.push(name, this.tableState(name));
    return parts.join('\n') + [...this.tokens].sort().join();
  }

  tableState(table: string): string {
    let text = this.unchanged.get(table);
    if (text === undefined) {
      text = [...this.items(table)].map(([key, item]) => key + textOf(item)).sort().join('\n');
      this.unchanged.set(table, text);
    }
    return text;
  }

  itemState(table: string, key: string): string {
    const item = this.items(table).get(key);
    return item === undefined ? '' : textOf(item);
  }

  item(table: keyof typeof TABLES, ...key: readonly string[]): Item | undefined {
    return this.items(table).get(key.join('|'));
  }

  all(table: keyof typeof TABLES): readonly Item[] {
    return [...this.items(table).values()];
  }

  /** For a situation that takes long to come about. */
  store(table: keyof typeof TABLES, item: Item): void {
    this.written(table).set(keyOf(table, item), frozen(item));
  }

  clear(table: keyof typeof TABLES): void {
    this.written(table).clear();
  }

  /** What TTL deletes, days late at the latest; here at once. */
  sweep(now: number): readonly string[] {
    const gone: string[] = [];
    for (const [name, items] of this.tables) {
      const { ttl } = definitionOf(name);
      for (const [key, item] of items) {
        if (ttl === undefined || !(Number(item[ttl]) < now / 1000)) continue;
        this.written(name).delete(key);
        gone.push(`${name}:${key}`);
      }
    }
    return gone;
  }

  /** Runs a command of the document client by the name of its class. Throws what the SDK throws. */
  execute(command: string, input: unknown): Readonly<Record<string, unknown>> {
    switch (command) {
      case 'GetCommand':
        return this.get(input as ItemRequest);
      case 'BatchGetCommand':
        return this.getMany(readsOf(command, input));
      case 'QueryCommand':
        return this.query(input as QueryRequest);
      case 'PutCommand':
      case 'UpdateCommand':
      case 'DeleteCommand':
        return this.write(writesOf(command, input)[0]!);
      case 'TransactWriteCommand':
        return this.transact(input as TransactionRequest);
      default:
        throw new Error(`got ${command}, which this DynamoDB does not know: add it to ${__filename}`);
    }
  }

  private get(request: ItemRequest): { readonly Item?: Item } {
    const item = this.found(request);
    if (item === undefined) return {};
    return { Item: request.ProjectionExpression === undefined ? item : projected(item, request) };
  }

  private getMany(requests: readonly ItemRequest[]): { readonly Responses: Readonly<Record<string, readonly Item[]>> } {
    if (requests.length > 100 || new Set(requests.map((request) => keyOf(request.TableName, request.Key!))).size < requests.length) {
      throw new Error('ValidationException: a batch has at most 100 keys, each once');
    }
    const responses: Record<string, Item[]> = {};
    for (const request of requests) {
      const item = this.found(request);
      if (item !== undefined) (responses[request.TableName] ??= []).push(item);
    }
    return { Responses: responses };
  }

  private query(request: QueryRequest): { readonly Items: readonly Item[]; readonly LastEvaluatedKey?: Item } {
    const { key, indexes = {} } = definitionOf(request.TableName);
    const index = request.IndexName === undefined ? { partitionKey: key[0]!, sortKey: key[1] } : indexes[request.IndexName];
    if (!index) throw new Error(`ValidationException: the table does not have the index ${request.IndexName}`);
    this.touched?.(request.TableName, undefined);
    const keys = [...new Set([...key, index.partitionKey, ...(index.sortKey === undefined ? [] : [index.sortKey])])];
    const condition = parseCondition(request.KeyConditionExpression);
    const entries = [...this.items(request.TableName).values()]
      .filter((item) => [index.partitionKey, index.sortKey].every((name) => name === undefined || item[name] !== undefined) && holds(condition, item, request))
      .sort((a, b) => order(a[index.sortKey ?? key[0]!], b[index.sortKey ?? key[0]!]) || order(keyOf(request.TableName, a), keyOf(request.TableName, b)));
    if (request.ScanIndexForward === false) entries.reverse();
    const start = request.ExclusiveStartKey;
    const from = start === undefined ? 0 : entries.findIndex((item) => keyOf(request.TableName, item) === keyOf(request.TableName, start)) + 1;
    const page = entries.slice(from, from + (request.Limit ?? entries.length));
    const last = from + page.length < entries.length ? page.at(-1) : undefined;
    const filter = request.FilterExpression === undefined ? undefined : parseCondition(request.FilterExpression);
    const shown = page.filter((item) => filter === undefined || holds(filter, item, request));
    return {
      Items: request.IndexName === undefined ? shown : shown.map((item) => only(keys, item)),
      ...(last === undefined ? {} : { LastEvaluatedKey: only(keys, last) }),
    };
  }

  private write(write: Write): { readonly Attributes?: Item } {
    const { request } = write;
    const before = this.found(request);
    if (!this.allowed(write, before)) {
      const item = request.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' && before ? { Item: marshall(before, WITHOUT_UNDEFINED) } : {};
      throw new ConditionalCheckFailedException({ message: 'The conditional request failed', $metadata: {}, ...item });
    }
    const after = this.apply(write, before);
    if (request.ReturnValues === 'ALL_NEW' && after) return { Attributes: after };
    return request.ReturnValues === 'ALL_OLD' && before ? { Attributes: before } : {};
  }

  private transact(request: TransactionRequest): Readonly<Record<string, never>> {
    const { ClientRequestToken: token } = request;
    if (token !== undefined && this.tokens.has(token)) return {};
    const writes = writesOf('TransactWriteCommand', request);
    const before = writes.map((write) => this.found(write.request));
    const allowed = writes.map((write, index) => this.allowed(write, before[index]));
    if (allowed.includes(false)) {
      const CancellationReasons = allowed.map((fine, index) => (fine
        ? { Code: 'None' }
        : { Code: 'ConditionalCheckFailed', ...(before[index] ? { Item: marshall(before[index], WITHOUT_UNDEFINED) } : {}) }));
      throw new TransactionCanceledException({ message: 'Transaction cancelled', $metadata: {}, CancellationReasons });
    }
    writes.forEach((write, index) => this.apply(write, before[index]));
    if (token !== undefined) this.tokens.add(token);
    return {};
  }

  private allowed(write: Write, before: Item | undefined): boolean {
    const { ConditionExpression: text } = write.request;
    if (text === undefined) return true;
    const own = parseCondition(text);
    const condition = this.alter ? this.alter(write, own) : own;
    return condition === undefined || holds(condition, before, write.request);
  }

  private apply({ kind, request }: Write, before: Item | undefined): Item | undefined {
    if (kind === 'ConditionCheck') return before;
    const items = this.written(request.TableName);
    const key = keyOf(request.TableName, request.Key ?? request.Item!);
    if (kind === 'Delete') {
      items.delete(key);
      return undefined;
    }
    const after = frozen(kind === 'Put' ? request.Item! : updated(request.UpdateExpression!, before ?? request.Key!, request));
    items.set(key, after);
    return after;
  }

  private found(request: ItemRequest): Item | undefined {
    const key = keyOf(request.TableName, request.Key ?? request.Item!);
    this.touched?.(request.TableName, key);
    return this.items(request.TableName).get(key);
  }

  private written(table: string): Map<string, Item> {
    this.unchanged.delete(table);
    return this.items(table);
  }

  private items(table: string): Map<string, Item> {
    definitionOf(table);
    return this.tables.get(table)!;
  }
}

function only(names: readonly string[], item: Item): Item {
  return Object.fromEntries(names.filter((name) => item[name] !== undefined).map((name) => [name, item[name]]));
}

function projected(item: Item, request: ItemRequest): Item {
  return only(request.ProjectionExpression!.split(',').map((path) => nameOf(path.trim(), request)), item);
}

function frozen(item: Item): Item {
  return Object.freeze(Object.fromEntries(Object.entries(item).filter(([, value]) => value !== undefined)));
}

function textOf(item: Item): string {
  let text = texts.get(item);
  if (text === undefined) {
    text = JSON.stringify(Object.keys(item).sort().map((name) => [name, item[name]]));
    texts.set(item, text);
  }
  return text;
}
