import { Violation } from '../engine/search';
import { administer, login, register } from '../service/requests';
import { HOUR, START } from '../service/settings';
import { NEW_PASSWORD, OWNER } from './accounts';
import { withEach } from './faults';
import type { Before, Client, Scene } from './scenario';
import { scenario } from './scenario';

const LIMIT = 2;
const LIMITED = { AUTH_ATTEMPTS_PER_HOUR: String(LIMIT), AUTH_SOFT_LOCK_AFTER: '5' };

/** Somebody who does not know it. */
const GUESS = { ...OWNER, password: NEW_PASSWORD };

async function registered(before: Before): Promise<void> {
  await before.ask(register(OWNER));
}

const guess = async (client: Client): Promise<void> => { await client.ask(login(GUESS)); };

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
  name: 'three wrong guesses at once, two are allowed',
  variables: LIMITED,
  given: registered,
  counted,
  seen: () => ({}),
  clients: () => ({ one: guess, two: guess, three: guess }),
  check: (scene) => checkGuesses(scene, LIMIT),
}));

const firstGuess = async (before: Before): Promise<void> => {
  await registered(before);
  before.now = START;
  await before.attempt(login(GUESS));
};

const AFTER_A_FAILURE = 1;

const unlocked = scenario({
  name: 'an administrator unlocks the account beside three guesses, two are allowed and one was made',
  variables: LIMITED,
  given: firstGuess,
  counted,
  seen: () => ({}),
  clients: () => ({
    administrator: async (client) => { await client.ask(administer('unlock', { email: OWNER.email })); },
    one: guess,
    two: guess,
    three: guess,
  }),
  // What was counted before is forgotten, once.
  check: (scene) => checkGuesses(scene, 2 * LIMIT, AFTER_A_FAILURE),
});

export const ATTEMPTS = [...burst, unlocked];
