import { ChargedError } from '../charged-error';
import { AwsError, validationError } from '../errors';
import { ServiceAnswer } from '../service';
import { Action, checkInput, runSync, takeCondition } from './actions';
import { addUnits, consumedCapacity, noUnits, totalUnits, Units, unitsOfRefusedWrite, unitsOfWrite } from './capacity';
import { Input, Item, TableDescription } from './model';
import { TableStore } from './store';
import { TransactionLocks } from './locks';
import { keyOf, tableOf, WriteView } from './views';

/** What an operation answers and what it cost. */
export type Outcome = ServiceAnswer & { readonly output: Record<string, unknown> };

export type WriteAction = Extract<Action, 'PutItem' | 'UpdateItem' | 'DeleteItem'>;

/** One write of one item, checked and computed but not stored. `result` is what the action answers. */
export interface PreparedWrite {
  readonly view: WriteView;
  readonly data: Input;
  readonly lockKey: string;
  run(): Record<string, unknown>;
}

/** Checks the input of a write and names the item it concerns. */
export function prepareWrite(store: TableStore, action: WriteAction, input: Input): PreparedWrite {
  const returnOld = input.ReturnValuesOnConditionCheckFailure;
  if (returnOld !== undefined && returnOld !== 'ALL_OLD' && returnOld !== 'NONE') {
    throw validationError(`1 validation error detected: Value '${String(returnOld)}' at 'returnValuesOnConditionCheckFailure' failed to satisfy constraint: Member must satisfy enum value set: [ALL_OLD, NONE]`);
  }
  const data = checkInput(action, input, store.dynalite);
  const condition = takeCondition(data);
  const table = tableOf(store.dynalite, data.TableName as string);
  const view = new WriteView(store.dynalite, table, condition, returnOld === 'ALL_OLD');
  return {
    view,
    data,
    lockKey: lockKeyOf(table, (data.Key ?? data.Item) as Item),
    run: () => runSync(action, view, data),
  };
}

/** Items whose key does not fit the schema have no key; the action will refuse them. */
export function lockKeyOf(table: TableDescription, item: Item): string {
  const complete = table.KeySchema.every(({ AttributeName: name }) => item[name] !== undefined);
  try {
    return `${table.TableName}~${complete ? keyOf(table, item) : ''}`;
  } catch {
    return `${table.TableName}~`;
  }
}

/** PutItem, UpdateItem, DeleteItem. */
export function writeItem(store: TableStore, locks: TransactionLocks, action: WriteAction, input: Input): Outcome {
  const prepared = prepareWrite(store, action, input);
  const { view, data } = prepared;
  if (locks.isHeld(prepared.lockKey)) throw new AwsError('TransactionConflictException', 'Transaction is ongoing for the item');
  const mode = data.ReturnConsumedCapacity;
  delete data.ReturnConsumedCapacity;
  let output: Record<string, unknown>;
  try {
    output = prepared.run();
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const charged = error.code === 'ConditionalCheckFailedException' ? unitsOfRefusedWrite(view.before).table : 0;
    throw new ChargedError(error, { writeUnits: charged });
  }
  store.commit([view]);
  const units = unitsOfWrite(view.change);
  const consumed = consumedCapacity(mode, data.TableName as string, units);
  return { output: { ...output, ConsumedCapacity: consumed }, writeUnits: totalUnits(units) };
}

interface BatchRequest {
  readonly PutRequest?: { readonly Item: Item };
  readonly DeleteRequest?: { readonly Key: Item };
}

/** BatchWriteItem: every request by itself, but none of them when one is malformed. */
export function batchWriteItem(store: TableStore, locks: TransactionLocks, input: Input): Outcome {
  const data = checkInput('BatchWriteItem', input, store.dynalite);
  const requests = data.RequestItems as Record<string, BatchRequest[]>;
  const unprocessed: Record<string, BatchRequest[]> = {};
  const views: WriteView[] = [];
  const seen = new Set<string>();
  for (const [tableName, list] of Object.entries(requests)) {
    const table = tableOf(store.dynalite, tableName);
    for (const request of list) {
      const item = (request.PutRequest?.Item ?? request.DeleteRequest?.Key)!;
      const view = new WriteView(store.dynalite, table);
      try {
        if (request.PutRequest) runSync('PutItem', view, { TableName: tableName, Item: item });
        else runSync('DeleteItem', view, { TableName: tableName, Key: item });
      } catch (error) {
        const message = (error as Error).message;
        throw /Missing the key|Type mismatch for key/.test(message) ? validationError('The provided key element does not match the schema') : error;
      }
      const key = lockKeyOf(table, item);
      if (seen.has(key)) throw validationError('Provided list of item keys contains duplicates');
      seen.add(key);
      if (locks.isHeld(key)) (unprocessed[tableName] ??= []).push(request);
      else views.push(view);
    }
  }
  store.commit(views);

  const byTable = new Map<string, Units>();
  for (const { change } of views) {
    const name = change.table.TableName;
    byTable.set(name, addUnits(byTable.get(name) ?? noUnits(), unitsOfWrite(change)));
  }
  const consumed = [...byTable].map(([name, units]) => consumedCapacity(data.ReturnConsumedCapacity, name, units)).filter((entry) => entry !== undefined);
  return {
    output: { UnprocessedItems: unprocessed, ...(consumed.length > 0 ? { ConsumedCapacity: consumed } : {}) },
    writeUnits: [...byTable.values()].reduce((total, units) => total + totalUnits(units), 0),
  };
}
