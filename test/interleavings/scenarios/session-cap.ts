import { Env } from '../../../src/contract/environment';
import { Violation } from '../engine/search';
import type { Tokens } from '../service/requests';
import { listSessions, login, logout } from '../service/requests';
import type { Answer } from '../service/service';
import { ACCESS_TOKEN_SECONDS, SECOND, START } from '../service/settings';
import { claimsOf } from '../service/tokens';
import type { SignedIn } from './accounts';
import { OWNER, signedIn } from './accounts';
import { withEach } from './faults';
import { refreshTwice, succeeded } from './logout';
import type { Before, Scene } from './scenario';
import { scenario } from './scenario';

const capOf = (sessions: number) => ({ [Env.MAX_SESSIONS_PER_USER]: String(sessions) });

/** Longer than an access token lives, with all that verifiers forgive: an entry in the list of revocations would be for nothing. */
const LONG_AGO = START - (ACCESS_TOKEN_SECONDS + 300) * SECOND;

/** As many as logins may put into the list of revocations. */
const SHARE_OF_LOGINS = 64;

interface Crowd extends SignedIn {
  readonly next: Tokens;
}

/** Two sessions, one after the other, of long ago. */
async function signedInTwice(before: Before): Promise<Crowd> {
  const account = await signedInLongAgo(before);
  before.now += 1000;
  return { ...account, next: await before.ask(login(OWNER)) };
}

async function signedInLongAgo(before: Before): Promise<SignedIn> {
  before.now = LONG_AGO;
  return signedIn(before);
}

/** One session, and one of long ago that ended then. */
async function signedInAgain(before: Before): Promise<SignedIn> {
  const { uid, tokens } = await signedInLongAgo(before);
  await before.ask(logout(tokens));
  before.now = START - 60_000;
  return { uid, tokens: await before.ask(login(OWNER)) };
}

async function signedInWithFullList(before: Before): Promise<SignedIn> {
  const account = await signedIn(before);
  const now = START / 1000;
  const entries = Array.from({ length: SHARE_OF_LOGINS }, (_, index) => [`s#${String(index).padStart(22, '0')}`, now + 900]);
  before.stores.dynamodb.store('Revocations', { key: `U#${account.uid}`, v: 1, ttl: now + 900, ...Object.fromEntries(entries) });
  return account;
}

/** As the owner of `asking` is told. */
async function livingOf(scene: Scene, asking: Tokens): Promise<readonly string[]> {
  const { body } = await scene.wouldAnswer(listSessions(asking));
  return body.sessions.map(({ sid }: { readonly sid: string }) => sid);
}

const atOnce = withEach(['lost', 'repeated', 'death', 'unanswered'], scenario({
  name: 'two logins at once at a cap of two',
  variables: capOf(2),
  given: signedInTwice,
  seen: () => ({ answers: [] as Answer[] }),
  clients: ({ seen }) => Object.fromEntries(['one', 'other'].map((name) => [name, async (client) => { seen.answers.push(await client.ask(login(OWNER))); }])),
  checkEnd: async (scene) => {
    const opened = scene.seen.answers.filter(succeeded);
    for (const { body } of opened) await scene.mustLive(body, 'after a login that was answered');
    if (opened.length > 0) await scene.mustBeDead(scene.given.tokens, 'the oldest, after a login at the cap');
    if (opened.length > 1) await scene.mustBeDead(scene.given.next, 'the second, after two logins at the cap');
    // Who died or was told nothing may leave one session more, until the next login.
    const ask = scene.sequel();
    const { body: last } = opened.length === 2 ? opened[1]! : await ask(login(OWNER));
    if ((await ask(listSessions(last))).body.sessions.length > 2) throw new Violation('more sessions live than the cap allows');
  },
}));

/** Who the oldest session belongs to does something with it meanwhile. */
const BESIDE = {
  'a refresh of the oldest and the refresh of its answer': refreshTwice,
  'a logout of the oldest': async (client: Parameters<typeof refreshTwice>[0], tokens: Tokens) => { await client.ask(logout(tokens)); },
};
const OLDEST = {
  'which was just in use': signedIn,
  'which nobody used for long': signedInLongAgo,
  'beside one that ended long ago': signedInAgain,
};

const besideIts = Object.entries(BESIDE).flatMap(([what, act]) => Object.entries(OLDEST).flatMap(([state, given]) => withEach(['lost', 'repeated', 'death', 'unanswered'], scenario({
  name: `a login at a cap of one, beside ${what}, ${state}`,
  variables: capOf(1),
  given,
  seen: () => ({ login: undefined as Answer | undefined }),
  clients: ({ given: { tokens }, seen }) => ({
    owner: async (client) => { seen.login = await client.ask(login(OWNER)); },
    tab: (client) => act(client, tokens),
  }),
  check: async (scene) => {
    const { seen, given: { tokens } } = scene;
    if (!succeeded(seen.login)) return;
    await scene.mustBeDead(tokens, 'the oldest, after a login at the cap');
    if (!await scene.accepts(seen.login.body.access_token)) throw new Violation('the session that was just opened is not let in');
    const [only, ...more] = await livingOf(scene, seen.login.body);
    if (only !== claimsOf(seen.login.body.access_token).sid || more.length > 0) throw new Violation('another session lives than the one that was just opened');
  },
}))));

const overTheShare = withEach(['death'], scenario({
  name: 'a login at a cap of one while the share of logins in the list of revocations is used up, beside a refresh of the oldest',
  variables: capOf(1),
  given: signedInWithFullList,
  seen: () => ({ login: undefined as Answer | undefined }),
  clients: ({ given: { tokens }, seen }) => ({
    owner: async (client) => { seen.login = await client.ask(login(OWNER)); },
    tab: (client) => refreshTwice(client, tokens),
  }),
  check: async (scene) => {
    const { seen, given: { tokens } } = scene;
    if (!succeeded(seen.login)) return;
    await scene.mustLive(seen.login.body, 'after a login that was answered');
    // Its access tokens live to their end; nothing comes after them.
    for (const pair of [tokens, ...scene.pairs]) {
      if (claimsOf(pair.access_token).sid === claimsOf(tokens.access_token).sid && await scene.refreshes(pair)) throw new Violation('the oldest can still be refreshed');
    }
  },
}));

export const SESSION_CAP = [...atOnce, ...besideIts, ...overTheShare];
