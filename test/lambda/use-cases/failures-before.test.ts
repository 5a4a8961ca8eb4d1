import { inviteUser } from '../../../lambda/use-cases/admin/invite-user';
import { deleteAccount } from '../../../lambda/use-cases/delete-account';
import { accountCounter } from '../../../lambda/domain/attempts';
import { EMAIL, loginUser, outcome, PASSWORD, principalOf, registerUser } from '../support/actions';
import { createWorld, World } from '../support/world';

const WRONG = 'not the right password at all';
const RULE = { perHour: 10, stopAt: 100 };

/** A hundred failures at the address, as slowly as the limits ask for. */
async function stop(world: World): Promise<void> {
  for (let i = 0; i < 100; i += 1) {
    await outcome(loginUser(world, { password: WRONG }));
    world.clock.advance(3600);
  }
  expect(await outcome(loginUser(world))).toBe('rate_limited');
}

describe('AA-02 what failed at an address before it had its account stops nobody', () => {
  test('who registers there', async () => {
    const world = await createWorld();
    await stop(world);
    await registerUser(world);
    expect(await outcome(loginUser(world))).toBe('ok');
    // AND the account has all of its own attempts.
    for (let i = 0; i < 4; i += 1) expect(await outcome(loginUser(world, { password: WRONG }))).toBe('invalid_credentials');
    expect(await outcome(loginUser(world))).toBe('ok');
  });

  test('who registers there with an invitation', async () => {
    const world = await createWorld({ registration: { mode: 'invite' } });
    await stop(world);
    const { invitation } = await inviteUser(world, { email: EMAIL });
    await registerUser(world, { invitation });
    expect(await outcome(loginUser(world))).toBe('ok');
  });

  test('who registers an address again that was given up', async () => {
    const world = await createWorld();
    await registerUser(world);
    await deleteAccount(world, { principal: await principalOf(world, await loginUser(world)), password: PASSWORD });
    await stop(world);
    await registerUser(world);
    expect(await outcome(loginUser(world))).toBe('ok');
  });

  test('where a release before the lookup secret had stopped the address', async () => {
    const world = await createWorld({ unkeyedBefore: true });
    const key = world.crypto.sha256(accountCounter(EMAIL).unkeyedName!);
    for (let hour = 0; hour < 100; hour += 1) {
      const reserved = await world.attempts.reserve(key, RULE, hour * 3_600_000);
      if (reserved.allowed) await world.attempts.recordFailure(reserved, RULE, hour * 3_600_000);
    }
    expect(await outcome(loginUser(world))).toBe('rate_limited');
    await registerUser(world);
    expect(await outcome(loginUser(world))).toBe('ok');
  });

  test('whose guess was under way: at no seed does a failure of before reach the account', async () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const world = await createWorld({ seed, limits: { softLockAfter: 2 } });
      await outcome(loginUser(world, { password: WRONG }));
      await Promise.all([registerUser(world), outcome(loginUser(world, { password: WRONG }))]);
      // One failure at the most is the account's own.
      expect(await outcome(loginUser(world))).toBe('ok');
    }
  });

  test('a registration that is refused forgets nothing: strangers could clear the limit of an account', async () => {
    const world = await createWorld();
    await registerUser(world);
    for (let i = 0; i < 5; i += 1) await outcome(loginUser(world, { password: WRONG }));
    expect(await outcome(registerUser(world))).toBe('email_taken');
    expect(await outcome(loginUser(world))).toBe('rate_limited');
  });
});
