import { ApiEvent, ApiResult, HttpApiResult, isHttpApiEvent, RestResult } from './events';
import { HttpResponse } from './types';

/** The answer in the shape that belongs to the event. */
export function toResult(event: ApiEvent, response: HttpResponse): ApiResult {
  return isHttpApiEvent(event) ? toHttpApiResult(response) : toRestResult(response);
}

function toRestResult(response: HttpResponse): RestResult {
  const headers: Record<string, string[]> = {};
  for (const [name, value] of Object.entries(headersOf(response))) headers[name] = [value];
  // Set-Cookie is the one header whose values must never be joined (RFC 6265 section 3).
  if (response.cookies?.length) headers['set-cookie'] = [...response.cookies];
  return { statusCode: response.status, multiValueHeaders: headers, body: bodyOf(response), isBase64Encoded: false };
}

function toHttpApiResult(response: HttpResponse): HttpApiResult {
  return {
    statusCode: response.status,
    headers: headersOf(response),
    cookies: response.cookies ?? [],
    body: bodyOf(response),
    isBase64Encoded: false,
  };
}

function headersOf(response: HttpResponse): Readonly<Record<string, string>> {
  if (response.body === undefined) return response.headers ?? {};
  return { 'content-type': 'application/json', ...response.headers };
}

function bodyOf(response: HttpResponse): string {
  return response.body === undefined ? '' : JSON.stringify(response.body);
}
