import { CORRELATION_HEADER } from '../../src/contract/limits';

/** The caller's correlation id if it is one that may stand in a log line as it is, else the request id. */
export function correlationIdOf(headers: Readonly<Record<string, string>>, requestId: string): string {
  const given = headers[CORRELATION_HEADER];
  return given !== undefined && /^[A-Za-z0-9_-]{1,64}$/.test(given) ? given : requestId;
}
