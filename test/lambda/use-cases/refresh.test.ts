import { disableUser } from '../../../lambda/use-cases/admin/disable-user';
import { setScopes } from '../../../lambda/use-cases/admin/set-scopes';
import { listSessions } from '../../../lambda/use-cases/list-sessions';
import { logout } from '../../../lambda/use-cases/logout';
import { IssuedTokens } from '../../../lambda/use-cases/steps/issued-tokens';
import { livingTokens, loginUser, outcome, principalOf, refreshWith, registerUser, sidOf, signedIn, tally } from '../support/actions';
import { createWorld, NOW, World } from '../support/world';

const GRACE = 10;

describe('refresh', () => {
  let world: World;
  let first: IssuedTokens;
  let uid: string;
  beforeEach(async () => {
    world = await createWorld();
    ({ uid, ...first } = await signedIn(world));
  });

  /** The token with one of its dot-separated parts replaced. */
  function withPart(token: string, index: number, value: string): string {
    return token.split('.').map((part, i) => (i === index ? value : part)).join('.');
  }

  test('replaces the token; session, authentication time and absolute end stay (SE-03, SE-06)', async () => {
    world.clock.advance(100);
    const second = await refreshWith(world, first);
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect(sidOf(second)).toBe(sidOf(first));
    expect(second.refreshExpiresIn).toBe(14 * 86400);
    expect(await principalOf(world, second)).toMatchObject({ uid, authTime: NOW / 1000, amr: ['pwd'] });
    expect(world.audit.events).toEqual([expect.objectContaining({ event: 'refresh_succeeded', uid })]);
  });

  test('costs two reads and one write', async () => {
    await refreshWith(world, first);
    expect(world.calls.writes()).toEqual(['sessions.rotate']);
    expect(world.calls.reads().filter((name) => /^(users|sessions|revocations)\./.test(name))).toEqual(['sessions.read', 'users.readUser']);
  });

  test('brings scopes that were added meanwhile', async () => {
    await setScopes(world, { uid, scopes: ['write'] });
    expect((await refreshWith(world, first)).scope).toBe('profile write');
  });

  describe('T02: 50 at once with one token', () => {
    test('all receive the same successor, and nothing is revoked, in 100 rounds', async () => {
      let tokens = first;
      for (let round = 0; round < 100; round += 1) {
        if (round % 20 === 0) {
          world = await createWorld({ seed: round + 1 });
          tokens = await signedIn(world);
        }
        world.clock.advance(60);
        const session = await world.sessions.read(sidOf(tokens));
        const answers = await Promise.all(Array.from({ length: 50 }, () => refreshWith(world, tokens)));
        expect(new Set(answers.map((answer) => answer.refreshToken)).size).toBe(1);
        expect((await world.sessions.read(sidOf(tokens)))?.n).toBe(session!.n + 1);
        tokens = answers[0]!;
      }
      expect(world.audit.count('refresh_reuse')).toBe(0);
      expect(world.tables.revocations.size).toBe(0);
      expect(await livingTokens(world, tokens)).toEqual(['access', 'refresh']);
    });

    test('without a grace one wins and the others end the session', async () => {
      for (let seed = 1; seed <= 20; seed += 1) {
        world = await createWorld({ seed, tokens: { refreshGrace: 0 } });
        const tokens = await signedIn(world);
        const answers = await Promise.allSettled(Array.from({ length: 50 }, () => refreshWith(world, tokens)));
        const winners = answers.filter((answer) => answer.status === 'fulfilled');
        expect(winners).toHaveLength(1);
        for (const answer of answers) {
          if (answer.status === 'rejected') expect(answer.reason).toMatchObject({ code: 'session_revoked' });
        }
        expect(world.audit.count('refresh_reuse')).toBeGreaterThan(0);
        expect(await livingTokens(world, winners[0]!.value)).toEqual([]);
      }
    });
  });

  describe('an older token', () => {
    test('gets the same successor until the grace is over', async () => {
      const second = await refreshWith(world, first);
      world.clock.advance(GRACE - 1);
      const again = await refreshWith(world, first);
      expect(again.refreshToken).toBe(second.refreshToken);
      expect(again.accessToken).not.toBe(second.accessToken);
      expect(world.calls.count('sessions.rotate')).toBe(1);
      expect(world.audit.last).toMatchObject({ event: 'refresh_succeeded', reason: 'successor_repeated' });
    });

    test('two generations back within the grace is told so, and nothing ends', async () => {
      const second = await refreshWith(world, first);
      const third = await refreshWith(world, second);
      expect(await outcome(refreshWith(world, first))).toBe('refresh_superseded');
      expect(await livingTokens(world, third)).toEqual(['access', 'refresh']);
      expect(world.audit.count('refresh_reuse')).toBe(0);
    });

    test.each([
      ['just after the grace', GRACE],
      ['29 days later', 29 * 86400],
    ])('T03: replayed %s ends the session with all its tokens', async (_, seconds) => {
      world = await createWorld({ tokens: { sessionIdleTtl: 30 * 86400 } });
      ({ ...first } = await signedIn(world));
      const second = await refreshWith(world, first);
      const third = await refreshWith(world, second);
      world.clock.advance(seconds);
      world.audit.events.length = 0;
      expect(await outcome(refreshWith(world, first))).toBe('session_revoked');
      expect(world.audit.events).toEqual([expect.objectContaining({ event: 'refresh_reuse', metrics: ['RefreshReuse'] })]);
      expect(await livingTokens(world, third)).toEqual([]);
      expect((await world.revocations.readRevocations((await world.sessions.read(sidOf(first)))!.uid)).sids).toEqual(new Set([sidOf(first)]));
    });

    test('T03: replayed in the same second with no grace', async () => {
      world = await createWorld({ tokens: { refreshGrace: 0 } });
      ({ ...first } = await signedIn(world));
      const second = await refreshWith(world, first);
      expect(await outcome(refreshWith(world, first))).toBe('session_revoked');
      expect(await livingTokens(world, second)).toEqual([]);
    });

    test('of an ended session never counts as reuse', async () => {
      const second = await refreshWith(world, first);
      await logout(world, { refreshToken: second.refreshToken });
      world.clock.advance(3600);
      world.audit.events.length = 0;
      expect(await outcome(refreshWith(world, first))).toBe('session_revoked');
      expect(world.audit.names()).toEqual(['refresh_refused']);
    });

    test('ends its own session only (T39)', async () => {
      const elsewhere = await loginUser(world);
      await refreshWith(world, await refreshWith(world, first));
      world.clock.advance(GRACE);
      expect(await outcome(refreshWith(world, first))).toBe('session_revoked');
      expect(await livingTokens(world, elsewhere)).toEqual(['access', 'refresh']);
    });
  });

  describe('SE-17 whose answer was lost', () => {
    const WINDOW = 3600;

    test.each([['just after the grace', GRACE], ['at the end of the window', WINDOW - 1]])('%s gets another successor, in one write; the first one is burnt', async (_, seconds) => {
      const lost = await refreshWith(world, first);
      world.clock.advance(seconds);
      world.audit.events.length = 0;
      world.calls.reset();
      const second = await refreshWith(world, first);
      expect(second.refreshToken).not.toBe(lost.refreshToken);
      expect(world.calls.writes()).toEqual(['sessions.rotate']);
      expect(world.calls.reads().filter((name) => /^(users|sessions|revocations)\./.test(name))).toEqual(['sessions.read', 'users.readUser']);
      expect(world.audit.events).toEqual([
        expect.objectContaining({ event: 'refresh_answer_replaced', outcome: 'success', uid, metrics: ['RefreshSucceeded', 'RefreshAnswerReplaced'] }),
      ]);
      expect(await outcome(refreshWith(world, lost))).toBe('refresh_superseded');
      expect(await livingTokens(world, second)).toEqual(['access', 'refresh']);
      world.clock.advance(GRACE);
      expect(await outcome(refreshWith(world, lost))).toBe('session_revoked');
      expect(await livingTokens(world, second)).toEqual([]);
    });

    test('after the window it is reuse', async () => {
      await refreshWith(world, first);
      world.clock.advance(WINDOW);
      expect(await outcome(refreshWith(world, first))).toBe('session_revoked');
      expect(world.audit.last).toMatchObject({ event: 'refresh_reuse' });
    });

    test('a window of 0 forbids it', async () => {
      world = await createWorld({ tokens: { lostAnswerWindow: 0 } });
      ({ ...first } = await signedIn(world));
      await refreshWith(world, first);
      world.clock.advance(GRACE);
      expect(await outcome(refreshWith(world, first))).toBe('session_revoked');
    });

    test('50 at once after the grace receive the same new successor', async () => {
      for (let seed = 1; seed <= 20; seed += 1) {
        world = await createWorld({ seed });
        ({ ...first } = await signedIn(world));
        await refreshWith(world, first);
        world.clock.advance(GRACE);
        const answers = await Promise.all(Array.from({ length: 50 }, () => refreshWith(world, first)));
        expect(new Set(answers.map((answer) => answer.refreshToken)).size).toBe(1);
        expect((await world.sessions.read(sidOf(first)))?.n).toBe(2);
        expect(tally(world.audit.names()).refresh_answer_replaced).toBe(1);
        expect(await livingTokens(world, answers[0]!)).toEqual(['access', 'refresh']);
      }
    });

    test('beside the use of its successor: one of the two is found out, and never are there two living successors', async () => {
      for (let seed = 1; seed <= 40; seed += 1) {
        world = await createWorld({ seed });
        ({ ...first } = await signedIn(world));
        const second = await refreshWith(world, first);
        world.clock.advance(GRACE);
        const results = await Promise.allSettled([refreshWith(world, first), refreshWith(world, second)]);
        const codes = results.map((result) => (result.status === 'fulfilled' ? 'ok' : (result.reason as { code: string }).code));
        // The late one first: the successor is burnt. The successor first: the late one is reuse.
        expect([['ok', 'refresh_superseded'], ['session_revoked', 'ok']]).toContainEqual(codes);
        for (const result of results) {
          if (result.status === 'fulfilled') expect(await livingTokens(world, result.value)).toEqual(codes[0] === 'ok' ? ['access', 'refresh'] : []);
        }
      }
    });

    test.each(['before', 'after'] as const)('T30 a write that fails %s it took effect: the next try has an answer', async (moment) => {
      await refreshWith(world, first);
      world.clock.advance(GRACE);
      world.calls.failNext('sessions.rotate', moment);
      expect(await outcome(refreshWith(world, first))).toBe('unavailable');
      world.clock.advance(GRACE);
      expect(await livingTokens(world, await refreshWith(world, first))).toEqual(['access', 'refresh']);
      expect(world.audit.count('refresh_reuse')).toBe(0);
    });
  });

  describe('T47: a forged token', () => {
    test('1000 of them for a known session are plain 401s that harm nobody', async () => {
      const second = await refreshWith(world, first);
      world.clock.advance(60);
      world.audit.events.length = 0;
      world.calls.reset();
      for (let i = 0; i < 1000; i += 1) {
        const guess = withPart(withPart(second.refreshToken, 3, String(i % 4)), 4, world.crypto.randomToken(32));
        expect(await outcome(refreshWith(world, { refreshToken: guess }))).toBe('invalid_token');
      }
      expect(world.calls.writes()).toEqual([]);
      expect(new Set(world.audit.names())).toEqual(new Set(['refresh_refused']));
      expect(await livingTokens(world, second)).toEqual(['access', 'refresh']);
    });

    test.each<[string, (token: string) => string]>([
      ['a MAC of another generation', (token) => withPart(token, 3, '1')],
      ['another refresh key', (token) => withPart(token, 1, 'aaaaaaaa')],
      ['an unknown session', (token) => withPart(token, 2, 'AAAAAAAAAAAAAAAAAAAAAA')],
      ['a second spelling of the generation', (token) => withPart(token, 3, '00')],
      ['nothing', () => ''],
      ['an access token', () => first.accessToken],
    ])('with %s is invalid', async (_, forge) => {
      expect(await outcome(refreshWith(world, { refreshToken: forge(first.refreshToken) }))).toBe('invalid_token');
      expect(await livingTokens(world, first)).toEqual(['access', 'refresh']);
    });

    test('of another user\'s session with its own MAC is invalid', async () => {
      await registerUser(world, { email: 'other@example.com' });
      const other = await loginUser(world, { email: 'other@example.com' });
      const swapped = withPart(first.refreshToken, 2, sidOf(other));
      expect(await outcome(refreshWith(world, { refreshToken: swapped }))).toBe('invalid_token');
    });
  });

  test('a genuine generation above the stored one (a restored table) is a plain 401', async () => {
    const restored = (await world.sessions.read(sidOf(first)))!;
    const second = await refreshWith(world, first);
    world.tables.sessions.set(restored.sid, restored);
    expect(await outcome(refreshWith(world, second))).toBe('invalid_token');
    expect(await livingTokens(world, first)).toEqual(['access', 'refresh']);
  });

  describe('expiry is decided by the clock, not by the table (T15)', () => {
    test('idle: without a refresh for the idle time', async () => {
      world.clock.advance(14 * 86400 - 1);
      const second = await refreshWith(world, first);
      world.clock.advance(14 * 86400);
      expect(await outcome(refreshWith(world, second))).toBe('session_expired');
    });

    test('absolute: refreshing never extends it (SE-06)', async () => {
      let tokens = first;
      for (let day = 0; day < 29; day += 1) {
        world.clock.advance(86400);
        tokens = await refreshWith(world, tokens);
      }
      expect(tokens.refreshExpiresIn).toBe(86400);
      world.clock.advance(2 * 86400);
      expect(await outcome(refreshWith(world, tokens))).toBe('session_expired');
    });

    test('an access token never outlives its session', async () => {
      world.clock.advance(14 * 86400 - 1);
      const second = await refreshWith(world, first);
      world.clock.advance(14 * 86400 - 1);
      const third = await refreshWith(world, second);
      world.clock.advance(2 * 86400 - 58);
      expect((await refreshWith(world, third)).expiresIn).toBe(60);
    });
  });

  describe('reads the user anew (SE-15)', () => {
    test('disabled: refused at once', async () => {
      await disableUser(world, { uid });
      expect(await outcome(refreshWith(world, first))).toBe('session_revoked');
    });

    test('disabled without a bump of the version: refused too', async () => {
      world.tables.profiles.set(uid, { ...world.tables.profiles.get(uid)!, status: 'disabled' });
      expect(await outcome(refreshWith(world, first))).toBe('session_revoked');
    });

    test.each([0, 2])('SE-10 a session of another version than the user\'s is dead: %d beside 1', async (sv) => {
      const rotated = await refreshWith(world, first);
      world.tables.sessions.set(sidOf(first), { ...world.tables.sessions.get(sidOf(first))!, sv });
      for (const tokens of [first, rotated]) {
        expect(await outcome(refreshWith(world, tokens))).toBe('session_revoked');
        expect(world.audit.last).toMatchObject({ event: 'refresh_refused', reason: 'version_ended' });
      }
      expect(world.tables.sessions.get(sidOf(first))).toMatchObject({ sv, n: 1, state: 'live' });
      expect(world.tables.revocations.size).toBe(0);
    });

    test('SE-10 a session ahead of its user is neither refreshed nor listed', async () => {
      world.tables.sessions.set(sidOf(first), { ...world.tables.sessions.get(sidOf(first))!, sv: 2 });
      expect(await outcome(refreshWith(world, first))).toBe('session_revoked');
      const elsewhere = await loginUser(world);
      const { sessions } = await listSessions(world, { principal: await principalOf(world, elsewhere), limit: 100 });
      expect(sessions.map(({ sid }) => sid)).toEqual([sidOf(elsewhere)]);
    });

    test('gone: refused', async () => {
      world.tables.profiles.delete(uid);
      expect(await outcome(refreshWith(world, first))).toBe('session_revoked');
    });

    test('a scope taken away ends the session', async () => {
      await setScopes(world, { uid, scopes: ['write'] });
      await setScopes(world, { uid, scopes: [] });
      expect(await livingTokens(world, first)).toEqual([]);
    });
  });

  describe('faults', () => {
    test('T30, T39: a lost response: the retry within the grace gets the successor, whichever call failed', async () => {
      let tokens = first;
      for (const name of ['sessions.read', 'users.readUser', 'sessions.rotate', 'signer.sign', 'refreshKeys.find']) {
        for (const moment of ['before', 'after'] as const) {
          world.clock.advance(60);
          world.calls.failNext(name, moment);
          expect(await outcome(refreshWith(world, tokens))).toBe('unavailable');
          world.clock.advance(GRACE - 1);
          tokens = await refreshWith(world, tokens);
        }
      }
      expect(world.audit.count('refresh_reuse')).toBe(0);
      expect(await livingTokens(world, tokens)).toEqual(['access', 'refresh']);
    });

    test('a signer that is down rotates nothing (T32)', async () => {
      world.calls.failAll('signer');
      expect(await outcome(refreshWith(world, first))).toBe('unavailable');
      expect(world.calls.writes()).toEqual([]);
    });

    test('a container that does not know the refresh key answers 503, never 401', async () => {
      const behind: World = { ...world, refreshKeys: { ...world.refreshKeys, find: async () => undefined } };
      expect(await outcome(refreshWith(behind, first))).toBe('unavailable');
      expect(await livingTokens(world, first)).toEqual(['access', 'refresh']);
    });

    test('reuse whose revocation fails is told as an outage, and the next replay completes it', async () => {
      const second = await refreshWith(world, await refreshWith(world, first));
      world.clock.advance(GRACE);
      for (const [name, moment] of [['revocations.revokeSession', 'before'], ['sessions.markEnded', 'before']] as const) {
        world.calls.failNext(name, moment);
        expect(await outcome(refreshWith(world, first))).toBe('unavailable');
      }
      expect(await outcome(refreshWith(world, first))).toBe('session_revoked');
      expect(world.audit.count('refresh_reuse')).toBe(1);
      expect(await livingTokens(world, second)).toEqual([]);
    });
  });

  test('T13: the same request twice has one effect', async () => {
    const [one, two] = [await refreshWith(world, first), await refreshWith(world, first)];
    expect(two.refreshToken).toBe(one.refreshToken);
    expect((await world.sessions.read(sidOf(first)))?.n).toBe(1);
    expect(tally(world.audit.names())).toEqual({ refresh_succeeded: 2 });
  });
});
