import { createHash } from 'node:crypto';
import { accountCounter, sessionCounter } from '../../../lambda/domain/attempts';
import { unlockUser } from '../../../lambda/use-cases/admin/unlock-user';
import { changePassword } from '../../../lambda/use-cases/change-password';
import { createDynamoWorld } from '../adapters/dynamodb/support/world';
import { EMAIL, loginUser, OTHER_PASSWORD, outcome, PASSWORD, principalOf, registerUser, signedIn } from '../support/actions';
import { createWorld, World } from '../support/world';

const WRONG = 'not the right password at all';
const INVENTED = 'nobody@example.com';
const digest = (text: string): string => createHash('sha256').update(text).digest('base64url');

/** As a release before the lookup secret left it: a hundred failures in a row under the SHA-256 of the name. */
async function stopUnder(world: World, unkeyedName: string): Promise<void> {
  const rule = { perHour: 1000, stopAt: 100 };
  for (let i = 0; i < 100; i += 1) {
    const reservation = await world.attempts.reserve(digest(unkeyedName), rule, world.clock.now());
    if (reservation.allowed) await world.attempts.recordFailure(reservation, rule, world.clock.now());
  }
}

describe('keys of counters', () => {
  /** Everything that the use cases count. */
  async function keysOf(world: World): Promise<string[]> {
    const { uid } = await registerUser(world);
    const tokens = await loginUser(world);
    await outcome(loginUser(world, { password: WRONG, deviceToken: tokens.deviceToken }));
    await outcome(loginUser(world, { password: WRONG, email: INVENTED }));
    await outcome(changePassword(world, { principal: await principalOf(world, tokens), currentPassword: WRONG, newPassword: OTHER_PASSWORD }));
    const keys = [...world.tables.attempts.keys(), ...world.tables.counters.keys()].map((key) => key.split('.')[0]!);
    // Whatever somebody who has the table may try, with all that the table and a token tell.
    const guesses = [EMAIL, INVENTED, '192.0.2.1', '192.0.2.1/32', uid, tokens.deviceToken, ...tokens.deviceToken.split('.'), ...tokens.refreshToken.split('.')]
      .flatMap((text) => [text, ...['account', 'device', 'session', 'registration', 'failed-logins'].flatMap((kind) => [`${kind}:${text}`, `${kind}:${EMAIL}:${text}`, `${kind}:${uid}:${text}`])]);
    expect(guesses.map(digest).filter((guess) => keys.includes(guess))).toEqual([]);
    expect(keys.filter((key) => !/^[A-Za-z0-9_-]{43}$/.test(key))).toEqual([]);
    return keys;
  }

  test('AA-06, ID-07 say nothing about the addresses, real or invented, to whoever reads the table and guesses', async () => {
    const keys = await keysOf(await createWorld());
    expect(keys).toHaveLength(6);
    // Of another service, with another secret, nothing is the same.
    const others = await keysOf(await createWorld());
    expect(others.filter((key) => keys.includes(key))).toEqual([]);
  });

  test('AA-06 every spelling of an address that is one account shares its counter', async () => {
    const world = await createWorld();
    for (const email of [EMAIL, EMAIL.toUpperCase(), `  ${EMAIL} `]) await outcome(loginUser(world, { email, password: WRONG }));
    expect(world.tables.attempts.size).toBe(1);
  });
});

describe('T32 the lookup secret cannot be read: 503 before anything is written', () => {
  test.each([
    ['login', (world: World) => loginUser(world)],
    ['register', (world: World) => registerUser(world, { email: 'next@example.com' })],
    ['unlock', (world: World) => unlockUser(world, { email: EMAIL })],
  ])('%s', async (_, act) => {
    const world = await createWorld();
    await registerUser(world);
    world.calls.reset();
    world.calls.failAll('lookup');
    expect(await outcome(act(world))).toBe('unavailable');
    expect(world.calls.writes()).toEqual([]);
  });

  test('change of the password', async () => {
    const world = await createWorld();
    const principal = await principalOf(world, await signedIn(world));
    world.calls.reset();
    world.calls.failAll('lookup');
    expect(await outcome(changePassword(world, { principal, currentPassword: PASSWORD, newPassword: OTHER_PASSWORD }))).toBe('unavailable');
    expect(world.calls.writes()).toEqual([]);
  });
});

describe('AA-02 a stop of the release before the lookup secret', () => {
  test('holds for login until an administrator unlocks, for an invented address too', async () => {
    const world = await createWorld({ unkeyedBefore: true });
    await registerUser(world);
    for (const email of [EMAIL, INVENTED]) {
      await stopUnder(world, accountCounter(email).unkeyedName!);
      expect(await outcome(loginUser(world, { email }))).toBe('rate_limited');
      await unlockUser(world, { email });
      expect(await outcome(loginUser(world, { email }))).toBe(email === EMAIL ? 'ok' : 'invalid_credentials');
    }
  });

  test('holds for the session that asks for its password', async () => {
    const world = await createWorld({ unkeyedBefore: true });
    const principal = await principalOf(world, await signedIn(world));
    await stopUnder(world, sessionCounter(EMAIL, principal.sid).unkeyedName!);
    expect(await outcome(changePassword(world, { principal, currentPassword: PASSWORD, newPassword: OTHER_PASSWORD }))).toBe('rate_limited');
  });

  test('is looked for by a service that ran then, for half a read unit, and by no other', async () => {
    for (const [unkeyedBefore, reads] of [[true, 3.5], [false, 3]] as const) {
      const { world, tables, stop } = await createDynamoWorld({ unkeyedBefore });
      await registerUser(world);
      tables.calls.clear();
      await loginUser(world);
      expect(tables.calls.list().reduce((sum, { readUnits = 0 }) => sum + readUnits, 0)).toBe(reads);
      await stop();
    }
  });
});
