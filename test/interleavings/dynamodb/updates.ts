import type { Item, Operand, Placeholders } from './conditions';
import { nameOf, parseOperand, resolve } from './conditions';
import { pathOf, Tokens } from './tokens';

type Value =
  | { readonly kind: 'operand'; readonly operand: Operand }
  | { readonly kind: 'if_not_exists'; readonly path: readonly string[]; readonly otherwise: Operand }
  | { readonly kind: 'list_append'; readonly lists: readonly Operand[] };

type Clause =
  | { readonly kind: 'set'; readonly path: readonly string[]; readonly value: Value; readonly plus?: { readonly sign: 1 | -1; readonly value: Value } }
  | { readonly kind: 'remove'; readonly path: readonly string[] }
  | { readonly kind: 'add'; readonly path: readonly string[]; readonly operand: Operand };

const parsed = new Map<string, readonly Clause[]>();

/** The item after an update expression. Every value is computed from the item as it was before. */
export function updated(text: string, item: Item, given: Placeholders): Item {
  const result = { ...item };
  for (const clause of parse(text)) {
    switch (clause.kind) {
      case 'set': {
        const value = valueOf(clause.value, item, given);
        put(result, clause.path, given, clause.plus ? number(value) + clause.plus.sign * number(valueOf(clause.plus.value, item, given)) : value);
        break;
      }
      case 'remove':
        put(result, clause.path, given, undefined);
        break;
      case 'add':
        put(result, clause.path, given, number(resolve({ path: clause.path }, item, given) ?? 0) + number(resolve(clause.operand, item, given)));
    }
  }
  return result;
}

function parse(text: string): readonly Clause[] {
  const known = parsed.get(text);
  if (known) return known;
  const tokens = new Tokens(text);
  const clauses: Clause[] = [];
  while (!tokens.done) {
    if (tokens.take('SET')) clauses.push(...tokens.list(() => assignment(tokens)));
    else if (tokens.take('REMOVE')) clauses.push(...tokens.list((): Clause => ({ kind: 'remove', path: pathOf(tokens.next()) })));
    else if (tokens.take('ADD')) clauses.push(...tokens.list((): Clause => ({ kind: 'add', path: pathOf(tokens.next()), operand: parseOperand(tokens) })));
    else throw tokens.error('SET, REMOVE or ADD');
  }
  parsed.set(text, clauses);
  return clauses;
}

function assignment(tokens: Tokens): Clause {
  const path = pathOf(tokens.next());
  tokens.expect('=');
  const value = parseValue(tokens);
  const sign = tokens.take('+') ? 1 : tokens.take('-') ? -1 : undefined;
  return { kind: 'set', path, value, ...(sign === undefined ? {} : { plus: { sign, value: parseValue(tokens) } }) };
}

function parseValue(tokens: Tokens): Value {
  if (tokens.take('IF_NOT_EXISTS')) {
    tokens.expect('(');
    const path = pathOf(tokens.next());
    tokens.expect(',');
    const otherwise = parseOperand(tokens);
    tokens.expect(')');
    return { kind: 'if_not_exists', path, otherwise };
  }
  if (tokens.take('LIST_APPEND')) {
    tokens.expect('(');
    const lists = tokens.list(() => parseOperand(tokens));
    tokens.expect(')');
    return { kind: 'list_append', lists };
  }
  return { kind: 'operand', operand: parseOperand(tokens) };
}

function valueOf(value: Value, item: Item, given: Placeholders): unknown {
  switch (value.kind) {
    case 'operand':
      return present(resolve(value.operand, item, given));
    case 'if_not_exists':
      return resolve({ path: value.path }, item, given) ?? resolve(value.otherwise, item, given);
    case 'list_append':
      return value.lists.flatMap((list) => present(resolve(list, item, given)) as readonly unknown[]);
  }
}

/** DynamoDB refuses an update that reads an attribute which is not there. */
function present(value: unknown): unknown {
  if (value === undefined) throw new Error('ValidationException: the provided expression refers to an attribute that does not exist in the item');
  return value;
}

function number(value: unknown): number {
  if (typeof value !== 'number') throw new Error('ValidationException: an operand in the update expression has an incorrect data type');
  return value;
}

/** Copies what lies on the way, so that the item before stays as it was. */
function put(target: Record<string, unknown>, path: readonly string[], given: Placeholders, value: unknown): void {
  const [first, ...rest] = path;
  const name = nameOf(first!, given);
  if (rest.length > 0) {
    const inner = { ...(target[name] as Item) };
    put(inner, rest, given, value);
    target[name] = inner;
  } else if (value === undefined) {
    delete target[name];
  } else {
    target[name] = value;
  }
}
