import { join } from 'node:path';
import { Journal, StateFile } from '../persistence';
import { DynamoDb } from './index';
import { StoredOperation } from './model';
import { TableSettings } from './tables';

interface DroppedTable {
  readonly type: 'drop';
  readonly table: string;
}

type Entry = StoredOperation | DroppedTable;

/**
 * Keeps tables in a directory: every committed write is appended to a journal, and a start replays it and writes it anew. dynalite's
 * own storage on disk needs a native addon, which a bundle cannot carry.
 */
export class KeptTables {
  private readonly journal: Journal<Entry>;
  private readonly settings: StateFile<Record<string, TableSettings>>;
  private work: Promise<void> = Promise.resolve();
  private known = new Set<string>();

  constructor(private readonly dynamoDb: DynamoDb, directory: string) {
    this.journal = new Journal(join(directory, 'dynamodb.jsonl'));
    this.settings = new StateFile(join(directory, 'dynamodb-tables.json'), () => dynamoDb.tables.snapshot());
  }

  /** Loads what was kept, then records what happens. */
  open(): void {
    const pairs = replay(this.journal.read());
    const operations: StoredOperation[] = [...pairs].map(([key, value]) => ({ type: 'put', key, value }));
    this.dynamoDb.store.restore(operations);
    this.dynamoDb.tables.restore(this.settings.read() ?? {});
    this.journal.rewrite(operations);
    this.known = new Set(this.dynamoDb.tables.names());
    this.dynamoDb.store.onCommit((committed) => {
      for (const operation of committed) this.journal.append(operation);
    });
    this.dynamoDb.onTablesChanged(() => {
      this.settings.touch();
      this.work = this.work.then(() => this.recordTables());
    });
  }

  async close(): Promise<void> {
    await this.work;
    this.journal.flush();
    this.settings.flush();
  }

  /** dynalite writes descriptions and tags by itself, past the commits. */
  private async recordTables(): Promise<void> {
    const names = new Set(this.dynamoDb.tables.names());
    for (const table of this.known) if (!names.has(table)) this.journal.append({ type: 'drop', table });
    this.known = names;
    for (const prefix of ['table~', 'tag-']) {
      for await (const [key, value] of this.dynamoDb.store.dynalite.db.iterator({ gte: prefix, lt: `${prefix}\xff` })) {
        this.journal.append({ type: 'put', key, value });
      }
    }
  }
}

function replay(entries: readonly Entry[]): Map<string, unknown> {
  const pairs = new Map<string, unknown>();
  for (const entry of entries) {
    if (entry.type === 'put') pairs.set(entry.key, entry.value);
    else if (entry.type === 'del') pairs.delete(entry.key);
    else dropTable(pairs, (entry as DroppedTable).table);
  }
  return pairs;
}

function dropTable(pairs: Map<string, unknown>, table: string): void {
  const prefixes = [`item-${table}~`, `index-global~${table}~`, `index-local~${table}~`, `tag-${table}~`];
  pairs.delete(`table~${table}`);
  for (const key of pairs.keys()) if (prefixes.some((prefix) => key.startsWith(prefix))) pairs.delete(key);
}
