import { Violation } from '../engine/search';
import { changePassword, deleteAccount, login, register, type Account, type Tokens } from '../service/requests';
import { START } from '../service/settings';
import type { Answer } from '../service/service';
import { EMAIL, GUESS, NEW_PASSWORD, OWNER, PASSWORD, signedIn, THIRD_PASSWORD, type SignedIn } from './accounts';
import { withEach } from './faults';
import type { Before, Client, Scene } from './scenario';
import { scenario } from './scenario';

const ONE_FAILURE = { AUTH_FAILED_LOGINS_PER_SOURCE: '1' };
const [SOURCE, ELSEWHERE] = ['203.0.113.1', '203.0.113.2'] as const;
const STRANGER: Account = { email: EMAIL, password: THIRD_PASSWORD };
const NOBODY: Account = { email: 'nobody@example.com', password: PASSWORD };

const registered = async (before: Before): Promise<void> => { await before.ask(register(OWNER)); };

interface Refusals {
  /** Failed logins that were answered. */
  refused: number;
  late: string;
}

/** Guesses in a row; one that begins after a failure was answered is not to be looked at any more. */
const guesses = (account: Account, times: number) => async (client: Client, { seen, hashed }: Scene<unknown, Refusals>): Promise<void> => {
  for (let time = 0; time < times; time += 1) {
    let [afterwards, before] = [false, 0];
    const { status } = await client.ask(() => {
      [afterwards, before] = [seen.refused > 0, hashed.length];
      return login(account, SOURCE);
    });
    if (status === 401) seen.refused += 1;
    if (afterwards && (status === 401 || (status === 429 && hashed.length > before + 1))) seen.late = account.email;
  }
};

const failures = withEach(['lost', 'repeated', 'death'], scenario({
  name: 'one source guesses at two addresses at once, one failed login is allowed',
  variables: ONE_FAILURE,
  given: registered,
  seen: (): Refusals => ({ refused: 0, late: '' }),
  watched: ({ seen }) => `${seen.refused > 0} ${seen.late}`,
  counted: ({ seen }) => String(seen.refused),
  clients: (scene) => ({
    one: (client) => guesses(GUESS, 2)(client, scene),
    other: (client) => guesses(NOBODY, 1)(client, scene),
  }),
  check({ seen }) {
    if (seen.late !== '') throw new Violation(`a source failed as often as it may, was told so, and guessed at ${seen.late} all the same`);
  },
  async checkEnd(scene) {
    if (scene.seen.refused === 0) return;
    if ((await scene.wouldAnswer(login(OWNER, SOURCE))).status !== 429) throw new Violation('a failed login was not counted for its source');
    if ((await scene.wouldAnswer(login(OWNER, ELSEWHERE))).status !== 200) throw new Violation('the failures of one source were counted for another');
  },
}));

const once = withEach(['repeated'], scenario({
  name: 'one failed login of a source, two are allowed',
  variables: { AUTH_FAILED_LOGINS_PER_SOURCE: '2' },
  given: registered,
  seen: () => ({}),
  clients: () => ({ one: async (client) => { await client.ask(login(GUESS, SOURCE)); } }),
  async checkEnd(scene) {
    const { status } = await scene.wouldAnswer(login(OWNER, SOURCE));
    if (status !== 200) throw new Violation(`a write that was sent again counted twice for its source: the next login is answered ${status}`);
  },
}));

/** Signed in on a device whose source may try nothing any more: only a known device gets in there. */
async function onAKnownDevice(before: Before): Promise<SignedIn> {
  const given = await signedIn(before);
  before.now = START;
  if ((await before.attempt(login(NOBODY, SOURCE))).status !== 401) throw new Error('the first failure of a source was not answered 401');
  return given;
}

const gets = async (scene: Scene, account: Account, device: string | undefined): Promise<boolean> =>
  (await scene.wouldAnswer(login(account, SOURCE, device))).status === 200;

const changed = withEach(['lost', 'repeated', 'death'], scenario({
  name: 'a login from a known device beside a change of the password',
  variables: ONE_FAILURE,
  given: onAKnownDevice,
  seen: () => ({ change: undefined as Answer | undefined, device: undefined as Tokens | undefined }),
  clients: ({ given: { tokens }, seen }) => ({
    owner: async (client) => { seen.change = await client.insist(2, changePassword(tokens, PASSWORD, NEW_PASSWORD)); },
    device: async (client) => {
      const { status, body } = await client.ask(login(OWNER, SOURCE, tokens.device_token));
      if (status === 200) seen.device = body;
    },
  }),
  async check(scene) {
    const { seen: { change, device }, given: { tokens } } = scene;
    if (change?.status !== 200) return;
    const now = { ...OWNER, password: NEW_PASSWORD };
    if (await gets(scene, now, tokens.device_token)) throw new Violation('a device is known under a password that it never had');
    if (await gets(scene, now, device?.device_token)) throw new Violation('a login with the old password made a device that is known under the new one');
    if (!await gets(scene, now, change.body.device_token)) throw new Violation('the device on which the password was changed is not known');
    if (device) await scene.mustBeDead(device, 'after the password was changed');
  },
}));

const forgotten = withEach(['lost', 'repeated', 'death'], scenario({
  name: 'a login from a known device while the account is deleted and its address registered anew',
  variables: ONE_FAILURE,
  given: onAKnownDevice,
  seen: () => ({ registered: false, device: undefined as Tokens | undefined }),
  clients: ({ given: { tokens }, seen }) => ({
    owner: async (client) => {
      await client.insist(2, deleteAccount(tokens, PASSWORD));
      seen.registered = (await client.ask(register(STRANGER))).status === 201;
    },
    device: async (client) => {
      const { status, body } = await client.ask(login(OWNER, SOURCE, tokens.device_token));
      if (status === 200) seen.device = body;
    },
  }),
  async check(scene) {
    const { seen: { registered: anew, device }, given: { tokens } } = scene;
    if (!anew) return;
    for (const known of [tokens, device]) {
      if (known && await gets(scene, STRANGER, known.device_token)) throw new Violation("a device of the former owner is known to the address's next one");
    }
    if (device) await scene.mustBeDead(device, 'after the account was deleted');
  },
}));

export const SOURCES = [...failures, ...once, ...changed, ...forgotten];
