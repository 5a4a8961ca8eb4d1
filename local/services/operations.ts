import { unknownOperation } from './errors';

/** What a service does for each operation by its name in the API. */
export type Operations<Operation> = Readonly<Record<string, Operation>>;

/** The operation that a caller names. The name is the caller's: only members of the table's own count, never what every object inherits. */
export function operationOf<Operation>(service: string, operations: Operations<Operation>, name: string): Operation {
  const known = own(operations, name);
  if (known === undefined) throw unknownOperation(service, name);
  return known;
}

/** The member of that name, unless it is one that every object inherits. */
export function own<Value>(table: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
