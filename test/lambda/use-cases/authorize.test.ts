import { disableUser } from '../../../lambda/use-cases/admin/disable-user';
import { setScopes } from '../../../lambda/use-cases/admin/set-scopes';
import { authorize } from '../../../lambda/use-cases/authorize';
import { logout } from '../../../lambda/use-cases/logout';
import { logoutAll } from '../../../lambda/use-cases/logout-all';
import { loginUser, outcome, principalOf, refreshWith, signedIn } from '../support/actions';
import { createWorld, World } from '../support/world';

describe('authorize', () => {
  let world: World;
  let tokens: Awaited<ReturnType<typeof signedIn>>;
  beforeEach(async () => {
    world = await createWorld();
    tokens = await signedIn(world);
  });

  function check(token = tokens.accessToken, requiredScopes: readonly string[] = []): Promise<{ readonly allowed: boolean }> {
    return authorize(world, { token, requiredScopes });
  }

  test('lets a good token through with one strong read and no event', async () => {
    expect(await check()).toMatchObject({ allowed: true, principal: { uid: tokens.uid, scope: 'profile' } });
    expect(world.calls.names()).toEqual(['verificationKeys.find', 'revocations.readRevocations']);
    expect(world.audit.events).toEqual([]);
  });

  test('tells a missing scope apart from a bad token', async () => {
    expect(await check(tokens.accessToken, ['profile'])).toMatchObject({ allowed: true });
    expect(await check(tokens.accessToken, ['profile', 'admin'])).toMatchObject({ allowed: false });
    expect(await check(tokens.accessToken, ['prof'])).toMatchObject({ allowed: false });
    expect(world.audit.events[0]).toMatchObject({ event: 'token_refused', outcome: 'failure', reason: 'scope_missing', uid: tokens.uid });
  });

  test('refuses other kinds of tokens (T19) and says why only in the log', async () => {
    for (const token of ['', 'nonsense', tokens.refreshToken, tokens.deviceToken, `${tokens.accessToken}.x`, tokens.accessToken.replace(/[^.]+$/, 'A'.repeat(86))]) {
      await expect(check(token)).rejects.toMatchObject({ code: 'invalid_token', detail: undefined });
    }
    expect(world.calls.count('revocations.readRevocations')).toBe(0);
    expect(new Set(world.audit.names())).toEqual(new Set(['token_refused']));
  });

  test('refuses a token when its time is over, leeway included', async () => {
    world.clock.advance(900 + 29);
    expect(await outcome(check())).toBe('ok');
    world.clock.advance(1);
    expect(await outcome(check())).toBe('invalid_token');
  });

  test('T41: session and user revocations together: the strictest wins', async () => {
    const other = await loginUser(world);
    await logout(world, { refreshToken: other.refreshToken });
    expect(await outcome(check(other.accessToken))).toBe('session_revoked');
    expect(await outcome(check())).toBe('ok');

    await logoutAll(world, { principal: await principalOf(world, tokens) });
    const fresh = await loginUser(world);
    await logout(world, { refreshToken: fresh.refreshToken });
    for (const dead of [other, tokens, fresh]) expect(await outcome(check(dead.accessToken))).toBe('session_revoked');

    const living = await loginUser(world);
    expect(await outcome(check(living.accessToken))).toBe('ok');
    // A retired key refuses what the two others would let through.
    const keyless: World = { ...world, verificationKeys: { find: async () => undefined } };
    expect(await outcome(authorize(keyless, { token: living.accessToken, requiredScopes: [] }))).toBe('invalid_token');
  });

  test('what ends sessions ends access tokens at once (SE-11)', async () => {
    await setScopes(world, { uid: tokens.uid, scopes: ['admin'] });
    const raised = await refreshWith(world, tokens);
    expect(await check(raised.accessToken, ['admin'])).toMatchObject({ allowed: true });
    await setScopes(world, { uid: tokens.uid, scopes: [] });
    expect(await outcome(check(raised.accessToken, ['admin']))).toBe('session_revoked');
    const again = await loginUser(world);
    await disableUser(world, { uid: tokens.uid });
    expect(await outcome(check(again.accessToken))).toBe('session_revoked');
  });

  test.each(['verificationKeys', 'revocations'])('T31: %s down is an outage, no refusal, and leaves no refusal in the log', async (port) => {
    world.calls.failAll(port);
    expect(await outcome(check())).toBe('unavailable');
    expect(world.audit.events).toEqual([]);
    world.calls.reset();
    expect(await outcome(check())).toBe('ok');
  });
});
