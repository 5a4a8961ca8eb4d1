import { Violation } from '../engine/search';
import type { Request } from '../service/requests';
import { administer, authorize, changePassword, deleteAccount, login, logoutAll, register, updateProfile } from '../service/requests';
import type { Answer } from '../service/service';
import { NEW_PASSWORD, OWNER, PASSWORD, signedIn, THIRD_PASSWORD, type SignedIn } from './accounts';
import { withEach } from './faults';
import { refreshTwice, succeeded } from './logout';
import { checkAccount } from './registration';
import type { Before, Scene } from './scenario';
import { scenario } from './scenario';

interface Change {
  readonly request: (account: SignedIn) => Request;
  /** Whether a login that was under way with the old password must not outlive it: other endings only end what was there. */
  readonly loginToo: boolean;
}

/** What ends every session of a user. */
const CHANGES: Readonly<Record<string, Change>> = {
  'a change of password': { request: ({ tokens }) => changePassword(tokens, PASSWORD, NEW_PASSWORD), loginToo: true },
  'a logout everywhere': { request: ({ tokens }) => logoutAll(tokens), loginToo: false },
  'an administrator who disables the user': { request: ({ uid }) => administer('disable', { uid }), loginToo: true },
  'an administrator who ends all sessions': { request: ({ uid }) => administer('revoke-sessions', { uid }), loginToo: false },
  'the end of the account': { request: ({ tokens }) => deleteAccount(tokens, PASSWORD), loginToo: true },
};

const endings = Object.entries(CHANGES).flatMap(([how, { request, loginToo }]) => withEach(['lost', 'repeated', 'death'], scenario({
  name: `${how}, beside a refresh, the refresh of its answer, and a login with the old password`,
  given: signedIn,
  seen: () => ({ done: undefined as Answer | undefined, login: undefined as Answer | undefined }),
  clients: ({ given, seen }) => ({
    tab: (client) => refreshTwice(client, given.tokens),
    login: async (client) => { seen.login = await client.ask(login(OWNER)); },
    change: async (client) => { seen.done = await client.ask(request(given)); },
  }),
  async check(scene) {
    checkAccount(scene);
    const { done, login: opened } = scene.seen;
    if (!succeeded(done)) return;
    await scene.mustBeDead(scene.given.tokens, `after ${how}, a session from before`);
    if (loginToo && succeeded(opened)) await scene.mustBeDead(opened.body, `after ${how}, a login with the old password`);
    if (done.body.access_token) await scene.mustLive(done.body, `after ${how}, the session of the answer`);
  },
  // Disabled or gone is nobody.
  checkEnd: (scene) => mustLetIn(scene, `after ${how}`),
})));

const changes = withEach(['lost', 'repeated'], scenario({
  name: 'two change the password at once, beside a login with the old one',
  given: signedIn,
  seen: () => ({ changes: [] as Answer[], login: undefined as Answer | undefined }),
  clients: ({ given: { tokens }, seen }) => ({
    one: async (client) => { seen.changes.push(await client.ask(changePassword(tokens, PASSWORD, NEW_PASSWORD))); },
    other: async (client) => { seen.changes.push(await client.ask(changePassword(tokens, PASSWORD, THIRD_PASSWORD))); },
    login: async (client) => { seen.login = await client.ask(login(OWNER)); },
  }),
  async check(scene) {
    checkAccount(scene);
    const done = scene.seen.changes.filter(succeeded);
    if (done.length > 1) throw new Violation('two changes of one password succeeded');
    if (done.length === 0) return;
    if (succeeded(scene.seen.login)) await scene.mustBeDead(scene.seen.login.body, 'after a change of password, a login with the old password');
    await scene.mustLive(done[0]!.body, 'after a change of password, the session of the answer');
  },
}));

const everywhere = scenario({
  name: 'a logout everywhere and a login after it, beside a change of password',
  given: signedIn,
  seen: () => ({ change: undefined as Answer | undefined, login: undefined as Answer | undefined }),
  clients: ({ given: { tokens }, seen }) => ({
    owner: async (client) => {
      await client.ask(logoutAll(tokens));
      seen.login = await client.ask(login(OWNER));
    },
    change: async (client) => { seen.change = await client.ask(changePassword(tokens, PASSWORD, NEW_PASSWORD)); },
  }),
  async check(scene) {
    const { change, login: opened } = scene.seen;
    if (succeeded(change) && succeeded(opened)) await scene.mustBeDead(opened.body, 'after a change of password, a login with the old password');
  },
});

const slow = scenario({
  name: 'a slow logout everywhere, while an administrator ends all sessions twice',
  given: signedIn,
  seen: () => ({}),
  clients: ({ given: { uid, tokens } }) => ({
    owner: async (client) => { await client.ask(logoutAll(tokens)); },
    administrator: async (client) => {
      await client.ask(administer('revoke-sessions', { uid }));
      await client.ask(administer('revoke-sessions', { uid }));
    },
  }),
  checkEnd: (scene) => mustLetIn(scene, 'after all sessions ended three times'),
});

const deleted = withEach(['lost', 'repeated'], scenario({
  name: 'the end of the account, beside a logout everywhere and a login after it',
  given: signedIn,
  seen: () => ({ deleted: undefined as Answer | undefined, login: undefined as Answer | undefined }),
  clients: ({ given: { tokens }, seen }) => ({
    owner: async (client) => { seen.deleted = await client.ask(deleteAccount(tokens, PASSWORD)); },
    other: async (client) => {
      await client.ask(logoutAll(tokens));
      seen.login = await client.ask(login(OWNER));
    },
  }),
  async check(scene) {
    checkAccount(scene);
    if (succeeded(scene.seen.deleted) && succeeded(scene.seen.login)) await scene.mustBeDead(scene.seen.login.body, 'after the account was deleted');
  },
}));

/** Whoever logs in from now on is in, unless nobody can. */
async function mustLetIn(scene: Scene, why: string): Promise<void> {
  const afterwards = scene.sequel();
  const opened = [await afterwards(login(OWNER)), await afterwards(login({ ...OWNER, password: NEW_PASSWORD }))].find(succeeded);
  if (opened && (await afterwards(authorize(opened.body.access_token))).status !== 200) throw new Violation(`${why}, a new login is let in nowhere`);
}

async function withScope(before: Before): Promise<SignedIn> {
  const { sub: uid } = await before.ask(register(OWNER));
  await before.ask(administer('set-scopes', { uid, scopes: ['orders'] }));
  return { uid, tokens: await before.ask(login(OWNER)) };
}

const scopes = withEach(['repeated', 'death', 'lost'], scenario({
  name: 'an administrator who takes a scope away, beside a refresh, the refresh of its answer, and a login',
  given: withScope,
  seen: () => ({ done: undefined as Answer | undefined }),
  clients: ({ given: { uid, tokens }, seen }) => ({
    tab: (client) => refreshTwice(client, tokens),
    login: async (client) => { await client.ask(login(OWNER)); },
    administrator: async (client) => { seen.done = await client.insist(2, administer('set-scopes', { uid, scopes: [] })); },
  }),
  async check(scene) {
    if (succeeded(scene.seen.done)) await mustHaveLost(scene, 'orders');
  },
}));

async function mustHaveLost(scene: Scene, scope: string): Promise<void> {
  for (const token of scene.released) {
    const { status, body } = await scene.wouldAuthorize(token);
    if (status === 200 && String(body.context?.scope).split(' ').includes(scope)) throw new Violation('a token with a scope that was taken away is accepted');
  }
}

const administrators = withEach(['lost', 'repeated', 'death'], scenario({
  name: 'one administrator disables a user, another sets scopes and enables the user again, beside a login',
  given: signedIn,
  seen: () => ({ disabled: undefined as Answer | undefined, enabled: undefined as Answer | undefined, scopes: undefined as Answer | undefined }),
  clients: ({ given: { uid }, seen }) => ({
    one: async (client) => { seen.disabled = await client.insist(2, administer('disable', { uid })); },
    other: async (client) => {
      seen.scopes = await client.insist(2, administer('set-scopes', { uid, scopes: ['orders'] }));
      seen.enabled = await client.insist(2, administer('enable', { uid }));
    },
  }),
  async check(scene) {
    checkAccount(scene);
    if (succeeded(scene.seen.disabled)) await scene.mustBeDead(scene.given.tokens, 'after the user was disabled');
  },
  checkEnd({ seen, given, stores }) {
    const user = stores.dynamodb.item('Users', `USER#${given.uid}`, 'PROFILE')!;
    if (succeeded(seen.scopes) && JSON.stringify(user.scopes) !== '["orders"]') throw new Violation('scopes that were set are lost');
  },
}));

const profiles = withEach(['lost', 'repeated', 'death'], scenario({
  name: 'two change the profile at once, beside a logout everywhere',
  given: signedIn,
  variables: { AUTH_PROFILE_ATTRIBUTES: JSON.stringify([{ name: 'locale', type: 'string', maxLength: 16 }, { name: 'news', type: 'boolean' }]) },
  seen: () => ({ locale: undefined as Answer | undefined, news: undefined as Answer | undefined, out: undefined as Answer | undefined }),
  clients: ({ given: { tokens }, seen }) => ({
    one: async (client) => { seen.locale = await client.insist(2, updateProfile(tokens, { locale: 'en' })); },
    other: async (client) => { seen.news = await client.insist(2, updateProfile(tokens, { news: true })); },
    out: async (client) => { seen.out = await client.ask(logoutAll(tokens)); },
  }),
  async check(scene) {
    if (succeeded(scene.seen.out)) await scene.mustBeDead(scene.given.tokens, 'after a logout everywhere');
    const profile = scene.stores.dynamodb.item('Users', `USER#${scene.given.uid}`, 'PROFILE')!.profile as Readonly<Record<string, unknown>>;
    const { locale, news } = scene.seen;
    if ((succeeded(locale) && profile.locale !== 'en') || (succeeded(news) && profile.news !== true)) throw new Violation('a change of the profile is lost');
  },
}));

export const PASSWORDS = [...endings, ...changes, everywhere, slow, ...deleted];
export const ADMINISTRATION = [...scopes, ...administrators, ...profiles];
