import dynaliteDb, { Store } from 'dynalite/db';
import { StoredOperation } from './model';
import { IndexOperation, WriteView } from './views';

export interface StoreOptions {
  readonly region: string;
  readonly accountId: string;
}

/** Told of every committed write, in order: what persistence records. */
export type CommitListener = (operations: readonly StoredOperation[]) => void;

/**
 * dynalite's memory store with one way in. `commit` takes effect within one turn of the event loop, so that a reader sees a
 * transaction whole or not at all. Propagation to global indexes can be held back, to show what a stale index does.
 */
export class TableStore {
  readonly dynalite: Store;
  private readonly frozen = new Set<string>();
  private allFrozen = false;
  private closed = false;
  private held: IndexOperation[] = [];
  private listener: CommitListener = () => undefined;

  constructor(options: StoreOptions) {
    this.dynalite = dynaliteDb.create({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
    this.dynalite.tableDb.awsRegion = options.region;
    this.dynalite.tableDb.awsAccountId = options.accountId;
  }

  /** The memory store opens by itself, but a turn later: to be awaited before anything else. */
  open(): Promise<void> {
    return this.dynalite.db.open();
  }

  onCommit(listener: CommitListener): void {
    this.listener = listener;
  }

  commit(views: readonly WriteView[]): void {
    const now: StoredOperation[] = views.flatMap((view) => view.operations);
    for (const operation of views.flatMap((view) => view.indexOperations)) {
      if (operation.global && this.isFrozen(operation.table)) this.held.push(operation);
      else now.push(operation);
    }
    this.write(now);
  }

  /** Holds back writes to global indexes, of one table or all. */
  freezeIndexes(table?: string): void {
    if (table === undefined) this.allFrozen = true;
    else this.frozen.add(table);
  }

  /** Lets everything held back propagate, in order. */
  releaseIndexes(): void {
    this.allFrozen = false;
    this.frozen.clear();
    const operations = this.held;
    this.held = [];
    this.write(operations);
  }

  /** Puts recorded operations back, at start. */
  restore(operations: readonly StoredOperation[]): void {
    this.apply(operations);
  }

  /** Every stored pair, index entries included. */
  async dump(): Promise<StoredOperation[]> {
    const operations: StoredOperation[] = [];
    for await (const [key, value] of this.dynalite.db.iterator()) operations.push({ type: 'put', key, value });
    return operations;
  }

  async close(): Promise<void> {
    this.releaseIndexes();
    this.closed = true;
    await this.dynalite.db.close();
  }

  private isFrozen(table: string): boolean {
    return this.allFrozen || this.frozen.has(table);
  }

  private write(operations: readonly StoredOperation[]): void {
    if (operations.length === 0) return;
    this.apply(operations);
    this.listener(operations);
  }

  /** The memory store has applied a batch when the call returns; its promise has nothing left to wait for. */
  private apply(operations: readonly StoredOperation[]): void {
    if (operations.length === 0) return;
    this.dynalite.db.batch(operations).catch((error: unknown) => {
      // A write that a stop overtook reaches nobody; any other failure is a defect and must not pass in silence.
      if (!this.closed) throw error;
    });
  }
}
