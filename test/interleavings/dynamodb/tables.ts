import { AttemptsTable, RevocationsTable, SessionsTable, TicketsTable, UsersTable } from '../../../src/contract/tables';

export interface IndexDefinition {
  readonly partitionKey: string;
  readonly sortKey?: string;
}

export interface TableDefinition {
  /** Attributes that make up the key of an item. */
  readonly key: readonly string[];
  readonly ttl?: string;
  /** All of them project keys only. */
  readonly indexes?: Readonly<Record<string, IndexDefinition>>;
}

/** The service's tables. The functions are told these names. */
export const TABLES = {
  Users: {
    key: [UsersTable.PARTITION_KEY, UsersTable.SORT_KEY],
    indexes: { [UsersTable.EMAIL_INDEX]: { partitionKey: UsersTable.EMAIL_INDEX_KEY } },
  },
  Sessions: {
    key: [SessionsTable.PARTITION_KEY],
    ttl: SessionsTable.TTL,
    indexes: { [SessionsTable.USER_INDEX]: { partitionKey: SessionsTable.USER_INDEX_PARTITION_KEY, sortKey: SessionsTable.USER_INDEX_SORT_KEY } },
  },
  Revocations: { key: [RevocationsTable.PARTITION_KEY], ttl: RevocationsTable.TTL },
  Attempts: { key: [AttemptsTable.PARTITION_KEY], ttl: AttemptsTable.TTL },
  Tickets: { key: [TicketsTable.PARTITION_KEY], ttl: TicketsTable.TTL },
} as const satisfies Readonly<Record<string, TableDefinition>>;

export type TableName = keyof typeof TABLES;

export function definitionOf(table: string): TableDefinition {
  const definition = (TABLES as Readonly<Record<string, TableDefinition>>)[table];
  if (!definition) throw new Error(`got table "${table}", known are ${Object.keys(TABLES).join(', ')}`);
  return definition;
}
