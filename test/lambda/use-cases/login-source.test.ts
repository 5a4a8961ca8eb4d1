import { EMAIL, loginUser, outcome, PASSWORD, registerUser, tally } from '../support/actions';
import { Gate } from '../support/barrier';
import { createWorld, World } from '../support/world';

const WRONG = 'not the right password at all';
const SOURCE = '198.51.100.7';

/** One password tried on many accounts: no limit of an account sees it. */
describe('failed logins of one source', () => {
  const LIMIT = 20;
  let world: World;
  beforeEach(async () => {
    world = await createWorld({ limits: { failedPerSource: LIMIT } });
    await registerUser(world);
    world.calls.reset();
  });

  const unknown = (n: number): string => `somebody.${n}@example.com`;

  function spray(times: number, sourceIp = SOURCE): Promise<string[]> {
    return Promise.all(Array.from({ length: times }, (_, n) => outcome(loginUser(world, { email: unknown(n), password: WRONG, sourceIp }))));
  }

  async function fill(sourceIp = SOURCE): Promise<void> {
    for (let n = 0; n < LIMIT; n += 1) expect(await outcome(loginUser(world, { email: unknown(n), password: WRONG, sourceIp }))).toBe('invalid_credentials');
    world.calls.reset();
  }

  test('AA-12 above the limit of the hour no password is looked at, right or wrong, known address or not', async () => {
    await fill();
    const { verified } = world.hasher;
    const refusals = await Promise.all([{ password: PASSWORD }, { password: WRONG }, { email: unknown(999), password: WRONG }].map((given) =>
      loginUser(world, { sourceIp: SOURCE, ...given }).catch((error: unknown) => error)));
    for (const refusal of refusals) expect(refusal).toMatchObject({ code: 'rate_limited', retryAfter: 3600, reason: 'limit_source' });
    expect(world.hasher.verified).toBe(verified);
    expect(world.audit.events.at(-1)).toMatchObject({ event: 'login_limited', reason: 'limit_source' });
    // AND nothing was written: neither the accounts' counters nor the source's grow from it
    const each = ['refreshKeys.current', 'signer.ready', 'lookup.ready', 'lookup.digest', 'counters.read'];
    expect(world.calls.names().sort()).toEqual([...each, ...each, ...each].sort());
  });

  test('AA-12 other sources are not affected, and the next hour admits again', async () => {
    await fill();
    expect(await outcome(loginUser(world, { sourceIp: '198.51.100.8' }))).toBe('ok');
    world.clock.advance(3600);
    expect(await outcome(loginUser(world, { sourceIp: SOURCE }))).toBe('ok');
  });

  test('AA-12 an owner behind the address gets in from a known device, whose own counter limits it', async () => {
    const { deviceToken } = await loginUser(world, { sourceIp: '198.51.100.8' });
    await fill();
    expect(await outcome(loginUser(world, { sourceIp: SOURCE }))).toBe('rate_limited');
    expect(await outcome(loginUser(world, { sourceIp: SOURCE, deviceToken }))).toBe('ok');
    const guesses: string[] = [];
    for (let n = 0; n < 8; n += 1) guesses.push(await outcome(loginUser(world, { sourceIp: SOURCE, password: WRONG, deviceToken })));
    expect(tally(guesses)).toEqual({ invalid_credentials: 5, rate_limited: 3 });
  });

  test('AA-12 failures from a known device are the source\'s too', async () => {
    const { deviceToken } = await loginUser(world);
    for (let n = 0; n < LIMIT - 1; n += 1) await outcome(loginUser(world, { email: unknown(n), password: WRONG, sourceIp: SOURCE }));
    expect(await outcome(loginUser(world, { password: WRONG, sourceIp: SOURCE, deviceToken }))).toBe('invalid_credentials');
    expect(await outcome(loginUser(world, { email: unknown(999), password: WRONG, sourceIp: SOURCE }))).toBe('rate_limited');
  });

  test('AA-12 successes never count', async () => {
    for (let n = 0; n < LIMIT + 5; n += 1) expect(await outcome(loginUser(world, { sourceIp: SOURCE }))).toBe('ok');
    expect(world.calls.count('counters.count')).toBe(0);
  });

  test('AA-12 what was refused by the limiter of the account is no failure of the source', async () => {
    for (let n = 0; n < LIMIT * 2; n += 1) await outcome(loginUser(world, { password: WRONG, sourceIp: SOURCE }));
    expect(world.calls.count('counters.count')).toBe(5);
    expect(await outcome(loginUser(world, { email: unknown(1), password: WRONG, sourceIp: SOURCE }))).toBe('invalid_credentials');
  });

  test('T27 hops within a /64 are one source, an IPv4 address written as IPv6 is the same one', async () => {
    for (let n = 0; n < LIMIT; n += 1) await outcome(loginUser(world, { email: unknown(n), password: WRONG, sourceIp: `2001:db8:0:1:${n.toString(16)}::1` }));
    expect(await outcome(loginUser(world, { sourceIp: '2001:db8:0:1:ffff:ffff:ffff:ffff' }))).toBe('rate_limited');
    expect(await outcome(loginUser(world, { sourceIp: '2001:db8:0:2::1' }))).toBe('ok');
    await fill();
    expect(await outcome(loginUser(world, { sourceIp: `::ffff:${SOURCE}` }))).toBe('rate_limited');
    expect(await outcome(loginUser(world, { sourceIp: '::ffff:198.51.100.8' }))).toBe('ok');
  });

  test('AA-12 a spray in parallel gets no further than what was under way when the limit was reached', async () => {
    const UNDER_WAY = 30;
    const gate = new Gate();
    let looking = 0;
    // GIVEN so many attempts that were all let in before the first of them failed
    world.calls.before('users.readCredential', () => {
      looking += 1;
      if (looking === UNDER_WAY) gate.open();
      return gate.opened;
    });
    expect(tally(await spray(UNDER_WAY))).toEqual({ invalid_credentials: UNDER_WAY });
    // THEN none comes after them, however many try
    const { verified } = world.hasher;
    expect(tally(await spray(200))).toEqual({ rate_limited: 200 });
    expect(world.hasher.verified).toBe(verified);
  });

  test('EN-01 the calls of a failure are the same for a known and an unknown address', async () => {
    const traces: string[][] = [];
    for (const email of [EMAIL, unknown(1)]) {
      world.calls.reset();
      await outcome(loginUser(world, { email, password: WRONG, sourceIp: SOURCE }));
      traces.push(world.calls.names());
    }
    expect(traces[0]).toEqual(traces[1]);
    expect(traces[0]!.filter((name) => name.startsWith('counters.'))).toEqual(['counters.read', 'counters.count']);
  });

  test('a counter that gives no answer is a 503 before anything is counted or hashed', async () => {
    world.calls.failNext('counters.read');
    expect(await outcome(loginUser(world, { sourceIp: SOURCE }))).toBe('unavailable');
    expect([world.hasher.verified, world.calls.count('attempts.reserve')]).toEqual([0, 0]);
    world.calls.failNext('counters.count');
    expect(await outcome(loginUser(world, { password: WRONG, sourceIp: SOURCE }))).toBe('unavailable');
  });
});
