import { isDeepStrictEqual } from 'node:util';
import { pathOf, Tokens } from './tokens';

export type Item = Readonly<Record<string, unknown>>;

/** What the placeholders of a request's expressions stand for. */
export interface Placeholders {
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Readonly<Record<string, unknown>>;
}

export type Operand = { readonly path: readonly string[] } | { readonly value: string } | { readonly sizeOf: readonly string[] };

export type Condition =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Condition[] }
  | { readonly kind: 'not'; readonly part: Condition }
  | { readonly kind: 'comparison'; readonly operator: string; readonly left: Operand; readonly right: Operand }
  | { readonly kind: 'between'; readonly operand: Operand; readonly low: Operand; readonly high: Operand }
  | { readonly kind: 'in'; readonly operand: Operand; readonly list: readonly Operand[] }
  | { readonly kind: 'function'; readonly name: string; readonly operands: readonly Operand[] };

const COMPARISONS = ['=', '<>', '<', '<=', '>', '>='];
const parsed = new Map<string, Condition>();

/** Parses a condition, a key condition or a filter: they share one grammar. */
export function parseCondition(text: string): Condition {
  const known = parsed.get(text);
  if (known) return known;
  const tokens = new Tokens(text);
  const condition = disjunction(tokens);
  if (!tokens.done) throw tokens.error('AND, OR or its end');
  parsed.set(text, condition);
  return condition;
}

export function holds(condition: Condition, item: Item | undefined, given: Placeholders): boolean {
  const valueOf = (operand: Operand): unknown => resolve(operand, item, given);
  switch (condition.kind) {
    case 'and':
      return condition.parts.every((part) => holds(part, item, given));
    case 'or':
      return condition.parts.some((part) => holds(part, item, given));
    case 'not':
      return !holds(condition.part, item, given);
    case 'comparison':
      return compares(condition.operator, valueOf(condition.left), valueOf(condition.right));
    case 'between':
      return compares('>=', valueOf(condition.operand), valueOf(condition.low)) && compares('<=', valueOf(condition.operand), valueOf(condition.high));
    case 'in':
      return condition.list.some((each) => compares('=', valueOf(condition.operand), valueOf(each)));
    case 'function':
      return calls(condition.name, condition.operands.map(valueOf));
  }
}

export function resolve(operand: Operand, item: Item | undefined, given: Placeholders): unknown {
  if ('value' in operand) {
    const values = given.ExpressionAttributeValues ?? {};
    if (!(operand.value in values)) throw new Error(`no value for ${operand.value}`);
    return values[operand.value];
  }
  if ('sizeOf' in operand) {
    const value = at(operand.sizeOf, item, given);
    if (typeof value === 'string') return Buffer.byteLength(value);
    return typeof value === 'object' && value !== null ? Object.keys(value).length : undefined;
  }
  return at(operand.path, item, given);
}

/** A name behind its placeholder; a reserved word or a plain name stands for itself. */
export function nameOf(segment: string, given: Placeholders): string {
  if (!segment.startsWith('#')) return segment;
  const name = given.ExpressionAttributeNames?.[segment];
  if (name === undefined) throw new Error(`no name for ${segment}`);
  return name;
}

export function parseOperand(tokens: Tokens): Operand {
  const token = tokens.next();
  if (token === 'size') {
    tokens.expect('(');
    const sizeOf = pathOf(tokens.next());
    tokens.expect(')');
    return { sizeOf };
  }
  if (!/^[#:\w]/.test(token)) throw tokens.error('a name or a value before it');
  return token.startsWith(':') ? { value: token } : { path: pathOf(token) };
}

function at(path: readonly string[], item: Item | undefined, given: Placeholders): unknown {
  let value: unknown = item;
  for (const segment of path) value = (value as Item | undefined | null)?.[nameOf(segment, given)];
  return value;
}

function disjunction(tokens: Tokens): Condition {
  const parts = [conjunction(tokens)];
  while (tokens.take('OR')) parts.push(conjunction(tokens));
  return parts.length === 1 ? parts[0]! : { kind: 'or', parts };
}

function conjunction(tokens: Tokens): Condition {
  const parts = [term(tokens)];
  while (tokens.take('AND')) parts.push(term(tokens));
  return parts.length === 1 ? parts[0]! : { kind: 'and', parts };
}

function term(tokens: Tokens): Condition {
  if (tokens.take('NOT')) return { kind: 'not', part: term(tokens) };
  if (tokens.take('(')) {
    const inner = disjunction(tokens);
    tokens.expect(')');
    return inner;
  }
  if (/^(attribute_exists|attribute_not_exists|attribute_type|begins_with|contains)$/.test(tokens.peek() ?? '')) {
    const name = tokens.next();
    tokens.expect('(');
    const operands = tokens.list(() => parseOperand(tokens));
    tokens.expect(')');
    return { kind: 'function', name, operands };
  }
  const left = parseOperand(tokens);
  if (tokens.take('BETWEEN')) {
    const low = parseOperand(tokens);
    tokens.expect('AND');
    return { kind: 'between', operand: left, low, high: parseOperand(tokens) };
  }
  if (tokens.take('IN')) {
    tokens.expect('(');
    const list = tokens.list(() => parseOperand(tokens));
    tokens.expect(')');
    return { kind: 'in', operand: left, list };
  }
  const operator = tokens.next();
  if (!COMPARISONS.includes(operator)) throw tokens.error('a comparison before it');
  return { kind: 'comparison', operator, left, right: parseOperand(tokens) };
}

/** Nothing is equal to or ordered against an attribute that is not there, or one of another type; everything differs from it. */
function compares(operator: string, a: unknown, b: unknown): boolean {
  const comparable = a !== undefined && b !== undefined;
  if (operator === '=') return comparable && isDeepStrictEqual(a, b);
  if (operator === '<>') return !comparable || !isDeepStrictEqual(a, b);
  if (!comparable || typeof a !== typeof b) return false;
  const difference = order(a, b);
  return operator === '<' ? difference < 0 : operator === '<=' ? difference <= 0 : operator === '>' ? difference > 0 : difference >= 0;
}

export function order(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)));
}

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  S: (value) => typeof value === 'string',
  N: (value) => typeof value === 'number',
  BOOL: (value) => typeof value === 'boolean',
  NULL: (value) => value === null,
  L: Array.isArray,
  M: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
};

function calls(name: string, [value, argument]: readonly unknown[]): boolean {
  switch (name) {
    case 'attribute_exists':
      return value !== undefined;
    case 'attribute_not_exists':
      return value === undefined;
    case 'attribute_type':
      return value !== undefined && (TYPES[String(argument)]?.(value) ?? false);
    case 'begins_with':
      return typeof value === 'string' && typeof argument === 'string' && value.startsWith(argument);
    default:
      return Array.isArray(value) ? value.some((each) => isDeepStrictEqual(each, argument)) : typeof value === 'string' && value.includes(String(argument));
  }
}
