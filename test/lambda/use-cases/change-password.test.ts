import { changePassword, ChangePasswordInput } from '../../../lambda/use-cases/change-password';
import { listSessions } from '../../../lambda/use-cases/list-sessions';
import { IssuedTokens } from '../../../lambda/use-cases/steps/issued-tokens';
import { EMAIL, livingTokens, loginUser, OTHER_PASSWORD, outcome, PASSWORD, principalOf, refreshWith, signedIn, tally } from '../support/actions';
import { sessionAfterChange } from '../../contract/suites/stores';
import { createWorld, World } from '../support/world';

describe('change of password', () => {
  let world: World;
  let tokens: IssuedTokens;
  let uid: string;
  beforeEach(async () => {
    world = await createWorld();
    ({ uid, ...tokens } = await signedIn(world));
  });

  async function change(overrides: Partial<ChangePasswordInput> = {}): Promise<IssuedTokens> {
    const principal = overrides.principal ?? (await principalOf(world, tokens));
    return changePassword(world, { principal, currentPassword: PASSWORD, newPassword: OTHER_PASSWORD, ...overrides });
  }

  test('ends every session and answers with a new one (SE-10)', async () => {
    const elsewhere = await loginUser(world);
    world.clock.advance(60);
    const answer = await change();
    expect(await livingTokens(world, tokens)).toEqual([]);
    expect(await livingTokens(world, elsewhere)).toEqual([]);
    const principal = await principalOf(world, answer);
    expect(principal).toMatchObject({ uid, sv: 2, authTime: world.clock.now() / 1000 });
    expect(await livingTokens(world, answer)).toEqual(['access', 'refresh']);
    expect((await listSessions(world, { principal, limit: 100 })).sessions).toEqual([expect.objectContaining({ current: true })]);
    expect(world.audit.events).toContainEqual(expect.objectContaining({ event: 'password_changed', uid }));
  });

  test('makes the new password the only one', async () => {
    await change();
    expect(await outcome(loginUser(world))).toBe('invalid_credentials');
    expect(await outcome(loginUser(world, { password: OTHER_PASSWORD }))).toBe('ok');
  });

  test('reads twice; writes the attempt, gives it back, and one transaction, which opens the session', async () => {
    const principal = await principalOf(world, tokens);
    world.calls.reset();
    await change({ principal });
    expect(world.calls.writes()).toEqual(['attempts.reserve', 'attempts.recordSuccess', 'users.changePassword']);
    expect(world.calls.reads().filter((name) => name.startsWith('users.'))).toEqual(['users.readUser', 'users.readCredential']);
  });

  test.each([
    ['a wrong current password', { currentPassword: 'wrong wrong wrong wrong' }, 'invalid_credentials'],
    ['a short new one', { newPassword: 'short' }, 'password_too_short'],
    ['a new one with the address in it', { newPassword: `${EMAIL} is my password` }, 'password_personal'],
    ['the present one as the new one', { newPassword: PASSWORD }, 'password_unchanged'],
    ['the present one in another spelling of Unicode', { newPassword: PASSWORD.replace('g', '\uFF47') }, 'password_unchanged'],
    ['an overlong current one', { currentPassword: 'x'.repeat(600) }, 'password_too_long'],
  ])('refuses %s and changes nothing', async (_, overrides, code) => {
    expect(await outcome(change(overrides))).toBe(code);
    expect(world.audit.last).toMatchObject({ event: 'password_change_failed', uid });
    expect(world.tables.sessions.size).toBe(1);
    expect(await livingTokens(world, tokens)).toEqual(['access', 'refresh']);
    expect(await outcome(loginUser(world))).toBe('ok');
  });

  test('PW-08 a new password that is the present one costs no hash and no attempt, and says nothing of whether it is right', async () => {
    const principal = await principalOf(world, tokens);
    world.calls.reset();
    const before = [world.hasher.verified, world.hasher.hashed];
    for (const password of [PASSWORD, OTHER_PASSWORD]) {
      expect(await outcome(change({ principal, currentPassword: password, newPassword: password }))).toBe('password_unchanged');
    }
    expect([world.hasher.verified, world.hasher.hashed]).toEqual(before);
    expect(world.calls.writes()).toEqual([]);
  });

  test('limits guesses at the current password before hashing, for this session alone (PW-08)', async () => {
    const principal = await principalOf(world, tokens);
    const before = world.hasher.verified;
    const guesses = await Promise.all(Array.from({ length: 50 }, () => outcome(change({ principal, currentPassword: 'wrong wrong wrong wrong' }))));
    expect(tally(guesses)).toEqual({ invalid_credentials: 10, rate_limited: 40 });
    expect(world.hasher.verified - before).toBe(10);
    // Neither the account's counter nor that of another session is touched.
    const other = await principalOf(world, await loginUser(world));
    expect(await outcome(change({ principal: other }))).toBe('ok');
  });

  test('makes guesses wait after the fifth failure', async () => {
    for (let i = 0; i < 5; i += 1) expect(await outcome(change({ currentPassword: 'wrong wrong wrong wrong' }))).toBe('invalid_credentials');
    await expect(change()).rejects.toMatchObject({ code: 'rate_limited', retryAfter: 30 });
    world.clock.advance(30);
    await change();
  });

  test('that meets another change between its two reads is a conflict, not a wrong password', async () => {
    let raced = false;
    world.calls.before('users.readCredential', async () => {
      if (raced) return;
      raced = true;
      const user = world.tables.profiles.get(uid)!;
      await world.users.changePassword(user, await world.hasher.hash(OTHER_PASSWORD), 9e9, sessionAfterChange(user));
    });
    expect(await outcome(change())).toBe('conflict');
    expect(world.calls.count('attempts.recordFailure')).toBe(0);
  });

  test('strangers who fail at login do not keep the owner from it', async () => {
    for (let i = 0; i < 10; i += 1) await outcome(loginUser(world, { password: 'wrong wrong wrong wrong' }));
    expect(await outcome(loginUser(world))).toBe('rate_limited');
    await change();
  });

  test('a caller whose sessions were ended since the authorizer looked is refused', async () => {
    const principal = await principalOf(world, tokens);
    await world.users.endAllSessions(uid, 1, 9e9);
    expect(await outcome(change({ principal }))).toBe('session_revoked');
  });

  test('T13: of two equal requests one has an effect', async () => {
    const principal = await principalOf(world, tokens);
    for (let seed = 1; seed <= 20; seed += 1) {
      world = await createWorld({ seed });
      ({ ...tokens } = await signedIn(world));
      const own = await principalOf(world, tokens);
      const answers = await Promise.allSettled([change({ principal: own }), change({ principal: own })]);
      expect(answers.filter((answer) => answer.status === 'fulfilled')).toHaveLength(1);
      const winner = answers.find((answer) => answer.status === 'fulfilled')!;
      expect(await livingTokens(world, winner.value)).toEqual(['access', 'refresh']);
      const { sv } = (await world.users.readUser(own.uid))!;
      expect(sv).toBe(2);
      // The loser's session was never handed out and does not show.
      const living = await listSessions(world, { principal: await principalOf(world, await loginUser(world, { password: OTHER_PASSWORD })), limit: 100 });
      expect(living.sessions).toHaveLength(2);
    }
    expect(principal.sv).toBe(1);
  });

  test('T12: parallel with 20 logins by the old password and 20 refreshes: nothing from before lives afterwards', async () => {
    for (let seed = 1; seed <= 40; seed += 1) {
      world = await createWorld({ seed, limits: { perHour: 1000 } });
      ({ uid, ...tokens } = await signedIn(world));
      const principal = await principalOf(world, tokens);
      const older = await Promise.all(Array.from({ length: 20 }, () => loginUser(world)));
      const start = (delay: number, run: () => Promise<IssuedTokens>): Promise<IssuedTokens> =>
        (async () => {
          for (let turn = 0; turn < delay; turn += 1) await undefined;
          return run();
        })();
      const racing = await Promise.allSettled([
        change({ principal }),
        ...Array.from({ length: 20 }, (_, i) => start(i * 3, () => loginUser(world))),
        ...older.map((own, i) => start(i * 3, () => refreshWith(world, own))),
      ]);
      expect(racing[0]?.status).toBe('fulfilled');
      const { sv } = (await world.users.readUser(uid))!;
      expect(sv).toBe(2);
      const [changed, ...others] = racing;
      for (const other of [tokens, ...older, ...others.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))]) {
        expect(await livingTokens(world, other)).toEqual([]);
      }
      if (changed?.status === 'fulfilled') expect(await livingTokens(world, changed.value)).toEqual(['access', 'refresh']);
      for (const other of others) {
        if (other.status === 'rejected') expect(['invalid_credentials', 'session_revoked', 'unavailable']).toContain((other.reason as { code: string }).code);
      }
    }
  });

  test('T33 SE-10: whichever write fails: password changed exactly when the session version is bumped, and no session is of a version to come', async () => {
    for (const moment of ['before', 'after'] as const) {
      for (const k of [1, 2, 3]) {
        world = await createWorld();
        ({ uid, ...tokens } = await signedIn(world));
        const principal = await principalOf(world, tokens);
        world.calls.failWrite(k, moment);
        expect(await outcome(change({ principal }))).toBe('unavailable');
        const committed = k === 3 && moment === 'after';
        expect(await world.users.readUser(uid)).toMatchObject(committed ? { pv: 2, sv: 2 } : { pv: 1, sv: 1 });
        expect((await world.revocations.readRevocations(uid)).minSv).toBe(committed ? 2 : 0);
        expect([...world.tables.sessions.values()].map(({ sv }) => sv).sort()).toEqual(committed ? [1, 2] : [1]);
        expect(await outcome(loginUser(world, { password: committed ? OTHER_PASSWORD : PASSWORD }))).toBe('ok');
        expect(await outcome(loginUser(world, { password: committed ? PASSWORD : OTHER_PASSWORD }))).toBe('invalid_credentials');
        expect(await livingTokens(world, tokens)).toEqual(committed ? [] : ['access', 'refresh']);
      }
    }
  });

  test('T32: keys that cannot be loaded stop it before anything is written', async () => {
    const principal = await principalOf(world, tokens);
    world.calls.reset();
    world.calls.failAll('signer');
    expect(await outcome(change({ principal }))).toBe('unavailable');
    expect(world.calls.writes()).toEqual([]);
  });
});

describe('ID-07 device tokens and a change of the password', () => {
  let world: World;
  beforeEach(async () => {
    world = await createWorld();
  });

  /** The account's own counter is full: only a known device gets in. */
  async function lockOut(): Promise<void> {
    for (let i = 0; i < 5; i += 1) await outcome(loginUser(world, { password: 'wrong wrong wrong wrong' }));
    expect(await outcome(loginUser(world, { password: OTHER_PASSWORD }))).toBe('rate_limited');
  }

  test('the tokens of before are worth nothing, on other devices and on this one; the answer brings a new one', async () => {
    const here = await signedIn(world);
    const elsewhere = await loginUser(world);
    const answer = await changePassword(world, { principal: await principalOf(world, here), currentPassword: PASSWORD, newPassword: OTHER_PASSWORD });
    expect(answer.deviceTokenExpiresIn).toBe(30 * 86400);
    await lockOut();
    for (const { deviceToken } of [here, elsewhere]) expect(await outcome(loginUser(world, { password: OTHER_PASSWORD, deviceToken }))).toBe('rate_limited');
    expect(await outcome(loginUser(world, { password: OTHER_PASSWORD, deviceToken: answer.deviceToken }))).toBe('ok');
  });

  test('a change that loses its race hands out nothing', async () => {
    const principal = await principalOf(world, await signedIn(world));
    world.calls.before('users.changePassword', async () => {
      world.calls.reset();
      await changePassword(world, { principal, currentPassword: PASSWORD, newPassword: `${OTHER_PASSWORD} too` });
    });
    expect(await outcome(changePassword(world, { principal, currentPassword: PASSWORD, newPassword: OTHER_PASSWORD }))).toBe('conflict');
  });
});
