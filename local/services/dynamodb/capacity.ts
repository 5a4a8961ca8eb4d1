import { equal } from './condition';
import { AttributeValue, Change, IndexDescription, Item, TableDescription } from './model';

/** Units of one request on one table, as AWS accounts them. */
export interface Units {
  table: number;
  readonly globalIndexes: Record<string, number>;
  readonly localIndexes: Record<string, number>;
}

export const noUnits = (): Units => ({ table: 0, globalIndexes: {}, localIndexes: {} });

export function addUnits(sum: Units, more: Units): Units {
  sum.table += more.table;
  for (const [name, units] of Object.entries(more.globalIndexes)) sum.globalIndexes[name] = (sum.globalIndexes[name] ?? 0) + units;
  for (const [name, units] of Object.entries(more.localIndexes)) sum.localIndexes[name] = (sum.localIndexes[name] ?? 0) + units;
  return sum;
}

export const totalUnits = (units: Units): number =>
  [units.table, ...Object.values(units.globalIndexes), ...Object.values(units.localIndexes)].reduce((a, b) => a + b, 0);

/** Size of an item: names and values in bytes (developer guide, "Item sizes and formats"). */
export function itemSize(item: Item): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueSize(value), 0);
}

function valueSize(value: AttributeValue): number {
  const [type, content] = Object.entries(value)[0]!;
  switch (type) {
    case 'S':
      return Buffer.byteLength(content as string);
    case 'N':
      return numberSize(content as string);
    case 'B':
      return Buffer.from(content as string, 'base64').length;
    case 'SS':
      return (content as string[]).reduce((sum, text) => sum + Buffer.byteLength(text), 0);
    case 'NS':
      return (content as string[]).reduce((sum, number) => sum + numberSize(number), 0);
    case 'BS':
      return (content as string[]).reduce((sum, bytes) => sum + Buffer.from(bytes, 'base64').length, 0);
    case 'L':
      // Three bytes of overhead, one more for each element.
      return 3 + (content as AttributeValue[]).reduce((sum, element) => sum + 1 + valueSize(element), 0);
    case 'M':
      return 3 + Object.keys(content as Item).length + itemSize(content as Item);
    default:
      // BOOL and NULL.
      return 1;
  }
}

/** About one byte for two significant digits, and one more; one more again for a negative number. */
function numberSize(text: string): number {
  const digits = text.replace(/^-/, '').replace(/[eE].*$/, '').replace('.', '').replace(/^0+/, '').replace(/0+$/, '');
  return Math.ceil(digits.length / 2) + 1 + (text.startsWith('-') ? 1 : 0);
}

export const writeUnits = (bytes: number): number => Math.max(1, Math.ceil(bytes / 1024));

/** A strongly consistent read costs one unit for 4 KB, an eventually consistent one half of it; a missing item the least. */
export const readUnits = (bytes: number, consistent: boolean): number => Math.max(1, Math.ceil(bytes / 4096)) * (consistent ? 1 : 0.5);

/**
 * Units of a write: the larger of the item before and after, and for each index what propagates: one write for an entry that appears,
 * disappears or changes in place, two when its key changes, none when nothing projected changed ("Global secondary index write
 * considerations"). A transaction costs twice on the table, for prepare and commit; indexes are written once, after the commit.
 */
export function unitsOfWrite(change: Change, transaction = false): Units {
  const { table, before, after } = change;
  const bytes = Math.max(before ? itemSize(before) : 0, after ? itemSize(after) : 0);
  const units: Units = { table: writeUnits(bytes) * (transaction ? 2 : 1), globalIndexes: {}, localIndexes: {} };
  for (const index of table.GlobalSecondaryIndexes ?? []) charge(units.globalIndexes, index, change);
  for (const index of table.LocalSecondaryIndexes ?? []) charge(units.localIndexes, index, change);
  return units;
}

/** A refused conditional write is charged by the size of the item that stands there. */
export function unitsOfRefusedWrite(before: Item | undefined, transaction = false): Units {
  return { ...noUnits(), table: writeUnits(before ? itemSize(before) : 0) * (transaction ? 2 : 1) };
}

function charge(sum: Record<string, number>, index: IndexDescription, { table, before, after }: Change): void {
  const entryBefore = before && entryOf(index, table, before);
  const entryAfter = after && entryOf(index, table, after);
  const units = indexUnits(index, entryBefore, entryAfter);
  if (units > 0) sum[index.IndexName] = units;
}

function indexUnits(index: IndexDescription, before: Item | undefined, after: Item | undefined): number {
  if (!before && !after) return 0;
  if (!before || !after) return writeUnits(itemSize((before ?? after)!));
  const sameKey = index.KeySchema.every(({ AttributeName: name }) => equal(before[name]!, after[name]!));
  if (!sameKey) return writeUnits(itemSize(before)) + writeUnits(itemSize(after));
  return equal({ M: before }, { M: after }) ? 0 : writeUnits(Math.max(itemSize(before), itemSize(after)));
}

/** The item's entry in an index; undefined when an attribute of the index key is absent. */
function entryOf(index: IndexDescription, table: TableDescription, item: Item): Item | undefined {
  const keys = index.KeySchema.map((key) => key.AttributeName);
  if (keys.some((name) => item[name] === undefined)) return undefined;
  if (index.Projection.ProjectionType === 'ALL') return item;
  const names = new Set([...keys, ...table.KeySchema.map((key) => key.AttributeName), ...(index.Projection.NonKeyAttributes ?? [])]);
  return Object.fromEntries(Object.entries(item).filter(([name]) => names.has(name)));
}

export type CapacityKind = 'ReadCapacityUnits' | 'WriteCapacityUnits';

/** `ConsumedCapacity` of an answer, or undefined when it was not asked for. */
export function consumedCapacity(mode: unknown, tableName: string, units: Units, kind?: CapacityKind): Record<string, unknown> | undefined {
  if (mode !== 'TOTAL' && mode !== 'INDEXES') return undefined;
  const member = (value: number): Record<string, number> => (kind ? { CapacityUnits: value, [kind]: value } : { CapacityUnits: value });
  const consumed: Record<string, unknown> = { TableName: tableName, ...member(totalUnits(units)) };
  if (mode === 'INDEXES') {
    const members = (indexes: Record<string, number>): Record<string, unknown> =>
      Object.fromEntries(Object.entries(indexes).map(([name, value]) => [name, member(value)]));
    consumed.Table = member(units.table);
    if (Object.keys(units.globalIndexes).length > 0) consumed.GlobalSecondaryIndexes = members(units.globalIndexes);
    if (Object.keys(units.localIndexes).length > 0) consumed.LocalSecondaryIndexes = members(units.localIndexes);
  }
  return consumed;
}
