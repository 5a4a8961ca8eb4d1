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

export const REFRESH = [...racers, ...three, slow, ...stolen];
