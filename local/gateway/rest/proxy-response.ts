import { GatewayAnswer, HeaderList } from '../message';
import { isRecord } from '../../template/types';
import { setHeader } from './gateway-responses';

/** API Gateway gives these response headers of an integration another name. */
const REMAPPED = new Set(['authorization', 'connection', 'content-md5', 'date', 'host', 'server', 'user-agent', 'www-authenticate']);
/** And these never reach the client. */
const DROPPED = new Set(['content-length', 'expect', 'max-forwards', 'proxy-authenticate', 'te', 'trailer', 'transfer-encoding', 'upgrade']);

/** Undefined when a function's result has not the form that AWS_PROXY demands: the client then gets 502. */
export function proxyAnswer(result: unknown, allowsBinary: boolean): GatewayAnswer | undefined {
  if (!isRecord(result)) return undefined;
  const unknown = Object.keys(result).filter((name) => !['statusCode', 'headers', 'multiValueHeaders', 'body', 'isBase64Encoded'].includes(name));
  const status = Number(result.statusCode);
  if (unknown.length > 0 || !Number.isInteger(status) || status < 100 || status > 599) return undefined;
  const body = result.body ?? '';
  if (typeof body !== 'string' || (result.headers !== undefined && result.headers !== null && !isRecord(result.headers))) return undefined;
  const headers: HeaderList = [];
  const add = (name: string, value: unknown) => {
    if (isRecord(value) || DROPPED.has(name.toLowerCase())) return;
    headers.push([REMAPPED.has(name.toLowerCase()) ? `x-amzn-remapped-${name.toLowerCase()}` : name, String(value)]);
  };
  const multi = isRecord(result.multiValueHeaders) ? result.multiValueHeaders : {};
  for (const [name, value] of Object.entries(isRecord(result.headers) ? result.headers : {})) {
    if (!Object.keys(multi).some((other) => other.toLowerCase() === name.toLowerCase())) add(name, value);
  }
  for (const [name, values] of Object.entries(multi)) for (const value of Array.isArray(values) ? values : [values]) add(name, value);
  if (!headers.some(([name]) => name.toLowerCase() === 'content-type')) setHeader(headers, 'Content-Type', 'application/json');
  return { status, headers, body: result.isBase64Encoded === true && allowsBinary ? Buffer.from(body, 'base64') : body };
}
