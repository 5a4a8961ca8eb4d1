import { itemsOf, labelOf } from '../dynamodb/requests';
import { Randomness } from '../engine/random';
import type { Run } from '../engine/run';
import { RevocationsTable } from '../../../src/contract/tables';
import type { WriteRecorder } from '../writes/recorder';
import type { Caller } from './caller';
import { onBehalfOf } from './caller';
import type { Container, FunctionName } from './functions';
import { startContainer } from './functions';
import type { Request } from './requests';
import { firstKeys } from './requests';
import { START, VARIABLES } from './settings';
import { isRead, Stores } from './world';

export interface Answer {
  /** As over HTTP, also of functions that are not called over HTTP. 0: the client got none. */
  readonly status: number;
  readonly body: any;
}

/** What came back when nothing came back. */
export const NO_ANSWER: Answer = { status: 0, body: {} };

/** Whether a client would send the request again. */
export function isInconclusive({ status }: Answer): boolean {
  return status === 0 || status >= 500;
}

export interface ServiceOptions {
  readonly variables?: Readonly<Record<string, string>>;
  /** Of the hash that the functions are configured with. */
  readonly strength?: number;
  /**
   * Whether keys change: then calls about keys are the steps, in containers that begin with each run, and all else happens at once.
   * Otherwise no key ever changes, and reading one is no step.
   */
  readonly keysMove?: boolean;
  readonly recorder?: WriteRecorder;
}

/** The functions, each in one container that serves all requests. */
export class Service {
  private readonly containers = new Map<FunctionName, Container>();

  constructor(private readonly stores: Stores, private readonly options: ServiceOptions = {}) {}

  /** One request by itself, at once. */
  async now(name: string, stores: Stores, at: number, request: Request, hashing: Caller['hashing'] = () => undefined): Promise<Answer> {
    return this.invoke({
      name,
      randomness: new Randomness(name),
      now: () => at,
      send: async (service, command, input) => stores.execute(service, command, input),
      hashing,
    }, request);
  }

  /** One request among others: each of its calls is a step of the run. */
  within(run: Run, stores: Stores, name: string, request: Request, options: { readonly skew?: number; readonly hashing: Caller['hashing'] }): Promise<Answer> {
    let calls = 0;
    return this.invoke({
      name,
      randomness: new Randomness(name),
      now: () => run.now + (options.skew ?? 0),
      send: (service, command, input) => {
        const perform = (): object => stores.execute(service, command, input);
        if (aboutKeys(service, command, input) !== (this.options.keysMove === true)) return Promise.resolve().then(perform);
        calls += 1;
        if (service === 'dynamodb') this.options.recorder?.note(`${request.function} ${calls}`, command, input);
        const label = service === 'dynamodb' ? labelOf(command, input) : secretLabel(command, input);
        const touches = service === 'dynamodb' ? itemsOf(command, input) : [`secret ${(input as { readonly SecretId: string }).SecretId}`];
        return run.step(name, { label: `${calls}. ${label}`, kind: isRead(command) ? 'read' : 'write', touches }, perform);
      },
      hashing: options.hashing,
    }, request);
  }

  private invoke(caller: Caller, request: Request): Promise<Answer> {
    return onBehalfOf(caller, async () => {
      try {
        return answerOf(await this.container(request.function, caller.now()).invoke(request.event));
      } catch (error) {
        // The authorizer and the rotation answer by throwing.
        return { status: (error as Error).message === 'Unauthorized' ? 401 : 500, body: { code: (error as Error).message } };
      }
    });
  }

  private container(name: FunctionName, now: number): Container {
    let container = this.containers.get(name);
    if (!container) {
      const warming: Caller = {
        name: 'init', randomness: new Randomness(`init of ${name}`), now: () => now, hashing: () => undefined,
        send: async (service, command, input) => this.stores.execute(service, command, input),
      };
      container = onBehalfOf(warming, () => startContainer(name, { ...VARIABLES, ...this.options.variables }, this.options.strength ?? 1));
      this.containers.set(name, container);
    }
    return container;
  }
}

let made: Promise<Stores> | undefined;

/** A service just after its deployment: it has its keys. */
export async function deployed(): Promise<Stores> {
  made ??= (async () => {
    const stores = Stores.empty();
    const answer = await new Service(stores, { keysMove: true }).now('deployment', stores, START - 3_600_000, firstKeys());
    if (answer.status !== 200) throw new Error(`the first keys: ${JSON.stringify(answer)}`);
    return stores;
  })();
  return made;
}

function aboutKeys(service: string, command: string, input: unknown): boolean {
  if (service === 'secretsmanager') return true;
  return itemsOf(command, input).includes(`Revocations ${RevocationsTable.SIGNING_KEYS}`);
}

function secretLabel(command: string, input: unknown): string {
  const { SecretId, ClientRequestToken, VersionStage, VersionId } = input as Readonly<Record<string, string | undefined>>;
  return [command.replace('Command', ''), SecretId?.split(':').at(-1), VersionStage, (ClientRequestToken ?? VersionId)?.slice(-12)].filter((part) => part !== undefined).join(' ');
}

function answerOf(result: any): Answer {
  if (result === undefined) return { status: 200, body: {} };
  if ('statusCode' in result) return { status: result.statusCode, body: result.body === '' ? {} : JSON.parse(result.body) };
  if ('policyDocument' in result) return { status: result.policyDocument.Statement[0].Effect === 'Allow' ? 200 : 403, body: result };
  if (result.ok === true) return { status: 200, body: result };
  return { status: result.error.code === 'unavailable' || result.error.code === 'service_unavailable' ? 503 : 400, body: result.error };
}
