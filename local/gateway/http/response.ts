import { isRecord } from '../../template/types';
import { GatewayAnswer, HeaderList, json } from '../message';
import { proxyAnswer } from '../rest/proxy-response';
import { setHeader } from '../rest/gateway-responses';

/** Undefined when the function's result is not an answer: the client then gets 500. */
export function httpAnswer(result: unknown, payloadVersion: '1.0' | '2.0'): GatewayAnswer | undefined {
  if (payloadVersion === '1.0') return proxyAnswer(result, true);
  // Format 2.0 infers 200 with a JSON body from whatever has no status code.
  if (!isRecord(result) || result.statusCode === undefined) return result === undefined ? undefined : inferred(result);
  const status = Number(result.statusCode);
  if (!Number.isInteger(status) || status < 100 || status > 599) return undefined;
  const body = result.body === undefined || result.body === null ? '' : result.body;
  const headers: HeaderList = Object.entries(isRecord(result.headers) ? result.headers : {})
    .filter(([name]) => !['content-length', 'transfer-encoding'].includes(name.toLowerCase()))
    .map(([name, value]) => [name.toLowerCase(), String(value)]);
  for (const cookie of Array.isArray(result.cookies) ? result.cookies : []) headers.push(['set-cookie', String(cookie)]);
  if (!headers.some(([name]) => name === 'content-type')) setHeader(headers, 'content-type', 'application/json');
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { status, headers, body: result.isBase64Encoded === true ? Buffer.from(text, 'base64') : text };
}

function inferred(result: unknown): GatewayAnswer {
  return typeof result === 'string' ? { status: 200, headers: [['content-type', 'application/json']], body: result } : json(200, result);
}
