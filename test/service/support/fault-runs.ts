import type { AwsCall, FaultSpec } from '../../../local/services/types';
import type { Answer } from './client';
import type { Service } from './service';

/** A route under faults. `T` is what one run of it works on. */
export interface Journey<T> {
  /** Logical id of the function whose calls fail, or its beginning. */
  readonly caller: string;
  readonly success: number;
  /** What a repetition may answer besides success, where the first one took effect although it answered 503. */
  readonly afterEffect?: number;
  prepare(): Promise<T>;
  act(subject: T): Promise<Answer>;
  /** What is wrong in the tables after the faulted call, before anything is repeated. */
  invariants?(subject: T, answer: Answer): Promise<string[]>;
  /** What is wrong once the last answer was a success or `afterEffect`. `requests`: how many there were. */
  settled?(subject: T, answer: Answer, requests: number): Promise<string[]>;
}

/** One call of DynamoDB in a journey: the `nth` of its operation on its table. */
export interface CallSite {
  readonly operation: string;
  readonly resource: string;
  readonly nth: number;
}

/** How one faulted run went; `wrong` is empty when all is well. */
export interface Run {
  readonly fault: string;
  readonly status: number;
  /** Calls that met the fault before the first answer. */
  readonly applied: number;
  readonly wrong: readonly string[];
}

type Effect = FaultSpec['effect'];

const READS: readonly string[] = ['GetItem', 'BatchGetItem', 'Query'];
/** Once: the function tries again and nobody notices. `conflict` says that another transaction holds the item: only writes hear it. */
const EFFECTS: readonly Effect[] = ['throttle', 'error', 'drop', 'conflict', 'commit-then-drop'];
const WRITES_ONLY: readonly Effect[] = ['conflict', 'commit-then-drop'];

export const isRead = ({ operation }: { readonly operation: string }): boolean => READS.includes(operation);

/** The calls that a run makes when nothing goes wrong. The first run of a process also loads keys: the second one counts. */
export async function callSites<T>(service: Service, journey: Journey<T>): Promise<CallSite[]> {
  await complete(journey);
  const subject = await journey.prepare();
  const after = service.instance.calls.list().at(-1)?.sequence ?? 0;
  const answer = await journey.act(subject);
  const calls = service.instance.calls.list({ after, service: 'dynamodb', caller: journey.caller });
  await journey.settled?.(subject, answer, 1);
  const seen = new Map<string, number>();
  return calls.map(({ operation, resource = '' }: AwsCall) => {
    const nth = seen.get(`${operation} ${resource}`) ?? 0;
    seen.set(`${operation} ${resource}`, nth + 1);
    return { operation, resource, nth };
  });
}

async function complete<T>(journey: Journey<T>): Promise<void> {
  const subject = await journey.prepare();
  const answer = await journey.act(subject);
  if (answer.status !== journey.success) throw new Error(`answered ${answer.status} ${answer.text}`);
  await journey.settled?.(subject, answer, 1);
}

/**
 * Fails each call once with every effect, then lets everything fail from each call on. In this order: each outage takes from the tries that
 * the SDK grants a process, and a process that has several behind it may have none left for a single fault until enough calls went well.
 */
export async function runAll<T>(service: Service, journey: Journey<T>, sites: readonly CallSite[]): Promise<Run[]> {
  const effectsOn = (site: CallSite) => EFFECTS.filter((effect) => !isRead(site) || !WRITES_ONLY.includes(effect));
  const faults = sites.flatMap((site, index) => effectsOn(site).map((effect) => ({ site, index, effect })));
  const runs: Run[] = [];
  for (const { site: { operation, resource, nth }, effect } of faults) {
    runs.push(await run(service, journey, { effect, operation, resource, skip: nth, times: 1 }));
  }
  for (const { index, effect } of faults) runs.push(await run(service, journey, { effect, skip: index }));
  return runs;
}

/** One run with one fault, repeated once by the client when it answered 503. */
export async function run<T>(service: Service, journey: Journey<T>, fault: FaultSpec): Promise<Run> {
  const subject = await journey.prepare();
  const { id } = service.instance.faults.add({ service: 'dynamodb', caller: journey.caller, ...fault });
  let answer = await journey.act(subject);
  const applied = service.instance.faults.list().find((entry) => entry.id === id)!.applied;
  service.instance.faults.remove(id);

  const { status } = answer;
  const wrong = applied === 0 ? ['the fault met no call'] : [];
  wrong.push(...status === journey.success ? [] : refusal(answer, fault, () => logged(service, answer)));
  wrong.push(...await journey.invariants?.(subject, answer) ?? []);
  if (status === 503) {
    answer = await journey.act(subject);
    if (answer.status !== journey.success && answer.status !== journey.afterEffect) wrong.push(`the repetition answered ${answer.status} ${answer.text}`);
  }
  wrong.push(...await journey.settled?.(subject, answer, status === 503 ? 2 : 1) ?? []);
  return { fault: `${fault.effect} ${fault.times === 1 ? `${fault.operation} ${fault.resource} ${fault.skip}` : `everything after ${fault.skip} calls`}`, status, applied, wrong };
}

/** A fault that passes is not noticed; an outage is 503 and says when to come back (ASVS 16.5.2). */
function refusal({ status, headers, body, text }: Answer, fault: FaultSpec, why: () => string): string[] {
  const wrong: string[] = [];
  if (fault.times === 1) wrong.push(`a single fault was answered with ${status} ${text}: ${why()}`);
  if (status !== 503) wrong.push(`answered ${status} ${text}`);
  if (!(Number(headers['retry-after']) > 0)) wrong.push(`Retry-After is ${headers['retry-after']}`);
  if (headers['content-type'] !== 'application/problem+json') wrong.push(`Content-Type is ${headers['content-type']}`);
  if (body?.code !== 'unavailable') wrong.push(`the code is ${body?.code}`);
  return wrong;
}

/** What the function logged of its error. */
function logged(service: Service, { body }: Answer): string {
  const own = service.instance.logs().filter(({ document }) => document?.request_id === body?.requestId);
  return own.flatMap(({ document }) => (document?.error ? [JSON.stringify(document.error)] : [])).join();
}
