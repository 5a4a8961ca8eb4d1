import { CORRELATION_HEADER } from '../../src/contract/limits';

/** On every answer (ASVS 3.4.1, 3.4.3 to 3.4.6, 14.3.2). API Gateway's own answers get the same from the construct. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
  'referrer-policy': 'no-referrer',
};

/** The caller's correlation id if it is one that may stand in a log line as it is, else the request id. */
export function correlationIdOf(headers: Readonly<Record<string, string>>, requestId: string): string {
  const given = headers[CORRELATION_HEADER];
  return given !== undefined && /^[A-Za-z0-9_-]{1,64}$/.test(given) ? given : requestId;
}
