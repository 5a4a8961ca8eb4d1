import { decodePlace, encodePlace, SessionPlace } from '../../../lambda/domain/session-page';
import { endSession } from '../../../lambda/use-cases/end-session';
import { listSessions } from '../../../lambda/use-cases/list-sessions';
import { logout } from '../../../lambda/use-cases/logout';
import { logoutAll } from '../../../lambda/use-cases/logout-all';
import { IssuedTokens } from '../../../lambda/use-cases/steps/issued-tokens';
import { livingTokens, loginUser, outcome, principalOf, refreshWith, registerUser, sidOf, signedIn, tally } from '../support/actions';
import { createWorld, NOW, World } from '../support/world';

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

describe('the caller\'s own sessions', () => {
  let world: World;
  let tokens: IssuedTokens;
  let uid: string;
  beforeEach(async () => {
    world = await createWorld();
    ({ uid, ...tokens } = await signedIn(world));
  });

  async function stranger(): Promise<IssuedTokens> {
    await registerUser(world, { email: 'other@example.com' });
    return loginUser(world, { email: 'other@example.com' });
  }

  describe('listed (SE-12)', () => {
    test('newest first, with device and times, nothing more', async () => {
      world.clock.advance(60);
      const second = await loginUser(world, { userAgent: FIREFOX });
      world.clock.advance(60);
      await refreshWith(world, second);
      const { sessions } = await listSessions(world, { principal: await principalOf(world, tokens), limit: 100 });
      expect(sessions).toEqual([
        { sid: sidOf(second), device: 'Firefox on Linux', createdAt: NOW + 60_000, lastUsedAt: NOW + 120_000, expiresAt: NOW + 120_000 + 14 * 86_400_000, current: false },
        { sid: sidOf(tokens), device: 'unknown device', createdAt: NOW, lastUsedAt: NOW, expiresAt: NOW + 14 * 86_400_000, current: true },
      ]);
    });

    test('SE-16 no number of logins and logouts hides a living session', async () => {
      for (let i = 0; i < 110; i += 1) {
        world.clock.advance(60);
        await logout(world, { refreshToken: (await loginUser(world)).refreshToken });
      }
      const asking = await loginUser(world);
      const { sessions } = await listSessions(world, { principal: await principalOf(world, asking), limit: 100 });
      expect(sessions.map(({ sid }) => sid)).toEqual([sidOf(asking), sidOf(tokens)]);
    });

    test('without ended, expired, outdated and other people\'s ones', async () => {
      const ended = await loginUser(world);
      await logout(world, { refreshToken: ended.refreshToken });
      await stranger();
      world.clock.advance(15 * 86_400);
      const outdated = await loginUser(world);
      await logoutAll(world, { principal: await principalOf(world, outdated) });
      const fresh = await loginUser(world);
      const { sessions } = await listSessions(world, { principal: await principalOf(world, fresh), limit: 100 });
      expect(sessions.map((session) => session.sid)).toEqual([sidOf(fresh)]);
    });
  });

  describe('in pages (SE-16)', () => {
    async function pages(limit: number, between: () => Promise<unknown> = async () => undefined): Promise<string[][]> {
      const principal = await principalOf(world, tokens);
      const read: string[][] = [];
      let after: SessionPlace | undefined;
      // More pages than there are sessions would be an endless list.
      while (read.length <= 60) {
        const { sessions, next } = await listSessions(world, { principal, limit, ...(after ? { after } : {}) });
        read.push(sessions.map(({ sid }) => sid));
        if (!next) return read;
        after = decodePlace(encodePlace(next))!;
        await between();
      }
      throw new Error('the list does not end');
    }

    test('every living session stands on one of them, ended ones make none shorter, also within one millisecond', async () => {
      const living = [sidOf(tokens)];
      for (let i = 0; i < 23; i += 1) {
        if (i % 5 === 0) world.clock.advance(60);
        const one = await loginUser(world);
        if (i % 3 === 0) await logout(world, { refreshToken: one.refreshToken });
        else living.push(sidOf(one));
      }
      for (const limit of [1, 2, 5, living.length - 1, living.length, 100]) {
        const read = await pages(limit);
        expect(read.flat().sort()).toEqual([...living].sort());
        expect(read.slice(0, -1).every((page) => page.length === limit)).toBe(true);
        expect(read.at(-1)!.length).toBeGreaterThan(0);
      }
    });

    test('a session that begins or ends in between moves none of the others', async () => {
      const ending = await loginUser(world);
      world.clock.advance(60);
      const others = [];
      for (let i = 0; i < 4; i += 1) others.push(sidOf(await loginUser(world)));
      const read = await pages(2, async () => {
        world.clock.advance(60);
        await loginUser(world);
        await logout(world, { refreshToken: ending.refreshToken });
      });
      expect(read.flat()).toEqual(expect.arrayContaining([...others, sidOf(tokens)]));
      expect(new Set(read.flat()).size).toBe(read.flat().length);
    });

    test('the place of a session that is gone, or of somebody else\'s, is a place like any other', async () => {
      const theirs = sidOf(await stranger());
      const principal = await principalOf(world, tokens);
      for (const [createdAt, found] of [[NOW + 1, 1], [NOW - 1, 0]] as const) {
        const { sessions } = await listSessions(world, { principal, limit: 10, after: { createdAt, sid: theirs } });
        expect(sessions).toHaveLength(found);
      }
    });

    test('a place has one spelling', () => {
      const place = { createdAt: NOW, sid: 'A'.repeat(22) };
      const text = encodePlace(place);
      expect(decodePlace(text)).toEqual(place);
      const others = ['', 'x', `${text}=`, `${text} `, text.slice(1), Buffer.from(`0${NOW}.${place.sid}`).toString('base64url'), Buffer.from(`${NOW}.${place.sid}.`).toString('base64url'),
        Buffer.from(`-1.${place.sid}`).toString('base64url'), Buffer.from(`${NOW}.${'A'.repeat(21)}`).toString('base64url'), Buffer.from([0xff, 0xfe]).toString('base64url')];
      for (const other of others) expect(decodePlace(other)).toBeUndefined();
    });
  });

  describe('ended one by one', () => {
    test('another session ends with all its tokens, the own one lives', async () => {
      const other = await loginUser(world);
      world.audit.events.length = 0;
      await endSession(world, { principal: await principalOf(world, tokens), sid: sidOf(other) });
      expect(world.audit.events).toEqual([expect.objectContaining({ event: 'session_ended', uid, session: world.crypto.sha256(sidOf(other)) })]);
      expect(await livingTokens(world, other)).toEqual([]);
      expect(await livingTokens(world, tokens)).toEqual(['access', 'refresh']);
    });

    test('is idempotent', async () => {
      const other = await loginUser(world);
      const principal = await principalOf(world, tokens);
      await endSession(world, { principal, sid: sidOf(other) });
      await endSession(world, { principal, sid: sidOf(other) });
    });

    test('another user\'s session is as unknown as one that is not there (IN-04)', async () => {
      const other = await stranger();
      const principal = await principalOf(world, tokens);
      world.calls.reset();
      const errors = await Promise.all(
        [sidOf(other), 'AAAAAAAAAAAAAAAAAAAAAA', '', '../x'].map((sid) => endSession(world, { principal, sid }).catch((error: unknown) => error)),
      );
      for (const error of errors) expect(error).toMatchObject({ code: 'not_found', detail: undefined, errors: undefined });
      expect(world.calls.writes()).toEqual([]);
      expect(await livingTokens(world, other)).toEqual(['access', 'refresh']);
    });
  });

  describe('ended all at once', () => {
    test('every session dies, this one included; a new login lives', async () => {
      const other = await loginUser(world);
      await logoutAll(world, { principal: await principalOf(world, tokens) });
      for (const dead of [tokens, other]) expect(await livingTokens(world, dead)).toEqual([]);
      expect(await livingTokens(world, await loginUser(world))).toEqual(['access', 'refresh']);
    });

    test('needs no read and one transaction', async () => {
      const principal = await principalOf(world, tokens);
      world.calls.reset();
      await logoutAll(world, { principal });
      expect(world.calls.names()).toEqual(['users.endAllSessions']);
    });

    test('T13: twice at once has one effect, and a login in between survives the late duplicate', async () => {
      const principal = await principalOf(world, tokens);
      await Promise.all([logoutAll(world, { principal }), logoutAll(world, { principal })]);
      const fresh = await loginUser(world);
      await logoutAll(world, { principal });
      expect((await world.users.readUser(uid))?.sv).toBe(2);
      expect(await livingTokens(world, fresh)).toEqual(['access', 'refresh']);
      expect(tally(world.audit.names()).sessions_ended).toBe(3);
    });

    test('T30: lost before or after the commit, the retry ends all', async () => {
      for (const moment of ['before', 'after'] as const) {
        const own = await loginUser(world);
        const principal = await principalOf(world, own);
        world.calls.failNext('users.endAllSessions', moment);
        expect(await outcome(logoutAll(world, { principal }))).toBe('unavailable');
        await logoutAll(world, { principal });
        expect(await livingTokens(world, own)).toEqual([]);
      }
    });
  });
});
