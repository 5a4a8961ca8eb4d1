import http from 'node:http';
import https from 'node:https';
import { CUSTOM_RESOURCE_PATH } from '../lambda/protocol';

type RequestFunction = typeof https.request;

/**
 * CloudFormation's ResponseURL is always https on port 443, so provider code (CDK's own entry point and the cfn-response
 * module among it) calls https.request with a host and a path only. Those answers, and nothing else, go to the local
 * instance's port over http.
 */
export function redirectCustomResourceResponses(port: number): void {
  const original = https.request;
  const request = (...args: unknown[]) => {
    const options = args.find((arg) => typeof arg === 'object' && arg !== null && !(arg instanceof URL)) as https.RequestOptions | undefined;
    const url = typeof args[0] === 'string' ? new URL(args[0]) : args[0] instanceof URL ? args[0] : undefined;
    const path = options?.path ?? (url ? `${url.pathname}${url.search}` : undefined);
    if (!path?.startsWith(CUSTOM_RESOURCE_PATH)) return (original as (...all: unknown[]) => http.ClientRequest)(...args);
    const callback = args.find((arg) => typeof arg === 'function') as ((response: http.IncomingMessage) => void) | undefined;
    const target: http.RequestOptions = { host: '127.0.0.1', port, path, method: options?.method ?? 'GET' };
    if (options?.headers) target.headers = options.headers;
    return http.request(target, callback);
  };
  https.request = request as unknown as RequestFunction;
}
