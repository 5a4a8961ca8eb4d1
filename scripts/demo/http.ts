import * as http from 'node:http';
import * as https from 'node:https';

/** One answer, with its JSON body if it has one. */
export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  /** Parsed JSON; the text when it is none. */
  readonly body: any;
  readonly milliseconds: number;
}

export interface Call {
  readonly method: string;
  readonly url: string;
  /** A text is sent as it is, everything else as JSON. */
  readonly body?: unknown;
  readonly bearer?: string;
  readonly headers?: http.OutgoingHttpHeaders;
  /** The request target as it goes over the wire, where the URL's own would be normalised. */
  readonly rawPath?: string;
  /** Address of the loopback range to call from: another person's computer. */
  readonly from?: string;
}

/** Longer than any function may run. */
const TIMEOUT_MILLISECONDS = 35_000;

/** Sends one request and reads the whole answer. */
export function send({ method, url, body, bearer, headers = {}, rawPath, from }: Call): Promise<Answer> {
  const payload = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const { request } = url.startsWith('https:') ? https : http;
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      method,
      ...rawPath === undefined ? {} : { path: rawPath },
      ...from === undefined ? {} : { family: 4, localAddress: from },
      headers: {
        ...payload === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) },
        ...bearer === undefined ? {} : { authorization: `Bearer ${bearer}` },
        ...headers,
      },
    }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: parse(text), milliseconds: performance.now() - started });
      });
    });
    sent.on('error', reject);
    sent.setTimeout(TIMEOUT_MILLISECONDS, () => sent.destroy(new Error(`${method} ${url}: no answer within ${TIMEOUT_MILLISECONDS / 1000} seconds`)));
    sent.end(payload);
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
