import { Violation } from '../engine/search';
import type { Tokens } from '../service/requests';
import { refresh } from '../service/requests';
import type { Answer } from '../service/service';
import { isInconclusive } from '../service/service';
import { PAST_THE_GRACE } from '../service/settings';
import { generationOf } from '../service/tokens';
import { signedIn } from './accounts';
import { withEach } from './faults';
import type { Client } from './scenario';
import { scenario } from './scenario';

interface Seen {
  readonly answers: { readonly by: string; readonly answer: Answer }[];
}

const seen = (): Seen => ({ answers: [] });

/** Refreshes and notes the answer; what it got, or nothing. */
async function noting(client: Client, { answers }: Seen, by: string, tokens: Tokens, times: number): Promise<Tokens | undefined> {
  const answer = await client.insist(times, refresh(tokens));
  answers.push({ by, answer });
  return answer.status === 200 ? answer.body : undefined;
}

/** One successor a generation, and nobody who presents a good token is sent away. */
function checkRacers({ answers }: Seen): void {
  const successors = new Map<number, string>();
  for (const { by, answer } of answers) {
    if (answer.status === 200) {
      const { refresh_token } = answer.body;
      const generation = generationOf(refresh_token);
      if ((successors.get(generation) ?? refresh_token) !== refresh_token) throw new Violation('one generation has two refresh tokens');
      successors.set(generation, refresh_token);
    } else if (!isInconclusive(answer) && answer.body.code !== 'refresh_superseded') {
      throw new Violation(`${by} presented a good token and was answered ${answer.body.code}`);
    }
  }
}

const racers = withEach(['lost', 'repeated', 'death', 'unanswered'], scenario({
  name: 'two tabs refresh one token, and each refreshes what it got',
  given: signedIn,
  seen,
  clients: (scene) => Object.fromEntries(['first tab', 'second tab'].map((name) => [name, async (client) => {
    const tokens = await noting(client, scene.seen, name, scene.given.tokens, 3);
    if (tokens) await noting(client, scene.seen, name, tokens, 3);
  }])),
  check: (scene) => checkRacers(scene.seen),
}));

const three = withEach(['lost'], scenario({
  name: 'three tabs refresh one token',
  given: signedIn,
  seen,
  clients: (scene) => Object.fromEntries(['first tab', 'second tab', 'third tab'].map((name) => [name, async (client) => {
    await noting(client, scene.seen, name, scene.given.tokens, 2);
  }])),
  check({ seen: { answers } }) {
    checkRacers({ answers });
    const generations = answers.filter(({ answer }) => answer.status === 200).map(({ answer }) => generationOf(answer.body.refresh_token));
    if (new Set(generations).size > 1) throw new Violation('one token has two successors');
  },
}));

const slow = scenario({
  name: 'three refreshes in a row beside a slow one of the first token',
  given: signedIn,
  seen,
  clients: (scene) => ({
    tab: async (client) => {
      let tokens: Tokens | undefined = scene.given.tokens;
      for (let time = 0; time < 3 && tokens; time += 1) tokens = await noting(client, scene.seen, 'the tab', tokens, 1);
    },
    slow: async (client) => { await client.ask(refresh(scene.given.tokens)); },
  }),
  check: (scene) => checkRacers(scene.seen),
});

/** What became of a token that was presented once a while after it was replaced. */
const stolen = withEach(['lost', 'repeated', 'death'], scenario({
  name: 'the owner refreshes three times, and a thief presents the first token at any time',
  ticks: [PAST_THE_GRACE],
  given: signedIn,
  seen: () => ({ theft: undefined as Answer | undefined, refreshed: [] as number[], late: false }),
  clients: ({ given, run, seen }) => ({
    owner: async (client) => {
      let tokens: Tokens = given.tokens;
      for (let time = 0; time < 3; time += 1) {
        const answer = await client.insist(2, refresh(tokens));
        if (answer.status !== 200) return;
        tokens = answer.body;
        seen.refreshed.push(run.now);
      }
    },
    thief: async (client) => {
      seen.theft = await client.insist(3, () => {
        // Two generations have passed, and since then the grace: a thief, or a tab that nobody can tell from one.
        seen.late = seen.refreshed.length >= 2 && run.now - seen.refreshed[1]! >= PAST_THE_GRACE;
        return refresh(given.tokens);
      });
    },
  }),
  watched: ({ seen }) => `${seen.refreshed.join()} ${seen.late}`,
  async check(scene) {
    const { theft, late } = scene.seen;
    if (!theft || !late || isInconclusive(theft)) return;
    if (theft.status === 200) throw new Violation('a token that was replaced long ago was honoured');
    await scene.mustBeDead(scene.given.tokens, 'after a token that was replaced long ago was presented');
  },
}));

/** Whoever is alone is never sent away, whatever gets lost. */
export const alone = scenario({
  name: 'one client refreshes three times and insists, with the grace passing twice',
  ticks: [PAST_THE_GRACE, PAST_THE_GRACE],
  given: signedIn,
  seen,
  clients: (scene) => ({
    owner: async (client) => {
      let tokens: Tokens | undefined = scene.given.tokens;
      for (let time = 0; time < 3 && tokens; time += 1) tokens = await noting(client, scene.seen, 'the owner', tokens, 4);
    },
  }),
  check({ seen: { answers } }) {
    const refused = answers.find(({ answer }) => answer.status !== 200 && !isInconclusive(answer));
    if (refused) throw new Violation(`a client that is alone was answered ${refused.answer.body.code}`);
  },
});

/** Without faults: after a lost answer, a tab that arrives when another one has gone on already looks like a thief, by decision (ADR 20). */
export const jar = scenario({
  name: 'two tabs share one cookie, and their answers arrive in any order, with the grace passing',
  ticks: [PAST_THE_GRACE],
  given: signedIn,
  seen: () => ({ cookie: undefined as Tokens | undefined, refused: '' }),
  clients: ({ given, seen }) => Object.fromEntries(([['first tab', 3], ['second tab', 1]] as const).map(([name, times]) => [name, async (client: Client) => {
    for (let time = 0; time < times; time += 1) {
      const answer = await client.ask(() => refresh(seen.cookie ?? given.tokens));
      if (answer.status === 200) seen.cookie = answer.body;
      else if (!isInconclusive(answer) && answer.body.code !== 'refresh_superseded') seen.refused = answer.body.code;
    }
  }])),
  watched: ({ seen }) => `${seen.cookie?.refresh_token} ${seen.refused}`,
  check({ seen: { refused } }) {
    if (refused !== '') throw new Violation(`a tab of the owner was answered ${refused}`);
  },
});

const late = withEach(['lost', 'unanswered'], scenario({
  name: 'two tabs refresh one token, before or after the grace',
  ticks: [PAST_THE_GRACE],
  given: signedIn,
  seen,
  clients: (scene) => Object.fromEntries(['first tab', 'second tab'].map((name) => [name, async (client) => {
    await noting(client, scene.seen, name, scene.given.tokens, 2);
  }])),
  async checkEnd(scene) {
    const got = scene.seen.answers.filter(({ answer }) => answer.status === 200).map(({ answer }) => answer.body as Tokens);
    const newest = Math.max(...got.map(({ refresh_token }) => generationOf(refresh_token)));
    const live = new Set(got.map(({ refresh_token }) => refresh_token).filter((token) => generationOf(token) === newest));
    if (live.size > 1) throw new Violation('two live successors');
  },
}));

/** Uses that succeeded, by whom. */
const TAKING_TURNS = /owner thief owner thief|thief owner thief owner/;

export const turns = scenario({
  name: 'the owner and a thief hold one token, and each refreshes up to three times, never both at once',
  ticks: [PAST_THE_GRACE, PAST_THE_GRACE, PAST_THE_GRACE, PAST_THE_GRACE],
  mayTick: (run) => run.inFlight.size === 0,
  given: signedIn,
  seen: () => ({ uses: [] as { readonly by: string; readonly at: number }[] }),
  clients: ({ given, run, seen: { uses } }) => Object.fromEntries(['owner', 'thief'].map((name) => [name, async (client: Client) => {
    let tokens: Tokens = given.tokens;
    for (let time = 0; time < 3; time += 1) {
      const answer = await client.ask(() => {
        // Racers within the grace get the same successor, by intent: this is about those who come later.
        if (run.inFlight.size > 1 || uses.at(-1)?.at === run.now) return undefined;
        uses.push({ by: name, at: run.now });
        return refresh(tokens);
      });
      // Also one whose answer did not arrive: nobody has anything of it.
      if (answer.status !== 200) {
        uses.splice(uses.findLastIndex(({ by }) => by === name), 1);
        return;
      }
      tokens = answer.body;
    }
  }])),
  watched: ({ seen: { uses } }) => uses.map(({ by, at }) => `${by} ${at}`).join(),
  check({ seen: { uses } }) {
    const order = uses.map(({ by }) => by).join(' ');
    if (TAKING_TURNS.test(order)) throw new Violation(`owner and thief go on in turn, and nobody notices: ${order}`);
  },
});

export const REFRESH = [...racers, ...three, slow, ...stolen, ...withEach(['unanswered', 'lost', 'death'], alone), jar, ...late, turns];
