import http from 'node:http';
import {
  CLOCK_OFFSET_HEADER, CLOCK_OFFSET_VARIABLE, END_OF_INVOCATION, RUNTIME_API_VERSION,
} from '../lambda/protocol';
import { formatConsole } from './console-format';
import { Handler, loadHandler } from './load-handler';
import { redirectCustomResourceResponses } from './redirect-responses';
import { shiftDate } from './shift-date';

/**
 * Runs in each function process: loads the handler, then takes invocations from the runtime API one at a time, as the
 * runtime interface client of Lambda's managed Node.js runtime does.
 */
const env = process.env;
const clock = shiftDate(Number(take(CLOCK_OFFSET_VARIABLE) ?? 0));
const [address = '', ...prefix] = (env.AWS_LAMBDA_RUNTIME_API ?? '').split('/');
const base = `/${prefix.join('/')}/${RUNTIME_API_VERSION}/runtime`;
const [host, port] = address.split(':');
const agent = new http.Agent({ keepAlive: true, maxSockets: 2 });
const httpRequest = http.request;
let currentRequestId: string | undefined;

interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

function take(name: string): string | undefined {
  const value = env[name];
  delete env[name];
  return value;
}

function call(method: string, path: string, body?: string, headers: http.OutgoingHttpHeaders = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const request = httpRequest({ host, port, agent, method, path: `${base}${path}`, headers: { ...headers, ...length } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString('utf8') }));
      response.on('error', reject);
    });
    request.on('error', reject);
    request.end(body);
  });
}

function describe(error: unknown): { errorType: string; errorMessage: string; trace: string[] } {
  if (error instanceof Error) {
    return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') };
  }
  return { errorType: typeof error, errorMessage: String(error), trace: [] };
}

function context(headers: http.IncomingHttpHeaders): object {
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    awsRequestId: headers['lambda-runtime-aws-request-id'],
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
}

/** Promises, plain values, and for runtimes before 24 callbacks. */
function run(handler: Handler, event: unknown, headers: http.IncomingHttpHeaders): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const callback = (error?: unknown, result?: unknown) => (error ? reject(error) : resolve(result));
    const returned = handler(event, context(headers), callback);
    const isPromise = typeof (returned as Promise<unknown> | undefined)?.then === 'function';
    if (isPromise) (returned as Promise<unknown>).then(resolve, reject);
    else if (returned !== undefined || handler.length < 3) resolve(returned);
  });
}

async function serve(handler: Handler): Promise<never> {
  for (;;) {
    const next = await call('GET', '/invocation/next');
    if (next.status !== 200) process.exit(0);
    const requestId = String(next.headers['lambda-runtime-aws-request-id']);
    currentRequestId = requestId;
    clock.set(Number(next.headers[CLOCK_OFFSET_HEADER] ?? 0));
    env._X_AMZN_TRACE_ID = String(next.headers['lambda-runtime-trace-id'] ?? '');
    let path = `/invocation/${requestId}/response`;
    let answer: string;
    const before = process.cpuUsage();
    try {
      answer = JSON.stringify(await run(handler, JSON.parse(next.body), next.headers)) ?? 'null';
    } catch (error) {
      const described = describe(error);
      console.error('Invoke Error', error);
      path = `/invocation/${requestId}/error`;
      answer = JSON.stringify(described);
    }
    const { user, system } = process.cpuUsage(before);
    process.stdout.write(`${END_OF_INVOCATION}${requestId} ${user + system}\n`);
    await call('POST', path, answer);
    currentRequestId = undefined;
  }
}

async function fatal(errorType: string, error: unknown, exitCode: number): Promise<never> {
  const body = JSON.stringify({ ...describe(error), ...(errorType ? { errorType } : {}) });
  const path = currentRequestId === undefined ? '/init/error' : `/invocation/${currentRequestId}/error`;
  if (currentRequestId !== undefined) process.stdout.write(`${END_OF_INVOCATION}${currentRequestId}\n`);
  await call('POST', path, body).catch(() => undefined);
  process.exit(exitCode);
}

async function main(): Promise<void> {
  // The terminal's Ctrl-C reaches the whole process group; the instance decides when its functions end.
  process.on('SIGINT', () => undefined);
  // The instance holds the other end of stdin: it closes when the instance is gone, however it went.
  process.stdin.on('end', () => process.exit(0)).on('error', () => process.exit(0));
  process.stdin.resume();
  (process.stdin as unknown as { unref?(): void }).unref?.();
  formatConsole({ json: env.AWS_LAMBDA_LOG_FORMAT === 'JSON', level: env.AWS_LAMBDA_LOG_LEVEL, requestId: () => currentRequestId });
  redirectCustomResourceResponses(Number(port));
  process.on('uncaughtException', (error) => void fatal('', error, 129));
  process.on('unhandledRejection', (reason) => void fatal('Runtime.UnhandledPromiseRejection', reason, 128));
  let handler: Handler;
  try {
    handler = await loadHandler(env.LAMBDA_TASK_ROOT ?? process.cwd(), env._HANDLER ?? '');
  } catch (error) {
    console.error('Uncaught Exception', error);
    return fatal('', error, 1);
  }
  try {
    await serve(handler);
  } catch {
    // The runtime API is gone, and the instance with it.
    process.exit(0);
  }
}

void main();
