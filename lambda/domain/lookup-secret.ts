import { parseJsonObject } from './encoding';

/** The lookup secret's value. It is made once and never rotates: under another key every name would be another key of a table. */
export interface LookupSecret {
  readonly v: 1;
  /** 256 random bits, base64url. */
  readonly key: string;
  readonly createdAt: number;
  /** The service ran before it had this secret: an account that was stopped then is stopped under a digest without a key. */
  readonly unkeyedBefore?: true;
}

const KEY = /^[A-Za-z0-9_-]{43}$/;

export function firstLookupSecret(key: string, now: number, unkeyedBefore: boolean): LookupSecret {
  return { v: 1, key, createdAt: now, ...(unkeyedBefore ? { unkeyedBefore } : {}) };
}

/** Throws an `Error` when it is none; its text never quotes the value. Members that a later release added are passed over. */
export function parseLookupSecret(json: string): LookupSecret {
  const value = parseJsonObject(json);
  if (!value) throw malformed('is no JSON object');
  const { v, key, createdAt, unkeyedBefore } = value;
  if (v !== 1) throw malformed('has an unknown version');
  if (typeof key !== 'string' || !KEY.test(key)) throw malformed('has no key');
  if (typeof createdAt !== 'number') throw malformed('has no createdAt');
  return { v, key, createdAt, ...(unkeyedBefore === true ? { unkeyedBefore } : {}) };
}

function malformed(what: string): Error {
  return new Error(`lookup secret: ${what}`);
}
