import { IncomingMessage, ServerResponse } from 'node:http';
import { underNames } from '../loopback/admission';
import { LoopbackServer } from '../loopback/server';
import { describeRequest, GatewayAnswer, GatewayRequest, json, RequestNotes } from './message';

/** API Gateway's own limit. */
const MAX_BODY_BYTES = 10 * 1024 * 1024;

export interface ServedRequest {
  readonly request: GatewayRequest;
  readonly answer: GatewayAnswer;
  readonly notes: RequestNotes;
  readonly durationMs: number;
  /** Logical id of the distribution that brought the request; absent: it came over the port. */
  readonly via?: string;
}

/** What stands behind a listener. `oversize` tells that the body was not read because it is over the limit. */
export interface Gateway {
  answer(request: GatewayRequest, notes: RequestNotes, oversize: boolean): Promise<GatewayAnswer>;
}

/** The port of one API, domain or distribution. It is bound before anything is created, so that URLs are known, and answers 503 until `open`. */
export class Listener {
  private readonly server: LoopbackServer;
  private gateway: Gateway | undefined;

  private onServed: (served: ServedRequest) => void = () => undefined;

  /** @param isOwnName whether an API, distribution or domain of the app has this host name. */
  constructor(private readonly now: () => number, isOwnName: (host: string) => boolean) {
    this.server = new LoopbackServer((request, response) => void this.serve(request, response), {
      admission: underNames(isOwnName), http: { maxHeaderSize: 65_536, keepAliveTimeout: 60_000 },
    });
  }

  /** With the name that pages in development have too: a page on `localhost` is of another site than `127.0.0.1`. */
  get url(): string {
    return `http://localhost:${this.server.port}`;
  }

  bind(port: number): Promise<void> {
    return this.server.listen(port);
  }

  open(gateway: Gateway, onServed: (served: ServedRequest) => void): void {
    this.gateway = gateway;
    this.onServed = onServed;
  }

  stop(): Promise<void> {
    return this.server.stop();
  }

  /** Has a request answered that somebody in front of this port relays. */
  relay(request: GatewayRequest, oversize: boolean, via: string): Promise<ServedRequest> {
    return this.exchange(request, oversize, via);
  }

  private async serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { body, oversize } = await readBody(incoming);
    const request = describeRequest(incoming, body, this.now());
    await this.exchange(request, oversize, undefined, (answer) => send(response, request, answer));
  }

  private async exchange(
    request: GatewayRequest, oversize: boolean, via?: string, deliver: (answer: GatewayAnswer) => void = () => undefined,
  ): Promise<ServedRequest> {
    const started = performance.now();
    const notes: RequestNotes = {};
    let answer: GatewayAnswer;
    try {
      answer = this.gateway
        ? await this.gateway.answer(request, notes, oversize)
        : json(503, { message: 'The local instance is starting' }, [['Retry-After', '1']]);
    } catch (error) {
      notes.integrationError = `local instance: ${(error as Error).stack ?? String(error)}`;
      answer = json(500, { message: 'Internal server error' });
    }
    deliver(answer);
    const served = { request, answer, notes, durationMs: performance.now() - started, ...(via === undefined ? {} : { via }) };
    this.onServed(served);
    return served;
  }
}

async function readBody(request: IncomingMessage): Promise<{ body: Buffer; oversize: boolean }> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      // What is too much is read to its end, so that the client gets an answer instead of a broken pipe.
      if (size <= MAX_BODY_BYTES) chunks.push(chunk);
    }
  } catch {
    // The client went away: nobody will read the answer.
  }
  const oversize = size > MAX_BODY_BYTES;
  return { body: oversize ? Buffer.alloc(0) : Buffer.concat(chunks), oversize };
}

function send(response: ServerResponse, request: GatewayRequest, answer: GatewayAnswer): void {
  const body = typeof answer.body === 'string' ? Buffer.from(answer.body, 'utf8') : answer.body;
  const bare = answer.status === 204 || answer.status === 304;
  const headers = answer.headers.flatMap(([name, value]) => [name, value.replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, ' ')]);
  if (!bare) headers.push('Content-Length', String(body.length));
  headers.push('Date', new Date().toUTCString());
  response.sendDate = false;
  response.writeHead(answer.status, headers);
  response.end(bare || request.method === 'HEAD' ? undefined : body);
}
