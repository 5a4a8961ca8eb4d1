import { IncomingMessage, ServerResponse } from 'node:http';
import { FunctionNotFoundError } from '../services/types';
import { Functions } from './functions';
import { FunctionConfiguration, ThrottledError } from './types';

const INVOKE_PATH = /^\/2015-03-31\/functions\/([^/?]+)\/invocations(?:\?(.*))?$/;
const FUNCTION_PATH = /^\/2015-03-31\/functions\/([^/?]+)(?:\/configuration)?(?:\?.*)?$/;
const VERSIONS_PATH = /^\/2015-03-31\/functions\/([^/?]+)\/versions(?:\?.*)?$/;
const ALIAS_PATH = /^\/2015-03-31\/functions\/([^/?]+)\/aliases(?:\/([^/?]+))?(?:\?.*)?$/;
const LIST_PATH = /^\/2015-03-31\/functions\/?(?:\?.*)?$/;

/**
 * The part of the Lambda API that SDK and CLI need to find and invoke a function, and to move an alias as the runbook does: Invoke, ListFunctions,
 * GetFunction, GetFunctionConfiguration, ListVersionsByFunction, ListAliases, GetAlias, UpdateAlias.
 */
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
    const alias = ALIAS_PATH.exec(url);
    if (alias && request.method === 'PUT' && alias[2] !== undefined) {
      void this.updateAlias(decodeURIComponent(alias[1]!), decodeURIComponent(alias[2]), request, response);
      return true;
    }
    const read = request.method === 'GET' ? this.reading(url, alias) : undefined;
    if (!read) return false;
    try {
      answer(response, 200, read());
    } catch (error) {
      fail(response, error);
    }
    return true;
  }

  private reading(url: string, alias: RegExpExecArray | null): (() => unknown) | undefined {
    if (LIST_PATH.test(url)) return () => ({ Functions: this.functions.configurations().map((one) => description(one)) });
    if (alias) return () => this.aliases(decodeURIComponent(alias[1]!), alias[2] === undefined ? undefined : decodeURIComponent(alias[2]));
    const versions = VERSIONS_PATH.exec(url);
    if (versions) return () => this.versions(decodeURIComponent(versions[1]!));
    const one = FUNCTION_PATH.exec(url);
    return one ? () => this.describe(decodeURIComponent(one[1]!), url.includes('/configuration')) : undefined;
  }

  private versions(functionName: string): object {
    const configuration = this.functions.configuration(functionName);
    return { Versions: this.functions.qualifiers(configuration.name).versions.map((version) => description(configuration, version)) };
  }

  private aliases(functionName: string, name?: string): object {
    const { name: known, arn } = this.functions.configuration(functionName);
    const all = [...this.functions.qualifiers(known).aliases].map(([Name, FunctionVersion]) => ({ Name, FunctionVersion, AliasArn: `${arn}:${Name}`, Description: '' }));
    if (name === undefined) return { Aliases: all };
    const found = all.find(({ Name }) => Name === name);
    if (!found) throw new FunctionNotFoundError(`${arn}:${name}`);
    return found;
  }

  private async updateAlias(functionName: string, name: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const text = await readText(request);
      const { name: known, arn } = this.functions.configuration(functionName);
      this.aliases(functionName, name);
      const { FunctionVersion: version } = JSON.parse(text === '' ? '{}' : text) as { FunctionVersion?: string };
      if (version !== undefined) {
        if (!this.functions.qualifiers(known).versions.includes(version)) throw new FunctionNotFoundError(`${arn}:${version}`);
        this.functions.addAlias(known, name, version);
      }
      answer(response, 200, this.aliases(functionName, name));
    } catch (error) {
      fail(response, error);
    }
  }

  private async invoke(functionName: string, qualifier: string | undefined, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const payload = await readText(request);
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

  private describe(functionName: string, onlyConfiguration: boolean): object {
    const configuration = description(this.functions.configuration(functionName));
    return onlyConfiguration ? configuration : { Configuration: configuration };
  }
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function description(configuration: FunctionConfiguration, version = '$LATEST'): Record<string, unknown> {
  return {
    FunctionName: configuration.name, FunctionArn: configuration.arn, Runtime: configuration.runtime, Role: configuration.roleArn,
    Handler: configuration.handler, Timeout: configuration.timeoutMs / 1000, MemorySize: configuration.memoryMb, Version: version,
    Description: configuration.description ?? '', LoggingConfig: { LogFormat: configuration.logFormat, LogGroup: configuration.logGroup },
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
