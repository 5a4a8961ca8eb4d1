import { SIGNING_ALGORITHMS } from '../../src/contract/signing';
import { isObject, parseJsonObject } from './encoding';
import { otherMembers } from './other-members';
import { KeyKeeper, PublishedKey, PublishedKeySet, RefreshKey, RefreshKeyset, RetiredKey, SigningAlgorithm, SigningKey, SigningKeyset } from './model';

/**
 * Readers of stored keysets. Members that a later release added are carried along, so that N-1 reads what N writes and destroys nothing of it;
 * an unknown version and a missing or ill-typed member are errors, whose texts never quote the value.
 */

export const KID = /^[A-Za-z0-9_-]{1,64}$/;
const KEEPER = /^(?:kms|existing-secret)$/;
const KEY_ARN = /^arn:[\w:/-]{1,200}$/;
const KV = /^[a-z0-9]{8}$/;
const REFRESH_KEY = /^[A-Za-z0-9_-]{43}$/;

type Fields = Readonly<Record<string, unknown>>;

/** Beside the keyset in a secret's value: where this one came from, nothing of the next one. `Origin` in use-cases/rotate-keys. */
const ORIGIN = ['rotation', 'base'];
const SIGNING_KEYSET = ['v', 'version', 'active', 'next', 'retired', ...ORIGIN];
const REFRESH_KEYSET = ['v', 'keys', 'ep', ...ORIGIN];
const REFRESH_KEY_MEMBERS = ['kv', 'key', 'createdAt', 'retiredAt'];
const PRIVATE_KEY = ['kid', 'alg', 'privateJwk', 'createdAt'];
const RETIRED_KEY = [...PRIVATE_KEY, 'publicJwk', 'retiredAt', 'removeAt'];
const PUBLISHED_SET = ['version', 'keys', 'updatedAt', 'withdrawn'];
export const PUBLISHED_KEY = ['kid', 'alg', 'jwk', 'publishedAt', 'state', 'removeAt', 'keeper', 'keyArn'];

/** The signing secret's value. Throws an `Error` when it is none. */
export function parseSigningKeyset(json: string): SigningKeyset {
  const read = reader('signing keyset');
  const value = read.version1(json);
  const keyset: SigningKeyset = {
    ...otherMembers(value, SIGNING_KEYSET),
    v: 1,
    version: read.number(value, 'version'),
    active: signingKey(read, read.object(value, 'active')),
    next: signingKey(read, read.object(value, 'next')),
    retired: read.list(value, 'retired').map((key) => retiredKey(read, key)),
  };
  const kids = [keyset.active, keyset.next, ...keyset.retired].map((key) => key.kid);
  if (new Set(kids).size !== kids.length) {
    throw read.error('repeats a kid');
  }
  return keyset;
}

/** The refresh secret's value. Throws an `Error` when it is none. */
export function parseRefreshKeyset(json: string): RefreshKeyset {
  const read = reader('refresh keyset');
  const value = read.version1(json);
  const ep = read.optionalNumber(value, 'ep');
  const keys = read.list(value, 'keys').map((key): RefreshKey => {
    const retiredAt = read.optionalNumber(key, 'retiredAt');
    return {
      ...otherMembers(key, REFRESH_KEY_MEMBERS),
      kv: read.text(key, 'kv', KV),
      key: read.text(key, 'key', REFRESH_KEY),
      createdAt: read.number(key, 'createdAt'),
      ...(retiredAt === undefined ? {} : { retiredAt }),
    };
  });
  if (!keys[0] || keys[0].retiredAt !== undefined) {
    throw read.error('has no current key');
  }
  if (new Set(keys.map((key) => key.kv)).size !== keys.length) {
    throw read.error('repeats a kv');
  }
  return { ...otherMembers(value, REFRESH_KEYSET), v: 1, keys, ...(ep === undefined ? {} : { ep }) };
}

/** The published set as it stands in the Revocations table. Throws an `Error` when it is none. */
export function parsePublishedKeySet(value: unknown): PublishedKeySet {
  const read = reader('published key set');
  if (!isObject(value)) {
    throw read.error('is no object');
  }
  return {
    ...otherMembers(value, PUBLISHED_SET),
    version: read.number(value, 'version'),
    keys: read.list(value, 'keys').map((key): PublishedKey => {
      const removeAt = read.optionalNumber(key, 'removeAt');
      const keeper = read.optionalText(key, 'keeper', KEEPER);
      const keyArn = read.optionalText(key, 'keyArn', KEY_ARN);
      return {
        ...otherMembers(key, PUBLISHED_KEY),
        kid: read.text(key, 'kid', KID),
        alg: algorithm(read, key),
        jwk: jwk(read, key, 'jwk'),
        publishedAt: read.number(key, 'publishedAt'),
        state: read.text(key, 'state', /^(?:active|next|retired)$/) as PublishedKey['state'],
        ...(removeAt === undefined ? {} : { removeAt }),
        ...(keeper === undefined ? {} : { keeper: keeper as KeyKeeper }),
        ...(keyArn === undefined ? {} : { keyArn }),
      };
    }),
    updatedAt: read.number(value, 'updatedAt'),
    ...(Array.isArray(value.withdrawn) ? { withdrawn: value.withdrawn.map(String) } : {}),
  };
}

function signingKey(read: Reader, key: Fields): SigningKey {
  return {
    ...otherMembers(key, PRIVATE_KEY),
    kid: read.text(key, 'kid', KID),
    alg: algorithm(read, key),
    privateJwk: jwk(read, key, 'privateJwk'),
    createdAt: read.number(key, 'createdAt'),
  };
}

function retiredKey(read: Reader, key: Fields): RetiredKey {
  return {
    ...otherMembers(key, RETIRED_KEY),
    kid: read.text(key, 'kid', KID),
    alg: algorithm(read, key),
    publicJwk: jwk(read, key, 'publicJwk'),
    ...(key.privateJwk === undefined ? {} : { privateJwk: jwk(read, key, 'privateJwk') }),
    createdAt: read.number(key, 'createdAt'),
    retiredAt: read.number(key, 'retiredAt'),
    removeAt: read.number(key, 'removeAt'),
  };
}

function algorithm(read: Reader, key: Fields): SigningAlgorithm {
  const alg = SIGNING_ALGORITHMS.find((name) => name === key.alg);
  if (!alg) {
    throw read.error('has an unknown algorithm');
  }
  return alg;
}

function jwk(read: Reader, key: Fields, name: string): Readonly<Record<string, string>> {
  const value = read.object(key, name);
  if (!Object.values(value).every((member) => typeof member === 'string')) {
    throw read.error(`has a malformed ${name}`);
  }
  return value as Readonly<Record<string, string>>;
}

interface Reader {
  error(what: string): Error;
  version1(json: string): Fields;
  object(from: Fields, name: string): Fields;
  list(from: Fields, name: string): Fields[];
  number(from: Fields, name: string): number;
  optionalNumber(from: Fields, name: string): number | undefined;
  text(from: Fields, name: string, format: RegExp): string;
  optionalText(from: Fields, name: string, format: RegExp): string | undefined;
}

function reader(subject: string): Reader {
  const error = (what: string): Error => new Error(`${subject}: ${what}`);
  const number = (from: Fields, name: string): number => {
    const value = from[name];
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
      throw error(`has no ${name}`);
    }
    return value;
  };
  const text = (from: Fields, name: string, format: RegExp): string => {
    const value = from[name];
    if (typeof value !== 'string' || !format.test(value)) {
      throw error(`has no ${name}`);
    }
    return value;
  };
  return {
    error,
    number,
    text,
    version1(json) {
      const value = parseJsonObject(json);
      if (!value) {
        throw error('is no JSON object');
      }
      if (value.v !== 1) {
        throw error('has an unknown version');
      }
      return value;
    },
    object(from, name) {
      const value = from[name];
      if (!isObject(value)) {
        throw error(`has no ${name}`);
      }
      return value;
    },
    list(from, name) {
      const value = from[name];
      if (!Array.isArray(value) || !value.every(isObject)) {
        throw error(`has no ${name}`);
      }
      return value;
    },
    optionalNumber: (from, name) => (from[name] === undefined ? undefined : number(from, name)),
    optionalText: (from, name, format) => (from[name] === undefined ? undefined : text(from, name, format)),
  };
}
