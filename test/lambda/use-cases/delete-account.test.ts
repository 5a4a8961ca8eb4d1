import { deleteAccount } from '../../../lambda/use-cases/delete-account';
import { livingTokens, loginUser, outcome, principalOf, refreshWith, registerUser, signedIn } from '../support/actions';
import { createWorld, World } from '../support/world';

describe('deletion of the account', () => {
  let world: World;
  let tokens: Awaited<ReturnType<typeof signedIn>>;
  beforeEach(async () => {
    world = await createWorld();
    tokens = await signedIn(world);
  });

  test('removes user and address and ends every session', async () => {
    const elsewhere = await loginUser(world);
    world.audit.events.length = 0;
    await deleteAccount(world, { principal: await principalOf(world, tokens) });
    expect(world.audit.events).toEqual([expect.objectContaining({ event: 'account_deleted', uid: tokens.uid })]);
    expect(world.tables.profiles.size + world.tables.credentials.size).toBe(0);
    for (const dead of [tokens, elsewhere]) expect(await livingTokens(world, dead)).toEqual([]);
    expect(await outcome(loginUser(world))).toBe('invalid_credentials');
  });

  test('T45: the same address registered again is somebody else', async () => {
    const principal = await principalOf(world, tokens);
    await deleteAccount(world, { principal });
    const { uid } = await registerUser(world);
    expect(uid).not.toBe(tokens.uid);
    const fresh = await loginUser(world);
    expect(await livingTokens(world, tokens)).toEqual([]);
    // A late duplicate of the deletion does not reach the new account.
    await deleteAccount(world, { principal });
    expect(await livingTokens(world, fresh)).toEqual(['access', 'refresh']);
    // The old device is no known device of the new account's owner, but neither does its token harm.
    expect(await outcome(loginUser(world, { deviceToken: tokens.deviceToken }))).toBe('ok');
  });

  test('asks for recent authentication, which a refresh is not (SE-14)', async () => {
    world.clock.advance(300);
    const atLimit = await refreshWith(world, tokens);
    world.clock.advance(1);
    const principal = await principalOf(world, atLimit);
    expect(await outcome(deleteAccount(world, { principal }))).toBe('reauth_required');
    expect(world.audit.last).toMatchObject({ event: 'account_deletion_refused', reason: 'reauth_required' });
    expect(await livingTokens(world, atLimit)).toEqual(['access', 'refresh']);
    await deleteAccount(world, { principal: await principalOf(world, await loginUser(world)) });
  });

  test('by a session that was ended meanwhile is refused', async () => {
    const principal = await principalOf(world, tokens);
    await world.users.endAllSessions(tokens.uid, 1, 9e9);
    expect(await outcome(deleteAccount(world, { principal }))).toBe('session_revoked');
    expect(world.tables.profiles.size).toBe(1);
  });

  test('T33, T13: lost before or after the commit, the retry ends with nothing left', async () => {
    for (const moment of ['before', 'after'] as const) {
      world = await createWorld();
      tokens = await signedIn(world);
      const principal = await principalOf(world, tokens);
      world.calls.failNext('users.deleteUser', moment);
      expect(await outcome(deleteAccount(world, { principal }))).toBe('unavailable');
      expect(world.tables.profiles.size).toBe(world.tables.credentials.size);
      await deleteAccount(world, { principal });
      expect(world.tables.profiles.size + world.tables.credentials.size).toBe(0);
    }
  });
});
