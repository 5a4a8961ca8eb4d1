import type { Faults, Run } from '../engine/run';
import { Unanswered } from '../engine/run';
import type { Exploration, Result } from '../engine/search';
import { explore, Violation } from '../engine/search';
import type { Alteration } from '../dynamodb/dynamodb';
import { Oracle } from '../service/oracle';
import type { Request, Tokens } from '../service/requests';
import { authorize } from '../service/requests';
import type { Answer, ServiceOptions } from '../service/service';
import { deployed, isInconclusive, NO_ANSWER, Service } from '../service/service';
import { START } from '../service/settings';
import { claimsOf } from '../service/tokens';
import { Stores } from '../service/world';
import type { WriteRecorder } from '../writes/recorder';

/** One flow against others. */
export interface Scenario<Given = any, Seen = any> extends ServiceOptions {
  /** With the ids of the requirements that it shows. */
  readonly name: string;
  readonly faults?: Faults;
  readonly ticks?: readonly number[];
  readonly mayTick?: (run: Run) => boolean;
  readonly sweep?: boolean;
  /** Before the deployment made the first keys. */
  readonly bare?: boolean;
  /** What is there before anything runs at once. Made once; nothing of it may change later. */
  given(before: Before): Promise<Given>;
  /** What the clients note down. */
  seen(): Seen;
  /** What runs at once, by name. */
  clients(scene: Scene<Given, Seen>): Readonly<Record<string, (client: Client) => Promise<void>>>;
  /** Throws a `Violation` at a state that must not be. */
  check?(scene: Scene<Given, Seen>): Promise<void> | void;
  /** The same when nothing is left to do. */
  checkEnd?(scene: Scene<Given, Seen>): Promise<void> | void;
  /** Called after each step, for what only somebody who looks all the time sees. It belongs into `counted`. */
  observe?(scene: Scene<Given, Seen>): void;
  /** What of `seen` decides what clients do although it is not their own: the order of answers then counts. */
  watched?(scene: Scene<Given, Seen>): string;
  /** What checks go by that follows neither from the stores nor from the answers. */
  counted?(scene: Scene<Given, Seen>): string;
}

/** Types are inferred from `given` and `seen`. */
export function scenario<Given, Seen>(definition: Scenario<Given, Seen>): Scenario {
  return definition;
}

/** The time before a scenario: requests one after the other. */
export class Before {
  now = START - 60_000;
  readonly released: string[] = [];
  private requests = 0;

  constructor(private readonly service: Service, readonly stores: Stores) {}

  /** The body of the answer, which must be a success. */
  async ask(request: Request): Promise<any> {
    this.requests += 1;
    const answer = await this.service.now(`before ${this.requests}`, this.stores, this.now, request);
    if (answer.status >= 300) throw new Error(`before the scenario, ${request.function} answered ${answer.status} ${JSON.stringify(answer.body)}`);
    if (answer.body.access_token) this.released.push(answer.body.access_token);
    return answer.body;
  }

  /** The same for what is to be refused. */
  async attempt(request: Request): Promise<Answer> {
    this.requests += 1;
    return this.service.now(`before ${this.requests}`, this.stores, this.now, request);
  }
}

/** One run of a scenario as its checks see it. */
export class Scene<Given = any, Seen = any> {
  /** Every pair of tokens that left a function, whether or not its client got it. */
  readonly released: string[];
  readonly pairs: Tokens[] = [];
  /** Passwords that were hashed since the run began, by hour. */
  readonly hashed: { readonly password: string; readonly at: number; readonly by: string }[] = [];

  constructor(
    readonly given: Given,
    readonly seen: Seen,
    readonly run: Run,
    readonly stores: Stores,
    readonly service: Service,
    private readonly oracle: Oracle | undefined,
    released: readonly string[],
  ) {
    this.released = [...released];
  }

  /** What the service would answer now. */
  wouldAnswer(request: Request): Promise<Answer> {
    return this.asked.ask(this.stores, this.run.now, request);
  }

  wouldAuthorize(accessToken: string): Promise<Answer> {
    return this.wouldAnswer(authorize(accessToken));
  }

  accepts(accessToken: string, skew = 0): Promise<boolean> {
    return this.asked.accepts(this.stores, this.run.now + skew, accessToken);
  }

  refreshes(tokens: Tokens): Promise<boolean> {
    return this.asked.refreshes(this.stores, this.run.now, tokens);
  }

  /** Where keys change, a container of its own, which remembers nothing. */
  private get asked(): Oracle {
    return this.oracle ?? new Oracle(new Service(this.stores, { keysMove: true }));
  }

  /** What would happen if from now on there were only these requests, one after the other. */
  sequel(): (request: Request) => Promise<Answer> {
    const copy = this.stores.copy();
    let requests = 0;
    return (request) => {
      requests += 1;
      return this.service.now(`afterwards ${requests}`, copy, this.run.now, request);
    };
  }

  /** No token of the session that ever left a function is good for anything. `behind`: clocks of verifiers that are late, milliseconds. */
  async mustBeDead(tokens: Tokens, why: string, behind = 0): Promise<void> {
    const { sid } = claimsOf(tokens.access_token);
    for (const pair of [tokens, ...this.pairs]) {
      if (claimsOf(pair.access_token).sid !== sid) continue;
      if (await this.refreshes(pair)) throw new Violation(`${why}: the session can still be refreshed`);
    }
    for (const token of this.released) {
      if (claimsOf(token).sid !== sid) continue;
      for (const skew of new Set([0, -behind])) {
        if (await this.accepts(token, skew)) throw new Violation(`${why}: an access token of the session is still accepted${skew ? ' by a verifier whose clock is behind' : ''}`);
      }
    }
  }

  async mustLive(tokens: Tokens, why: string): Promise<void> {
    if (!await this.refreshes(tokens)) throw new Violation(`${why}: the session cannot be refreshed`);
    if (!await this.accepts(tokens.access_token)) throw new Violation(`${why}: the access token is not accepted`);
  }
}

/** Somebody who sends one request after the other. */
export class Client {
  private requests = 0;

  constructor(private readonly scene: Scene, private readonly name: string) {}

  /**
   * A request that is made up only when it is sent goes by what is known then, and may turn out to be none. `skew`: how far the clock of the
   * function is ahead, milliseconds.
   */
  async ask(request: Request | (() => Request | undefined), skew = 0): Promise<Answer> {
    const { run, stores, service } = this.scene;
    this.requests += 1;
    const actor = `${this.name} ${this.requests}`;
    try {
      return await run.request(actor, async () => {
        const sent = typeof request === 'function' ? request() : request;
        if (!sent) return NO_ANSWER;
        const answer = await service.within(run, stores, actor, sent, {
          skew, hashing: (password) => this.scene.hashed.push({ password, at: run.now, by: this.name }),
        });
        if (answer.body.code === 'internal_error') throw new Violation(`${actor} was answered internal_error`);
        if (answer.body.code === 'validation_failed') throw new Error(`${actor} sent what the service does not take: ${JSON.stringify(answer.body)}`);
        if (answer.status >= 500 && run.unharmed) throw new Violation(`${actor} was answered ${answer.status}, and nothing had failed`);
        if (answer.body.access_token) {
          this.scene.released.push(answer.body.access_token);
          if (answer.body.refresh_token) this.scene.pairs.push(answer.body);
        }
        return answer;
      });
    } catch (error) {
      if (error instanceof Unanswered) return NO_ANSWER;
      throw error;
    }
  }

  /** Sends it again, so many times in all, until there is an answer that says something. */
  async insist(times: number, request: Request | (() => Request)): Promise<Answer> {
    let answer = await this.ask(request);
    for (let time = 1; time < times && isInconclusive(answer); time += 1) answer = await this.ask(request);
    return answer;
  }
}

export interface ExploreOptions {
  readonly mostStates: number;
  /** Makes a mutant of the stores. */
  readonly alter?: Alteration;
  /** Is told of the conditional writes that run. */
  readonly recorder?: WriteRecorder;
}

export async function exploreScenario(scenario: Scenario, { mostStates, alter, recorder }: ExploreOptions): Promise<Result> {
  const stores = (scenario.bare ? Stores.empty() : await deployed()).altered(alter);
  const before = new Before(new Service(stores), stores);
  let given: unknown;
  try {
    given = await scenario.given(before);
  } catch (error) {
    return { states: 0, runs: 0, steps: 0, ends: 0, exhausted: false, violation: { message: String(error), trace: [] } };
  }
  const shared = scenario.keysMove ? undefined : new Service(stores, { ...scenario, recorder });
  const oracle = shared && new Oracle(shared);
  const exploration: Exploration = {
    begin(begun) {
      const own = stores.copy();
      const { faults, ticks, mayTick, sweep } = scenario;
      const watched = scenario.watched && (() => scenario.watched!(scene));
      const counted = scenario.counted && (() => scenario.counted!(scene));
      const after = scenario.observe && (() => scenario.observe!(scene));
      const plan = { faults, ticks, mayTick, sweep, watched, counted, after, memory: scenario.keysMove };
      const run = begun(Object.fromEntries(Object.entries(plan).filter(([, value]) => value !== undefined)), own, START);
      const scene: Scene = new Scene(given, scenario.seen(), run, own, shared ?? new Service(own, { ...scenario, recorder }), oracle, before.released);
      for (const [name, script] of Object.entries(scenario.clients(scene))) {
        script(new Client(scene, name)).catch((error: unknown) => { run.failure ??= error; });
      }
      return { run, check: async () => scenario.check?.(scene), checkEnd: async () => scenario.checkEnd?.(scene) };
    },
  };
  return explore(exploration, mostStates);
}
