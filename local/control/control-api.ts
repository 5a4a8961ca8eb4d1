import { IncomingMessage, ServerResponse } from 'node:http';
import { VirtualClock } from '../clock';
import { Functions } from '../lambda/functions';
import { Journal } from '../report/journal';
import { AwsServices, DynamoDbControl, FaultSpec } from '../services/types';
import { isRecord } from '../template/types';

const PREFIX = '/_local/';

export interface Controlled {
  readonly clock: VirtualClock;
  readonly functions: Functions;
  readonly journal: Journal;
  readonly services: () => AwsServices;
  /** What `GET /_local/` tells. */
  readonly describe: () => unknown;
}

type Route = (body: Record<string, unknown>, query: URLSearchParams, rest: string) => unknown;

class ControlError extends Error {}

/** `/_local/...` on the port of the service endpoints: moves the clock, makes AWS calls fail, tells what happened. */
export class ControlApi {
  private readonly routes: Readonly<Record<string, Route>>;

  constructor(private readonly controlled: Controlled) {
    const { clock, functions, journal, services } = controlled;
    this.routes = {
      'GET ': () => controlled.describe(),
      'GET clock': () => this.clock(),
      'POST clock': (body) => {
        if (body.advanceSeconds !== undefined) clock.advance(number(body, 'advanceSeconds') * 1000);
        if (body.offsetMs !== undefined) clock.set(number(body, 'offsetMs'));
        if (body.skewMs !== undefined) {
          if (!isRecord(body.skewMs)) throw new ControlError('skewMs must be an object of logical ids and milliseconds');
          for (const [logicalId, milliseconds] of Object.entries(body.skewMs)) clock.skew(logicalId, Number(milliseconds));
        }
        return this.clock();
      },
      'GET faults': () => services().faults.list(),
      'POST faults': (body) => {
        if (typeof body.effect !== 'string') throw new ControlError('a fault needs an effect');
        return services().faults.add(body as unknown as FaultSpec);
      },
      'DELETE faults': (_body, _query, rest) => {
        services().faults.remove(rest === '' ? undefined : rest);
        return services().faults.list();
      },
      'GET calls': (_body, query) => services().calls.list(filter(query)),
      'DELETE calls': () => services().calls.clear(),
      'GET mails': () => services().mails(),
      'GET rotations': () => services().rotations(),
      'POST dynamodb': (body) => dynamoDb(services().dynamoDb, body),
      'GET logs': (_body, query) => journal.logEntries(filter(query)),
      'DELETE logs': () => journal.clear(),
      'GET requests': (_body, query) => journal.requestEntries(Number(query.get('after') ?? 0)),
      'GET functions': () => functions.state(),
      'POST functions': (body) => {
        functions.recycle(typeof body.recycle === 'string' ? body.recycle : undefined);
        return functions.state();
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
    const [path = '', query = ''] = target.split('?');
    const [name = '', ...rest] = path.split('/');
    const route = this.routes[`${request.method} ${name}`];
    if (!route) {
      reply(response, 404, { error: `there are: ${Object.keys(this.routes).map((key) => key.replace(' ', ` ${PREFIX}`)).join(', ')}` });
      return;
    }
    try {
      const body: unknown = chunks.length === 0 ? {} : JSON.parse(Buffer.concat(chunks).toString('utf8'));
      reply(response, 200, (await route(isRecord(body) ? body : {}, new URLSearchParams(query), rest.join('/'))) ?? {});
    } catch (error) {
      reply(response, 400, { error: (error as Error).message });
    }
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

function number(body: Record<string, unknown>, name: string): number {
  const value = body[name];
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new ControlError(`${name} must be a number`);
  return value;
}

function filter(query: URLSearchParams): Record<string, string | number> {
  const result: Record<string, string | number> = Object.fromEntries(query);
  if (query.has('after')) result.after = Number(query.get('after'));
  return result;
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(body, null, 2)}\n`);
}
