import { Limits } from '../../src/contract/limits';
import { AuthError } from '../domain/errors';

const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * JSON as RFC 8259 leaves it open and as no attacker should choose it: no duplicate names (`JSON.parse` keeps the last, another
 * parser the first), no names that reach prototypes, no numbers beyond the double range, no unpaired surrogates (two different
 * passwords would become the same bytes), nothing deeper than the limit.
 */
export function parseStrictJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // V8's message quotes the input, so it is dropped.
    throw refused('malformed_json');
  }
  scan(text);
  return value;
}

interface Container {
  /** Names met so far; only objects have them. */
  readonly names?: Set<string>;
  /** Whether the next string of an object is a name. */
  expectsName: boolean;
}

/** Walks a text that `JSON.parse` has accepted, so the grammar needs no second check. */
function scan(text: string): void {
  const open: Container[] = [];
  for (let at = 0; at < text.length;) {
    const character = text[at]!;
    const container = open.at(-1);
    if (character === '"') {
      const end = endOfString(text, at);
      checkString(text.slice(at, end), container);
      at = end;
    } else if (character === '{' || character === '[') {
      if (open.length === Limits.JSON_DEPTH) throw refused('json_too_deep');
      open.push(character === '{' ? { names: new Set(), expectsName: true } : { expectsName: false });
      at += 1;
    } else if (character === '}' || character === ']') {
      open.pop();
      at += 1;
    } else if (character === ',') {
      if (container?.names) container.expectsName = true;
      at += 1;
    } else if (character === '-' || (character >= '0' && character <= '9')) {
      const number = /[-+.0-9eE]+/y;
      number.lastIndex = at;
      const literal = number.exec(text)![0];
      if (!Number.isFinite(Number(literal))) throw refused('number_out_of_range');
      at += literal.length;
    } else {
      at += 1;
    }
  }
}

/** Index behind the closing quote. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

function checkString(literal: string, container: Container | undefined): void {
  // Decoded, because `"\u0065mail"` is the same name as `"email"`.
  const value = JSON.parse(literal) as string;
  if (!value.isWellFormed()) throw refused('unpaired_surrogate');
  if (!container?.names || !container.expectsName) return;
  container.expectsName = false;
  if (FORBIDDEN_KEYS.has(value)) throw refused('forbidden_name');
  if (container.names.has(value)) throw refused('duplicate_name');
  container.names.add(value);
}

export function refused(reason: string): AuthError {
  return new AuthError('validation_failed', { detail: DETAILS[reason], reason });
}

const DETAILS: Readonly<Record<string, string>> = {
  malformed_json: 'The body is not valid JSON.',
  malformed_form: 'The body is not a valid form.',
  invalid_utf8: 'The body is not valid UTF-8 without a byte order mark.',
  json_too_deep: `The body is nested deeper than ${Limits.JSON_DEPTH} levels.`,
  number_out_of_range: 'The body contains a number that is out of range.',
  unpaired_surrogate: 'The body contains an unpaired surrogate.',
  forbidden_name: 'The body contains a name that is not allowed.',
  duplicate_name: 'The body contains a name twice.',
};
