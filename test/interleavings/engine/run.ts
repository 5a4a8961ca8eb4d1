import { hash } from 'node:crypto';

/** What may go wrong within one run, and how often. */
export interface Faults {
  /** A request to a store that never arrives, or an answer of it that never comes back: the caller knows nothing. */
  readonly lost?: number;
  /** A write that is committed, whose answer is lost, and that the SDK sends again. */
  readonly repeated?: number;
  /** A function that dies before or after a write. */
  readonly death?: number;
  /** An answer of the service that does not reach the client. */
  readonly unanswered?: number;
}

/** What a scenario lets happen. */
export interface Plan {
  readonly faults?: Faults;
  /** Milliseconds by which the clock moves on, each at any moment, in this order. */
  readonly ticks?: readonly number[];
  /** Whether the clock may move now. Absent: only while no request is in flight. */
  readonly mayTick?: (run: Run) => boolean;
  /** Whether TTL may delete what has expired, once, at any moment. */
  readonly sweep?: boolean;
  /** State beside the world and the clients' histories that decides what clients do. With it the order of answers counts. */
  readonly watched?: () => string;
  /** State beside the world and the answers that only checks go by. */
  readonly counted?: () => string;
  /** Whether functions remember what they saw in earlier requests. Otherwise a request that is over is no more than its answer. */
  readonly memory?: boolean;
  /** Called after each step, also when a run is repeated. */
  readonly after?: () => void;
}

/** The stores. */
export interface World {
  state(): string;
  sweep(now: number): readonly string[];
}

/** The client of this request will never know what became of it. */
export class Unanswered extends Error {
  override readonly name = 'Unanswered';
}

/** A call that gave no answer, as the SDK tells of one. */
class NoAnswer extends Error {
  override readonly name = 'TimeoutError';
  readonly $metadata = { attempts: 3 };
}

export type StepKind = 'start' | 'read' | 'write' | 'answer';

/** Something that can happen next. */
export interface Choice {
  /** What it is called in a path: the same in every run. */
  readonly name: string;
  /** Absent: the clock or the sweep, which concern everybody. */
  readonly actor?: string;
  /** Items, or whole tables. */
  readonly touches: readonly string[];
  readonly writes: boolean;
  readonly fault: boolean;
}

/** Whether two choices come to the same in either order, neither of them making the other impossible. */
export function independent(a: Choice, b: Choice): boolean {
  if (a.actor === undefined || b.actor === undefined || a.actor === b.actor || (a.fault && b.fault)) return false;
  if (!a.writes && !b.writes) return true;
  return !a.touches.some((one) => b.touches.some((other) => one === other || one.startsWith(`${other} `) || other.startsWith(`${one} `)));
}

/** What the clients know together, where a scenario watches it. */
const SHARED = ['clients'];

export interface StepOptions {
  readonly label: string;
  readonly kind: StepKind;
  /** Items as `table key`, or a whole table. */
  readonly touches: readonly string[];
}

interface Step extends StepOptions {
  readonly id: string;
  readonly actor: string;
  readonly perform: () => unknown;
  readonly settle: (outcome: { readonly value: unknown } | { readonly error: unknown }) => void;
  committed: boolean;
}

/** Lets everything run that does not wait for a step. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * One run of a scenario. Whoever calls a store stops until `take` picks that step. What is between two steps is deterministic, so the
 * choices taken so far say everything about a run, and a list of them repeats it.
 */
export class Run {
  readonly trace: string[] = [];
  readonly inFlight = new Set<string>();
  readonly ticks: number[];
  /** A script of a client that failed: an error in the scenario, or something that it does not allow. */
  failure: unknown;
  private readonly left: Record<keyof Faults, number>;
  private steps: Step[] = [];
  private readonly histories = new Map<string, string>();
  private readonly giveUp = new Map<string, (error: Unanswered) => void>();
  private swept = false;

  constructor(readonly plan: Plan, readonly world: World, public now: number, private readonly traced: boolean) {
    this.left = { lost: 0, repeated: 0, death: 0, unanswered: 0, ...plan.faults };
    this.ticks = [...plan.ticks ?? []];
  }

  /** Stops the caller until this step is taken. `perform` is what it does to the world, and what it answers. */
  step<T>(actor: string, options: StepOptions, perform: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => this.steps.push({
      ...options, id: `${actor}/${options.label}`, actor, perform, committed: false,
      settle: (outcome) => ('error' in outcome ? reject(outcome.error) : resolve(outcome.value as T)),
    }));
  }

  /** One invocation of a function, from its start to its answer. Rejects with `Unanswered` when the client gets none. */
  async request<T>(actor: string, work: () => Promise<T>): Promise<T> {
    const touches = this.plan.watched ? SHARED : [];
    await this.step(actor, { label: 'start', kind: 'start', touches }, () => undefined);
    this.inFlight.add(actor);
    try {
      return await new Promise<T>((resolve, reject) => {
        this.giveUp.set(actor, reject);
        work().then((value) => this.step(actor, { label: 'answer', kind: 'answer', touches }, () => value)).then(resolve, reject);
      });
    } finally {
      this.inFlight.delete(actor);
    }
  }

  /** What can happen next. Steps that touch nothing shared go first, one by one: every order of them comes to the same. */
  choices(): Choice[] {
    const first = this.plan.watched ? undefined : this.steps.find(({ kind }) => kind === 'answer' || (kind === 'start' && this.ticks.length === 0));
    const choices = (first ? [first] : this.steps).flatMap((step) => choicesOf(step, this.faultsOf(step)));
    if (first) return choices;
    const everybody = { touches: [], writes: true, fault: false };
    if (this.ticks.length > 0 && (this.plan.mayTick?.(this) ?? this.inFlight.size === 0)) choices.push({ name: `tick ${this.ticks[0]}`, ...everybody });
    if (this.plan.sweep && !this.swept) choices.push({ name: 'sweep', ...everybody });
    return choices;
  }

  /** Whether everything went right so far that could go wrong. */
  get unharmed(): boolean {
    return Object.entries(this.left).every(([fault, left]) => left === (this.plan.faults?.[fault as keyof Faults] ?? 0));
  }

  /** Whether nobody waits for anything: only the clock and TTL go on. */
  get over(): boolean {
    return this.steps.length === 0;
  }

  async take(choice: string): Promise<void> {
    const space = choice.indexOf(' ');
    const [verb, id] = space < 0 ? [choice, ''] : [choice.slice(0, space), choice.slice(space + 1)];
    if (verb === 'tick') {
      this.now += this.ticks.shift()!;
      this.tell(`the clock moves on by ${Number(id) / 1000} s`);
    } else if (verb === 'sweep') {
      this.swept = true;
      this.tell(`TTL deletes ${this.world.sweep(this.now).join(', ') || 'nothing'}`);
    } else {
      const step = this.steps.find((each) => each.id === id);
      if (!step) throw new Error(`the run is not repeatable: no step ${id}, there are ${this.steps.map((each) => each.id).join(', ') || 'none'}`);
      this.play(verb, step);
    }
    this.plan.after?.();
    await settled();
  }

  /** Everything that decides what can happen from here on. */
  key(): string {
    const histories = [...this.histories].sort(([a], [b]) => (a < b ? -1 : 1)).map((entry) => entry.join());
    const waiting = this.steps.map(({ id, committed }) => `${id}${committed ? '+' : ''}`).sort();
    const own = [this.now, this.ticks.length, this.swept, ...Object.values(this.left), this.plan.watched?.(), this.plan.counted?.()];
    return hash('md5', [this.world.state(), ...histories, ...waiting, ...own].join('\n'), 'base64');
  }

  private faultsOf({ kind, committed }: Step): string[] {
    const { lost, repeated, death, unanswered } = this.left;
    if (kind === 'answer') return unanswered > 0 ? ['unanswered'] : [];
    if (kind === 'start') return [];
    const write = kind === 'write';
    return [
      ...(lost > 0 ? ['request-lost'] : []),
      ...(lost > 0 && write ? ['answer-lost'] : []),
      ...(repeated > 0 && write && !committed ? ['repeated'] : []),
      // Reading changes nothing: dying before or after it is dying before the next write.
      ...(death > 0 && write ? ['death-before', 'death-after'] : []),
    ];
  }

  private play(verb: string, step: Step): void {
    switch (verb) {
      case 'run':
        return this.finish(step, '', step.perform);
      case 'request-lost':
        this.left.lost -= 1;
        return this.finish(step, 'never arrives', () => { throw new NoAnswer(); });
      case 'answer-lost':
        this.left.lost -= 1;
        return this.finish(step, 'is done, its answer is lost', () => {
          quietly(step.perform);
          throw new NoAnswer();
        });
      case 'repeated':
        this.left.repeated -= 1;
        step.committed = true;
        quietly(step.perform);
        this.remember(step.actor, `${this.now} repeats ${step.label}`);
        return this.tell(`${step.actor}: ${step.label} is done, its answer is lost, and the SDK will send it again`);
      case 'unanswered':
        this.left.unanswered -= 1;
        return this.finish(step, 'does not reach the client', () => { throw new Unanswered(); });
      default:
        return this.die(step, verb === 'death-after');
    }
  }

  private finish(step: Step, remark: string, perform: () => unknown): void {
    this.steps.splice(this.steps.indexOf(step), 1);
    let outcome: Parameters<Step['settle']>[0];
    try {
      outcome = { value: perform() };
    } catch (error) {
      outcome = { error };
    }
    const text = textOf(outcome);
    this.remember(step.actor, `${this.now} ${step.label} ${text}`);
    // Whatever a request went through, from now on only its answer tells it from another; one that did not arrive may be in other hands.
    if (step.kind === 'answer' && !this.plan.memory) this.histories.set(step.actor, remark + textOf({ value: step.perform() }));
    this.tell(`${step.actor}: ${step.label} ${remark || `-> ${text.slice(0, 160)}`}`);
    step.settle(outcome);
  }

  private die(step: Step, after: boolean): void {
    this.left.death -= 1;
    if (after) quietly(step.perform);
    this.steps = this.steps.filter(({ actor }) => actor !== step.actor);
    this.histories.set(step.actor, 'dead');
    this.tell(`${step.actor}: the function dies ${after ? 'after' : 'before'} ${step.label}`);
    this.giveUp.get(step.actor)?.(new Unanswered());
  }

  private remember(actor: string, what: string): void {
    this.histories.set(actor, hash('md5', `${this.histories.get(actor) ?? ''}\n${what}`, 'base64'));
  }

  private tell(line: string): void {
    if (this.traced) this.trace.push(line);
  }
}

function choicesOf(step: Step, faults: readonly string[]): Choice[] {
  const { id, actor, touches, kind } = step;
  const writes = kind !== 'read';
  return ['run', ...faults].map((verb) => ({ name: `${verb} ${id}`, actor, touches, writes, fault: verb !== 'run' }));
}

function quietly(perform: () => unknown): void {
  try {
    perform();
  } catch {
    // Nobody is told.
  }
}

function textOf(outcome: { readonly value: unknown } | { readonly error: unknown }): string {
  if ('value' in outcome) return JSON.stringify(outcome.value) ?? '';
  const { name, Item, CancellationReasons } = outcome.error as { name: string; Item?: unknown; CancellationReasons?: unknown };
  return `${name} ${JSON.stringify(Item ?? CancellationReasons) ?? ''}`;
}
