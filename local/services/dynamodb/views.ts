import dynaliteDb, { Store, SubStore } from 'dynalite/db';
import { AwsError } from '../errors';
import { Expression, matches } from './condition';
import { Change, Item, StoredOperation, TableDescription } from './model';

/** One write to an index, kept apart so that propagation can be held back. */
export interface IndexOperation extends StoredOperation {
  readonly table: string;
  readonly global: boolean;
}

/** Thrown back through dynalite's callbacks, which pass on whatever has a `statusCode`. */
interface Refusal {
  readonly statusCode: number;
  readonly failure: AwsError;
}

export const refusal = (failure: AwsError): Refusal => ({ statusCode: failure.status, failure });

/** The table, synchronously; the error is the one that AWS gives for reads and writes of a missing table. */
export function tableOf(store: Store, name: string): TableDescription {
  const table = store.db.getSync(`table~${name}`) as TableDescription | undefined;
  if (!table?.TableStatus || table.TableStatus === 'CREATING' || table.TableStatus === 'DELETING') {
    throw new AwsError('ResourceNotFoundException', 'Requested resource not found');
  }
  return table;
}

type Callback = (error: unknown, result?: unknown) => void;

/** What both views share: tables and items are read synchronously, so that one read or write of an item is one step. */
abstract class View {
  constructor(protected readonly store: Store) {}

  get options(): Record<string, unknown> {
    return this.store.options;
  }

  getTable(name: string, checkStatus: boolean | Callback, callback?: Callback): void {
    const done = typeof checkStatus === 'function' ? checkStatus : callback!;
    let table: TableDescription;
    try {
      table = tableOf(this.store, name);
    } catch (error) {
      done(refusal(error as AwsError));
      return;
    }
    done(null, table);
  }
}

/** A read of items that remembers their whole size, and of streams for Query and Scan. */
export class ReadView extends View {
  readonly items: { readonly table: string; readonly item: Item | undefined }[] = [];

  getItemDb(table: string): SubStore {
    const items = Object.create(this.store.getItemDb(table)) as SubStore;
    items.get = (key: string, done: Callback): void => {
      const item = this.store.db.getSync(`item-${table}~${key}`) as Item | undefined;
      this.items.push({ table, item });
      done(null, item);
    };
    return items;
  }

  getIndexDb(type: string, table: string, index: string): SubStore {
    return this.store.getIndexDb(type, table, index);
  }
}

/**
 * One write of one item: dynalite's own action runs against it and it keeps what would be stored instead of storing it. So the
 * outcome, the sizes and the index writes of each item are known before anything changes, and a transaction commits all at once.
 */
export class WriteView extends View {
  readonly operations: StoredOperation[] = [];
  readonly indexOperations: IndexOperation[] = [];
  /** The item before, known from the moment the condition is evaluated. */
  before: Item | undefined;
  after: Item | undefined;

  constructor(store: Store, private readonly table: TableDescription, private readonly condition?: Expression, private readonly returnOld = false) {
    super(store);
  }

  get change(): Change {
    return { table: this.table, before: this.before, after: this.after };
  }

  /** Forgets the write: what a condition check does with the delete it was checked as. */
  keepAsItWas(): void {
    this.operations.length = 0;
    this.indexOperations.length = 0;
    this.after = this.before;
  }

  getItemDb(table: string): unknown {
    const prefix = `item-${table}~`;
    return {
      lock: (_key: string, held: (release: (done: Callback) => Callback) => void) => held((done) => done),
      get: (key: string, done: Callback) => {
        this.before = this.store.db.getSync(prefix + key) as Item | undefined;
        this.after = this.before;
        const failed = this.condition && !matches(this.before ?? {}, this.condition);
        done(failed ? refusal(conditionalCheckFailed(this.returnOld ? this.before : undefined)) : null, this.before);
      },
      put: (key: string, value: Item, done: Callback) => {
        this.after = value;
        this.operations.push({ type: 'put', key: prefix + key, value });
        done(null);
      },
      del: (key: string, done: Callback) => {
        this.after = undefined;
        this.operations.push({ type: 'del', key: prefix + key });
        done(null);
      },
    };
  }

  getIndexDb(type: string, table: string, index: string): unknown {
    const prefix = `index-${type.toLowerCase()}~${table}~${index}~`;
    const add = (operation: StoredOperation, done: Callback): void => {
      this.indexOperations.push({ ...operation, table, global: type === 'Global' });
      done(null);
    };
    return {
      put: (key: string, value: Item, done: Callback) => add({ type: 'put', key: prefix + key, value }, done),
      del: (key: string, done: Callback) => add({ type: 'del', key: prefix + key }, done),
    };
  }
}

export function conditionalCheckFailed(item: Item | undefined): AwsError {
  return new AwsError('ConditionalCheckFailedException', 'The conditional request failed', 400, item ? { Item: item } : {});
}

/** The stored key of an item, without the table's prefix. */
export const keyOf = (table: TableDescription, item: Item): string => dynaliteDb.createKey(item, table);
