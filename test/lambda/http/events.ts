import type { HttpApiEvent, RestEvent } from '../../../lambda/http/events';

/** What a test says of a request; the rest is as API Gateway sends it. */
export interface Given {
  readonly method?: string;
  readonly route?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: unknown;
  /** Raw body, instead of `body`. */
  readonly raw?: Uint8Array | string;
  readonly path?: Readonly<Record<string, string>>;
  readonly cookies?: Readonly<Record<string, string>>;
  readonly sourceIp?: string;
  readonly authorizer?: Readonly<Record<string, unknown>>;
  readonly requestId?: string;
}

let requests = 0;

/** A whole event of a REST API, as API Gateway documents it. */
export function restEvent(given: Given): RestEvent & Record<string, unknown> {
  const headers = headersOf(given);
  const multiValueHeaders = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value : [value]]));
  const { body, isBase64Encoded } = bodyOf(given);
  const route = given.route ?? '/login';
  return {
    resource: route,
    path: fill(route, given.path),
    httpMethod: given.method ?? 'POST',
    headers: Object.fromEntries(Object.entries(multiValueHeaders).map(([name, values]) => [name, values.at(-1)])) as Record<string, string>,
    multiValueHeaders: multiValueHeaders as Record<string, string[]>,
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: given.path ?? null,
    stageVariables: null,
    body,
    isBase64Encoded,
    requestContext: {
      requestId: given.requestId ?? nextRequestId(),
      identity: { sourceIp: given.sourceIp ?? '203.0.113.7', userAgent: headers['user-agent'] } as { sourceIp: string },
      authorizer: given.authorizer ?? null,
      ...{ stage: 'v1', apiId: 'abc123', path: `/v1${fill(route, given.path)}`, resourcePath: route, protocol: 'HTTP/1.1' },
    },
  };
}

/** The same request through an HTTP API. */
export function httpApiEvent(given: Given): HttpApiEvent & Record<string, unknown> {
  const { cookie, ...headers } = headersOf(given);
  const { body, isBase64Encoded } = bodyOf(given);
  const method = given.method ?? 'POST';
  const route = given.route ?? '/login';
  return {
    version: '2.0',
    routeKey: `${method} ${route}`,
    rawPath: `/v1${fill(route, given.path)}`,
    rawQueryString: '',
    ...(cookie === undefined ? {} : { cookies: String(cookie).split('; ') }),
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : String(value)])),
    ...(given.path ? { pathParameters: given.path } : {}),
    ...(body === null ? {} : { body }),
    isBase64Encoded,
    requestContext: {
      requestId: given.requestId ?? nextRequestId(),
      http: { method, sourceIp: given.sourceIp ?? '203.0.113.7', ...{ path: fill(route, given.path), protocol: 'HTTP/1.1' } },
      ...(given.authorizer ? { authorizer: { lambda: given.authorizer } } : {}),
    },
  };
}

function nextRequestId(): string {
  requests += 1;
  return `00000000-0000-4000-8000-${String(requests).padStart(12, '0')}`;
}

function headersOf(given: Given): Record<string, string | readonly string[]> {
  const hasBody = given.body !== undefined || given.raw !== undefined;
  const cookies = Object.entries(given.cookies ?? {}).map(([name, value]) => `${name}=${value}`).join('; ');
  return {
    ...(hasBody ? { 'content-type': 'application/json' } : {}),
    ...(cookies === '' ? {} : { cookie: cookies }),
    ...given.headers,
  };
}

function bodyOf(given: Given): { body: string | null; isBase64Encoded: boolean } {
  if (typeof given.raw === 'string') return { body: given.raw, isBase64Encoded: false };
  if (given.raw !== undefined) return { body: Buffer.from(given.raw).toString('base64'), isBase64Encoded: true };
  return { body: given.body === undefined ? null : JSON.stringify(given.body), isBase64Encoded: false };
}

function fill(route: string, path: Readonly<Record<string, string>> = {}): string {
  return route.replace(/\{(\w+)\}/g, (_, name: string) => path[name] ?? '');
}
