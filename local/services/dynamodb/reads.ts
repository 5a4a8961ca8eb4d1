import { Action, checkInput, run, runSync } from './actions';
import { addUnits, consumedCapacity, itemSize, noUnits, readUnits, totalUnits, Units } from './capacity';
import { Input, Item } from './model';
import { TableStore } from './store';
import { ReadView } from './views';
import { Outcome } from './writes';

export function getItem(store: TableStore, input: Input): Outcome {
  const data = checkInput('GetItem', input, store.dynalite);
  const mode = data.ReturnConsumedCapacity;
  delete data.ReturnConsumedCapacity;
  const view = new ReadView(store.dynalite);
  const output = runSync('GetItem', view, data);
  const units = { ...noUnits(), table: unitsOfRead(view.items[0]?.item, data.ConsistentRead === true) };
  return { output: { ...output, ConsumedCapacity: consumedCapacity(mode, data.TableName as string, units) }, readUnits: units.table };
}

/** Each item is rounded up by itself. */
export function batchGetItem(store: TableStore, input: Input): Outcome {
  const data = checkInput('BatchGetItem', input, store.dynalite);
  const mode = data.ReturnConsumedCapacity;
  delete data.ReturnConsumedCapacity;
  const view = new ReadView(store.dynalite);
  const output = runSync('BatchGetItem', view, data);
  const requests = data.RequestItems as Record<string, { readonly ConsistentRead?: boolean }>;
  const byTable = new Map<string, Units>();
  for (const { table, item } of view.items) {
    const units = { ...noUnits(), table: unitsOfRead(item, requests[table]?.ConsistentRead === true) };
    byTable.set(table, addUnits(byTable.get(table) ?? noUnits(), units));
  }
  const consumed = [...byTable].map(([name, units]) => consumedCapacity(mode, name, units)).filter((entry) => entry !== undefined);
  return {
    output: { ...output, ...(consumed.length > 0 ? { ConsumedCapacity: consumed } : {}) },
    readUnits: [...byTable.values()].reduce((total, units) => total + totalUnits(units), 0),
  };
}

/** Query and Scan: what was read, before any filter, counts together and is rounded up once. A read that finds nothing costs the least. */
export async function readMany(store: TableStore, action: Extract<Action, 'Query' | 'Scan'>, input: Input): Promise<Outcome> {
  const data = checkInput(action, input, store.dynalite);
  const mode = data.ReturnConsumedCapacity;
  data.ReturnConsumedCapacity = 'INDEXES';
  const output = await run(action, new ReadView(store.dynalite), data);
  const counted = output.ConsumedCapacity as {
    readonly Table?: { readonly CapacityUnits: number };
    readonly GlobalSecondaryIndexes?: Record<string, { readonly CapacityUnits: number }>;
    readonly LocalSecondaryIndexes?: Record<string, { readonly CapacityUnits: number }>;
  };
  const least = readUnits(0, data.ConsistentRead === true);
  const atLeast = (value: number): number => Math.max(value, least);
  const indexes = (members: Record<string, { readonly CapacityUnits: number }> | undefined): Record<string, number> =>
    Object.fromEntries(Object.entries(members ?? {}).map(([name, { CapacityUnits }]) => [name, atLeast(CapacityUnits)]));
  const table = counted.Table?.CapacityUnits ?? 0;
  const units: Units = {
    table: data.IndexName === undefined ? atLeast(table) : table,
    globalIndexes: indexes(counted.GlobalSecondaryIndexes),
    localIndexes: indexes(counted.LocalSecondaryIndexes),
  };
  return { output: { ...output, ConsumedCapacity: consumedCapacity(mode, data.TableName as string, units) }, readUnits: totalUnits(units) };
}

const unitsOfRead = (item: Item | undefined, consistent: boolean): number => readUnits(item ? itemSize(item) : 0, consistent);
