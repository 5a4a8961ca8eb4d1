import { runSync } from './actions';
import { TransactionLocks } from './locks';
import { Item, TableDescription } from './model';
import { TableStore } from './store';
import { Tables } from './tables';
import { WriteView } from './views';
import { lockKeyOf } from './writes';

/** AWS deletes "within a few days": an item stays readable that long, so that code that relies on the deletion is found out. */
export const TTL_LAG_SECONDS = 48 * 3600;
/** AWS leaves items alone whose time lies further back than this. */
const TTL_OLDEST_SECONDS = 5 * 365 * 86400;

/** Deletes expired items. Without charge, as on AWS. */
export class TtlSweeper {
  private timer: NodeJS.Timeout | undefined;
  enabled = true;

  constructor(
    private readonly store: TableStore,
    private readonly locks: TransactionLocks,
    private readonly tables: Tables,
    private readonly now: () => number,
  ) {}

  /** Looks once a minute of real time. */
  start(): void {
    this.timer ??= setInterval(() => void this.sweepLate(), 60_000).unref();
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  /** What AWS would have deleted by now. */
  async sweepLate(): Promise<number> {
    return this.enabled ? this.sweep(TTL_LAG_SECONDS) : 0;
  }

  /** Deletes what expired at least `lagSeconds` ago; answers with how many. */
  async sweep(lagSeconds = 0): Promise<number> {
    const now = Math.floor(this.now() / 1000);
    let deleted = 0;
    for (const { table, attribute } of this.tables.expiring()) {
      const prefix = `item-${table.TableName}~`;
      for await (const [, value] of this.store.dynalite.db.iterator({ gte: prefix, lt: `${prefix}\xff` })) {
        const item = value as Item;
        if (!isExpired(item, attribute, now, lagSeconds) || this.locks.isHeld(lockKeyOf(table, item))) continue;
        const view = this.deletion(table, item);
        // The iterator shows the past; the view has read the item as it is now, and commits in the same step.
        if (!view.before || !isExpired(view.before, attribute, now, lagSeconds)) continue;
        this.store.commit([view]);
        deleted += 1;
      }
    }
    return deleted;
  }

  private deletion(table: TableDescription, item: Item): WriteView {
    const view = new WriteView(this.store.dynalite, table);
    const key = Object.fromEntries(table.KeySchema.map(({ AttributeName: name }) => [name, item[name]]));
    runSync('DeleteItem', view, { TableName: table.TableName, Key: key });
    return view;
  }
}

function isExpired(item: Item, attribute: string, now: number, lagSeconds: number): boolean {
  const expires = Number((item[attribute] as { readonly N?: string } | undefined)?.N ?? NaN);
  return expires + lagSeconds <= now && expires > now - TTL_OLDEST_SECONDS;
}
