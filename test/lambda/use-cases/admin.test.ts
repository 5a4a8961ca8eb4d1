import { disableUser } from '../../../lambda/use-cases/admin/disable-user';
import { enableUser } from '../../../lambda/use-cases/admin/enable-user';
import { findUser } from '../../../lambda/use-cases/admin/find-user';
import { inviteUser } from '../../../lambda/use-cases/admin/invite-user';
import { revokeSessions } from '../../../lambda/use-cases/admin/revoke-sessions';
import { setScopes } from '../../../lambda/use-cases/admin/set-scopes';
import { unlockUser } from '../../../lambda/use-cases/admin/unlock-user';
import { EMAIL, livingTokens, loginUser, outcome, principalOf, refreshWith, registerUser, signedIn, tally } from '../support/actions';
import { createWorld, NOW, World } from '../support/world';

const NOBODY = '00000000-0000-4000-8000-000000000000';

describe('administration', () => {
  let world: World;
  let tokens: Awaited<ReturnType<typeof signedIn>>;
  let uid: string;
  beforeEach(async () => {
    world = await createWorld();
    tokens = await signedIn(world);
    uid = tokens.uid;
  });

  test('finds a user by id or by any spelling of the address, without password or versions', async () => {
    const expected = { users: [{ uid, email: EMAIL, status: 'active', scopes: [], profile: {}, createdAt: NOW }] };
    expect(await findUser(world, { uid })).toEqual(expected);
    expect(await findUser(world, { email: 'MIKE@example.com' })).toEqual(expected);
    expect(await findUser(world, { uid: NOBODY })).toEqual({ users: [] });
    expect(await findUser(world, { email: 'nobody@example.com' })).toEqual({ users: [] });
    expect(tally(world.audit.names())).toEqual({ admin_user_read: 4 });
  });

  test('asks for exactly one of id and address', async () => {
    for (const input of [{}, { uid, email: EMAIL }, { email: 'nonsense' }]) expect(await outcome(findUser(world, input))).toBe('validation_failed');
    expect(tally(world.audit.names())).toEqual({ admin_request_refused: 3 });
  });

  test('finds nothing through an index that still shows a deleted user (T14)', async () => {
    world.tables.freezeIndexes();
    await world.users.deleteUser(world.tables.profiles.get(uid)!, 9e9);
    expect(await findUser(world, { email: EMAIL })).toEqual({ users: [] });
  });

  describe('disable', () => {
    test('ends every session at once and refuses logins; enabling brings back the login, not the sessions', async () => {
      expect(await disableUser(world, { uid })).toMatchObject({ uid, status: 'disabled' });
      expect(await livingTokens(world, tokens)).toEqual([]);
      expect(await outcome(loginUser(world))).toBe('invalid_credentials');
      expect(await enableUser(world, { uid })).toMatchObject({ uid, status: 'active' });
      expect(await livingTokens(world, tokens)).toEqual([]);
      expect(await livingTokens(world, await loginUser(world))).toEqual(['access', 'refresh']);
      expect(world.audit.names()).toEqual(expect.arrayContaining(['admin_user_disabled', 'admin_user_enabled']));
    });

    test('AA-02 what failed while nobody could log in stops nobody who is enabled again', async () => {
      await disableUser(world, { uid });
      for (let i = 0; i < 100; i += 1) {
        await outcome(loginUser(world));
        world.clock.advance(3600);
      }
      expect(await outcome(loginUser(world))).toBe('rate_limited');
      await enableUser(world, { uid });
      expect(await outcome(loginUser(world))).toBe('ok');
    });

    test('is idempotent, and a retry after a lost response ends with the user disabled', async () => {
      world.calls.failNext('users.administer', 'after');
      expect(await outcome(disableUser(world, { uid }))).toBe('unavailable');
      await disableUser(world, { uid });
      await disableUser(world, { uid });
      expect(await world.users.readUser(uid)).toMatchObject({ status: 'disabled', sv: 2 });
    });

    test('holds against a change of sessions that comes in between', async () => {
      let raced = false;
      world.calls.before('users.administer', async () => {
        if (raced) return;
        raced = true;
        await world.users.endAllSessions(uid, 1, 9e9);
      });
      await disableUser(world, { uid });
      expect(await world.users.readUser(uid)).toMatchObject({ status: 'disabled', sv: 3 });
    });

    test('T12: parallel with 20 logins leaves no living session', async () => {
      for (let seed = 1; seed <= 20; seed += 1) {
        world = await createWorld({ seed, limits: { perHour: 1000 } });
        ({ uid } = await signedIn(world));
        const [, ...logins] = await Promise.allSettled([disableUser(world, { uid }), ...Array.from({ length: 20 }, () => loginUser(world))]);
        for (const login of logins) {
          if (login.status === 'fulfilled') expect(await livingTokens(world, login.value)).toEqual([]);
        }
      }
    });
  });

  test('ends all sessions of a user', async () => {
    await revokeSessions(world, { uid });
    expect(await livingTokens(world, tokens)).toEqual([]);
    expect(world.audit.events[0]).toMatchObject({ event: 'admin_sessions_ended', uid });
    expect(await outcome(loginUser(world))).toBe('ok');
  });

  describe('scopes', () => {
    test('are stored once and sorted; added ones leave sessions alone and arrive with the next refresh', async () => {
      expect(await setScopes(world, { uid, scopes: ['write', 'read', 'write'] })).toMatchObject({ scopes: ['read', 'write'] });
      expect((await principalOf(world, tokens)).scope).toBe('profile');
      expect((await principalOf(world, await refreshWith(world, tokens))).scope).toBe('profile read write');
    });

    test('one taken away ends the sessions; the same ones again change nothing', async () => {
      await setScopes(world, { uid, scopes: ['read', 'write'] });
      await setScopes(world, { uid, scopes: ['read', 'other'] });
      expect((await world.users.readUser(uid))?.sv).toBe(2);
      expect(await livingTokens(world, tokens)).toEqual([]);
      world.calls.reset();
      await setScopes(world, { uid, scopes: ['other', 'read'] });
      expect(world.calls.writes()).toEqual([]);
    });

    test.each([['two words'], [''], ['quote"'], ['x'.repeat(65)]])('refuse %j (RFC 6749 section 3.3)', async (scope) => {
      expect(await outcome(setScopes(world, { uid, scopes: [scope] }))).toBe('validation_failed');
      expect(await outcome(inviteUser(world, { email: EMAIL, scopes: [scope] }))).toBe('validation_failed');
      expect(world.calls.writes()).toEqual([]);
    });
  });

  test('an unknown user is not found, and nothing is made', async () => {
    for (const action of [disableUser(world, { uid: NOBODY }), enableUser(world, { uid: NOBODY }), revokeSessions(world, { uid: NOBODY }), setScopes(world, { uid: NOBODY, scopes: ['a'] })]) {
      expect(await outcome(action)).toBe('not_found');
    }
    expect(world.tables.profiles.size).toBe(1);
    expect(tally(world.audit.names())).toEqual({ admin_request_refused: 4 });
  });

  test('unlocks an address, known or not', async () => {
    for (const email of [EMAIL, 'nobody@example.com']) {
      for (let i = 0; i < 6; i += 1) await outcome(loginUser(world, { email, password: 'wrong wrong wrong wrong' }));
      expect(await outcome(loginUser(world, { email }))).toBe('rate_limited');
      await unlockUser(world, { email: email.toUpperCase() });
      expect(await outcome(loginUser(world, { email }))).toBe(email === EMAIL ? 'ok' : 'invalid_credentials');
    }
    expect(world.audit.count('admin_user_unlocked')).toBe(2);
  });

  test('an invitation stands for a week, and only its hash is stored', async () => {
    const { invitation, expiresAt } = await inviteUser(world, { email: 'new@example.com', scopes: ['b', 'a'] });
    expect(expiresAt).toBe(NOW + 7 * 86_400_000);
    expect(Buffer.from(invitation, 'base64url')).toHaveLength(32);
    expect([...world.tables.tickets.values()]).toEqual([{ hash: world.crypto.sha256(invitation), kind: 'invitation', email: 'new@example.com', scopes: ['a', 'b'], expiresAt }]);
    await registerUser(world, { email: 'new@example.com', invitation });
    expect(JSON.stringify(world.audit.events)).not.toContain(invitation);
  });
});
