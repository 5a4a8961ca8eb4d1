/** What a field or an expression is worth; undefined: the line does not have it. */
export type Value = string | number | boolean | undefined;
export type Row = (field: string) => Value;
export type Evaluate = (row: Row) => Value;

/** A query that is not understood; its message becomes that of the refusal. */
export class QueryError extends Error {}

interface Token {
  readonly kind: 'name' | 'number' | 'string' | 'regex' | 'duration' | 'sign';
  readonly text: string;
}

const TOKENS: readonly [Token['kind'] | 'space', RegExp][] = [
  ['space', /^\s+/],
  ['string', /^"((?:[^"\\]|\\.)*)"|^'((?:[^'\\]|\\.)*)'/],
  ['regex', /^\/((?:[^/\\\n]|\\.)+)\/(?=\s|\)|\||$)/],
  ['duration', /^\d+(?:ms|s|m|h|d|w)\b/],
  ['number', /^\d+(?:\.\d+)?/],
  ['name', /^`[^`]+`|^(?:\$\.)?@?[A-Za-z_][\w.]*/],
  ['sign', /^(?:!=|<=|>=|=~|&&|\|\||[-+*/%=<>(),[\]])/],
];

const FUNCTIONS: Readonly<Record<string, (...values: Value[]) => Value>> = {
  ispresent: (value) => value !== undefined,
  isempty: (value) => value === undefined || value === '',
  isblank: (value) => value === undefined || String(value).trim() === '',
  coalesce: (...values) => values.find((value) => value !== undefined),
  concat: (...values) => values.map((value) => value ?? '').join(''),
  strlen: (value) => String(value ?? '').length,
  tolower: (value) => value === undefined ? undefined : String(value).toLowerCase(),
  toupper: (value) => value === undefined ? undefined : String(value).toUpperCase(),
  abs: (value) => Math.abs(Number(value)),
  ceil: (value) => Math.ceil(Number(value)),
  floor: (value) => Math.floor(Number(value)),
};

export const numberOf = (value: Value): number => value === undefined || value === '' ? Number.NaN : Number(value);

const COMPARISONS: Readonly<Record<string, (order: number) => boolean>> = {
  '=': (order) => order === 0, '!=': (order) => order !== 0, '<': (order) => order < 0, '<=': (order) => order <= 0, '>': (order) => order > 0, '>=': (order) => order >= 0,
};

/** Numbers by size, everything else as text. */
export function orderOf(left: Value, right: Value): number {
  const [one, two] = [numberOf(left), numberOf(right)];
  if (!Number.isNaN(one) && !Number.isNaN(two)) return one - two;
  return String(left) < String(right) ? -1 : String(left) > String(right) ? 1 : 0;
}

/** Reads expressions of CloudWatch Logs Insights, and with `wildcards` those of filter patterns, in which `*` stands for any text. */
export class Parser {
  private readonly tokens: readonly Token[];
  private at = 0;

  constructor(text: string, private readonly wildcards = false) {
    this.tokens = tokensOf(text);
  }

  get atEnd(): boolean {
    return this.at === this.tokens.length;
  }

  /** Takes the next token when it is this word or sign. */
  take(...texts: string[]): boolean {
    const token = this.tokens[this.at];
    if (!token || token.kind === 'string' || !texts.includes(token.text.toLowerCase())) return false;
    this.at += 1;
    return true;
  }

  expect(text: string): void {
    if (!this.take(text)) throw this.unexpected(`"${text}"`);
  }

  next(kind: Token['kind'], what: string): string {
    const token = this.tokens[this.at];
    if (token?.kind !== kind) throw this.unexpected(what);
    this.at += 1;
    return token.text;
  }

  peek(ahead = 0): Token | undefined {
    return this.tokens[this.at + ahead];
  }

  expression(): Evaluate {
    let left = this.conjunction();
    while (this.take('or', '||')) {
      const [one, two] = [left, this.conjunction()];
      left = (row) => one(row) === true || two(row) === true;
    }
    return left;
  }

  /** What was read since a position, as it goes by when it has no other name. */
  textSince(position: number): string {
    return this.tokens.slice(position, this.at).map(({ text }) => text).join('');
  }

  get position(): number {
    return this.at;
  }

  unexpected(wanted: string): QueryError {
    const token = this.tokens[this.at];
    return new QueryError(`expected ${wanted}, got ${token === undefined ? 'the end' : JSON.stringify(token.text)}`);
  }

  private conjunction(): Evaluate {
    let left = this.negation();
    while (this.take('and', '&&')) {
      const [one, two] = [left, this.negation()];
      left = (row) => one(row) === true && two(row) === true;
    }
    return left;
  }

  private negation(): Evaluate {
    if (!this.take('not')) return this.comparison();
    const inner = this.negation();
    return (row) => inner(row) !== true;
  }

  private comparison(): Evaluate {
    const left = this.sum();
    const negated = this.take('not');
    const matched = this.match(left);
    if (matched) return negated ? (row) => matched(row) !== true : matched;
    if (negated) throw this.unexpected('"like" or "in"');
    const sign = this.peek();
    const compare = sign?.kind === 'sign' ? COMPARISONS[sign.text] : undefined;
    if (!compare) return left;
    this.at += 1;
    const right = this.sum();
    return (row) => {
      const [one, two] = [left(row), right(row)];
      if (one === undefined || two === undefined) return false;
      if (this.wildcards && typeof two === 'string' && two.includes('*')) return wildcard(two).test(String(one)) === compare(0);
      return compare(orderOf(one, two));
    };
  }

  private match(left: Evaluate): Evaluate | undefined {
    if (this.take('in')) {
      this.expect('[');
      const values = this.list(']');
      return (row) => values.some((value) => left(row) !== undefined && orderOf(left(row), value(row)) === 0);
    }
    if (!this.take('like', '=~')) return undefined;
    if (this.peek()?.kind === 'regex') {
      const pattern = new RegExp(this.next('regex', 'a pattern'));
      return (row) => pattern.test(String(left(row) ?? ''));
    }
    const text = this.next('string', 'a text or a pattern');
    return (row) => String(left(row) ?? '').includes(text);
  }

  private sum(): Evaluate {
    return this.chain(() => this.product(), { '+': (one, two) => one + two, '-': (one, two) => one - two });
  }

  private product(): Evaluate {
    return this.chain(() => this.operand(), { '*': (one, two) => one * two, '/': (one, two) => one / two, '%': (one, two) => one % two });
  }

  private chain(part: () => Evaluate, signs: Readonly<Record<string, (one: number, two: number) => number>>): Evaluate {
    let left = part();
    for (let sign = this.peek()?.text ?? ''; this.peek()?.kind === 'sign' && sign in signs; sign = this.peek()?.text ?? '') {
      this.at += 1;
      const [one, two, calculate] = [left, part(), signs[sign]!];
      left = (row) => calculate(numberOf(one(row)), numberOf(two(row)));
    }
    return left;
  }

  private operand(): Evaluate {
    if (this.take('(')) {
      const inner = this.expression();
      this.expect(')');
      return inner;
    }
    if (this.take('-')) {
      const inner = this.operand();
      return (row) => -numberOf(inner(row));
    }
    const token = this.peek();
    if (token?.kind === 'string') return constant(this.next('string', ''));
    if (token?.kind === 'number') return constant(Number(this.next('number', '')));
    const name = this.next('name', 'a field, a value or "("');
    if (this.take('(')) return this.call(name);
    if (name === 'true' || name === 'false') return constant(name === 'true');
    return (row) => row(name);
  }

  private call(name: string): Evaluate {
    if (name === 'bin') {
      const width = millisecondsOf(this.next('duration', 'a time such as 5m'));
      this.expect(')');
      return (row) => Math.floor(numberOf(row('@timestamp')) / width) * width;
    }
    const values = this.list(')');
    const run = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
    if (!run) throw new QueryError(`the function ${name} is not available in the local instance; there are ${Object.keys(FUNCTIONS).join(', ')}, bin`);
    return (row) => run(...values.map((value) => value(row)));
  }

  private list(end: string): Evaluate[] {
    const values: Evaluate[] = [];
    while (!this.take(end)) {
      if (values.length > 0) this.expect(',');
      values.push(this.expression());
    }
    return values;
  }
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  for (let rest = text; rest !== '';) {
    const candidates = TOKENS.filter(([one]) => one !== 'regex' || isPatternHere(tokens)).map(([one, pattern]) => [one, pattern.exec(rest)] as const);
    const [kind, match] = candidates.find(([, found]) => found) ?? [];
    if (!kind || !match) throw new QueryError(`${JSON.stringify(rest.slice(0, 20))} is not understood`);
    const quoted = kind === 'string' || kind === 'regex';
    if (kind !== 'space') tokens.push({ kind, text: quoted ? (match[1] ?? match[2] ?? '') : match[0].replaceAll('`', '').replace(/^\$\./, '') });
    rest = rest.slice(match[0].length);
  }
  return tokens;
}

/** A slash begins a pattern only where one can stand; elsewhere it divides. */
const isPatternHere = (before: readonly Token[]): boolean => ['like', '=~'].includes(before.at(-1)?.text.toLowerCase() ?? '');

const constant = (value: Value): Evaluate => () => value;

const wildcard = (text: string): RegExp => new RegExp(`^${text.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`, 's');

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

function millisecondsOf(duration: string): number {
  const [, count = '0', unit = 's'] = /^(\d+)(\w+)$/.exec(duration) ?? [];
  return Number(count) * UNITS[unit]!;
}
