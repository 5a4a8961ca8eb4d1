import { GatewayAnswer, GatewayRequest, json, RequestNotes } from './message';

/** Request line and headers together, as API Gateway counts them. */
const API_HEADER_BYTES = 10_240;

export function headerBytes({ method, path, queryString, headers }: GatewayRequest): number {
  const target = queryString === '' ? path : `${path}?${queryString}`;
  const line = `${method} ${target} HTTP/1.1`.length + 2;
  return headers.reduce((total, [name, value]) => total + name.length + Buffer.byteLength(value) + 4, line);
}

/** API Gateway's answer to headers over its limit, which comes before everything else. */
export function refuseLargeHeaders(request: GatewayRequest, notes: RequestNotes): GatewayAnswer | undefined {
  if (headerBytes(request) <= API_HEADER_BYTES) return undefined;
  notes.refusedBy = 'headers over 10,240 bytes';
  return json(431, { message: 'Request Header Or Cookie Too Large' });
}
