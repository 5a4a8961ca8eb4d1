import { HeaderList } from '../message';

/** A response headers policy: what CloudFront does to the headers of an origin's answer. */
export interface ResponseHeaders {
  readonly removed: readonly string[];
  readonly added: readonly AddedHeader[];
}

export interface AddedHeader {
  readonly name: string;
  readonly value: string;
  /** In place of the origin's value; otherwise only where the origin sent none. */
  readonly override: boolean;
}

export function withResponseHeaders(headers: HeaderList, { removed, added }: ResponseHeaders): HeaderList {
  const has = (name: string) => headers.some(([other]) => other.toLowerCase() === name.toLowerCase());
  const gone = [...removed, ...added.filter(({ override }) => override).map(({ name }) => name)].map((name) => name.toLowerCase());
  const kept = headers.filter(([name]) => !gone.includes(name.toLowerCase()));
  return [...kept, ...added.filter(({ name, override }) => override || !has(name)).map(({ name, value }): [string, string] => [name, value])];
}
