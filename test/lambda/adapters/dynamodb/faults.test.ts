import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { ConfiguredRetryStrategy } from '@smithy/core/retry';
import { requestDeadline } from '../../../../lambda/adapters/deadline';
import { nodeCrypto } from '../../../../lambda/adapters/node-crypto/crypto';
import { UnavailableError } from '../../../../lambda/domain/errors';
import { PublishedKeySet, Session, Ticket, User } from '../../../../lambda/domain/model';
import { Reservation, Reserved } from '../../../../lambda/ports/attempts';
import { FaultSpec } from '../../../../local/services/types';
import { Stores } from '../../../contract/suites';
import { aCredential, aSession, aUser, FAR_TTL, HOUR, sessionAfterChange, START, unique } from '../../../contract/suites/stores';
import { dynamoStores } from './support/stores';
import { startTables, StartedTables } from './support/tables';

/** A call of a store on fresh names: what it needs first, then the call itself, repeatable. */
interface CallSite {
  readonly name: string;
  readonly operation: string;
  readonly dependency: string;
  readonly prepare: (stores: Stores) => Promise<(stores: Stores) => Promise<unknown>>;
  /** How the call answers after one that went unnoticed, where not as the first time. */
  readonly repeated?: unknown;
}

const rule = { perHour: 10, stopAt: 100 };

async function aStoredUser(stores: Stores): Promise<User> {
  const user = aUser();
  await stores.users.createUser(user, aCredential(user));
  return user;
}

async function aStoredSession(stores: Stores): Promise<Session> {
  const session = aSession();
  await stores.sessions.create(session);
  return session;
}

async function aReservation(stores: Stores, key = unique('key-')): Promise<Reserved> {
  const reservation = await stores.attempts.reserve(key, rule, START);
  if (!reservation.allowed) throw new Error('refused');
  return reservation;
}

/** Without what is its own alone. */
function counted(reservation: Reservation): object {
  return reservation.allowed ? { allowed: true, count: reservation.count, streak: reservation.streak } : reservation;
}

function aKeySet(version: number): PublishedKeySet {
  return { version, keys: [{ kid: `kid-${version}`, alg: 'ES256', jwk: { kty: 'EC' }, publishedAt: START, state: 'active' }], updatedAt: START };
}

const reads: CallSite[] = [
  { name: 'readCredential', operation: 'GetItem', dependency: 'users', prepare: async (s) => { const { email } = await aStoredUser(s); return (t) => t.users.readCredential(email); } },
  { name: 'readUser', operation: 'GetItem', dependency: 'users', prepare: async (s) => { const { uid } = await aStoredUser(s); return (t) => t.users.readUser(uid); } },
  { name: 'findByEmail', operation: 'Query', dependency: 'users', prepare: async (s) => { const { email } = await aStoredUser(s); return (t) => t.users.findByEmail(email); } },
  { name: 'sessions.read', operation: 'GetItem', dependency: 'sessions', prepare: async (s) => { const { sid } = await aStoredSession(s); return (t) => t.sessions.read(sid); } },
  { name: 'listByUser', operation: 'Query', dependency: 'sessions', prepare: async (s) => { const { uid } = await aStoredSession(s); return (t) => t.sessions.listByUser(uid); } },
  { name: 'readMany', operation: 'BatchGetItem', dependency: 'sessions', prepare: async (s) => { const { sid } = await aStoredSession(s); return (t) => t.sessions.readMany([sid]); } },
  { name: 'readRevocations', operation: 'GetItem', dependency: 'revocations', prepare: async (s) => { const uid = unique('uid-'); await s.revocations.revokeSession(uid, 'a', FAR_TTL, FAR_TTL); return (t) => t.revocations.readRevocations(uid); } },
  { name: 'readPublishedKeys', operation: 'GetItem', dependency: 'revocations', prepare: async (s) => { await s.publishedKeys.publish(aKeySet(1)); return (t) => t.revocations.readPublishedKeys(); } },
  { name: 'counters.read', operation: 'GetItem', dependency: 'attempts', prepare: async (s) => { const key = unique('key-'); await s.counters.count(key, 10, START); return (t) => t.counters.read(key, START); } },
  { name: 'tickets.read', operation: 'GetItem', dependency: 'tickets', prepare: async (s) => { const ticket = await aStoredTicket(s, 'a@example.com'); return (t) => t.tickets.read(ticket.hash); } },
];

async function aStoredTicket(stores: Stores, email: string): Promise<Ticket> {
  const ticket: Ticket = { hash: unique('hash-'), kind: 'invitation', email, scopes: [], expiresAt: START + HOUR };
  await stores.tickets.create(ticket);
  return ticket;
}

let version = 1;
const writes: CallSite[] = [
  { name: 'createUser', operation: 'TransactWriteItems', dependency: 'users', prepare: async () => { const user = aUser(); return (t) => t.users.createUser(user, aCredential(user)); } },
  {
    name: 'createUser with an invitation', operation: 'TransactWriteItems', dependency: 'users', prepare: async (s) => {
      const user = aUser();
      const { hash } = await aStoredTicket(s, user.email);
      return (t) => t.users.createUser(user, aCredential(user), { invitation: { hash, now: START }, counters: [unique('key-')] });
    },
  },
  { name: 'updateProfile', operation: 'UpdateItem', dependency: 'users', prepare: async (s) => { const user = await aStoredUser(s); return (t) => t.users.updateProfile(user.uid, user, { locale: 'de' }); } },
  { name: 'rehash', operation: 'UpdateItem', dependency: 'users', prepare: async (s) => { const user = await aStoredUser(s); return (t) => t.users.rehash(aCredential(user), '$test$better'); } },
  { name: 'changePassword', operation: 'TransactWriteItems', dependency: 'users', prepare: async (s) => { const user = await aStoredUser(s); const session = sessionAfterChange(user); return (t) => t.users.changePassword(user, '$test$second', FAR_TTL, session); } },
  { name: 'endAllSessions', operation: 'TransactWriteItems', dependency: 'users', repeated: 'changed_meanwhile', prepare: async (s) => { const user = await aStoredUser(s); return (t) => t.users.endAllSessions(user.uid, user.sv, FAR_TTL); } },
  { name: 'administer', operation: 'UpdateItem', dependency: 'users', prepare: async (s) => { const user = await aStoredUser(s); return (t) => t.users.administer(user, { scopes: ['a'] }, false, FAR_TTL); } },
  { name: 'administer, ending sessions', operation: 'TransactWriteItems', dependency: 'users', repeated: 'changed_meanwhile', prepare: async (s) => { const user = await aStoredUser(s); return (t) => t.users.administer(user, { status: 'disabled' }, true, FAR_TTL); } },
  { name: 'deleteUser', operation: 'TransactWriteItems', dependency: 'users', prepare: async (s) => { const user = await aStoredUser(s); return (t) => t.users.deleteUser(user, FAR_TTL); } },
  { name: 'sessions.create', operation: 'PutItem', dependency: 'sessions', prepare: async () => { const session = aSession(); return (t) => t.sessions.create(session); } },
  { name: 'markEnded', operation: 'UpdateItem', dependency: 'sessions', prepare: async (s) => { const { sid } = await aStoredSession(s); return (t) => t.sessions.markEnded(sid); } },
  { name: 'revokeSession', operation: 'UpdateItem', dependency: 'revocations', prepare: async () => { const uid = unique('uid-'); return (t) => t.revocations.revokeSession(uid, 'a', FAR_TTL, FAR_TTL); } },
  {
    name: 'pruneExpired', operation: 'UpdateItem', dependency: 'revocations', prepare: async (s) => {
      const uid = unique('uid-');
      await s.revocations.revokeSession(uid, 'old', FAR_TTL, FAR_TTL);
      await s.revocations.revokeSession(uid, 'new', FAR_TTL + 10, FAR_TTL + 10);
      return (t) => t.revocations.pruneExpired(uid, FAR_TTL + 5);
    },
  },
  { name: 'publish', operation: 'PutItem', dependency: 'revocations', prepare: async () => { version += 1; const set = aKeySet(version); return (t) => t.publishedKeys.publish(set); } },
  { name: 'reserve', operation: 'UpdateItem', dependency: 'attempts', repeated: { allowed: true, count: 2, streak: 0 }, prepare: async () => { const key = unique('key-'); return async (t) => counted(await t.attempts.reserve(key, rule, START)); } },
  { name: 'recordFailure', operation: 'UpdateItem', dependency: 'attempts', prepare: async (s) => { const one = await aReservation(s); return (t) => t.attempts.recordFailure(one, rule, START); } },
  { name: 'recordSuccess', operation: 'UpdateItem', dependency: 'attempts', prepare: async (s) => { const one = await aReservation(s); return (t) => t.attempts.recordSuccess(one, START); } },
  { name: 'raiseLock', operation: 'UpdateItem', dependency: 'attempts', prepare: async (s) => { const one = await aReservation(s); await s.attempts.recordFailure(one, rule, START); return (t) => t.attempts.raiseLock(one.key, 1, START, START + 1); } },
  { name: 'counters.count', operation: 'UpdateItem', dependency: 'attempts', prepare: async () => { const key = unique('key-'); return (t) => t.counters.count(key, 10, START); } },
  { name: 'attempts.clear', operation: 'DeleteItem', dependency: 'attempts', prepare: async (s) => { const key = unique('key-'); await s.attempts.reserve(key, rule, START); return (t) => t.attempts.clear(key); } },
  { name: 'tickets.create', operation: 'PutItem', dependency: 'tickets', prepare: async () => { const ticket: Ticket = { hash: unique('hash-'), kind: 'invitation', email: 'a@example.com', scopes: [], expiresAt: START }; return (t) => t.tickets.create(ticket); } },
];

describe('faults at every call of DynamoDB', () => {
  let tables: StartedTables;
  let sound: Stores;
  beforeAll(async () => {
    tables = await startTables({ clock: { now: () => START } });
    sound = storesOf(5000);
  });
  afterAll(() => tables.stop());
  afterEach(() => tables.faults.remove());

  /** Over a client of its own: the SDK's retry quota is one a client. */
  function storesOf(requestTimeout: number): Stores {
    const db = tables.connect(nodeCrypto, {
      retryStrategy: new ConfiguredRetryStrategy(3, 1),
      requestHandler: { requestTimeout, throwOnRequestTimeout: true },
    });
    return dynamoStores(db, tables.names);
  }

  const persistent: FaultSpec['effect'][] = ['throttle', 'error', 'timeout', 'drop', 'deny'];
  const passing: FaultSpec['effect'][] = ['throttle', 'error', 'timeout', 'drop'];

  describe.each([...reads, ...writes])('$name', ({ operation, dependency, prepare }) => {
    test.each(persistent)('%s: no answer is 503, never a decision', async (effect) => {
      const call = await prepare(sound);
      tables.faults.add({ operation, effect });
      await expect(call(storesOf(effect === 'timeout' ? 60 : 5000))).rejects.toMatchObject({ name: 'UnavailableError', status: 503, dependency });
    });

    test.each(passing)('%s once: tried again, same answer', async (effect) => {
      const expected = await (await prepare(sound))(sound);
      const call = await prepare(sound);
      tables.faults.add({ operation, effect, times: 1 });
      const answer = await call(storesOf(effect === 'timeout' ? 250 : 5000));
      expect(shapeOf(answer)).toEqual(shapeOf(expected));
    });
  });

  describe.each(writes)('$name', ({ operation, dependency, prepare, repeated }) => {
    test('a response lost after the commit is its own earlier success', async () => {
      const expected = await (await prepare(sound))(sound);
      const call = await prepare(sound);
      tables.faults.add({ operation, effect: 'commit-then-drop', times: 1 });
      expect(shapeOf(await call(storesOf(5000)))).toEqual(shapeOf(expected));
    });

    test('every response lost: 503 unless a refused condition shows what happened, and the caller may repeat the call', async () => {
      const expected = await (await prepare(sound))(sound);
      const call = await prepare(sound);
      const fault = tables.faults.add({ operation, effect: 'commit-then-drop' });
      const answer: unknown = await call(storesOf(5000)).catch((error: unknown) => error);
      if (answer instanceof UnavailableError) expect(answer.dependency).toBe(dependency);
      else expect(shapeOf(answer)).toEqual(shapeOf(expected));
      tables.faults.remove(fault.id);
      expect(shapeOf(await call(sound))).toEqual(shapeOf(repeated ?? expected));
    });

    test('a conflict that passes is waited out', async () => {
      const expected = await (await prepare(sound))(sound);
      const call = await prepare(sound);
      tables.faults.add({ operation, effect: 'conflict', times: 5 });
      expect(shapeOf(await call(storesOf(5000)))).toEqual(shapeOf(expected));
    });

    test('RS-05 a conflict that stays is tried until the time of the request is over, then 503', async () => {
      const call = await prepare(sound);
      const { id } = tables.faults.add({ operation, effect: 'conflict' });
      const tries = () => tables.faults.list().find((one) => one.id === id)!.applied;
      const time = new AbortController();
      const answer = requestDeadline.until(time.signal, () => call(storesOf(5000)));
      answer.catch(() => undefined);
      while (tries() < 20) await new Promise((resolve) => setImmediate(resolve));
      time.abort();
      await expect(answer).rejects.toMatchObject({ name: 'UnavailableError', dependency });
    });

    test('a conflict that stays is given up by whoever has no deadline', async () => {
      const call = await prepare(sound);
      tables.faults.add({ operation, effect: 'conflict' });
      await expect(call(storesOf(5000))).rejects.toMatchObject({ name: 'UnavailableError', dependency });
    });
  });

  describe('a rotation of a session', () => {
    const parent = { of: 1, n: 0, at: START };
    const next = (session: Session) => ({ n: 1, superseded: [START], parent, lastUsedAt: START, idleExpiresAt: session.idleExpiresAt });

    test('whose response is lost shows the session as it made it', async () => {
      const session = await aStoredSession(sound);
      tables.faults.add({ operation: 'UpdateItem', effect: 'commit-then-drop', times: 1 });
      const { current } = await storesOf(5000).sessions.rotate(session, next(session));
      expect(current).toEqual({ ...session, ...next(session) });
    });

    test.each(persistent)('%s: 503', async (effect) => {
      const session = await aStoredSession(sound);
      tables.faults.add({ operation: 'UpdateItem', effect });
      await expect(storesOf(effect === 'timeout' ? 60 : 5000).sessions.rotate(session, next(session))).rejects.toMatchObject({ name: 'UnavailableError', dependency: 'sessions' });
    });
  });

  describe('counters', () => {
    test('a reservation counts once, also when its response is lost', async () => {
      const key = unique('key-');
      tables.faults.add({ operation: 'UpdateItem', effect: 'commit-then-drop', times: 2 });
      expect(await storesOf(5000).attempts.reserve(key, rule, START)).toMatchObject({ allowed: true, count: 1, streak: 0 });
      expect(await sound.attempts.reserve(key, rule, START)).toMatchObject({ count: 2 });
    });

    /** Stores whose first write commits, loses its answer, and is tried again after `between`. */
    function storesThatRepeat(between: () => Promise<unknown>): Stores {
      const db = tables.connect(nodeCrypto, { retryStrategy: new ConfiguredRetryStrategy(3, 1) });
      let tries = 0;
      db.client.middlewareStack.add((next) => async (args) => {
        tries += 1;
        if (tries === 2) await between();
        return next(args);
      }, { step: 'finalizeRequest', priority: 'low' });
      tables.faults.add({ operation: 'UpdateItem', effect: 'commit-then-drop', times: 1 });
      return dynamoStores(db, tables.names);
    }

    test('AA-03 a reservation is made once, a failure counted once, a success given back once, whoever writes before the SDK tries again', async () => {
      const key = unique('key-');
      const another = () => aReservation(sound, key);
      expect(await storesThatRepeat(another).attempts.reserve(key, rule, START)).toMatchObject({ count: 2 });
      const [wrong, right] = [await another(), await another()];
      expect(await storesThatRepeat(another).attempts.recordFailure(wrong, rule, START)).toBe(1);
      expect(await another()).toMatchObject({ count: 6, streak: 1 });
      await storesThatRepeat(another).attempts.recordSuccess(right, START);
      expect(await another()).toMatchObject({ count: 7, streak: 0 });
    });

    test('the last free attempt of an hour is granted to whoever took it', async () => {
      const key = unique('key-');
      for (let i = 0; i < 9; i += 1) await sound.attempts.reserve(key, rule, START);
      tables.faults.add({ operation: 'UpdateItem', effect: 'commit-then-drop', times: 1 });
      expect(await storesOf(5000).attempts.reserve(key, rule, START)).toMatchObject({ allowed: true, count: 10 });
      expect(await sound.attempts.reserve(key, rule, START)).toMatchObject({ allowed: false, reason: 'hour' });
    });

    test('failure and success count once', async () => {
      const key = unique('key-');
      const [wrong, right] = [await aReservation(sound, key), await aReservation(sound, key)];
      tables.faults.add({ operation: 'UpdateItem', effect: 'commit-then-drop', times: 1 });
      expect(await storesOf(5000).attempts.recordFailure(wrong, rule, START)).toBe(1);
      expect(await aReservation(sound, key)).toMatchObject({ count: 3, streak: 1 });
      tables.faults.add({ operation: 'UpdateItem', effect: 'commit-then-drop', times: 1 });
      await storesOf(5000).attempts.recordSuccess(right, START);
      expect(await aReservation(sound, key)).toMatchObject({ count: 3, streak: 0 });
    });
  });

  describe('revocations never shrink', () => {
    test('neither the item\'s TTL nor an entry by a later write with less', async () => {
      const user = await aStoredUser(sound);
      await sound.revocations.revokeSession(user.uid, 'a', FAR_TTL, FAR_TTL);
      expect(await sound.revocations.revokeSession(user.uid, 'b', FAR_TTL - 500, FAR_TTL - 500)).toEqual({ count: 2 });
      expect(await sound.revocations.revokeSession(user.uid, 'a', FAR_TTL - 500, FAR_TTL - 500)).toEqual({ count: 2 });
      expect(await sound.revocations.pruneExpired(user.uid, FAR_TTL - 100)).toEqual({ count: 1 });
      expect([...(await sound.revocations.readRevocations(user.uid)).sids]).toEqual(['a']);
      expect(await ttlOf(user.uid)).toBe(FAR_TTL);
      expect(await sound.users.endAllSessions(user.uid, 1, FAR_TTL - 500)).toBe('ended');
      expect(await ttlOf(user.uid)).toBe(FAR_TTL);
      expect((await sound.revocations.readRevocations(user.uid)).minSv).toBe(2);
    });

    async function ttlOf(uid: string): Promise<number> {
      const { client } = tables.connect(nodeCrypto);
      const { Item: item } = await client.send(new GetCommand({ TableName: tables.names.revocations, Key: { key: `U#${uid}` } }));
      return item!.ttl as number;
    }
  });

  test('an item of a format that only a later release knows is no answer', async () => {
    const { client } = tables.connect(nodeCrypto);
    await client.send(new PutCommand({ TableName: tables.names.revocations, Item: { key: 'U#later', v: 2, minimum: 7 } }));
    await expect(sound.revocations.readRevocations('later')).rejects.toMatchObject({ name: 'UnavailableError', dependency: 'revocations' });
    await client.send(new PutCommand({ TableName: tables.names.sessions, Item: { sid: 'broken', v: 1, uid: 'u' } }));
    await expect(sound.sessions.read('broken')).rejects.toMatchObject({ name: 'UnavailableError', dependency: 'sessions' });
  });
});

/** Answers of calls on different names are alike but for the names. */
function shapeOf(answer: unknown): unknown {
  if (Array.isArray(answer)) return answer.map(shapeOf);
  return typeof answer === 'object' && answer !== null && !('allowed' in answer) && !('count' in answer) ? Object.keys(answer).sort() : answer;
}
