import http from 'node:http';

/** One answer of the service. */
export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  /** Whole Set-Cookie values. */
  readonly setCookie: readonly string[];
  readonly text: string;
  /** Parsed JSON, undefined when the body is none. */
  readonly body: any;
}

export interface CallOptions {
  /** Serialised as JSON; a string or bytes go out as they are. */
  readonly body?: unknown;
  readonly headers?: http.OutgoingHttpHeaders;
  readonly bearer?: string;
  /** Address in 127.0.0.0/8 that the call comes from: the service sees it as the source. */
  readonly from?: string;
}

const agent = new http.Agent({ keepAlive: true, maxSockets: 256 });

/** Ends kept connections, for `afterAll`. */
export function closeConnections(): void {
  agent.destroy();
}

/** Sends one request over a real socket. */
export function call(method: string, url: string, options: CallOptions = {}): Promise<Answer> {
  const payload = serialise(options.body);
  const headers: http.OutgoingHttpHeaders = {
    ...payload === undefined ? {} : { 'content-type': 'application/json', 'content-length': payload.length },
    ...options.bearer === undefined ? {} : { authorization: `Bearer ${options.bearer}` },
    ...options.headers,
  };
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method, headers, agent, family: 4, localAddress: options.from ?? '127.0.0.1' }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({ status: response.statusCode ?? 0, headers: response.headers, setCookie: response.headers['set-cookie'] ?? [], text, body: parse(text) });
      });
    });
    request.on('error', reject);
    request.end(payload);
  });
}

function serialise(body: unknown): Buffer | undefined {
  if (body === undefined) return undefined;
  if (Buffer.isBuffer(body)) return body;
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
