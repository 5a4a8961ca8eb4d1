import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { DynamoDb } from '../../../../lambda/adapters/dynamodb';
import { DynamoAttemptStore, DynamoHourlyCounters, DynamoRevocationStore, DynamoSessionStore, DynamoTicketStore, DynamoUserStore } from '../../../../lambda/adapters/dynamodb';
import { nodeCrypto } from '../../../../lambda/adapters/node-crypto/crypto';
import { aCredential, aSession, aUser, FAR_TTL, sessionAfterChange, START } from '../../../contract/suites/stores';

/**
 * A write may hang for seconds, in a client or between its tries. What its key names may be somebody else's by then, if the key can be used
 * again: an address can, ids and secrets that were drawn at random cannot. So a write on a reusable key has to name whose it is.
 */
interface KeyKind {
  readonly table: string;
  readonly key: RegExp;
  /** Attribute that says whose the item is; absent where the key belongs to nobody, or to one identity for ever. */
  readonly identity?: string;
}

const KEYS: readonly KeyKind[] = [
  { table: 'users', key: /^EMAIL#/, identity: 'uid' },
  // A user id is a random UUID.
  { table: 'users', key: /^USER#/ },
  { table: 'revocations', key: /^U#/ },
  // One item of the service itself; its version says what it replaces.
  { table: 'revocations', key: /^KEYS#/ },
  // Random ids, and digests of random secrets.
  { table: 'sessions', key: /./ },
  { table: 'tickets', key: /./ },
  // What happened at an address or from a network, whoever it was.
  { table: 'attempts', key: /./ },
];

/** One write of an item, alone or in a transaction. */
interface Write {
  readonly method: string;
  readonly kind: KeyKind | undefined;
  readonly puts: boolean;
  readonly key: string;
  readonly condition: string;
  readonly names: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, unknown>>;
}

const tables = { users: 'users', sessions: 'sessions', revocations: 'revocations', attempts: 'attempts', tickets: 'tickets' };
const user = aUser();
const credential = aCredential(user);
const session = aSession();
const rule = { perHour: 10, stopAt: 100 };
const reserved = { allowed: true, key: 'key', id: '01234567', hour: 1, count: 1, streak: 0 } as const;
const keySet = { version: 1, keys: [], updatedAt: START };

type Call<S> = (store: S) => Promise<unknown>;
type Methods<S> = { readonly [M in Exclude<keyof S, 'calls'>]: readonly Call<S>[] };

/** Every method of every store, with arguments for each way through it; reads write nothing. The compiler asks for a new one. */
const USERS: Methods<DynamoUserStore> = {
  createUser: [(s) => s.createUser(user, credential), (s) => s.createUser(user, credential, { invitation: { hash: 'ticket', now: START } }), (s) => s.createUser(user, credential, { counters: ['key'] })],
  readCredential: [(s) => s.readCredential(user.email)],
  readUser: [(s) => s.readUser(user.uid)],
  findByEmail: [(s) => s.findByEmail(user.email)],
  updateProfile: [(s) => s.updateProfile(user.uid, user, { locale: 'de' })],
  rehash: [(s) => s.rehash(credential, '$test$better')],
  changePassword: [(s) => s.changePassword(user, '$test$new', FAR_TTL, sessionAfterChange(user))],
  endAllSessions: [(s) => s.endAllSessions(user.uid, user.sv, FAR_TTL)],
  administer: [(s) => s.administer(user, { scopes: ['a'] }, false, FAR_TTL), (s) => s.administer(user, { status: 'disabled' }, true, FAR_TTL)],
  deleteUser: [(s) => s.deleteUser(user, FAR_TTL)],
};
const SESSIONS: Methods<DynamoSessionStore> = {
  create: [(s) => s.create(session)],
  read: [(s) => s.read(session.sid)],
  rotate: [(s) => s.rotate(session, { ...session, n: 1, parent: { of: 1, n: 0, at: START } })],
  markEnded: [(s) => s.markEnded(session.sid)],
  endUnused: [(s) => s.endUnused(session)],
  forget: [(s) => s.forget(session)],
  listByUser: [(s) => s.listByUser(user.uid)],
  readMany: [(s) => s.readMany([session.sid])],
};
const REVOCATIONS: Methods<DynamoRevocationStore> = {
  readRevocations: [(s) => s.readRevocations(user.uid)],
  readPublishedKeys: [(s) => s.readPublishedKeys()],
  revokeSession: [(s) => s.revokeSession(user.uid, session.sid, FAR_TTL, FAR_TTL)],
  pruneExpired: [(s) => s.pruneExpired(user.uid, FAR_TTL)],
  publish: [(s) => s.publish(keySet)],
};
const ATTEMPTS: Methods<DynamoAttemptStore> = {
  reserve: [(s) => s.reserve('key', rule, START)],
  recordFailure: [(s) => s.recordFailure(reserved, rule, START)],
  raiseLock: [(s) => s.raiseLock('key', 5, START, START + 30_000)],
  recordSuccess: [(s) => s.recordSuccess(reserved, START)],
  isStopped: [(s) => s.isStopped('key')],
  clear: [(s) => s.clear('key')],
};
const COUNTERS: Methods<DynamoHourlyCounters> = {
  count: [(s) => s.count('key', 10, START)],
  read: [(s) => s.read('key', START)],
};
const TICKETS: Methods<DynamoTicketStore> = {
  create: [(s) => s.create({ hash: 'hash', kind: 'invitation', email: user.email, scopes: [], expiresAt: START })],
  read: [(s) => s.read('hash')],
};

type Sent = Readonly<Record<string, any>>;

/** A client to which every call succeeds, on tables that hold nothing. */
function recording(inputs: Sent[]): DynamoDb {
  const send = async ({ input }: { readonly input: Sent }): Promise<object> => {
    inputs.push(input);
    return {};
  };
  return { client: { send } as unknown as DynamoDBDocumentClient, ids: nodeCrypto, pause: async () => undefined };
}

async function writesOf<S extends object>(make: (db: DynamoDb) => S, methods: Methods<S>): Promise<Write[]> {
  const writes: Write[] = [];
  for (const [method, calls] of Object.entries<readonly Call<S>[]>(methods)) {
    for (const call of calls) {
      const inputs: Sent[] = [];
      await call(make(recording(inputs)));
      const single = inputs.flatMap((input) => input.TransactItems?.flatMap((item: Sent) => Object.values(item)) ?? [input]) as Sent[];
      writes.push(...single.filter(isWrite).map((input) => writeOf(method, input)));
    }
  }
  return writes;
}

function isWrite(input: Sent): boolean {
  const { Item, UpdateExpression, Key, ReturnValuesOnConditionCheckFailure: conditional } = input;
  return Item !== undefined || UpdateExpression !== undefined || (Key !== undefined && conditional !== undefined);
}

function writeOf(method: string, input: Sent): Write {
  const { pk, sid, hash, key: named = pk ?? sid ?? hash } = input.Key ?? input.Item;
  return {
    method,
    kind: KEYS.find(({ table, key }) => table === input.TableName && key.test(named)),
    puts: input.Item !== undefined,
    key: named,
    condition: input.ConditionExpression ?? '',
    names: input.ExpressionAttributeNames ?? {},
    values: input.ExpressionAttributeValues ?? {},
  };
}

/** The attributes that must have the value that the caller expects, or nothing is written: equalities that stand on their own. */
function required({ condition, names, values }: Write): Map<string, unknown> {
  const clauses = /\b(?:OR|NOT)\b/.test(condition) ? [] : condition.split(' AND ');
  return new Map(clauses.flatMap((clause) => {
    const [, name, value] = /^(#\w+) = (:\w+)$/.exec(clause.trim()) ?? [];
    return name === undefined ? [] : [[names[name]!, values[value!]] as const];
  }));
}

/** Claims a key that nobody has. */
function claims({ puts, condition, names }: Write): boolean {
  return puts && condition === 'attribute_not_exists(#pk)' && names['#pk'] === 'pk';
}

describe('ID-07 the conditions of all writes of the stores', () => {
  let writes: Write[];
  beforeAll(async () => {
    writes = [
      ...await writesOf((db) => new DynamoUserStore(db, tables), USERS),
      ...await writesOf((db) => new DynamoSessionStore(db, tables.sessions), SESSIONS),
      ...await writesOf((db) => new DynamoRevocationStore(db, tables.revocations), REVOCATIONS),
      ...await writesOf((db) => new DynamoAttemptStore(db, tables.attempts), ATTEMPTS),
      ...await writesOf((db) => new DynamoHourlyCounters(db, tables.attempts), COUNTERS),
      ...await writesOf((db) => new DynamoTicketStore(db, tables.tickets), TICKETS),
    ];
  });

  test('each is on a kind of key that is known', () => {
    expect(writes.length).toBeGreaterThan(20);
    expect(writes.filter(({ kind }) => kind === undefined)).toEqual([]);
    expect(new Set(writes.map(({ kind }) => kind))).toEqual(new Set(KEYS));
  });

  test('each on a reusable key claims it while nobody has it, or names whose it is', () => {
    const reusable = writes.filter(({ kind }) => kind?.identity !== undefined);
    expect([...new Set(reusable.map(({ method }) => method))].sort()).toEqual(['changePassword', 'createUser', 'deleteUser', 'rehash']);
    const nameless = reusable.filter((write) => !claims(write) && required(write).get(write.kind!.identity!) !== user.uid);
    expect(nameless.map(({ method, condition }) => `${method}: ${condition}`)).toEqual([]);
  });

  test('a rehash names the hash that was verified too, and a change of the password the version', () => {
    const named = (method: string) => required(writes.find((write) => write.method === method && write.key.startsWith('EMAIL#'))!);
    expect(Object.fromEntries(named('rehash'))).toEqual({ uid: user.uid, pv: user.pv, hash: credential.passwordHash });
    expect(Object.fromEntries(named('changePassword'))).toEqual({ uid: user.uid, pv: user.pv });
  });
});
