import { Violation } from '../engine/search';
import { administer, login, register } from '../service/requests';
import { HOUR, SECOND, START } from '../service/settings';
import { GUESS, OWNER } from './accounts';
import { withEach } from './faults';
import type { Before, Client, Scene } from './scenario';
import { scenario } from './scenario';

const LIMIT = 1;
const LIMITED = { AUTH_ATTEMPTS_PER_HOUR: String(LIMIT), AUTH_SOFT_LOCK_AFTER: '5' };

async function registered(before: Before): Promise<void> {
  await before.ask(register(OWNER));
}

/** Wrong guesses in a row, from an address of their own: what is counted by source is counted apart. */
const guesses = (times: number, sourceIp: string) => async (client: Client): Promise<void> => {
  for (let time = 0; time < times; time += 1) await client.ask(login(GUESS, sourceIp));
};
const [ONE, OTHER] = ['203.0.113.1', '203.0.113.2'] as const;

/** Hashes of wrong passwords in any one hour, those before the run included. */
function checkGuesses({ hashed }: Scene, most: number, before = 0): void {
  const byHour = new Map<number, number>([[Math.floor(START / HOUR), before]]);
  for (const { password, at } of hashed) {
    if (password !== GUESS.password) continue;
    const hour = Math.floor(at / HOUR);
    byHour.set(hour, (byHour.get(hour) ?? 0) + 1);
  }
  for (const guesses of byHour.values()) if (guesses > most) throw new Violation(`${guesses} wrong passwords were hashed within an hour, ${most} are allowed`);
}

/** Guesses are counted where they are hashed. */
const counted = (scene: Scene): string => scene.hashed.map(({ password, at }) => `${password === GUESS.password} ${at}`).sort().join();

const burst = withEach(['lost', 'repeated', 'death'], scenario({
  name: 'two wrong guesses at once, one is allowed',
  variables: LIMITED,
  given: registered,
  counted,
  seen: () => ({}),
  clients: () => ({ one: guesses(1, ONE), other: guesses(1, OTHER) }),
  check: (scene) => checkGuesses(scene, LIMIT),
}));

const firstGuess = async (before: Before): Promise<void> => {
  await registered(before);
  before.now = START;
  await before.attempt(login(GUESS));
};

const AFTER_A_FAILURE = 1;

const unlocked = scenario({
  name: 'an administrator unlocks the account beside two guesses, one is allowed and one was made',
  variables: LIMITED,
  given: firstGuess,
  counted,
  seen: () => ({}),
  clients: () => ({
    administrator: async (client) => { await client.ask(administer('unlock', { email: OWNER.email })); },
    one: guesses(2, ONE),
  }),
  // What was counted before is forgotten, once; by a deletion that is sent again, once more.
  check: (scene) => checkGuesses(scene, (2 + (scene.run.plan.faults?.repeated ?? 0)) * LIMIT, AFTER_A_FAILURE),
});

const OVER_A_YEAR = 400 * 86_400_000;

/** A counter that TTL should have deleted, and has not. */
const stale = withEach(['death', 'repeated'], scenario({
  sweep: true,
  name: 'two wrong guesses at once at a counter that has expired, one is allowed',
  variables: LIMITED,
  async given(before) {
    await registered(before);
    before.now = START - OVER_A_YEAR;
    await before.attempt(login(GUESS));
  },
  counted,
  seen: () => ({}),
  clients: () => ({ one: guesses(1, ONE), other: guesses(1, OTHER) }),
  check: (scene) => checkGuesses(scene, LIMIT),
}));

const TWO = { ...LIMITED, AUTH_ATTEMPTS_PER_HOUR: '2' };

const owner = withEach(['death', 'lost', 'repeated'], scenario({
  name: 'the owner logs in beside two wrong guesses in a row after a failure, two are allowed',
  variables: TWO,
  given: firstGuess,
  counted,
  seen: () => ({}),
  clients: () => ({
    owner: async (client) => { await client.ask(login(OWNER)); },
    one: guesses(2, ONE),
  }),
  check: (scene) => checkGuesses(scene, 2, AFTER_A_FAILURE),
}));

const LOCK_AFTER = 2;

/** Five failures lock; a day later the owner is let in, and fails once more. */
async function lockedBefore(before: Before): Promise<void> {
  await registered(before);
  before.now = START - 25 * HOUR;
  for (let time = 0; time < 5; time += 1) await before.attempt(login(GUESS));
  if ((await before.attempt(login(OWNER))).status !== 429) throw new Error('five failures in a row lock nothing');
  before.now = START - HOUR;
  await before.ask(login(OWNER));
  before.now = START;
  if ((await before.attempt(login(GUESS))).status !== 401) throw new Error('a failure after a lock that is over is not allowed');
}

const oneGuess = withEach(['repeated'], scenario({
  name: 'a second wrong guess, three are allowed and three in a row lock',
  variables: { ...LIMITED, AUTH_ATTEMPTS_PER_HOUR: '3', AUTH_SOFT_LOCK_AFTER: '3' },
  given: lockedBefore,
  counted,
  seen: () => ({}),
  clients: () => ({ one: guesses(1, ONE) }),
  async checkEnd(scene) {
    const { status } = await scene.wouldAnswer(login(OWNER));
    if (status !== 200) throw new Violation(`a write that was sent again counted twice: the owner is answered ${status}`);
  },
}));

const lockUntil = ({ stores }: Scene): number => Math.max(0, ...stores.dynamodb.all('Attempts').map(({ locked }) => Number(locked ?? 0)));

const FIRST_LOCK = 30 * SECOND;
const LOCKING = { ...LIMITED, AUTH_ATTEMPTS_PER_HOUR: '10', AUTH_SOFT_LOCK_AFTER: String(LOCK_AFTER) };

/** Each of the two locks, and the second for longer. */
const softLock = withEach(['repeated'], scenario({
  name: 'two wrong guesses at once after a failure, two lock the account for a while',
  variables: LOCKING,
  given: firstGuess,
  counted,
  seen: () => ({ refused: 0, lock: 0, lowered: false }),
  observe: (scene) => {
    const lock = lockUntil(scene);
    if (lock < scene.seen.lock) scene.seen.lowered = true;
    scene.seen.lock = lock;
  },
  clients: ({ seen }) => Object.fromEntries([ONE, OTHER].map((sourceIp) => [sourceIp, async (client: Client) => {
    if ((await client.ask(login(GUESS, sourceIp))).status === 401) seen.refused += 1;
  }])),
  check({ seen: { lowered } }) {
    if (lowered) throw new Violation('a lock was shortened');
  },
  async checkEnd(scene) {
    if (AFTER_A_FAILURE + scene.seen.refused < LOCK_AFTER) return;
    const { status } = await scene.wouldAnswer(login(OWNER));
    const inARow = AFTER_A_FAILURE + scene.seen.refused;
    if (status !== 429) throw new Violation(`${inARow} wrong passwords in a row locked nothing: the next login is answered ${status}`);
    const until = scene.run.now + FIRST_LOCK * 2 ** (inARow - LOCK_AFTER);
    if (lockUntil(scene) < until) throw new Violation(`${inARow} wrong passwords in a row locked for less long than they should`);
  },
}));

const lockBesideSuccess = withEach(['repeated', 'death'], scenario({
  name: 'the owner logs in beside a wrong guess after a failure, two lock the account for a while',
  variables: LOCKING,
  given: firstGuess,
  counted,
  seen: () => ({ guess: 0 }),
  clients: ({ seen }) => ({
    owner: async (client) => { await client.ask(login(OWNER)); },
    [ONE]: async (client) => { seen.guess = (await client.ask(login(GUESS, ONE))).status; },
  }),
  async checkEnd(scene) {
    if (scene.seen.guess !== 401) return;
    const { status } = await scene.wouldAnswer(login(OWNER));
    if (status !== 429) throw new Violation('two wrong passwords locked nothing: a success took a failure away, which strangers can see');
  },
}));

const lockBesideUnlock = withEach(['repeated'], scenario({
  name: 'an administrator unlocks the account beside a wrong guess after a failure, two lock it for a while',
  variables: LOCKING,
  given: firstGuess,
  counted,
  seen: () => ({ unlocked: false }),
  clients: ({ seen }) => ({
    administrator: async (client) => {
      await client.ask(administer('unlock', { email: OWNER.email }));
      seen.unlocked = true;
    },
    [ONE]: guesses(1, ONE),
  }),
  async checkEnd(scene) {
    if (!scene.seen.unlocked) return;
    const { status } = await scene.wouldAnswer(login(OWNER));
    if (status !== 200) throw new Violation(`an account that was unlocked is locked for a failure of before: its owner is answered ${status}`);
  },
}));

/** What the owner's success gives back belongs to the hour in which it was reserved. */
const turnOfAnHour = withEach(['death'], scenario({
  name: 'the owner logs in while the hour turns, beside two wrong guesses in the new hour, one is allowed',
  variables: LIMITED,
  ticks: [HOUR],
  mayTick: () => true,
  given: registered,
  counted,
  seen: () => ({}),
  clients: ({ run }) => ({
    owner: async (client) => { await client.ask(login(OWNER)); },
    one: async (client) => {
      for (let time = 0; time < 2; time += 1) await client.ask(() => (run.ticks.length === 0 ? login(GUESS, ONE) : undefined));
    },
  }),
  check: (scene) => checkGuesses(scene, LIMIT),
}));

/** So many failures in a row stop an account until an administrator unlocks it. */
const STOP = 100;

const stopped = withEach(['repeated', 'death'], scenario({
  name: `two wrong guesses at once after ${STOP - 1} failures in a row`,
  variables: { ...LIMITED, AUTH_ATTEMPTS_PER_HOUR: '10', AUTH_SOFT_LOCK_AFTER: '1000' },
  async given(before) {
    await firstGuess(before);
    const [counter] = before.stores.dynamodb.all('Attempts').filter(({ streak }) => streak === 1);
    before.stores.dynamodb.store('Attempts', { ...counter, streak: STOP - 1 });
  },
  counted,
  seen: () => ({ refused: 0 }),
  clients: ({ seen }) => Object.fromEntries([ONE, OTHER].map((sourceIp) => [sourceIp, async (client: Client) => {
    if ((await client.ask(login(GUESS, sourceIp))).status === 401) seen.refused += 1;
  }])),
  async checkEnd(scene) {
    if (scene.seen.refused === 0) return;
    const counter = scene.stores.dynamodb.all('Attempts').find(({ streak }) => Number(streak) >= STOP);
    if (!counter) throw new Violation('a failure in a row was not counted');
    if (counter.ttl !== undefined) throw new Violation('an account that was stopped is forgotten after a while');
    if ((await scene.wouldAnswer(login(OWNER))).status !== 429) throw new Violation('an account that was stopped lets its owner in');
  },
}));

export const ATTEMPTS = [
  ...burst, unlocked, ...stale, ...owner, ...oneGuess, ...softLock, ...lockBesideSuccess, ...lockBesideUnlock,
  ...turnOfAnHour, ...stopped,
];
