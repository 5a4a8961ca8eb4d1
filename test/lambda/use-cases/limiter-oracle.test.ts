import { AuthError } from '../../../lambda/domain/errors';
import { loginUser, registerUser } from '../support/actions';
import { createWorld, World } from '../support/world';

/*
 * Strangers share an account's counter with its owner. Whatever they are answered must say no more about a known address than about one that
 * nobody has.
 */

const OWNER = 'owner@example.com';
const NOBODY = 'nobody@example.com';
const WRONG = 'not the right password at all';
const DAY = 86_400;

/** What a caller sees of a login: the status, and the wait if one is named. */
async function answer(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return '200';
  } catch (error) {
    if (!(error instanceof AuthError)) throw error;
    return [error.status, error.code, error.retryAfter, error.detail].filter((part) => part !== undefined).join(' ');
  }
}

/** How an owner logs in: with the device token of the last time, or as from a device that keeps none. */
type Owner = (world: World) => () => Promise<unknown>;
const anew: Owner = (world) => () => loginUser(world, { email: OWNER, sourceIp: '203.0.113.7' });
const withDevice: Owner = (world) => {
  let deviceToken: string | undefined;
  return async () => {
    ({ deviceToken } = await loginUser(world, { email: OWNER, sourceIp: '203.0.113.7', ...deviceToken === undefined ? {} : { deviceToken } }));
  };
};

/**
 * All answers to somebody who guesses for a day and waits as long as told, but asks once more before. The owner logs in `times` times before
 * each of the guesses, refused or not: a stranger's lock may be in the way.
 */
async function guessed(email: string, limits: Partial<World['limits']>, times: number, owner: Owner, start: number): Promise<string[]> {
  const world = await createWorld({ limits });
  world.clock.advance(start);
  await registerUser(world, { email: OWNER });
  const login = owner(world);
  const end = world.clock.now() + DAY * 1000;
  const answers: string[] = [];
  while (world.clock.now() < end) {
    for (let i = 0; i < times; i += 1) await answer(login());
    const one = await answer(loginUser(world, { email, password: WRONG, sourceIp: '192.0.2.9' }));
    answers.push(one);
    const [status, , wait] = one.split(' ');
    if (status === '429') world.clock.advance(Number(wait));
  }
  return answers;
}

describe('AA-09 EN-01 a day of guessing at an address is answered as if nobody had it, however often its owner logs in', () => {
  const limits: [string, Partial<World['limits']>][] = [
    ['the limits by default', {}],
    ['no soft lock within the hour', { softLockAfter: 20 }],
    ['few attempts an hour', { perHour: 3 }],
  ];
  const owners: [string, Owner][] = [['on a new device each time', anew], ['on a known device', withDevice]];

  describe.each(limits)('%s', (_, limit) => {
    test.each(owners)('%s', async (__, owner) => {
      // From the start of an hour, from its last minute, and from the last minutes of a day.
      for (const start of [0, 3540, DAY / 2 - 300]) {
        const unknown = await guessed(NOBODY, limit, 0, owner, start);
        expect(unknown.filter((one) => one.startsWith('401')).length).toBeGreaterThan(20);
        for (const times of [0, 1, 5, 30]) expect(await guessed(OWNER, limit, times, owner, start)).toEqual(unknown);
      }
    });
  });
});

describe('AA-09 who waits exactly as long as told is not refused for the same reason again', () => {
  test.each([
    ['the hour', { softLockAfter: 20 }, 'limit_hour'],
    ['the soft lock', {}, 'limit_locked'],
    ['the soft lock in an hour that is full', { perHour: 5 }, 'limit_locked'],
    ['the source', { failedPerSource: 3 }, 'limit_source'],
  ])('%s', async (_, limits, reason) => {
    const refusal = (promise: Promise<unknown>): Promise<AuthError> => promise.then(() => { throw new Error('was let in'); }, (error: AuthError) => error);
    for (const email of [OWNER, NOBODY]) {
      for (const start of [0, 1, 1799, 3599]) {
        const world = await createWorld({ limits });
        await registerUser(world, { email: OWNER });
        world.clock.advance(start);
        const guess = (): Promise<AuthError> => refusal(loginUser(world, { email, password: WRONG }));
        let met = 0;
        for (let i = 0; i < 40; i += 1) {
          const refused = await guess();
          if (refused.code !== 'rate_limited') continue;
          if (refused.reason === reason) met += 1;
          world.clock.advance(refused.retryAfter!);
          expect((await guess()).reason).not.toBe(refused.reason);
        }
        expect(met).toBeGreaterThan(0);
      }
    }
  });

  test('the stop, which no time ends: no time is named, for a known address as for an unknown one', async () => {
    const world = await createWorld({ limits: { softLockAfter: 1000 } });
    await registerUser(world, { email: OWNER });
    for (let i = 0; i < 100; i += 1) {
      for (const email of [OWNER, NOBODY]) await answer(loginUser(world, { email, password: WRONG }));
      world.clock.advance(3600);
    }
    const stopped = '429 rate_limited There were too many wrong passwords in a row. Waiting does not help.';
    for (const email of [OWNER, NOBODY]) expect(await answer(loginUser(world, { email }))).toBe(stopped);
    world.clock.advance(2 * 365 * DAY);
    for (const email of [OWNER, NOBODY]) expect(await answer(loginUser(world, { email }))).toBe(stopped);
  });
});
