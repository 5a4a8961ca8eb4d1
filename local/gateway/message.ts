import { randomBytes, randomUUID } from 'node:crypto';
import { IncomingMessage } from 'node:http';

/** A list of headers in the order and case they have on the wire. */
export type HeaderList = [name: string, value: string][];

/** One HTTP request as the front of a gateway sees it. */
export interface GatewayRequest {
  readonly method: string;
  /** As sent, percent-encoded, without the query. */
  readonly path: string;
  /** The path as it was sent to a custom domain, where `path` has the stage in place of the base path. */
  readonly sentPath?: string;
  /** Without the question mark; empty when there is none. */
  readonly queryString: string;
  readonly headers: HeaderList;
  readonly body: Buffer;
  /** Address of the TCP peer: nothing that a client can write into a header. */
  readonly sourceIp: string;
  readonly requestId: string;
  readonly extendedRequestId: string;
  readonly traceId: string;
  readonly protocol: string;
  /** Virtual epoch milliseconds. */
  readonly time: number;
}

export interface GatewayAnswer {
  readonly status: number;
  readonly headers: HeaderList;
  readonly body: Buffer | string;
}

/** What the log tells about a request beyond request and status. */
export interface RequestNotes {
  route?: string;
  /** Who refused it before the integration, and why. */
  refusedBy?: string;
  authorizer?: 'called' | 'cached' | 'missing identity';
  integrationError?: string;
  /** Rendered access log line, when the stage has a format. */
  accessLog?: string;
  /** The group it goes to, when it goes to CloudWatch Logs. */
  accessLogGroup?: string;
}

export function describeRequest(request: IncomingMessage, body: Buffer, time: number): GatewayRequest {
  const target = request.url ?? '/';
  const mark = target.indexOf('?');
  const headers: HeaderList = [];
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    headers.push([request.rawHeaders[index]!, asText(request.rawHeaders[index + 1]!)]);
  }
  return {
    method: request.method ?? 'GET',
    path: pathOf(mark < 0 ? target : target.slice(0, mark)),
    queryString: mark < 0 ? '' : target.slice(mark + 1),
    headers,
    body,
    sourceIp: sourceOf(request),
    ...identifiers(headers, time),
    protocol: `HTTP/${request.httpVersion}`,
    time,
  };
}

/** One address for this machine, whichever family `localhost` was resolved to. */
function sourceOf({ socket: { remoteAddress = '127.0.0.1' } }: IncomingMessage): string {
  return remoteAddress === '::1' ? '127.0.0.1' : remoteAddress;
}

/**
 * Node hands over a character for each byte. API Gateway's events are JSON, in which UTF-8 in a header arrives as what it says; how bytes
 * arrive that are no UTF-8 is documented nowhere, here they become U+FFFD as in bodies.
 */
function asText(bytes: string): string {
  return /^[\x00-\x7f]*$/.test(bytes) ? bytes : Buffer.from(bytes, 'latin1').toString('utf8');
}

/** What each hop gives a request: ids of its own, and a trace unless the request has one. */
export function identifiers(headers: HeaderList, time: number): Pick<GatewayRequest, 'requestId' | 'extendedRequestId' | 'traceId'> {
  const traced = headerValue(headers, 'x-amzn-trace-id');
  return {
    requestId: randomUUID(),
    extendedRequestId: randomBytes(11).toString('base64url').padEnd(15, 'A').concat('='),
    traceId: traced?.includes('Root=') ? traced : `Root=1-${Math.floor(time / 1000).toString(16)}-${randomBytes(12).toString('hex')}`,
  };
}

/** A request line may carry an absolute URI (RFC 9112 3.2.2); only its path counts. */
function pathOf(target: string): string {
  const absolute = /^[a-z][a-z0-9+.-]*:\/\/[^/]*(\/.*)?$/i.exec(target);
  return absolute ? absolute[1] ?? '/' : target;
}

/** The last value of a header, whatever its case. */
export function headerValue(headers: HeaderList, name: string): string | undefined {
  const wanted = name.toLowerCase();
  for (let index = headers.length - 1; index >= 0; index -= 1) {
    if (headers[index]![0].toLowerCase() === wanted) return headers[index]![1];
  }
  return undefined;
}

export function withoutHeader(headers: HeaderList, name: string): HeaderList {
  return headers.filter(([other]) => other.toLowerCase() !== name.toLowerCase());
}

/** Name and value pairs of a query string, decoded; what cannot be decoded stays as it is. */
export function queryPairs(queryString: string): [string, string][] {
  return queryString.split('&').filter((part) => part !== '').map((part) => {
    const equals = part.indexOf('=');
    const name = equals < 0 ? part : part.slice(0, equals);
    return [decode(name, true), equals < 0 ? '' : decode(part.slice(equals + 1), true)];
  });
}

export function decode(text: string, plusIsSpace = false): string {
  const source = plusIsSpace ? text.replaceAll('+', ' ') : text;
  try {
    return decodeURIComponent(source);
  } catch {
    return source;
  }
}

/** Lists of values by name, in order; the event shapes of Lambda are made of it. */
export function grouped(pairs: readonly [string, string][]): Record<string, string[]> {
  const result = Object.create(null) as Record<string, string[]>;
  for (const [name, value] of pairs) (result[name] ??= []).push(value);
  return { ...result };
}

export function lastOfEach(groups: Record<string, string[]>): Record<string, string> {
  return Object.fromEntries(Object.entries(groups).map(([name, values]) => [name, values[values.length - 1]!]));
}

export function json(status: number, body: unknown, headers: HeaderList = []): GatewayAnswer {
  return { status, headers: [['Content-Type', 'application/json'], ...headers], body: JSON.stringify(body) };
}

/** As `$context.requestTime`: `22/Nov/2026:02:21:16 +0000`. */
export function commonLogTime(epochMs: number): string {
  const [, weekday, day, month, year, time] = /^(\w+), (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date(epochMs).toUTCString()) ?? [];
  return weekday ? `${day}/${month}/${year}:${time} +0000` : '';
}
