import { Violation } from '../engine/search';
import type { Request, Tokens } from '../service/requests';
import { endSession, login, logout, logoutByAccessToken, refresh, revoke } from '../service/requests';
import type { Answer } from '../service/service';
import { ACCESS_TOKEN_SECONDS, PAST_THE_GRACE, SECOND, START } from '../service/settings';
import { claimsOf } from '../service/tokens';
import { OWNER, signedIn } from './accounts';
import { withEach } from './faults';
import type { Before, Client } from './scenario';
import { scenario } from './scenario';

/** Each way to end one session. */
const ENDINGS: Readonly<Record<string, (tokens: Tokens) => Request>> = {
  'logout by refresh token': logout,
  'logout by access token': logoutByAccessToken,
  'revocation of the refresh token': revoke,
  'the list of sessions': (tokens) => endSession(tokens, claimsOf(tokens.access_token).sid),
};

/** Refreshes, and refreshes what came of it. */
export async function refreshTwice(client: Client, tokens: Tokens): Promise<void> {
  const first = await client.ask(refresh(tokens));
  if (first.status === 200) await client.ask(refresh(first.body));
}

export const succeeded = (answer: Answer | undefined): answer is Answer => answer !== undefined && answer.status >= 200 && answer.status < 300;

const beside = Object.entries(ENDINGS).flatMap(([how, end]) => withEach(['lost', 'repeated', 'death'], scenario({
  name: `${how}, beside a refresh and the refresh of its answer`,
  given: signedIn,
  seen: () => ({ ended: undefined as Answer | undefined }),
  clients: ({ given: { tokens }, seen }) => ({
    tab: (client) => refreshTwice(client, tokens),
    owner: async (client) => { seen.ended = await client.insist(2, end(tokens)); },
  }),
  check: async (scene) => {
    if (succeeded(scene.seen.ended)) await scene.mustBeDead(scene.given.tokens, `after ${how}`);
  },
})));

const withThief = withEach(['death'], scenario({
  name: "logout, beside two refreshes and a thief's, with the grace passing",
  ticks: [PAST_THE_GRACE],
  given: signedIn,
  seen: () => ({ ended: undefined as Answer | undefined }),
  clients: ({ given: { tokens }, seen }) => ({
    tab: (client) => refreshTwice(client, tokens),
    thief: async (client) => { await client.ask(refresh(tokens)); },
    owner: async (client) => { seen.ended = await client.insist(2, logout(tokens)); },
  }),
  check: async (scene) => {
    if (succeeded(scene.seen.ended)) await scene.mustBeDead(scene.given.tokens, 'after logout');
  },
}));

const LATE = 15 * SECOND;

const swept = scenario({
  name: 'logout, then TTL deletes its revocation; the clock of who signs is 30 s ahead of who revokes and verifies, and calls take ten seconds',
  ticks: [10 * SECOND, (ACCESS_TOKEN_SECONDS + 15) * SECOND, 30 * SECOND, 60 * SECOND],
  // A call that takes longer than ten seconds does not exist.
  mayTick: (run) => run.ticks.length === 4 || run.inFlight.size === 0,
  sweep: true,
  given: signedIn,
  seen: () => ({ ended: undefined as Answer | undefined }),
  clients: ({ given: { tokens }, seen }) => ({
    tab: async (client) => { await client.ask(refresh(tokens), LATE); },
    owner: async (client) => { seen.ended = await client.ask(logout(tokens), -LATE); },
  }),
  check: async (scene) => {
    if (succeeded(scene.seen.ended) && scene.run.inFlight.size === 0) await scene.mustBeDead(scene.given.tokens, 'after logout', LATE);
  },
});

/** One more than this, and all sessions end. */
const MOST_SINGLE_REVOCATIONS = 96;

/** So many sessions of the user were ended one by one; `expired` of the entries have run out. */
function revokedBefore(expired: number) {
  return async (before: Before) => {
    const account = await signedIn(before);
    const now = START / 1000;
    const entries = Array.from({ length: MOST_SINGLE_REVOCATIONS }, (_, index) => [`s#${String(index).padStart(22, '0')}`, index < expired ? now - 60 : now + 900]);
    before.stores.dynamodb.store('Revocations', { key: `U#${account.uid}`, v: 1, ttl: now + 900, ...Object.fromEntries(entries) });
    return account;
  };
}

const bounded = [0, 1].flatMap((expired) => withEach(['death'], scenario({
  name: `a logout above the limit of single revocations, ${expired} of which can go, beside a refresh`,
  given: revokedBefore(expired),
  seen: () => ({ ended: undefined as Answer | undefined }),
  clients: ({ given: { tokens }, seen }) => ({
    tab: async (client) => { await client.ask(refresh(tokens)); },
    owner: async (client) => { seen.ended = await client.insist(2, logout(tokens)); },
  }),
  check: async (scene) => {
    if (succeeded(scene.seen.ended)) await scene.mustBeDead(scene.given.tokens, 'after logout');
  },
})));

const twoAtTheLimit = scenario({
  name: 'two logouts of two sessions above the limit of single revocations, some of which can go',
  given: async (before: Before) => ({ ...await revokedBefore(1)(before), other: await before.ask(login(OWNER)) as Tokens }),
  seen: () => ({ ended: undefined as Answer | undefined, other: undefined as Answer | undefined }),
  clients: ({ given: { tokens, other }, seen }) => ({
    one: async (client) => { seen.ended = await client.insist(2, logout(tokens)); },
    other: async (client) => { seen.other = await client.insist(2, logout(other)); },
  }),
  check: async (scene) => {
    if (succeeded(scene.seen.ended)) await scene.mustBeDead(scene.given.tokens, 'after logout');
    if (succeeded(scene.seen.other)) await scene.mustBeDead(scene.given.other, 'after the other logout');
  },
});

const twice = withEach(['lost'], scenario({
  name: 'one session is ended twice, beside a refresh',
  given: signedIn,
  seen: () => ({ ended: undefined as Answer | undefined }),
  clients: ({ given: { tokens }, seen }) => ({
    owner: async (client) => { seen.ended = await client.insist(2, logout(tokens)); },
    again: async (client) => {
      const answer = await client.ask(logout(tokens));
      if (answer.status >= 400 && answer.status < 500) throw new Violation(`a logout that was repeated was answered ${answer.status}`);
    },
    tab: async (client) => { await client.ask(refresh(tokens)); },
  }),
  check: async (scene) => {
    if (succeeded(scene.seen.ended)) await scene.mustBeDead(scene.given.tokens, 'after logout');
  },
}));

export const LOGOUT = [...beside, ...withThief, swept, ...bounded, twoAtTheLimit, ...twice];
