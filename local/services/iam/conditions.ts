import { own } from '../operations';
import { Context, listOf, Statement } from './model';
import { matchesPattern } from './patterns';

type Comparison = (actual: string, expected: string) => boolean;

const numbers = (compare: (a: number, b: number) => boolean): Comparison => (a, b) => compare(Number(a), Number(b));
const dates = (compare: (a: number, b: number) => boolean): Comparison => (a, b) => compare(timeOf(a), timeOf(b));
const timeOf = (text: string): number => (/^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text));

const comparisons: Readonly<Record<string, Comparison>> = {
  StringEquals: (a, b) => a === b,
  StringEqualsIgnoreCase: (a, b) => a.toLowerCase() === b.toLowerCase(),
  StringLike: (a, b) => matchesPattern(b, a),
  ArnEquals: (a, b) => matchesPattern(b, a),
  ArnLike: (a, b) => matchesPattern(b, a),
  Bool: (a, b) => a.toLowerCase() === b.toLowerCase(),
  NumericEquals: numbers((a, b) => a === b),
  NumericLessThan: numbers((a, b) => a < b),
  NumericLessThanEquals: numbers((a, b) => a <= b),
  NumericGreaterThan: numbers((a, b) => a > b),
  NumericGreaterThanEquals: numbers((a, b) => a >= b),
  DateLessThan: dates((a, b) => a < b),
  DateLessThanEquals: dates((a, b) => a <= b),
  DateGreaterThan: dates((a, b) => a > b),
  DateGreaterThanEquals: dates((a, b) => a >= b),
};

/** Comparisons that hold when none of the expected values matches. */
const negations: Readonly<Record<string, string>> = {
  StringNotEquals: 'StringEquals',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  StringNotLike: 'StringLike',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
  NumericNotEquals: 'NumericEquals',
};

/** Whether every condition of a statement holds. A key that the request lacks fails all but negations, `IfExists`, `Null` and `ForAllValues`. */
export function conditionsHold(statement: Statement, context: Context): boolean {
  return Object.entries(statement.Condition ?? {}).every(([operator, keys]) =>
    Object.entries(keys).every(([key, expected]) => holds(operator, lookUp(context, key), listOf(expected as string | string[]).map(String))));
}

function holds(operator: string, actual: readonly string[] | undefined, expected: readonly string[]): boolean {
  const [, quantifier, name = '', ifExists] = /^(?:(ForAnyValue|ForAllValues):)?(.*?)(IfExists)?$/.exec(operator)!;
  if (name === 'Null') return expected.includes(String(actual === undefined || actual.length === 0));
  const positive = own(negations, name) ?? name;
  const compare = own(comparisons, positive);
  if (!compare) return false;
  const negated = positive !== name;
  if (actual === undefined || actual.length === 0) return quantifier === 'ForAllValues' || (quantifier === undefined && negated) || ifExists !== undefined;
  const one = (value: string): boolean => expected.some((other) => compare(value, other)) !== negated;
  return quantifier === 'ForAnyValue' || (quantifier === undefined && !negated) ? actual.some(one) : actual.every(one);
}

/** Condition keys are matched without regard to case. */
function lookUp(context: Context, key: string): readonly string[] | undefined {
  const wanted = key.toLowerCase();
  return Object.entries(context).find(([name]) => name.toLowerCase() === wanted)?.[1];
}
