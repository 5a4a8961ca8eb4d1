import { UnavailableError } from '../../domain/errors';

/** Format of every item that this release writes. */
export const FORMAT_VERSION = 1;

/**
 * Takes an item apart. An attribute that is missing or of another type, or a format that only a later release knows, is no
 * answer: a comparison with `undefined` would decide something.
 */
export class ItemReader {
  constructor(private readonly item: Readonly<Record<string, unknown>>, private readonly dependency: string) {
    if (this.number('v') > FORMAT_VERSION) throw this.error('v');
  }

  text(name: string): string {
    const value = this.item[name];
    if (typeof value !== 'string') throw this.error(name);
    return value;
  }

  number(name: string): number {
    const value = this.item[name];
    if (typeof value !== 'number') throw this.error(name);
    return value;
  }

  oneOf<T extends string>(name: string, values: readonly T[]): T {
    const value = values.find((known) => known === this.item[name]);
    if (value === undefined) throw this.error(name);
    return value;
  }

  list<T extends 'string' | 'number'>(name: string, type: T): (T extends 'string' ? string : number)[] {
    const value = this.item[name];
    if (!Array.isArray(value) || !value.every((element) => typeof element === type)) throw this.error(name);
    return value;
  }

  map(name: string): Readonly<Record<string, unknown>> {
    const value = this.item[name];
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw this.error(name);
    return value as Readonly<Record<string, unknown>>;
  }

  /** Numbers of a map within the item, which has no version of its own. */
  numbers<const N extends string>(name: string, members: readonly N[]): Record<N, number> {
    const map = this.map(name);
    return Object.fromEntries(members.map((member) => {
      const value = map[member];
      if (typeof value !== 'number') throw this.error(`${name}.${member}`);
      return [member, value];
    })) as Record<N, number>;
  }

  private error(name: string): UnavailableError {
    return new UnavailableError(this.dependency, new Error(`stored item: unreadable ${name}`));
  }
}
