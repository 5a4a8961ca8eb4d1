/** Reads an expression of DynamoDB token by token. Names and values stay placeholders: what they stand for is looked up at evaluation. */
export class Tokens {
  private readonly tokens: readonly string[];
  private at = 0;

  constructor(private readonly text: string) {
    this.tokens = text.match(/<>|<=|>=|[()=<>,+-]|[#:]?\w+(?:\.[#:]?\w+|\[\d+\])*|\S/g) ?? [];
  }

  get done(): boolean {
    return this.at === this.tokens.length;
  }

  peek(): string | undefined {
    return this.tokens[this.at];
  }

  next(): string {
    const token = this.tokens[this.at];
    if (token === undefined) throw this.error('more');
    this.at += 1;
    return token;
  }

  /** Whether `wanted` comes next; then it is consumed. Keywords are told from names by their spelling alone: every name of the stores starts with #. */
  take(wanted: string): boolean {
    if (this.peek()?.toUpperCase() !== wanted) return false;
    this.at += 1;
    return true;
  }

  expect(wanted: string): void {
    if (!this.take(wanted)) throw this.error(`"${wanted}"`);
  }

  /** What `one` reads, separated by commas. */
  list<T>(one: () => T): T[] {
    const list = [one()];
    while (this.take(',')) list.push(one());
    return list;
  }

  error(expected: string): Error {
    return new Error(`expression "${this.text}": got ${this.peek() ?? 'its end'}, expected ${expected}`);
  }
}

/** `#parent.#n`, `#list[0]`: a path into an item. */
export function pathOf(token: string): readonly string[] {
  return token.replace(/\[(\d+)\]/g, '.$1').split('.');
}
