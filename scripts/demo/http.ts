import * as http from 'node:http';

/** One answer, with its JSON body if it has one. */
export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: any;
}

export interface Call {
  readonly method: string;
  readonly url: string;
  readonly body?: unknown;
  readonly bearer?: string;
  /** Address of the loopback range to call from: another person's computer. */
  readonly from?: string;
}

/** Sends one request and reads the whole answer. */
export function send(call: Call): Promise<Answer> {
  const payload = call.body === undefined ? undefined : JSON.stringify(call.body);
  const headers: http.OutgoingHttpHeaders = {};
  if (payload !== undefined) {
    headers['content-type'] = 'application/json';
    headers['content-length'] = Buffer.byteLength(payload);
  }
  if (call.bearer) headers.authorization = `Bearer ${call.bearer}`;
  return new Promise((resolve, reject) => {
    const request = http.request(call.url, { method: call.method, headers, family: 4, localAddress: call.from }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: parse(text) });
      });
      response.on('error', reject);
    });
    request.on('error', reject);
    request.end(payload);
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
