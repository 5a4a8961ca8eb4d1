import { createHash } from 'node:crypto';
import { ChargedError } from '../charged-error';
import { AwsError, validationError } from '../errors';
import { own } from '../operations';
import { checkInput, runSync } from './actions';
import { addUnits, consumedCapacity, itemSize, noUnits, readUnits, totalUnits, Units, unitsOfRefusedWrite, unitsOfWrite } from './capacity';
import { TransactionLocks } from './locks';
import { Input, Item } from './model';
import { TableStore } from './store';
import { ReadView, tableOf } from './views';
import { lockKeyOf, Outcome, PreparedWrite, prepareWrite, WriteAction } from './writes';

const MAX_ITEMS = 100;
/** How long a finished transaction answers for a repeated token. */
const TOKEN_LIFE_MS = 10 * 60 * 1000;

interface CancellationReason {
  readonly Code: string;
  readonly Message?: string;
  readonly Item?: Item;
}

interface Remembered {
  readonly fingerprint: string;
  readonly expires: number;
  /** Absent while the transaction runs. */
  readonly outcome?: Outcome;
}

/**
 * TransactWriteItems and TransactGetItems. A transaction first holds its items, then lets others run, then decides and commits in one
 * step: whoever touches a held item meanwhile is refused with a conflict, as on AWS, and nobody ever sees half of a transaction.
 */
export class Transactions {
  private readonly remembered = new Map<string, Remembered>();

  constructor(private readonly store: TableStore, private readonly locks: TransactionLocks, private readonly now: () => number) {}

  async write(input: Input): Promise<Outcome> {
    const items = input.TransactItems;
    if (!Array.isArray(items) || items.length === 0) throw validationError('1 validation error detected: Value at \'transactItems\' failed to satisfy constraint: Member must have length greater than or equal to 1');
    if (items.length > MAX_ITEMS) throw validationError(`1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member must have length less than or equal to ${MAX_ITEMS}`);
    const mode = input.ReturnConsumedCapacity;
    const token = input.ClientRequestToken as string | undefined;
    if (token === undefined) return this.commit(items as Input[], mode);

    this.forgetOld();
    const fingerprint = createHash('sha256').update(JSON.stringify(items)).digest('base64');
    const earlier = this.remembered.get(token);
    if (earlier && earlier.fingerprint !== fingerprint) {
      throw new AwsError('IdempotentParameterMismatchException', 'The request uses the same client token as a previous, but non-identical request.');
    }
    if (earlier && !earlier.outcome) throw new AwsError('TransactionInProgressException', 'Transaction with the given client token is in progress');
    if (earlier) return this.repeat(items as Input[], mode);

    this.remembered.set(token, { fingerprint, expires: Infinity });
    try {
      const outcome = await this.commit(items as Input[], mode);
      this.remembered.set(token, { fingerprint, expires: this.now() + TOKEN_LIFE_MS, outcome });
      return outcome;
    } catch (error) {
      // A cancelled transaction changed nothing: the same token may try again.
      this.remembered.delete(token);
      throw error;
    }
  }

  /** All items in one step, two units for 4 KB each. */
  read(input: Input): Outcome {
    const gets = ((input.TransactItems ?? []) as { Get?: Input }[]).map((entry) => entry.Get);
    if (gets.length === 0 || gets.length > MAX_ITEMS || gets.some((get) => !get)) throw validationError('transactItems must hold 1 to 100 Get requests');
    const checked = gets.map((get) => checkInput('GetItem', { ...get! }, this.store.dynalite));
    const keys = checked.map((data) => lockKeyOf(tableOf(this.store.dynalite, data.TableName as string), data.Key as Item));
    refuseDuplicates(keys);
    const reasons = keys.map((key) => (this.locks.isHeld(key) ? conflict : none));
    if (reasons.includes(conflict)) throw cancelled(reasons);

    const units = new Map<string, Units>();
    const responses = checked.map((data) => {
      const view = new ReadView(this.store.dynalite);
      const { Item: item } = runSync('GetItem', view, data);
      const whole = view.items[0]?.item;
      const table = data.TableName as string;
      units.set(table, addUnits(units.get(table) ?? noUnits(), { ...noUnits(), table: readUnits(whole ? itemSize(whole) : 0, true) * 2 }));
      return item ? { Item: item } : {};
    });
    return {
      output: { Responses: responses, ...capacityList(input.ReturnConsumedCapacity, units, 'ReadCapacityUnits') },
      readUnits: [...units.values()].reduce((total, one) => total + totalUnits(one), 0),
    };
  }

  private async commit(items: readonly Input[], mode: unknown): Promise<Outcome> {
    const writes = items.map((item) => this.prepare(item));
    const keys = writes.map((write) => write.lockKey);
    refuseDuplicates(keys);
    const conflicts = keys.map((key) => (this.locks.isHeld(key) ? conflict : none));
    if (conflicts.includes(conflict)) throw cancelled(conflicts);

    this.locks.hold(keys);
    try {
      // The window in which AWS prepares: what arrives now finds the items held.
      await new Promise((resolve) => setImmediate(resolve));
      const reasons = writes.map((write) => outcomeOf(write));
      if (reasons.some((reason) => reason !== none)) {
        const charged = writes.reduce((total, write) => total + unitsOfRefusedWrite(write.view.before, true).table, 0);
        throw new ChargedError(cancelled(reasons), { writeUnits: charged });
      }
      this.store.commit(writes.map((write) => write.view));
    } finally {
      this.locks.release(keys);
    }
    const units = new Map<string, Units>();
    for (const { view } of writes) {
      const name = view.change.table.TableName;
      units.set(name, addUnits(units.get(name) ?? noUnits(), unitsOfWrite(view.change, true)));
    }
    return {
      output: capacityList(mode, units, 'WriteCapacityUnits'),
      writeUnits: [...units.values()].reduce((total, one) => total + totalUnits(one), 0),
    };
  }

  /** A repeated token changes nothing and is charged as a read of the items. */
  private repeat(items: readonly Input[], mode: unknown): Outcome {
    const units = new Map<string, Units>();
    for (const item of items) {
      const { view, data } = this.prepare(item);
      const stored = this.store.dynalite.db.getSync(`item-${lockKeyOf(view.change.table, (data.Key ?? data.Item) as Item)}`) as Item | undefined;
      const name = view.change.table.TableName;
      units.set(name, addUnits(units.get(name) ?? noUnits(), { ...noUnits(), table: readUnits(stored ? itemSize(stored) : 0, true) * 2 }));
    }
    return {
      output: capacityList(mode, units, 'ReadCapacityUnits'),
      readUnits: [...units.values()].reduce((total, one) => total + totalUnits(one), 0),
    };
  }

  private prepare(item: Input): PreparedWrite {
    const [kind, ...more] = Object.keys(item).filter((name) => item[name] !== undefined);
    const input = kind && (item[kind] as Input);
    if (!kind || !input || more.length > 0) throw validationError('TransactItems can only contain one of Check, Put, Update or Delete');
    if (kind === 'ConditionCheck') return this.prepareCheck(input);
    const actions: Record<string, WriteAction> = { Put: 'PutItem', Update: 'UpdateItem', Delete: 'DeleteItem' };
    const action = own(actions, kind);
    if (!action) throw validationError('TransactItems can only contain one of Check, Put, Update or Delete');
    return prepareWrite(this.store, action, { ...input });
  }

  /** A condition on an item that stays as it is: checked as a delete, and its write is left out. */
  private prepareCheck(input: Input): PreparedWrite {
    if (!input.ConditionExpression) throw validationError('The expression can not be empty;');
    const prepared = prepareWrite(this.store, 'DeleteItem', { ...input });
    return {
      ...prepared,
      run: () => {
        const result = prepared.run();
        prepared.view.keepAsItWas();
        return result;
      },
    };
  }

  private forgetOld(): void {
    const now = this.now();
    for (const [token, { expires }] of this.remembered) if (expires <= now) this.remembered.delete(token);
  }
}

const none: CancellationReason = { Code: 'None' };
const conflict: CancellationReason = { Code: 'TransactionConflict', Message: 'Transaction is ongoing for the item' };

function outcomeOf(write: PreparedWrite): CancellationReason {
  try {
    write.run();
    return none;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    if (error.code === 'ConditionalCheckFailedException') {
      return { Code: 'ConditionalCheckFailed', Message: error.message, ...(error.members.Item ? { Item: error.members.Item as Item } : {}) };
    }
    if (error.code === 'ValidationException') return { Code: 'ValidationError', Message: error.message };
    throw error;
  }
}

export function cancelled(reasons: readonly CancellationReason[]): AwsError {
  const codes = reasons.map((reason) => reason.Code).join(', ');
  return new AwsError(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    400,
    { CancellationReasons: reasons },
  );
}

function refuseDuplicates(keys: readonly string[]): void {
  if (new Set(keys).size < keys.length) throw validationError('Transaction request cannot include multiple operations on one item');
}

function capacityList(mode: unknown, units: ReadonlyMap<string, Units>, kind: 'ReadCapacityUnits' | 'WriteCapacityUnits'): Record<string, unknown> {
  const list = [...units].map(([name, one]) => consumedCapacity(mode, name, one, kind)).filter((entry) => entry !== undefined);
  return list.length > 0 ? { ConsumedCapacity: list } : {};
}

/** The reasons of a transaction that a fault cancels: every item in conflict. */
export const conflictOf = (count: number): AwsError => cancelled(Array.from({ length: count }, () => conflict));
