import { Principal } from '../../../lambda/domain/model';
import { changePassword } from '../../../lambda/use-cases/change-password';
import { deleteAccount } from '../../../lambda/use-cases/delete-account';
import { livingTokens, loginUser, OTHER_PASSWORD, outcome, PASSWORD, principalOf, refreshWith, registerUser, signedIn } from '../support/actions';
import { createWorld, World } from '../support/world';

describe('deletion of the account', () => {
  let world: World;
  let tokens: Awaited<ReturnType<typeof signedIn>>;
  const remove = (principal: Principal, password = PASSWORD) => deleteAccount(world, { principal, password });
  beforeEach(async () => {
    world = await createWorld();
    tokens = await signedIn(world);
  });

  test('removes user and address and ends every session', async () => {
    const elsewhere = await loginUser(world);
    world.audit.events.length = 0;
    await remove(await principalOf(world, tokens));
    expect(world.audit.events).toEqual([expect.objectContaining({ event: 'account_deleted', uid: tokens.uid })]);
    expect(world.tables.profiles.size + world.tables.credentials.size).toBe(0);
    for (const dead of [tokens, elsewhere]) expect(await livingTokens(world, dead)).toEqual([]);
    expect(await outcome(loginUser(world))).toBe('invalid_credentials');
  });

  test('T45: the same address registered again is somebody else', async () => {
    const principal = await principalOf(world, tokens);
    await remove(principal);
    const { uid } = await registerUser(world);
    expect(uid).not.toBe(tokens.uid);
    const fresh = await loginUser(world);
    expect(await livingTokens(world, tokens)).toEqual([]);
    // A late duplicate of the deletion does not reach the new account.
    await remove(principal);
    expect(await livingTokens(world, fresh)).toEqual(['access', 'refresh']);
    // The old device is no known device of the new account's owner, but neither does its token harm.
    expect(await outcome(loginUser(world, { deviceToken: tokens.deviceToken }))).toBe('ok');
  });

  test('SE-14 asks for the password: a token from a login of a moment ago is not enough, and an old session with it is', async () => {
    const principal = await principalOf(world, tokens);
    expect(await outcome(remove(principal, 'not the password at all'))).toBe('invalid_credentials');
    expect(world.audit.last).toMatchObject({ event: 'account_deletion_refused', reason: 'password_wrong' });
    expect(await outcome(principalOf(world, tokens))).toBe('ok');
    world.clock.advance(3600);
    await remove(await principalOf(world, await refreshWith(world, tokens)));
    expect(world.tables.profiles.size + world.tables.credentials.size).toBe(0);
  });

  test('AA-03 a wrong password counts like one at the change of the password, for this session alone', async () => {
    const principal = await principalOf(world, tokens);
    const guess = () => outcome(remove(principal, 'wrong wrong wrong wrong'));
    const change = () => outcome(changePassword(world, { principal, currentPassword: 'wrong wrong wrong wrong', newPassword: OTHER_PASSWORD }));
    const outcomes: string[] = [];
    for (let count = 0; count < 3; count += 1) outcomes.push(await guess(), await change());
    // One counter for both: five failures in a row, then the soft lock.
    expect(outcomes).toEqual([...Array.from({ length: 5 }, () => 'invalid_credentials'), 'rate_limited']);
    expect(await outcome(remove(principal))).toBe('rate_limited');
    // AND the owner logs in elsewhere and deletes from there
    await remove(await principalOf(world, await loginUser(world)));
    expect(world.tables.profiles.size).toBe(0);
  });

  test('PW-03 a password that is too long is refused before anything is counted', async () => {
    const principal = await principalOf(world, tokens);
    world.calls.reset();
    expect(await outcome(remove(principal, 'x'.repeat(129)))).toBe('password_too_long');
    expect(world.calls.names()).toEqual([]);
  });

  test('by a session that was ended meanwhile is refused', async () => {
    const principal = await principalOf(world, tokens);
    await world.users.endAllSessions(tokens.uid, 1, 9e9);
    expect(await outcome(remove(principal))).toBe('session_revoked');
    expect(world.tables.profiles.size).toBe(1);
  });

  test('T33, T13: lost before or after the commit, the retry ends with nothing left', async () => {
    for (const moment of ['before', 'after'] as const) {
      world = await createWorld();
      tokens = await signedIn(world);
      const principal = await principalOf(world, tokens);
      world.calls.failNext('users.deleteUser', moment);
      expect(await outcome(remove(principal))).toBe('unavailable');
      expect(world.tables.profiles.size).toBe(world.tables.credentials.size);
      await remove(principal);
      expect(world.tables.profiles.size + world.tables.credentials.size).toBe(0);
    }
  });
});
