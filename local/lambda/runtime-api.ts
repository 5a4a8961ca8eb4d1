import { IncomingMessage, ServerResponse } from 'node:http';
import { programsOnly } from '../loopback/admission';
import { LoopbackServer } from '../loopback/server';
import { ExecutionEnvironment } from './environment';
import { CUSTOM_RESOURCE_PATH, RUNTIME_API_VERSION } from './protocol';

/**
 * Lambda's runtime API, one server for all function processes: each is told an address of its own,
 * `127.0.0.1:<port>/<environment id>`. Answers of custom resources arrive on the same port.
 */
export class RuntimeApi {
  private readonly server: LoopbackServer;
  private readonly environments = new Map<string, ExecutionEnvironment>();
  private readonly responses = new Map<string, (body: string) => void>();

  constructor() {
    this.server = new LoopbackServer((request, response) => void this.serve(request, response), {
      admission: programsOnly, http: { keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0 },
    });
  }

  get port(): number {
    return this.server.port;
  }

  start(): Promise<void> {
    return this.server.listen(0);
  }

  stop(): void {
    void this.server.stop();
  }

  address(environmentId: string): string {
    return `127.0.0.1:${this.port}/${environmentId}`;
  }

  attach(environment: ExecutionEnvironment): void {
    this.environments.set(environment.id, environment);
  }

  detach(environment: ExecutionEnvironment): void {
    this.environments.delete(environment.id);
  }

  /** URL to which a custom resource puts its answer; the promise resolves with the body of the PUT. */
  expectResponse(token: string): { url: string; received: Promise<string>; forget(): void } {
    const received = new Promise<string>((resolve) => this.responses.set(token, resolve));
    return {
      url: `http://127.0.0.1:${this.port}${CUSTOM_RESOURCE_PATH}${token}`,
      received,
      forget: () => this.responses.delete(token),
    };
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = request.url ?? '/';
    const body = await readText(request);
    if (url.startsWith(CUSTOM_RESOURCE_PATH)) {
      const deliver = this.responses.get(url.slice(CUSTOM_RESOURCE_PATH.length).split('?')[0]!);
      response.writeHead(deliver && request.method === 'PUT' ? 200 : 403).end();
      if (request.method === 'PUT') deliver?.(body);
      return;
    }
    const [, id = '', version, runtime, ...rest] = url.split('/');
    const environment = this.environments.get(id);
    if (!environment || version !== RUNTIME_API_VERSION || runtime !== 'runtime') {
      response.writeHead(404).end();
      return;
    }
    environment.handle(request, response, `/${rest.join('/')}`, body);
  }
}

function readText(request: IncomingMessage): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    request.on('error', () => resolve(''));
  });
}
