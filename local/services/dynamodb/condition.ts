import dynaliteDb from 'dynalite/db';
import { AttributeValue, Item } from './model';

/** A condition as dynalite's parser leaves it. An array is a document path, a bare value an operand. */
export type Expression =
  | { readonly type: string; readonly name?: string; readonly args: readonly Operand[] };
type Operand = readonly (string | number)[] | Expression | AttributeValue;

/**
 * Evaluates a condition. dynalite compares maps and lists by identity and measures text in UTF-16 units; AWS compares by
 * value and measures bytes, so equality, IN and size() are evaluated here and only ordering and text functions by dynalite.
 */
export function matches(item: Item, expression: Expression): boolean {
  const { type, args } = expression;
  if (type === 'and') return matches(item, args[0] as Expression) && matches(item, args[1] as Expression);
  if (type === 'or') return matches(item, args[0] as Expression) || matches(item, args[1] as Expression);
  if (type === 'not') return !matches(item, args[0] as Expression);

  const [first, ...others] = args.map((operand) => resolve(operand, item));
  if (type === '=') return first !== undefined && others[0] !== undefined && equal(first, others[0]);
  if (type === '<>') return first === undefined || others[0] === undefined || !equal(first, others[0]);
  if (type === 'in') return first !== undefined && others.some((other) => other !== undefined && equal(first, other));
  const comparator = type === 'function' ? expression.name! : type;
  // An ordering never holds when a side is absent; dynalite's comparison of two absent sides would.
  if (['<', '<=', '>', '>='].includes(comparator) && (first === undefined || others[0] === undefined)) return false;
  return dynaliteDb.compare(comparator, first, others);
}

function resolve(operand: Operand, item: Item): AttributeValue | undefined {
  if (Array.isArray(operand)) return dynaliteDb.mapPath(operand, item) ?? undefined;
  const node = operand as Expression;
  if (node.type === 'function' && node.name === 'size') {
    const value = resolve(node.args[0]!, item);
    const size = value && sizeOf(value);
    return size === undefined ? undefined : { N: String(size) };
  }
  return operand as AttributeValue;
}

/** The function size(): bytes of text and binary, elements of sets, lists and maps. */
function sizeOf(value: AttributeValue): number | undefined {
  const [type, content] = Object.entries(value)[0]!;
  if (type === 'S') return Buffer.byteLength(content as string);
  if (type === 'B') return Buffer.from(content as string, 'base64').length;
  if (type === 'M') return Object.keys(content as object).length;
  return Array.isArray(content) ? content.length : undefined;
}

/** Equality by value. Sets are equal in any order, numbers by magnitude. */
export function equal(a: AttributeValue, b: AttributeValue): boolean {
  const [typeA, contentA] = Object.entries(a)[0]!;
  const [typeB, contentB] = Object.entries(b)[0]!;
  if (typeA !== typeB) return false;
  switch (typeA) {
    case 'N':
      return dynaliteDb.compare('<=', a, [b]) && dynaliteDb.compare('>=', a, [b]);
    case 'SS':
    case 'NS':
    case 'BS': {
      const left = new Set(contentA as string[]);
      const right = contentB as string[];
      return left.size === right.length && right.every((element) => left.has(element));
    }
    case 'L': {
      const left = contentA as AttributeValue[];
      const right = contentB as AttributeValue[];
      return left.length === right.length && left.every((element, i) => equal(element, right[i]!));
    }
    case 'M': {
      const left = contentA as Item;
      const right = contentB as Item;
      const names = Object.keys(left);
      return names.length === Object.keys(right).length && names.every((name) => right[name] !== undefined && equal(left[name]!, right[name]));
    }
    default:
      return contentA === contentB;
  }
}
