import { IncomingMessage, ServerResponse } from 'node:http';
import { FunctionNotFoundError } from '../services/types';
import { Functions } from './functions';
import { FunctionConfiguration, ThrottledError } from './types';

const INVOKE_PATH = /^\/2015-03-31\/functions\/([^/?]+)\/invocations(?:\?(.*))?$/;
const FUNCTION_PATH = /^\/2015-03-31\/functions\/([^/?]+)(?:\/configuration)?(?:\?.*)?$/;

/** The part of the Lambda API that SDK and CLI need to invoke a function: Invoke, GetFunction, ListFunctions. */
export class InvokeApi {
  constructor(private readonly functions: Functions) {}

  /** @returns false for requests that are not Lambda's. */
  handle(request: IncomingMessage, response: ServerResponse): boolean {
    const url = request.url ?? '/';
    const invoke = request.method === 'POST' ? INVOKE_PATH.exec(url) : null;
    if (invoke) {
      void this.invoke(decodeURIComponent(invoke[1]!), new URLSearchParams(invoke[2] ?? '').get('Qualifier') ?? undefined, request, response);
      return true;
    }
    if (request.method !== 'GET' || !url.startsWith('/2015-03-31/functions')) return false;
    const one = FUNCTION_PATH.exec(url);
    if (one) this.describe(decodeURIComponent(one[1]!), url.includes('/configuration'), response);
    else answer(response, 200, { Functions: this.functions.configurations().map(description) });
    return true;
  }

  private async invoke(functionName: string, qualifier: string | undefined, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const payload = Buffer.concat(chunks).toString('utf8');
    const type = String(request.headers['x-amz-invocation-type'] ?? 'RequestResponse') as 'RequestResponse' | 'Event' | 'DryRun';
    try {
      if (payload !== '') JSON.parse(payload);
    } catch {
      answer(response, 400, { Type: 'User', message: 'Could not parse request body into json' }, 'InvalidRequestContentException');
      return;
    }
    try {
      const result = await this.functions.invoke({
        functionArn: functionName, payload, invocationType: type, source: 'invoke', ...(qualifier === undefined ? {} : { qualifier }),
      });
      const headers: Record<string, string> = { 'x-amzn-requestid': result.requestId, 'x-amz-executed-version': result.executedVersion };
      if (result.functionError !== undefined) headers['x-amz-function-error'] = result.functionError;
      if (request.headers['x-amz-log-type'] === 'Tail') headers['x-amz-log-result'] = Buffer.from(result.logTail).toString('base64');
      response.writeHead(type === 'Event' ? 202 : type === 'DryRun' ? 204 : 200, { 'content-type': 'application/json', ...headers });
      response.end(result.payload);
    } catch (error) {
      fail(response, error);
    }
  }

  private describe(functionName: string, onlyConfiguration: boolean, response: ServerResponse): void {
    try {
      const configuration = description(this.functions.configuration(functionName));
      answer(response, 200, onlyConfiguration ? configuration : { Configuration: configuration });
    } catch (error) {
      fail(response, error);
    }
  }
}

function description(configuration: FunctionConfiguration): Record<string, unknown> {
  return {
    FunctionName: configuration.name, FunctionArn: configuration.arn, Runtime: configuration.runtime, Role: configuration.roleArn,
    Handler: configuration.handler, Timeout: configuration.timeoutMs / 1000, MemorySize: configuration.memoryMb, Version: '$LATEST',
    State: 'Active', LastUpdateStatus: 'Successful', PackageType: 'Zip', Environment: { Variables: configuration.environment },
  };
}

function fail(response: ServerResponse, error: unknown): void {
  if (error instanceof FunctionNotFoundError) answer(response, 404, { Type: 'User', Message: error.message }, 'ResourceNotFoundException');
  else if (error instanceof ThrottledError) answer(response, 429, { Type: 'User', message: error.message }, 'TooManyRequestsException');
  else answer(response, 500, { Type: 'Service', message: (error as Error).message }, 'ServiceException');
}

function answer(response: ServerResponse, status: number, body: unknown, errorType?: string): void {
  response.writeHead(status, { 'content-type': 'application/json', ...(errorType === undefined ? {} : { 'x-amzn-errortype': errorType }) });
  response.end(JSON.stringify(body));
}
