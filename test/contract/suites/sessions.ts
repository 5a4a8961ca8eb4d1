import { NextGeneration, Session } from '../../../lambda/domain/model';
import { aSession, HOUR, MakeStores, parallel, START, Stores, unique } from './stores';

/** What every `SessionStore` holds. */
export function describeSessionStore(name: string, makeStores: MakeStores): void {
  describe(`SessionStore of ${name}`, () => {
    let stores: Stores;
    beforeAll(async () => {
      stores = await makeStores();
    });

    async function stored(overrides: Partial<Session> = {}): Promise<Session> {
      const session = aSession(overrides);
      await stores.sessions.create(session);
      return session;
    }

    function successor(session: Session, at = START + 1000): NextGeneration {
      const n = session.n + 1;
      const superseded = [at, ...session.superseded];
      return { n, superseded, parent: { of: n, n: session.n, at }, lastUsedAt: at, idleExpiresAt: session.idleExpiresAt + 1000 };
    }

    test('gives back what was created', async () => {
      const session = await stored({ superseded: [3, 2, 1], n: 7, amr: ['pwd', 'otp'] });
      expect(await stores.sessions.read(session.sid)).toEqual(session);
      expect(await stores.sessions.read(unique('nobody'))).toBeUndefined();
    });

    test('takes the same call repeated for its own earlier success, and sets nothing back', async () => {
      const session = await stored();
      await stores.sessions.markEnded(session.sid);
      await stores.sessions.create(session);
      expect(await stores.sessions.read(session.sid)).toEqual({ ...session, state: 'ended' });
    });

    test('never puts a session in the place of another one', async () => {
      const session = await stored();
      await expect(stores.sessions.create({ ...session, uid: unique('uid-'), salt: 'YW5vdGhlcg' })).rejects.toMatchObject({ name: 'UnavailableError', dependency: 'sessions' });
      expect(await stores.sessions.read(session.sid)).toEqual(session);
    });

    test('gives back an expired session: expiry is decided by the caller, not by the store (T15)', async () => {
      const session = await stored({ expiresAt: START - HOUR, idleExpiresAt: START - HOUR });
      expect((await stores.sessions.read(session.sid))?.expiresAt).toBe(START - HOUR);
    });

    describe('rotate', () => {
      test('moves to the next generation and keeps everything else', async () => {
        const session = await stored();
        const next = successor(session);
        expect(await stores.sessions.rotate(session, next)).toEqual({ rotated: true, current: { ...session, ...next } });
        expect(await stores.sessions.read(session.sid)).toEqual({ ...session, ...next });
      });

      test('lets one of many racers win and shows the others the winner', async () => {
        const session = await stored();
        const results = await parallel(20, (i) => stores.sessions.rotate(session, successor(session, START + i)));
        expect(results.filter((result) => result.rotated)).toHaveLength(1);
        const current = await stores.sessions.read(session.sid);
        expect(current?.n).toBe(1);
        for (const result of results) expect(result.current).toEqual(current);
      });

      test('refuses an ended session and shows it', async () => {
        const session = await stored();
        await stores.sessions.markEnded(session.sid);
        const result = await stores.sessions.rotate(session, successor(session));
        expect(result.rotated).toBe(false);
        expect(result.current).toEqual({ ...session, state: 'ended' });
      });

      test('SE-08 refuses a session whose absolute end has come, whatever the caller read, and shows it', async () => {
        const session = await stored({ expiresAt: START + 1000 });
        expect(await stores.sessions.rotate(session, successor(session, START + 1000))).toEqual({ rotated: false, current: session });
        expect((await stores.sessions.rotate(session, successor(session, START + 999))).rotated).toBe(true);
      });

      test('leaves the session version as it was written', async () => {
        const session = await stored({ sv: 3 });
        await stores.sessions.rotate({ ...session, sv: 9 }, successor(session));
        expect((await stores.sessions.read(session.sid))?.sv).toBe(3);
      });

      test('makes no session where there is none', async () => {
        const session = aSession();
        expect(await stores.sessions.rotate(session, successor(session))).toEqual({ rotated: false, current: undefined });
        expect(await stores.sessions.read(session.sid)).toBeUndefined();
      });
    });

    describe('markEnded', () => {
      test('marks, keeps the rest, can be repeated', async () => {
        const session = await stored();
        await stores.sessions.markEnded(session.sid);
        await stores.sessions.markEnded(session.sid);
        expect(await stores.sessions.read(session.sid)).toEqual({ ...session, state: 'ended' });
      });

      test('makes no session where there is none', async () => {
        const sid = unique('nobody');
        await stores.sessions.markEnded(sid);
        expect(await stores.sessions.read(sid)).toBeUndefined();
      });

      test('is final against a concurrent rotation (T04)', async () => {
        for (let round = 0; round < 10; round += 1) {
          const session = await stored();
          await Promise.all([stores.sessions.rotate(session, successor(session)), stores.sessions.markEnded(session.sid)]);
          expect((await stores.sessions.read(session.sid))?.state).toBe('ended');
        }
      });
    });

    describe('endUnused', () => {
      test('marks a session that was not used since it was read, keeps the rest, can be repeated', async () => {
        const session = await stored();
        expect(await stores.sessions.endUnused(session)).toBe(true);
        expect(await stores.sessions.endUnused(session)).toBe(true);
        expect(await stores.sessions.read(session.sid)).toEqual({ ...session, state: 'ended' });
      });

      test('leaves one that was used since alone, and says so', async () => {
        const session = await stored();
        const { current } = await stores.sessions.rotate(session, successor(session));
        expect(await stores.sessions.endUnused(session)).toBe(false);
        expect(await stores.sessions.read(session.sid)).toEqual(current);
        expect(await stores.sessions.endUnused(current!)).toBe(true);
      });

      test('takes one that somebody else ended, and none, for ended', async () => {
        const session = await stored();
        await stores.sessions.rotate(session, successor(session));
        await stores.sessions.markEnded(session.sid);
        expect(await stores.sessions.endUnused(session)).toBe(true);
        expect(await stores.sessions.endUnused(aSession())).toBe(true);
      });

      test('either it or a concurrent rotation is done, never both', async () => {
        for (let round = 0; round < 10; round += 1) {
          const session = await stored();
          const [{ rotated }, ended] = await Promise.all([stores.sessions.rotate(session, successor(session)), stores.sessions.endUnused(session)]);
          expect(rotated).toBe(!ended);
          expect((await stores.sessions.read(session.sid))?.state).toBe(ended ? 'ended' : 'live');
        }
      });
    });

    describe('forget', () => {
      test('deletes what was not used since it was read, can be repeated', async () => {
        const session = await stored();
        await stores.sessions.forget(session);
        await stores.sessions.forget(session);
        expect(await stores.sessions.read(session.sid)).toBeUndefined();
        expect(await stores.sessions.listByUser(session.uid)).toEqual([]);
      });

      test('leaves what was used since', async () => {
        const session = await stored();
        const { current } = await stores.sessions.rotate(session, successor(session));
        await stores.sessions.forget(session);
        expect(await stores.sessions.read(session.sid)).toEqual(current);
      });
    });

    describe('listByUser', () => {
      const entryOf = ({ sid, createdAt }: Session) => ({ sid, createdAt });

      test('names the sessions of that user, newest first, ended and expired ones included', async () => {
        const uid = unique('uid-');
        const first = await stored({ uid, createdAt: START });
        const third = await stored({ uid, createdAt: START + 2, expiresAt: START + 3 });
        const second = await stored({ uid, createdAt: START + 1 });
        await stored();
        await stores.sessions.markEnded(second.sid);
        expect(await stores.sessions.listByUser(uid)).toEqual([third, second, first].map(entryOf));
        expect(await stores.sessions.listByUser(uid, 2)).toEqual([third, second].map(entryOf));
        expect(await stores.sessions.listByUser(uid, 4)).toHaveLength(3);
        expect(await stores.sessions.listByUser(unique('nobody'))).toEqual([]);
      });

      test('those of one millisecond always in the same order', async () => {
        const uid = unique('uid-');
        await parallel(5, () => stored({ uid }));
        const entries = await stores.sessions.listByUser(uid);
        expect(entries.map(({ sid }) => sid)).toEqual(entries.map(({ sid }) => sid).sort().reverse());
      });

      test('SE-16 all of them, however many', async () => {
        const uid = unique('uid-');
        await parallel(203, (i) => stored({ uid, createdAt: START + i }));
        expect((await stores.sessions.listByUser(uid)).map(({ createdAt }) => createdAt)).toEqual(Array.from({ length: 203 }, (_, i) => START + 202 - i));
      });
    });

    describe('readMany', () => {
      test('gives back those that are there, more than one request can hold', async () => {
        const sessions = await parallel(203, () => stored());
        await stores.sessions.markEnded(sessions[0]!.sid);
        const read = await stores.sessions.readMany([...sessions.map(({ sid }) => sid), unique('nobody')]);
        expect(new Map(read.map((session) => [session.sid, session]))).toEqual(new Map(sessions.map((session, index) => [session.sid, index === 0 ? { ...session, state: 'ended' } : session])));
        expect(await stores.sessions.readMany([])).toEqual([]);
      });
    });
  });
}
