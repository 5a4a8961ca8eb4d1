/**
 * The part of the Velocity template language that MOCK integrations use: #set, #if / #elseif / #else, references with
 * properties and method calls, literals, comparison and logic. Anything else is left in the text as it is.
 */
export type VtlScope = Record<string, unknown>;

interface Token {
  readonly kind: 'text' | 'set' | 'if' | 'elseif' | 'else' | 'end' | 'reference';
  readonly source: string;
}

type Block = readonly ['text', string] | readonly ['reference', string] | readonly ['set', string] | readonly ['if', readonly Branch[]];
interface Branch { readonly condition: string | undefined; readonly body: readonly Block[] }

export function renderVtl(template: string, scope: VtlScope): string {
  const tokens = tokenize(template);
  const { blocks } = parse(tokens, 0);
  return render(blocks, scope);
}

function tokenize(template: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let text = '';
  const push = (token: Token) => {
    if (text !== '') tokens.push({ kind: 'text', source: text });
    text = '';
    tokens.push(token);
  };
  while (at < template.length) {
    const rest = template.slice(at);
    const directive = /^#\{?(set|if|elseif|else|end)\}?/.exec(rest);
    const reference = /^\$!?\{?[A-Za-z_]/.test(rest);
    if (rest.startsWith('##')) {
      const end = rest.indexOf('\n');
      at += end < 0 ? rest.length : end;
    } else if (directive) {
      const kind = directive[1] as Token['kind'];
      at += directive[0].length;
      if (kind === 'else' || kind === 'end') {
        push({ kind, source: '' });
      } else {
        while (template[at] === ' ') at += 1;
        const close = closing(template, at);
        push({ kind, source: template.slice(at + 1, close) });
        at = close + 1;
      }
    } else if (reference) {
      const length = referenceLength(rest);
      push({ kind: 'reference', source: rest.slice(0, length) });
      at += length;
    } else {
      text += template[at];
      at += 1;
    }
  }
  if (text !== '') tokens.push({ kind: 'text', source: text });
  return tokens;
}

/** Index of the parenthesis that closes the one at `open`; quotes are skipped. */
function closing(text: string, open: number): number {
  let depth = 0;
  let quote = '';
  for (let at = open; at < text.length; at += 1) {
    const char = text[at]!;
    if (quote !== '') {
      if (char === quote) quote = '';
    } else if (char === '"' || char === "'") quote = char;
    else if (char === '(') depth += 1;
    else if (char === ')' && (depth -= 1) === 0) return at;
  }
  throw new Error('a parenthesis is not closed in the mapping template');
}

function referenceLength(text: string): number {
  const start = /^\$!?\{?/.exec(text)![0];
  let at = start.length;
  at += /^[A-Za-z_][A-Za-z0-9_-]*/.exec(text.slice(at))![0].length;
  for (;;) {
    const property = /^\.[A-Za-z_][A-Za-z0-9_-]*/.exec(text.slice(at));
    if (!property) break;
    at += property[0].length;
    if (text[at] === '(') at = closing(text, at) + 1;
  }
  return start.endsWith('{') && text[at] === '}' ? at + 1 : at;
}

function parse(tokens: readonly Token[], from: number): { blocks: Block[]; next: number } {
  const blocks: Block[] = [];
  let at = from;
  while (at < tokens.length) {
    const token = tokens[at]!;
    if (token.kind === 'end' || token.kind === 'else' || token.kind === 'elseif') break;
    if (token.kind === 'if') {
      const branches: Branch[] = [];
      let condition: string | undefined = token.source;
      for (;;) {
        const inner = parse(tokens, at + 1);
        branches.push({ condition, body: inner.blocks });
        at = inner.next;
        const stop = tokens[at];
        if (!stop) throw new Error('#if is not closed in the mapping template');
        if (stop.kind === 'end') break;
        condition = stop.kind === 'elseif' ? stop.source : undefined;
      }
      blocks.push(['if', branches]);
    } else if (token.kind === 'set') {
      blocks.push(['set', token.source]);
    } else {
      blocks.push([token.kind as 'text' | 'reference', token.source]);
    }
    at += 1;
  }
  return { blocks, next: at };
}

function render(blocks: readonly Block[], scope: VtlScope): string {
  let output = '';
  for (const block of blocks) {
    if (block[0] === 'text') {
      output += block[1];
    } else if (block[0] === 'reference') {
      const value = new Expression(block[1], scope).value();
      output += value === undefined || value === null ? (block[1].startsWith('$!') ? '' : block[1]) : String(value);
    } else if (block[0] === 'set') {
      const [, target, expression] = /^\s*\$\{?([A-Za-z0-9_.-]+)\}?\s*=(.*)$/s.exec(block[1]) ?? [];
      if (target) assign(scope, target.split('.'), new Expression(expression!, scope).value());
    } else {
      const chosen = block[1].find(({ condition }) => condition === undefined || truthy(new Expression(condition, scope).value()));
      if (chosen) output += render(chosen.body, scope);
    }
  }
  return output;
}

function assign(scope: VtlScope, names: readonly string[], value: unknown): void {
  let target = scope;
  for (const name of names.slice(0, -1)) {
    if (typeof target[name] !== 'object' || target[name] === null) target[name] = {};
    target = target[name] as VtlScope;
  }
  target[names.at(-1)!] = value;
}

function truthy(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false;
}

/** A recursive descent over one expression. */
class Expression {
  private at = 0;

  constructor(private readonly text: string, private readonly scope: VtlScope) {}

  value(): unknown {
    let left = this.and();
    while (this.takes('||')) {
      const right = this.and();
      left = truthy(left) || truthy(right);
    }
    return left;
  }

  private and(): unknown {
    let left = this.comparison();
    while (this.takes('&&')) {
      const right = this.comparison();
      left = truthy(left) && truthy(right);
    }
    return left;
  }

  private comparison(): unknown {
    const left = this.operand();
    if (this.takes('==')) return same(left, this.operand());
    if (this.takes('!=')) return !same(left, this.operand());
    return left;
  }

  private operand(): unknown {
    if (this.takes('!')) return !truthy(this.operand());
    if (this.takes('(')) {
      const inner = this.value();
      this.takes(')');
      return inner;
    }
    this.space();
    const rest = this.text.slice(this.at);
    const quote = rest[0];
    if (quote === '"' || quote === "'") {
      const end = rest.indexOf(quote, 1);
      this.at += end + 1;
      return rest.slice(1, end);
    }
    const word = /^(true|false|null|-?\d+(?:\.\d+)?)/.exec(rest);
    if (word) {
      this.at += word[0].length;
      return JSON.parse(word[0]) as unknown;
    }
    return rest.startsWith('$') ? this.reference() : undefined;
  }

  private reference(): unknown {
    const start = /^\$!?\{?/.exec(this.text.slice(this.at))![0];
    this.at += start.length;
    let value: unknown = this.scope[this.name()];
    while (/^\.[A-Za-z_]/.test(this.text.slice(this.at))) {
      this.at += 1;
      const name = this.name();
      value = this.takes('(') ? call(value, name, this.list()) : property(value, name);
    }
    if (start.endsWith('{')) this.takes('}');
    return value;
  }

  private list(): unknown[] {
    const values: unknown[] = [];
    while (!this.takes(')')) {
      values.push(this.value());
      if (!this.takes(',')) {
        this.takes(')');
        break;
      }
    }
    return values;
  }

  private name(): string {
    const name = /^[A-Za-z_][A-Za-z0-9_-]*/.exec(this.text.slice(this.at))?.[0] ?? '';
    this.at += name.length;
    return name;
  }

  private takes(symbol: string): boolean {
    this.space();
    if (!this.text.startsWith(symbol, this.at) || (symbol === '!' && this.text[this.at + 1] === '=')) return false;
    this.at += symbol.length;
    return true;
  }

  private space(): void {
    while (/\s/.test(this.text[this.at] ?? '')) this.at += 1;
  }
}

function same(left: unknown, right: unknown): boolean {
  return String(left ?? '') === String(right ?? '');
}

function property(value: unknown, name: string): unknown {
  return value !== null && typeof value === 'object' && Object.hasOwn(value, name) ? (value as VtlScope)[name] : undefined;
}

/** Java's methods on strings and maps that mapping templates use, and functions that the scope offers. */
function call(value: unknown, name: string, parameters: readonly unknown[]): unknown {
  const own = property(value, name);
  if (typeof own === 'function') return (own as (...all: unknown[]) => unknown)(...parameters);
  const [first] = parameters;
  if (typeof value === 'string') {
    switch (name) {
      case 'matches': return new RegExp(`^(?:${String(first)})$`).test(value);
      case 'equals': return value === first;
      case 'contains': return value.includes(String(first));
      case 'startsWith': return value.startsWith(String(first));
      case 'endsWith': return value.endsWith(String(first));
      case 'isEmpty': return value === '';
      case 'toLowerCase': return value.toLowerCase();
      case 'toUpperCase': return value.toUpperCase();
      default: return undefined;
    }
  }
  return name === 'get' ? property(value, String(first)) ?? '' : undefined;
}
