import { nodeCrypto } from '../../../lambda/adapters/node-crypto/crypto';
import { changePassword } from '../../../lambda/use-cases/change-password';
import { logout } from '../../../lambda/use-cases/logout';
import { logoutAll } from '../../../lambda/use-cases/logout-all';
import { dynamoStores } from '../adapters/dynamodb/support/stores';
import { StartedTables, startTables } from '../adapters/dynamodb/support/tables';
import { livingTokens, loginUser, OTHER_PASSWORD, outcome, PASSWORD, principalOf, refreshWith, registerUser, sidOf, tally } from '../support/actions';
import { createWorld, NOW, World, WorldOptions } from '../support/world';

// The races of the other files once more, over the embedded store and the adapter that goes to production. Fewer rounds: each call is a
// request to a server.
describe('races on DynamoDB', () => {
  let tables: StartedTables;
  let world: World;
  let accounts = 0;

  beforeAll(async () => {
    tables = await startTables({ clock: { now: () => NOW } });
  });
  afterAll(() => tables.stop());

  /** An address of its own for each round, so that all rounds share the tables. */
  async function round(options: WorldOptions = {}): Promise<string> {
    world = await createWorld({ ...options, registration: { perHour: 1_000_000 }, stores: dynamoStores(tables.connect(nodeCrypto), tables.names) });
    accounts += 1;
    return `round${accounts}@example.com`;
  }

  test('T01: 20 registrations of one address make one account', async () => {
    const email = await round();
    const results = await Promise.all(Array.from({ length: 20 }, (_, i) => outcome(registerUser(world, { email: i % 2 === 0 ? email : email.toUpperCase() }))));
    expect(tally(results)).toEqual({ ok: 1, email_taken: 19 });
    expect(await outcome(loginUser(world, { email }))).toBe('ok');
  });

  test('T02: 50 refreshes with one token: one successor, nothing revoked', async () => {
    const email = await round();
    await registerUser(world, { email });
    let tokens = await loginUser(world, { email });
    for (let generation = 1; generation <= 5; generation += 1) {
      world.clock.advance(60);
      const own = tokens;
      const answers = await Promise.all(Array.from({ length: 50 }, () => refreshWith(world, own)));
      expect(new Set(answers.map((answer) => answer.refreshToken)).size).toBe(1);
      expect((await world.sessions.read(sidOf(own)))?.n).toBe(generation);
      tokens = { ...own, ...answers[0]! };
    }
    expect(world.audit.count('refresh_reuse')).toBe(0);
    expect(await livingTokens(world, tokens)).toEqual(['access', 'refresh']);
  });

  test('T02: without a grace one wins and the session ends', async () => {
    const email = await round({ tokens: { refreshGrace: 0 } });
    await registerUser(world, { email });
    const tokens = await loginUser(world, { email });
    const answers = await Promise.allSettled(Array.from({ length: 50 }, () => refreshWith(world, tokens)));
    const winners = answers.filter((answer) => answer.status === 'fulfilled');
    expect(winners).toHaveLength(1);
    expect(await livingTokens(world, winners[0]!.value)).toEqual([]);
  });

  test('T04: logout parallel with refreshes: nothing lives afterwards', async () => {
    for (let i = 0; i < 10; i += 1) {
      const email = await round();
      await registerUser(world, { email });
      const tokens = await loginUser(world, { email });
      const results = await Promise.allSettled([refreshWith(world, tokens), logout(world, { refreshToken: tokens.refreshToken }), refreshWith(world, tokens)]);
      for (const result of [tokens, ...results.flatMap((one) => (one.status === 'fulfilled' && one.value !== undefined ? [one.value] : []))]) {
        expect(await livingTokens(world, result)).toEqual([]);
      }
      expect(world.audit.count('refresh_reuse')).toBe(0);
    }
  });

  test('T05: of 100 parallel wrong passwords at most 10 are hashed, known address or not', async () => {
    for (const known of [true, false]) {
      const email = await round();
      if (known) await registerUser(world, { email });
      const results = await Promise.all(Array.from({ length: 100 }, () => outcome(loginUser(world, { email, password: 'wrong wrong wrong wrong' }))));
      expect(tally(results)).toEqual({ invalid_credentials: 10, rate_limited: 90 });
      expect(world.hasher.verified).toBe(10);
    }
  });

  test('T12: change of password parallel with logins and refreshes: nothing from before lives', async () => {
    for (let i = 0; i < 3; i += 1) {
      const email = await round({ limits: { perHour: 1000 } });
      await registerUser(world, { email });
      const older = await Promise.all(Array.from({ length: 10 }, () => loginUser(world, { email })));
      const principal = await principalOf(world, older[0]!);
      const [changed, ...others] = await Promise.allSettled([
        changePassword(world, { principal, currentPassword: PASSWORD, newPassword: OTHER_PASSWORD }),
        ...Array.from({ length: 10 }, () => loginUser(world, { email })),
        ...older.map((own) => refreshWith(world, own)),
      ]);
      if (changed?.status !== 'fulfilled') throw new Error('the change lost against nobody', { cause: changed?.reason });
      for (const dead of [...older, ...others.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))]) {
        expect(await livingTokens(world, dead)).toEqual([]);
      }
      expect(await livingTokens(world, changed.value)).toEqual(['access', 'refresh']);
    }
  });

  test('T13: logout everywhere, five times at once, is one', async () => {
    const email = await round();
    const { uid } = await registerUser(world, { email });
    const principal = await principalOf(world, await loginUser(world, { email }));
    await Promise.all(Array.from({ length: 5 }, () => logoutAll(world, { principal })));
    expect((await world.users.readUser(uid))?.sv).toBe(2);
  });
});
