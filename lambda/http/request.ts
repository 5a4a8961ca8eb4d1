import { Limits } from '../../src/contract/limits';
import { parseCookies } from './cookies';
import { ApiEvent, HttpApiEvent, isHttpApiEvent, RestEvent } from './events';
import { HttpRequest } from './types';

/** One request out of either event shape. */
export function toRequest(event: ApiEvent): HttpRequest {
  return isHttpApiEvent(event) ? fromHttpApi(event) : fromRest(event);
}

function fromRest(event: RestEvent): HttpRequest {
  const headers = table<string>();
  // The multi-value form knows of repetitions; of the single-value form API Gateway keeps only the last value.
  for (const [name, values] of Object.entries(event.multiValueHeaders ?? {})) {
    if (values) append(headers, name, values);
  }
  for (const [name, value] of Object.entries(event.headers ?? {})) {
    if (value !== undefined && headers[name.toLowerCase()] === undefined) headers[name.toLowerCase()] = value;
  }
  return {
    method: event.httpMethod,
    route: event.resource,
    headers,
    pathParameters: parameters(event.pathParameters),
    query: parameters(event.multiValueQueryStringParameters),
    cookies: parseCookies(headers['cookie']),
    body: bodyOf(event),
    sourceIp: event.requestContext.identity.sourceIp,
    requestId: event.requestContext.requestId,
    authorizerContext: event.requestContext.authorizer ?? undefined,
  };
}

function fromHttpApi(event: HttpApiEvent): HttpRequest {
  const headers = table<string>();
  for (const [name, value] of Object.entries(event.headers ?? {})) {
    if (value !== undefined) append(headers, name, [value]);
  }
  return {
    method: event.requestContext.http.method,
    route: event.routeKey.slice(event.routeKey.indexOf(' ') + 1),
    headers,
    pathParameters: parameters(event.pathParameters),
    query: queryOf(event.rawQueryString ?? ''),
    cookies: parseCookies(event.cookies?.join('; ')),
    body: bodyOf(event),
    sourceIp: event.requestContext.http.sourceIp,
    requestId: event.requestContext.requestId,
    authorizerContext: event.requestContext.authorizer?.lambda ?? undefined,
  };
}

/** Without a prototype: a header named `__proto__` is a header. */
function table<T>(): Record<string, T> {
  return Object.create(null) as Record<string, T>;
}

function append(headers: Record<string, string>, name: string, values: readonly string[]): void {
  const key = name.toLowerCase();
  const separator = key === 'cookie' ? '; ' : ', ';
  const joined = values.join(separator);
  headers[key] = headers[key] === undefined ? joined : `${headers[key]}${separator}${joined}`;
}

function queryOf(text: string): Record<string, string[]> {
  const result = table<string[]>();
  for (const [name, value] of new URLSearchParams(text)) (result[name] ??= []).push(value);
  return result;
}

function parameters<T>(given: Readonly<Record<string, T | undefined>> | null | undefined): Record<string, T> {
  const result = table<T>();
  for (const [name, value] of Object.entries(given ?? {})) {
    if (value !== undefined) result[name] = value;
  }
  return result;
}

/** Cut just above the limit, where every reader refuses it: nobody pays for decoding ten megabytes (ASVS 15.2.2). */
function bodyOf(event: { readonly body?: string | null; readonly isBase64Encoded?: boolean }): Uint8Array {
  const text = event.body ?? '';
  const enough = Limits.BODY_BYTES + 4;
  return event.isBase64Encoded
    ? Buffer.from(text.slice(0, Math.ceil(enough / 3) * 4), 'base64')
    : Buffer.from(text.slice(0, enough), 'utf8');
}
