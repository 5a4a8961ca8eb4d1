import { IncomingMessage, ServerResponse } from 'node:http';
import { VirtualClock } from '../clock';
import { Functions } from '../lambda/functions';
import { Journal } from '../report/journal';
import { AwsServices, DynamoDbControl, FaultSpec } from '../services/types';
import { bodyMembers, ControlError, Kind, Members, queryMembers } from './members';

const PREFIX = '/_local/';

export interface Controlled {
  readonly clock: VirtualClock;
  readonly functions: Functions;
  readonly journal: Journal;
  readonly services: () => AwsServices;
  /** What `GET /_local/` tells. */
  readonly describe: () => unknown;
}

interface Request {
  readonly body: Record<string, unknown>;
  readonly query: Record<string, string | number>;
  /** What follows the name in the path. */
  readonly rest: string;
}

interface Route {
  /** Members of the body; absent: none. */
  readonly body?: Members;
  readonly query?: Members;
  /** The path goes on after the name. */
  readonly rest?: true;
  readonly run: (request: Request) => unknown;
}

const FAULT: Members = {
  service: 'text', operation: 'text', caller: 'text', resource: 'text', skip: 'number', times: 'number', effect: 'text', delayMs: 'number',
} satisfies Record<keyof FaultSpec, Kind>;

/** `/_local/...` on the port of the service endpoints: moves the clock, makes AWS calls fail, tells what happened. */
export class ControlApi {
  private readonly routes: Readonly<Record<string, Route>>;

  constructor(private readonly controlled: Controlled) {
    const { functions, journal, services } = controlled;
    this.routes = {
      'GET ': { run: () => controlled.describe() },
      'GET clock': { run: () => this.clock() },
      'POST clock': { body: { advanceSeconds: 'number', offsetMs: 'number', skewMs: 'numbers by name' }, run: ({ body }) => this.moveClock(body) },
      'GET faults': { run: () => services().faults.list() },
      'POST faults': {
        body: FAULT,
        run: ({ body }) => {
          if (body.effect === undefined) throw new ControlError('a fault needs an effect');
          return services().faults.add(body as unknown as FaultSpec);
        },
      },
      'DELETE faults': { rest: true, run: ({ rest }) => this.removeFaults(rest) },
      'GET calls': { query: { after: 'number', service: 'text', operation: 'text', caller: 'text', resource: 'text' }, run: ({ query }) => services().calls.list(query) },
      'DELETE calls': { run: () => services().calls.clear() },
      'GET mails': { run: () => services().mails() },
      'GET rotations': { run: () => services().rotations() },
      'POST dynamodb': { body: { freezeIndexes: 'text or flag', sweepExpired: 'flag', sweeper: 'flag' }, run: ({ body }) => dynamoDb(services().dynamoDb, body) },
      'GET logs': { query: { after: 'number', source: 'text', requestId: 'text', stream: 'text', kind: 'text' }, run: ({ query }) => journal.logEntries(query) },
      'DELETE logs': { run: () => journal.clear() },
      'GET requests': { query: { after: 'number' }, run: ({ query }) => journal.requestEntries(Number(query.after ?? 0)) },
      'GET functions': { run: () => functions.state() },
      'POST functions': {
        body: { recycle: 'text' },
        run: ({ body }) => {
          if (typeof body.recycle === 'string') this.mustBeFunction(body.recycle);
          functions.recycle(body.recycle as string | undefined);
          return functions.state();
        },
      },
    };
  }

  /** @returns false for requests that are not for the control endpoint. */
  handle(request: IncomingMessage, response: ServerResponse): boolean {
    if (!request.url?.startsWith(PREFIX)) return false;
    void this.serve(request, response, request.url.slice(PREFIX.length));
    return true;
  }

  private async serve(request: IncomingMessage, response: ServerResponse, target: string): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const mark = target.indexOf('?');
    const path = mark < 0 ? target : target.slice(0, mark);
    const slash = path.indexOf('/');
    const name = slash < 0 ? path : path.slice(0, slash);
    const rest = slash < 0 ? '' : path.slice(slash + 1);
    const route = this.routes[`${request.method} ${name}`];
    if (!route || (rest !== '' && !route.rest)) {
      reply(response, 404, { error: `there are: ${Object.keys(this.routes).map((key) => key.replace(' ', ` ${PREFIX}`)).join(', ')}` });
      return;
    }
    try {
      const body = bodyMembers(Buffer.concat(chunks).toString('utf8'), route.body ?? {});
      const query = queryMembers(mark < 0 ? '' : target.slice(mark + 1), route.query ?? {});
      reply(response, 200, (await route.run({ body, query, rest })) ?? {});
    } catch (error) {
      reply(response, 400, { error: (error as Error).message });
    }
  }

  private moveClock({ advanceSeconds, offsetMs, skewMs }: Record<string, unknown>): object {
    const { clock } = this.controlled;
    const skews = Object.entries((skewMs ?? {}) as Record<string, number>);
    for (const [logicalId] of skews) this.mustBeFunction(logicalId);
    if (advanceSeconds !== undefined) clock.advance(Number(advanceSeconds) * 1000);
    if (offsetMs !== undefined) clock.set(Number(offsetMs));
    for (const [logicalId, milliseconds] of skews) clock.skew(logicalId, milliseconds);
    return this.clock();
  }

  private removeFaults(id: string): object {
    const { faults } = this.controlled.services();
    if (id !== '' && !faults.list().some((fault) => fault.id === id)) {
      throw new ControlError(`there is no fault ${id}; there are: ${faults.list().map((fault) => fault.id).join(', ')}`);
    }
    faults.remove(id === '' ? undefined : id);
    return faults.list();
  }

  private mustBeFunction(name: string): void {
    const all = this.controlled.functions.state();
    if (all.some((one) => one.logicalId === name || one.name === name)) return;
    throw new ControlError(`there is no function ${name}; there are: ${all.map(({ logicalId }) => logicalId).join(', ')}`);
  }

  private clock(): object {
    const { clock } = this.controlled;
    return { now: new Date(clock.now()).toISOString(), offsetMs: clock.offsetMs, skewMs: clock.skewList() };
  }
}

/**
 * `freezeIndexes`: true for all tables, a name for one, false to let the indexes catch up. `sweepExpired`: true deletes what has expired.
 * `sweeper`: false keeps expired items for good.
 */
async function dynamoDb(control: DynamoDbControl, body: Record<string, unknown>): Promise<object> {
  const { freezeIndexes: freeze, sweepExpired: sweep, sweeper } = body;
  if (freeze === false) control.releaseIndexes();
  else if (freeze !== undefined) control.freezeIndexes(typeof freeze === 'string' ? freeze : undefined);
  if (typeof sweeper === 'boolean') control.setSweeper(sweeper);
  return sweep === true ? { deleted: await control.sweepExpired() } : {};
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(body, null, 2)}\n`);
}
