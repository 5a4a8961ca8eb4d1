import { changePassword } from '../../../../lambda/use-cases/change-password';
import { getProfile } from '../../../../lambda/use-cases/get-profile';
import { logout } from '../../../../lambda/use-cases/logout';
import { logoutAll } from '../../../../lambda/use-cases/logout-all';
import { loginUser, OTHER_PASSWORD, outcome, PASSWORD, principalOf, refreshWith, registerUser, signedIn } from '../../support/actions';
import { createDynamoWorld, DynamoWorld } from './support/world';

/** The use cases over the real adapters; the units are those of the tables and indexes together (design: budget of a success on the usual path). */
describe('capacity units of the usual path', () => {
  let { world, tables, stop }: DynamoWorld = {} as DynamoWorld;
  beforeEach(async () => {
    ({ world, tables, stop } = await createDynamoWorld());
  });
  afterEach(() => stop());

  async function unitsOf(operation: () => Promise<unknown>): Promise<{ reads: number; writes: number }> {
    tables.calls.clear();
    await operation();
    const calls = tables.calls.list();
    const sum = (kind: 'readUnits' | 'writeUnits') => calls.reduce((total, call) => total + (call[kind] ?? 0), 0);
    return { reads: sum('readUnits'), writes: sum('writeUnits') };
  }

  test('register: 0 reads, 8 writes, two of them for the failures that the address had', async () => {
    expect(await unitsOf(() => registerUser(world))).toEqual({ reads: 0, writes: 8 });
  });

  test('login: 3 reads, 4 writes, the first of an hour like the others; half a read less from a known device', async () => {
    await registerUser(world);
    expect(await unitsOf(() => loginUser(world))).toEqual({ reads: 3, writes: 4 });
    const { deviceToken } = await loginUser(world);
    expect(await unitsOf(() => loginUser(world))).toEqual({ reads: 3, writes: 4 });
    expect(await unitsOf(() => loginUser(world, { deviceToken }))).toEqual({ reads: 2.5, writes: 4 });
    world.clock.advance(5 * 3600);
    expect(await unitsOf(() => loginUser(world))).toEqual({ reads: 3, writes: 4 });
  });

  test('login with a streak to clear: no more, nor where its source has failed often', async () => {
    await registerUser(world);
    for (let i = 0; i < 50; i += 1) await outcome(loginUser(world, { email: `somebody.${i}@example.com`, password: 'wrong wrong wrong wrong' }));
    expect(await outcome(loginUser(world, { password: 'wrong wrong wrong wrong' }))).toBe('invalid_credentials');
    expect(await unitsOf(() => loginUser(world))).toEqual({ reads: 3, writes: 4 });
    expect(await unitsOf(() => loginUser(world))).toEqual({ reads: 3, writes: 4 });
  });

  test('a failed login: 2.5 reads, 3 writes, and one for the soft lock from the fifth of a day on; a refused one writes nothing', async () => {
    await registerUser(world);
    const wrong = (password: string) => unitsOf(() => outcome(loginUser(world, { password })));
    for (let i = 0; i < 4; i += 1) expect(await wrong('wrong wrong wrong wrong')).toEqual({ reads: 2.5, writes: 3 });
    expect(await wrong('wrong wrong wrong wrong')).toEqual({ reads: 2.5, writes: 4 });
    // DynamoDB charges a condition that refuses.
    expect(await wrong('wrong wrong wrong wrong')).toEqual({ reads: 0.5, writes: 1 });
  });

  test('refresh: 2 reads, 1 write', async () => {
    const tokens = await signedIn(world);
    expect(await unitsOf(() => refreshWith(world, tokens))).toEqual({ reads: 2, writes: 1 });
  });

  test('a refresh that comes second: 2 reads, no write', async () => {
    const tokens = await signedIn(world);
    await refreshWith(world, tokens);
    expect(await unitsOf(() => refreshWith(world, tokens))).toEqual({ reads: 2, writes: 0 });
  });

  test('logout: 1 read, 2 writes', async () => {
    const { refreshToken } = await signedIn(world);
    expect(await unitsOf(() => logout(world, { refreshToken }))).toEqual({ reads: 1, writes: 2 });
  });

  test('authorize: 1 read, also of a user with as many revoked sessions as one may have', async () => {
    const tokens = await signedIn(world);
    expect(await unitsOf(() => world.revocations.readRevocations(tokens.uid))).toEqual({ reads: 1, writes: 0 });
    const seconds = Math.floor(world.clock.now() / 1000) + 1000;
    for (let i = 0; i < 32; i += 1) await world.revocations.revokeSession(tokens.uid, world.crypto.randomToken(16), seconds, seconds);
    expect(await unitsOf(() => world.revocations.readRevocations(tokens.uid))).toEqual({ reads: 1, writes: 0 });
  });

  test('profile: 1 read', async () => {
    const principal = await principalOf(world, await signedIn(world));
    expect(await unitsOf(() => getProfile(world, { principal }))).toEqual({ reads: 1, writes: 0 });
  });

  test('logout/all: 4 writes', async () => {
    const principal = await principalOf(world, await signedIn(world));
    expect(await unitsOf(() => logoutAll(world, { principal }))).toEqual({ reads: 0, writes: 4 });
  });

  test('password change: 2 reads, 11 writes', async () => {
    const principal = await principalOf(world, await signedIn(world));
    expect(await unitsOf(() => changePassword(world, { principal, currentPassword: PASSWORD, newPassword: OTHER_PASSWORD }))).toEqual({ reads: 2, writes: 11 });
  });

  test('an unknown address costs the limiter and the same reads as a known one', async () => {
    await registerUser(world);
    const wrong = { password: 'wrong wrong wrong wrong' };
    const known = await unitsOf(() => outcome(loginUser(world, wrong)));
    const unknown = await unitsOf(() => outcome(loginUser(world, { ...wrong, email: 'nobody@example.com' })));
    expect(unknown).toEqual(known);
  });

  test('items stay within one write unit', async () => {
    const tokens = await signedIn(world);
    for (let i = 0; i < 20; i += 1) await refreshWith(world, tokens);
    for (const call of tables.calls.list()) {
      if (call.operation === 'UpdateItem' || call.operation === 'PutItem') expect(call.writeUnits).toBeLessThanOrEqual(2);
    }
  });
});

describe('counters of attempts', () => {
  const rule = { perHour: 10, stopAt: 100 };
  const HOUR = 3_600_000;
  const MONTH = 30 * 24 * HOUR;
  let { world, tables, stop }: DynamoWorld = {} as DynamoWorld;
  beforeEach(async () => {
    ({ world, tables, stop } = await createDynamoWorld());
  });
  afterEach(() => stop());

  const writesSince = (): number => {
    const writes = tables.calls.list().reduce((total, call) => total + (call.writeUnits ?? 0), 0);
    tables.calls.clear();
    return writes;
  };

  test.each([1, 10])('past hours are swept before they make the item large: %i attempts in each', async (attempts) => {
    let units = 0;
    for (let i = 0; i < 120; i += 1) {
      for (let count = 1; count <= attempts; count += 1) {
        tables.calls.clear();
        expect(await world.attempts.reserve('key', rule, world.clock.now() + i * HOUR)).toMatchObject({ allowed: true, count });
        for (const call of tables.calls.list()) expect(call.writeUnits).toBe(1);
        units += writesSince();
      }
    }
    // Sweeping is rare.
    expect(units).toBeLessThan(120 * attempts + 35);
  });

  test('the sweep leaves alone what is under way across the end of an hour', async () => {
    const start = world.clock.now();
    for (let i = 0; i < 60; i += 1) await world.attempts.reserve('key', rule, start + i * HOUR);
    const last = start + 60 * HOUR - 1;
    const reserved = await world.attempts.reserve('key', rule, last);
    for (let i = 0; i < 5; i += 1) await world.attempts.reserve('key', rule, last + 1);
    if (!reserved.allowed) throw new Error('refused');
    expect(await world.attempts.recordFailure(reserved, rule, last + 1)).toBe(1);
  });

  test('an item past its time counts as absent, though it still lies there (T15)', async () => {
    await world.attempts.reserve('key', rule, world.clock.now());
    expect(await world.attempts.reserve('key', rule, world.clock.now() + 2 * MONTH)).toMatchObject({ allowed: true, count: 1, streak: 0 });
  });

  test('an item never goes in the hour that it counts: the TTL is renewed when it comes near, once a month', async () => {
    const start = world.clock.now();
    await world.attempts.reserve('key', rule, start);
    writesSince();
    await world.attempts.reserve('key', rule, start + MONTH - 3 * HOUR);
    expect(writesSince()).toBe(1);
    const near = start + MONTH - HOUR;
    await world.attempts.reserve('key', rule, near);
    expect(writesSince()).toBe(3);
    expect(await world.attempts.reserve('key', rule, near)).toMatchObject({ count: 2 });
    expect(writesSince()).toBe(1);
  });
});
