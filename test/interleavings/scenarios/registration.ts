import type { Item } from '../dynamodb/conditions';
import { Violation } from '../engine/search';
import { isHashOf } from '../service/hasher';
import { administer, changePassword, deleteAccount, login, register } from '../service/requests';
import type { Answer } from '../service/service';
import { START } from '../service/settings';
import { EMAIL, NEW_PASSWORD, OWNER, PASSWORD, signedIn, THIRD_PASSWORD } from './accounts';
import { withEach } from './faults';
import type { Before, Scene } from './scenario';
import { scenario } from './scenario';

const WEEK = 7 * 86_400_000;

/** Somebody else who registers the address. */
const STRANGER = { email: EMAIL, password: THIRD_PASSWORD };

const credentials = ({ stores }: Scene): readonly Item[] => stores.dynamodb.all('Users').filter(({ sk }) => sk === 'CREDENTIAL');
const profiles = ({ stores }: Scene): readonly Item[] => stores.dynamodb.all('Users').filter(({ sk }) => sk === 'PROFILE');

/** At most one account at the address, and never half of one. */
export function checkAccount(scene: Scene): void {
  const [credential, ...moreCredentials] = credentials(scene);
  const [profile, ...moreProfiles] = profiles(scene);
  if (moreCredentials.length + moreProfiles.length > 0) throw new Violation('there are two accounts at one address');
  if (credential?.uid !== profile?.uid) throw new Violation('there is half an account');
  if (credential?.pv !== profile?.pv) throw new Violation('the password changed in one item and not in the other');
}

const registrations = withEach(['lost', 'repeated', 'death'], scenario({
  name: 'two register one address, and both insist',
  given: async () => undefined,
  seen: () => ({ answers: [] as Answer[] }),
  clients: ({ seen }) => ({
    one: async (client) => { seen.answers.push(await client.insist(2, register(OWNER))); },
    other: async (client) => { seen.answers.push(await client.insist(2, register(STRANGER))); },
  }),
  check(scene) {
    checkAccount(scene);
    const created = scene.seen.answers.filter(({ status }) => status === 201);
    if (created.length > 1) throw new Violation('two were told that they have the address');
    if (created.some(({ body }) => body.sub !== credentials(scene)[0]?.uid)) throw new Violation('somebody was told of an account that is not there');
  },
}));

/** One account from this source address in this hour. */
const oneCounted = async (before: Before): Promise<void> => {
  before.now = START;
  await before.ask(register({ email: 'grace@example.com', password: PASSWORD }));
};

const floods = [
  ...withEach(['death', 'lost'], scenario({
    name: 'two register from one source address, and one more is allowed',
    variables: { AUTH_REGISTRATIONS_PER_HOUR: '2' },
    given: oneCounted,
    seen: () => ({ created: 0 }),
    clients: ({ seen }) => Object.fromEntries(['ada', 'alan'].map((name) => [name, async (client) => {
      if ((await client.ask(register({ email: `${name}@example.com`, password: PASSWORD }))).status === 201) seen.created += 1;
    }])),
    check({ seen }) {
      if (seen.created > 1) throw new Violation('a source address made more accounts than the limit');
    },
  })),
  ...withEach(['repeated'], scenario({
    name: 'one registers, and one more is allowed after it',
    variables: { AUTH_REGISTRATIONS_PER_HOUR: '3' },
    given: oneCounted,
    seen: () => ({}),
    clients: () => ({ ada: async (client) => { await client.ask(register(OWNER)); } }),
    async checkEnd(scene) {
      const { status } = await scene.wouldAnswer(register({ email: 'alan@example.com', password: PASSWORD }));
      if (status !== 201) throw new Violation(`a write that was sent again counted twice: the next registration is answered ${status}`);
    },
  })),
];

/** The third failure of a day locks. Two that came before the account are none of it, whether or not they are on their way still. */
const failuresBefore = withEach(['repeated'], scenario({
  name: 'one registers an address at which somebody has failed, beside another failure',
  variables: { AUTH_SOFT_LOCK_AFTER: '3' },
  async given(before) {
    before.now = START;
    for (let time = 0; time < 2; time += 1) await before.attempt(login(STRANGER));
  },
  seen: () => ({ created: false }),
  clients: ({ seen }) => ({
    owner: async (client) => { if ((await client.ask(register(OWNER))).status === 201) seen.created = true; },
    stranger: async (client) => { await client.ask(login(STRANGER)); },
  }),
  async checkEnd(scene) {
    checkAccount(scene);
    if (!scene.seen.created) return;
    const { status } = await scene.wouldAnswer(login(OWNER));
    if (status !== 200) throw new Violation(`failures from before the account lock its owner out: ${status}`);
  },
}));

const invitation = async (before: Before): Promise<string> => (await before.ask(administer('invite', { email: EMAIL, scopes: ['admin'] }))).invitation;

const invitations = [
  ...withEach(['repeated', 'death'], scenario({
    name: 'one invitation is used twice',
    variables: { AUTH_REGISTRATION: 'invite' },
    given: invitation,
    seen: () => ({ created: 0 }),
    clients: ({ given, seen }) => Object.fromEntries([OWNER, STRANGER].map((account, index) => [`guest ${index + 1}`, async (client) => {
      if ((await client.insist(2, register(account, given))).status === 201) seen.created += 1;
    }])),
    check(scene) {
      checkAccount(scene);
      if (scene.seen.created > 1) throw new Violation('an invitation made two accounts');
      if (profiles(scene).length > 0 && scene.stores.dynamodb.all('Tickets').length > 0) throw new Violation('an invitation that was used is still good');
    },
  })),
  scenario({
    name: 'one invitation is used, the account deleted, and the invitation used again',
    variables: { AUTH_REGISTRATION: 'invite' },
    given: invitation,
    seen: () => ({ uids: new Set<string>() }),
    clients: ({ given, seen }) => ({
      guest: async (client) => {
        const { status, body } = await client.ask(register(OWNER, given));
        if (status !== 201) return;
        seen.uids.add(body.sub);
        const opened = await client.ask(login(OWNER));
        if (opened.status === 200) await client.ask(deleteAccount(opened.body, PASSWORD));
      },
      again: async (client) => {
        const { status, body } = await client.ask(register(STRANGER, given));
        if (status === 201) seen.uids.add(body.sub);
      },
    }),
    check({ seen }) {
      if (seen.uids.size > 1) throw new Violation('an invitation made two accounts');
    },
  }),
  scenario({
    name: 'an invitation expires between its reading and its use',
    variables: { AUTH_REGISTRATION: 'invite' },
    ticks: [WEEK + 1000],
    mayTick: () => true,
    given: invitation,
    seen: () => ({ late: false }),
    clients: ({ given, run, seen }) => ({
      guest: async (client) => {
        const { status } = await client.ask(register(OWNER, given));
        seen.late = status === 201 && run.ticks.length === 0;
      },
    }),
    // What was committed before the clock moved is answered after it, too.
    check: (scene) => {
      const [profile] = profiles(scene);
      if (scene.seen.late && Number(profile?.createdAt) > scene.run.now - 1000) throw new Violation('an expired invitation made an account');
    },
  }),
];

const invited = withEach(['repeated', 'death'], scenario({
  name: 'an administrator invites, and the guest registers',
  variables: { AUTH_REGISTRATION: 'invite' },
  given: async () => undefined,
  seen: () => ({ invitation: undefined as Answer | undefined, registration: undefined as Answer | undefined }),
  clients: ({ seen }) => ({
    administrator: async (client) => {
      const answer = await client.insist(3, administer('invite', { email: EMAIL }));
      seen.invitation = answer;
      if (answer.status === 200) seen.registration = await client.insist(3, register(OWNER, answer.body.invitation));
    },
  }),
  checkEnd(scene) {
    const { invitation, registration } = scene.seen;
    if (invitation?.status !== 200) throw new Violation(`an invitation was answered ${invitation?.status}`);
    // The first answer was lost: the address is taken, by the guest.
    if (registration?.status !== 201 && profiles(scene).length !== 1) throw new Violation(`a guest was answered ${registration?.body.code}`);
  },
}));

const takenOver = withEach(['lost', 'repeated', 'death'], scenario({
  name: 'an account is deleted and its address registered anew while its old owner changes the password',
  given: signedIn,
  seen: () => ({ stranger: undefined as Answer | undefined, deleted: undefined as Answer | undefined }),
  clients: ({ given: { tokens }, seen }) => ({
    owner: async (client) => { seen.deleted = await client.insist(2, deleteAccount(tokens, PASSWORD)); },
    thief: async (client) => { await client.ask(changePassword(tokens, PASSWORD, NEW_PASSWORD)); },
    stranger: async (client) => { seen.stranger = await client.ask(register(STRANGER)); },
  }),
  async check(scene) {
    checkAccount(scene);
    checkOwnPassword(scene, scene.seen.stranger);
    if (scene.seen.deleted?.status === 204) await scene.mustBeDead(scene.given.tokens, 'after the account was deleted');
  },
}));

const rehashed = withEach(['repeated', 'lost'], scenario({
  name: 'a login improves the hash while the account is deleted and its address registered anew',
  strength: 2,
  given: signedIn,
  seen: () => ({ stranger: undefined as Answer | undefined }),
  clients: ({ given: { tokens }, seen }) => ({
    login: async (client) => { await client.ask(login(OWNER)); },
    owner: async (client) => { await client.insist(2, deleteAccount(tokens, PASSWORD)); },
    stranger: async (client) => { seen.stranger = await client.ask(register(STRANGER)); },
  }),
  check(scene) {
    checkAccount(scene);
    checkOwnPassword(scene, scene.seen.stranger);
  },
}));

/** Whoever was told that the address is theirs opens it with the password that they chose, and nobody else's does. */
function checkOwnPassword(scene: Scene, registered: Answer | undefined): void {
  const [credential] = credentials(scene);
  if (registered?.status !== 201 || credential?.uid !== registered.body.sub) return;
  if (!isHashOf(credential?.hash, THIRD_PASSWORD)) throw new Violation("an address that was registered anew has its former owner's password");
}

export const REGISTRATION = [...registrations, ...floods, ...failuresBefore, ...invitations, ...invited, ...takenOver, ...rehashed];
