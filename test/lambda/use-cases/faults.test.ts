import { disableUser } from '../../../lambda/use-cases/admin/disable-user';
import { inviteUser } from '../../../lambda/use-cases/admin/invite-user';
import { revokeSessions } from '../../../lambda/use-cases/admin/revoke-sessions';
import { setScopes } from '../../../lambda/use-cases/admin/set-scopes';
import { unlockUser } from '../../../lambda/use-cases/admin/unlock-user';
import { authorize } from '../../../lambda/use-cases/authorize';
import { changePassword } from '../../../lambda/use-cases/change-password';
import { deleteAccount } from '../../../lambda/use-cases/delete-account';
import { endSession } from '../../../lambda/use-cases/end-session';
import { getProfile } from '../../../lambda/use-cases/get-profile';
import { listSessions } from '../../../lambda/use-cases/list-sessions';
import { logout } from '../../../lambda/use-cases/logout';
import { logoutAll } from '../../../lambda/use-cases/logout-all';
import { revokeToken } from '../../../lambda/use-cases/revoke-token';
import { updateProfile } from '../../../lambda/use-cases/update-profile';
import { Principal } from '../../../lambda/domain/model';
import { LoginOutput } from '../../../lambda/use-cases/login';
import { EMAIL, livingTokens, loginUser, OTHER_PASSWORD, outcome, PASSWORD, principalOf, refreshWith, registerUser, sidOf, signedIn } from '../support/actions';
import { FaultMoment } from '../support/calls';
import { createWorld, World } from '../support/world';

interface Scene {
  readonly world: World;
  readonly tokens: LoginOutput & { readonly uid: string };
  readonly second: LoginOutput;
  readonly principal: Principal;
}

/** Every use case that calls a store, and whether its success must leave the first session dead. */
const USE_CASES: readonly { readonly name: string; readonly run: (scene: Scene) => Promise<unknown>; readonly ends?: true }[] = [
  { name: 'register', run: ({ world }) => registerUser(world, { email: 'new@example.com' }) },
  { name: 'login', run: ({ world }) => loginUser(world) },
  { name: 'login with a streak', run: async ({ world }) => loginUser(world, { email: 'streak@example.com' }) },
  { name: 'login with a wrong password', run: ({ world }) => loginUser(world, { password: 'wrong wrong wrong wrong' }) },
  { name: 'refresh', run: ({ world, tokens }) => refreshWith(world, tokens) },
  { name: 'logout by refresh token', run: ({ world, tokens }) => logout(world, { refreshToken: tokens.refreshToken }), ends: true },
  { name: 'logout by access token', run: ({ world, tokens }) => logout(world, { accessToken: tokens.accessToken }), ends: true },
  { name: 'logout everywhere', run: ({ world, principal }) => logoutAll(world, { principal }), ends: true },
  { name: 'list of sessions', run: ({ world, principal }) => listSessions(world, { principal, limit: 100 }) },
  { name: 'end of another session', run: ({ world, principal, second }) => endSession(world, { principal, sid: sidOf(second) }) },
  { name: 'revocation of a token', run: ({ world, tokens }) => revokeToken(world, { token: tokens.refreshToken }), ends: true },
  { name: 'profile', run: ({ world, principal }) => getProfile(world, { principal }) },
  { name: 'change of profile', run: ({ world, principal }) => updateProfile(world, { principal, profile: { age: 7 } }) },
  { name: 'deletion', run: ({ world, principal }) => deleteAccount(world, { principal, password: PASSWORD }), ends: true },
  { name: 'change of password', run: ({ world, principal }) => changePassword(world, { principal, currentPassword: PASSWORD, newPassword: OTHER_PASSWORD }), ends: true },
  { name: 'authorize', run: ({ world, tokens }) => authorize(world, { token: tokens.accessToken, requiredScopes: [] }) },
  { name: 'invite', run: ({ world }) => inviteUser(world, { email: 'new@example.com' }) },
  { name: 'disable', run: ({ world, tokens }) => disableUser(world, { uid: tokens.uid }), ends: true },
  { name: 'unlock', run: ({ world }) => unlockUser(world, { email: EMAIL }) },
  { name: 'end of all sessions by an administrator', run: ({ world, tokens }) => revokeSessions(world, { uid: tokens.uid }), ends: true },
  { name: 'scopes', run: ({ world, tokens }) => setScopes(world, { uid: tokens.uid, scopes: ['x'] }) },
];

async function scene(): Promise<Scene> {
  const world = await createWorld();
  const tokens = await signedIn(world);
  const second = await loginUser(world);
  const principal = await principalOf(world, tokens);
  await registerUser(world, { email: 'streak@example.com' });
  await outcome(loginUser(world, { email: 'streak@example.com', password: 'wrong wrong wrong wrong' }));
  world.calls.reset();
  world.audit.events.length = 0;
  return { world, tokens, second, principal };
}

/** What holds at any time, whatever failed (T33). */
async function expectInvariants({ world, tokens }: Scene): Promise<void> {
  for (const credential of world.tables.credentials.values()) {
    const user = world.tables.profiles.get(credential.uid);
    expect(user).toMatchObject({ email: credential.email, pv: credential.pv });
  }
  expect(world.tables.profiles.size).toBe(world.tables.credentials.size);
  const user = world.tables.profiles.get(tokens.uid);
  const { minSv } = await world.revocations.readRevocations(tokens.uid);
  // Password changed exactly when the version was bumped, and the authorizer knows every bump.
  if (user !== undefined) expect(minSv).toBe(user.sv === 1 ? 0 : user.sv);
  if (user !== undefined) expect(user.pv === 2).toBe(!(await world.hasher.verify(PASSWORD, world.tables.credentials.get(EMAIL)!.passwordHash)));
}

describe.each(USE_CASES)('T33, T30: $name', ({ run, ends }) => {
  test.each<FaultMoment>(['before', 'after'])('survives every call that fails %s its effect, one at a time', async (moment) => {
    const rehearsal = await scene();
    await outcome(run(rehearsal));
    const calls = rehearsal.world.calls.names();
    expect(calls.length).toBeGreaterThan(0);
    const expected = await outcome(run(await scene()));

    for (const [k, name] of calls.entries()) {
      const now = await scene();
      // The k-th call of the whole use case, counted among its equals.
      const skipped = calls.slice(0, k).filter((earlier) => earlier === name).length;
      now.world.calls.failNth(name, skipped + 1, moment);

      expect(await outcome(run(now))).toBe('unavailable');
      // Recorded by whoever answers the caller, not as a refusal of the credential.
      expect(now.world.audit.events.filter((event) => event.outcome === 'failure')).toEqual([]);
      await expectInvariants(now);

      // The caller tries again: the same outcome as without the fault, unless the first try was committed.
      const again = await outcome(run(now));
      const committed: Record<string, readonly string[]> = {
        'users.createUser': ['email_taken'],
        'users.changePassword': ['session_revoked'],
      };
      expect([expected, ...(moment === 'after' ? (committed[name] ?? []) : [])]).toContain(again);
      await expectInvariants(now);
      if (ends) expect(await livingTokens(now.world, now.tokens)).toEqual([]);
    }
  });
});
