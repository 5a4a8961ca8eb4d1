import http, { IncomingMessage, RequestListener, Server, ServerOptions, ServerResponse } from 'node:http';
import { AddressInfo } from 'node:net';
import { UserError } from '../template/types';
import { Admission } from './admission';

/** Browsers and programs take either for `localhost`. */
const LOOPBACK = ['127.0.0.1', '::1'] as const;

/** Free ports that are tried before the other family's half is given up on. */
const TRIES = 50;

export interface LoopbackOptions {
  /** Looked at before anything else of a request. */
  readonly admission: Admission;
  readonly http?: ServerOptions;
  /** Addresses to listen on; those that this machine does not have are left out, apart from the first. */
  readonly addresses?: readonly string[];
}

/** The one kind of port that the local instance has: on the loopback interface only, in both address families, behind an admission. */
export class LoopbackServer {
  private servers: Server[] = [];

  constructor(private readonly serve: RequestListener, private readonly options: LoopbackOptions) {}

  get listening(): boolean {
    return this.servers.length > 0;
  }

  get port(): number {
    return (this.servers[0]!.address() as AddressInfo).port;
  }

  /** @param port 0: any that is free. Rejects with a `UserError` when it is in use. */
  async listen(port: number): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        await this.listenOnAll(port);
        return;
      } catch (error) {
        await this.stop();
        if (codeOf(error) !== 'EADDRINUSE') throw error;
        // A port that was free in one family may be taken in the other.
        if (port !== 0 || tries === TRIES) throw new UserError(`port ${port} is in use: choose another with --port`);
      }
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.servers.splice(0).map((server) => new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    })));
  }

  private async listenOnAll(port: number): Promise<void> {
    const [first, ...others] = this.options.addresses ?? LOOPBACK;
    await this.listenOn(first!, port);
    for (const address of others) {
      await this.listenOn(address, this.port).catch((error: unknown) => {
        if (!isMissingFamily(error)) throw error;
      });
    }
  }

  private listenOn(address: string, port: number): Promise<void> {
    const server = http.createServer(this.options.http ?? {}, (request, response) => this.admit(request, response));
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host: address, port, ipv6Only: true }, () => {
        server.off('error', reject);
        this.servers.push(server);
        resolve();
      });
    });
  }

  private admit(request: IncomingMessage, response: ServerResponse): void {
    const refusal = this.options.admission(request);
    if (refusal === undefined) void this.serve(request, response);
    else refuse(request, response, refusal);
  }
}

/** Told as API Gateway and the services tell it, so that a program shows the message. */
function refuse(request: IncomingMessage, response: ServerResponse, message: string): void {
  request.resume();
  response.writeHead(403, { 'content-type': 'application/json', 'x-amzn-errortype': 'ForbiddenException', 'connection': 'close' });
  response.end(`${JSON.stringify({ __type: 'ForbiddenException', message })}\n`);
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

/** A machine or container without IPv6 has no `::1`. */
const isMissingFamily = (error: unknown): boolean => ['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EPROTONOSUPPORT', 'EINVAL'].includes(codeOf(error) ?? '');
