import { Limits } from '../../../src/contract/limits';
import { changePassword } from '../../../lambda/use-cases/change-password';
import { listSessions } from '../../../lambda/use-cases/list-sessions';
import { logout } from '../../../lambda/use-cases/logout';
import { logoutAll } from '../../../lambda/use-cases/logout-all';
import { IssuedTokens } from '../../../lambda/use-cases/steps/issued-tokens';
import { LoginLimits } from '../../../lambda/use-cases/settings';
import { livingTokens, loginUser, outcome, OTHER_PASSWORD, PASSWORD, principalOf, refreshWith, registerUser, sidOf } from '../support/actions';
import { Barrier } from '../support/barrier';
import { createWorld, World } from '../support/world';

const DAY = 86_400;
/** Longer than any access token lives. */
const QUARTER = 1200;

describe('SE-12 the cap of living sessions per user', () => {
  let world: World;
  let uid: string;

  async function serviceWith(maxSessionsPerUser: number): Promise<void> {
    world = await createWorld({ limits: { perHour: 1000, maxSessionsPerUser } });
    ({ uid } = await registerUser(world));
  }

  /** The same service after a deployment with another cap. */
  const recapped = (maxSessionsPerUser: number): World & { readonly limits: LoginLimits } => ({ ...world, limits: { ...world.limits, maxSessionsPerUser } });

  /** Logins one after the other, so many seconds apart. */
  async function logins(count: number, apart = 1): Promise<IssuedTokens[]> {
    const all: IssuedTokens[] = [];
    for (let i = 0; i < count; i += 1) {
      all.push(await loginUser(world));
      world.clock.advance(apart);
    }
    return all;
  }

  const stored = () => [...world.tables.sessions.values()].filter((session) => session.uid === uid);
  const live = () => stored().filter(({ state }) => state === 'live');
  const living = (of: readonly IssuedTokens[]): boolean[] => of.map((tokens) => live().some(({ sid }) => sid === sidOf(tokens)));

  const endedByCap = () => world.audit.events.filter(({ reason }) => reason?.startsWith('too_many_sessions'));

  test('the login above it ends the oldest with all its tokens, and no other', async () => {
    await serviceWith(3);
    const [oldest, second, third] = await logins(3) as [IssuedTokens, IssuedTokens, IssuedTokens];
    expect(endedByCap()).toEqual([]);
    const fourth = await loginUser(world);
    expect(await livingTokens(world, oldest)).toEqual([]);
    for (const tokens of [second, third, fourth]) expect(await livingTokens(world, tokens)).toEqual(['access', 'refresh']);
    expect(endedByCap()).toEqual([expect.objectContaining({
      event: 'session_ended', outcome: 'success', uid, session: world.crypto.sha256(sidOf(oldest)), reason: 'too_many_sessions', metrics: ['SessionEnded'],
    })]);
  });

  test('a cap of one: the login ends the session before it', async () => {
    await serviceWith(1);
    const sessions = await logins(3);
    expect(living(sessions)).toEqual([false, false, true]);
    expect(await livingTokens(world, sessions[2]!)).toEqual(['access', 'refresh']);
  });

  test('logins within one millisecond end the earlier ones all the same', async () => {
    await serviceWith(2);
    const sessions = await logins(12, 0);
    expect(living(sessions).filter(Boolean)).toHaveLength(2);
    expect(await livingTokens(world, await loginUser(world))).toEqual(['access', 'refresh']);
  });

  test('a login on a clock that is behind ends another one, not itself', async () => {
    await serviceWith(1);
    world.clock.advance(60);
    const ahead = await loginUser(world);
    world.clock.advance(-60);
    const behind = await loginUser(world);
    expect(living([ahead])).toEqual([false]);
    expect(await livingTokens(world, behind)).toEqual(['access', 'refresh']);
  });

  test('ended and expired sessions do not count, however many', async () => {
    await serviceWith(3);
    const [phone] = await logins(1) as [IssuedTokens];
    for (let i = 0; i < 12; i += 1) {
      await logout(world, { refreshToken: (await loginUser(world)).refreshToken });
      world.clock.advance(1);
    }
    expect(living([phone])).toEqual([true]);
    await logins(2);
    // Idle for too long, all of them.
    world.clock.advance(15 * DAY);
    expect(living(await logins(3))).toEqual([true, true, true]);
    expect(endedByCap()).toEqual([]);
  });

  test('SE-16 what ended does not pile up in the way: a robot that logs in and out costs no more and hides nothing', async () => {
    await serviceWith(5);
    const [phone] = await logins(1) as [IssuedTokens];
    for (let i = 0; i < 60; i += 1) {
      await logout(world, { refreshToken: (await loginUser(world)).refreshToken });
      world.clock.advance(QUARTER);
    }
    expect(stored().length).toBeLessThanOrEqual(6);
    expect(endedByCap()).toEqual([]);
    const others = await logins(5);
    expect(living([phone, ...others])).toEqual([false, true, true, true, true, true]);
  });

  test('sessions that another version ended do not count and are not touched by a login that is outdated itself', async () => {
    await serviceWith(2);
    const [first] = await logins(2) as [IssuedTokens];
    world.clock.advance(QUARTER);
    await logoutAll(world, { principal: await principalOf(world, await refreshWith(world, first)) });
    const [third, fourth] = await logins(2) as [IssuedTokens, IssuedTokens];
    expect(living([third, fourth])).toEqual([true, true]);
    // GIVEN a login that has read the user before a change of the password
    world.calls.before('sessions.create', async () => {
      world.calls.reset();
      await changePassword(world, { principal: await principalOf(world, fourth), currentPassword: PASSWORD, newPassword: OTHER_PASSWORD });
    });
    await loginUser(world);
    const { sessions } = await listSessions(world, { principal: await principalOf(world, await loginUser(world, { password: OTHER_PASSWORD })), limit: 100 });
    expect(sessions).toHaveLength(2);
  });

  test('a change of the password leaves one, whatever the cap', async () => {
    await serviceWith(1);
    const [session] = await logins(1) as [IssuedTokens];
    const changed = await changePassword(world, { principal: await principalOf(world, session), currentPassword: PASSWORD, newPassword: OTHER_PASSWORD });
    expect(await livingTokens(world, session)).toEqual([]);
    expect(await livingTokens(world, changed)).toEqual(['access', 'refresh']);
  });

  test('a cap that was lowered holds after the next login, the newest live', async () => {
    await serviceWith(1000);
    const sessions = await logins(120);
    world.clock.advance(QUARTER);
    const last = await loginUser(recapped(50));
    expect(living(sessions)).toEqual(sessions.map((_, index) => index >= 71));
    expect(await livingTokens(world, last)).toEqual(['access', 'refresh']);
    // AND they were quiet: nothing of it is in the authorizer's way
    expect((await world.revocations.readRevocations(uid)).sids.size).toBe(0);
  });

  test('T04 more than the list of revocations holds: the newest live, and their tokens; the event says which access tokens live on', async () => {
    await serviceWith(3);
    const sessions = await logins(Limits.REVOKED_BY_LOGINS_PER_USER + 13);
    expect(living(sessions)).toEqual(sessions.map((_, index) => index >= sessions.length - 3));
    for (const tokens of sessions.slice(-3)) expect(await livingTokens(world, tokens)).toEqual(['access', 'refresh']);
    for (const [index, tokens] of sessions.slice(0, -3).entries()) {
      expect(await livingTokens(world, tokens)).toEqual(index < Limits.REVOKED_BY_LOGINS_PER_USER ? [] : ['access']);
    }
    expect(endedByCap().map(({ reason }) => reason)).toEqual([
      ...Array.from({ length: Limits.REVOKED_BY_LOGINS_PER_USER }, () => 'too_many_sessions'),
      ...Array.from({ length: 10 }, () => 'too_many_sessions_access_token_left'),
    ]);
    // AND whoever ends one on purpose still ends that one alone
    for (let i = 0; i < Limits.REVOKED_SESSIONS_PER_USER - Limits.REVOKED_BY_LOGINS_PER_USER; i += 1) {
      await logout(world, { refreshToken: (await loginUser(world)).refreshToken });
    }
    expect((await world.users.readUser(uid))?.sv).toBe(1);
    // AND a quarter of an hour later there is room again
    world.clock.advance(QUARTER);
    const [next, ...newer] = await logins(4);
    expect(living([next!, ...newer])).toEqual([false, true, true, true]);
    expect(await livingTokens(world, next!)).toEqual([]);
  });

  test('SE-13 a browser that logs in again and again ends each session before, and never the one it just opened', async () => {
    await serviceWith(50);
    const [phone] = await logins(1) as [IssuedTokens];
    let browser = await loginUser(world);
    for (let i = 0; i < Limits.REVOKED_SESSIONS_PER_USER + 4; i += 1) {
      const next = await loginUser(world, { refreshToken: browser.refreshToken });
      expect(living([browser, next, phone])).toEqual([false, true, true]);
      expect(await outcome(refreshWith(world, next))).toBe('ok');
      browser = next;
    }
  });

  test('the oldest is in use: a refresh that comes in between leaves it dead with the token that it got', async () => {
    await serviceWith(1);
    const [oldest] = await logins(1) as [IssuedTokens];
    world.clock.advance(QUARTER);
    let refreshed: IssuedTokens | undefined;
    world.calls.before('sessions.endUnused', async () => { refreshed ??= await refreshWith(world, oldest); });
    await loginUser(world);
    expect(await livingTokens(world, refreshed!)).toEqual([]);
  });

  test.each([1, 3, 5])('T02 eight logins at once at a cap of %d: so many live afterwards', async (cap) => {
    for (let seed = 1; seed <= 20; seed += 1) {
      world = await createWorld({ seed, limits: { perHour: 1000, maxSessionsPerUser: cap } });
      ({ uid } = await registerUser(world));
      const before = await logins(cap);
      const barrier = new Barrier(8);
      world.calls.before('sessions.create', () => barrier.wait());
      const after = await Promise.all(Array.from({ length: 8 }, () => loginUser(world)));
      world.calls.reset();
      expect(live()).toHaveLength(cap);
      expect(living(before)).toEqual(before.map(() => false));
      for (const tokens of after) expect([[], ['access', 'refresh']]).toContainEqual(await livingTokens(world, tokens));
    }
  });

  test('an index that lags lets too many live, ends none that should live, and the next login sets it right', async () => {
    await serviceWith(2);
    const before = await logins(2);
    world.tables.freezeIndexes();
    const during = await logins(2);
    expect(living([...before, ...during])).toEqual([false, true, true, true]);
    world.tables.thawIndexes();
    const after = await loginUser(world);
    expect(living([...before, ...during, after])).toEqual([false, false, false, true, true]);
  });

  test.each(['before', 'after'] as const)('T33 each write of a login at the cap fails (%s it takes effect): no more than the cap live, and the next login works', async (moment) => {
    let last = false;
    for (let k = 1; !last; k += 1) {
      await serviceWith(2);
      const sessions = await logins(2);
      world.clock.advance(k % 2 === 0 ? QUARTER : 0);
      world.calls.reset();
      world.calls.failWrite(k, moment);
      const answer = await outcome(loginUser(world));
      last = answer === 'ok';
      world.calls.reset();
      const ended = living(sessions).filter((lives) => !lives).length;
      expect(live().length).toBeLessThanOrEqual(2);
      expect(ended).toBeLessThanOrEqual(1);
      const fresh = await loginUser(world);
      expect(await livingTokens(world, fresh)).toEqual(['access', 'refresh']);
    }
  });
});
