// dynalite ships no types. These are the parts the store stands on; its version is exact.

type DynaliteCallback<T = unknown> = (error: unknown, result?: T) => void;

declare module 'dynalite/db' {
  import type { AttributeValue, Item, StoredOperation, TableDescription } from './model';

  interface SubStore {
    lock: unknown;
    get: unknown;
  }

  interface Store {
    readonly options: Record<string, unknown>;
    readonly db: {
      getSync(key: string): unknown;
      batch(operations: readonly StoredOperation[]): Promise<void>;
      iterator(options?: { gte?: string; lt?: string }): AsyncIterable<[string, unknown]>;
      open(): Promise<void>;
      close(): Promise<void>;
    };
    readonly tableDb: Record<string, unknown>;
    getItemDb(table: string): SubStore;
    getIndexDb(type: string, table: string, index: string): SubStore;
  }

  const db: {
    create(options: Record<string, unknown>): Store;
    createKey(item: Item, table: TableDescription): string;
    validateKey(key: Item, table: TableDescription): unknown;
    validateItem(item: Item, table: TableDescription): unknown;
    compare(comparator: string, value: AttributeValue | undefined, others: readonly unknown[]): boolean;
    mapPath(path: readonly (string | number)[], item: Item): AttributeValue | undefined;
    updateIndexes(store: unknown, table: TableDescription, before: Item | undefined, after: Item | undefined, done: DynaliteCallback): void;
  };
  export type { Store, SubStore };
  export default db;
}

declare module 'dynalite/validations' {
  const validations: {
    checkTypes(data: unknown, types: unknown): Record<string, unknown>;
    checkValidations(data: unknown, types: unknown, custom: unknown, store: unknown): void;
  };
  export default validations;
}

declare module 'dynalite/validations/*' {
  const validation: { readonly types: Record<string, unknown>; readonly custom: unknown };
  export default validation;
}

declare module 'dynalite/actions/*' {
  const action: (store: unknown, data: Record<string, unknown>, done: DynaliteCallback<Record<string, unknown>>) => void;
  export default action;
}
