/** Reads the variables of one function and says which one is wrong, so that a mistake in a deployment is one line in the log. */
export class Environment {
  constructor(private readonly variables: Readonly<Record<string, string | undefined>>) {}

  /** A value that must be there and not empty. */
  text(name: string): string {
    const value = this.variables[name];
    if (value === undefined || value === '') throw new Error(`environment variable ${name} is missing`);
    return value;
  }

  optional(name: string): string | undefined {
    return this.variables[name] === '' ? undefined : this.variables[name];
  }

  /** A whole number within bounds, for example of seconds. */
  number(name: string, least: number, greatest = Number.MAX_SAFE_INTEGER): number {
    const text = this.text(name);
    const value = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
    if (!(value >= least && value <= greatest)) throw wrong(name, text, `a whole number from ${least}${greatest === Number.MAX_SAFE_INTEGER ? '' : ` to ${greatest}`}`);
    return value;
  }

  oneOf<const T extends string>(name: string, allowed: readonly T[]): T {
    const text = this.text(name);
    const found = allowed.find((value) => value === text);
    if (found === undefined) throw wrong(name, text, allowed.join(', '));
    return found;
  }

  /** Separated by one space; absent or empty is none. */
  list(name: string): readonly string[] {
    return this.optional(name)?.split(' ') ?? [];
  }

  flag(name: string): boolean {
    const text = this.optional(name) ?? '0';
    if (text !== '0' && text !== '1') throw wrong(name, text, '1, 0 or nothing');
    return text === '1';
  }

  /** What `parse` makes of the value; its own error text becomes part of the message. */
  parsed<T>(name: string, parse: (text: string) => T): T {
    const text = this.text(name);
    try {
      return parse(text);
    } catch (error) {
      throw wrong(name, text, error instanceof Error ? error.message : 'another form');
    }
  }
}

/** No variable of the contract holds a secret: secrets are ARNs there. */
function wrong(name: string, text: string, expected: string): Error {
  return new Error(`environment variable ${name} is "${text.slice(0, 200)}", expected ${expected}`);
}
