import { ChildProcess, spawn } from 'node:child_process';
import { IncomingMessage, ServerResponse } from 'node:http';
import { CLOCK_OFFSET_HEADER, END_OF_INVOCATION } from './protocol';
import { FunctionConfiguration, Invocation, LogSink, Outcome } from './types';

const INIT_TIMEOUT_MS = 10_000;
/** The machine's time, as the function's process knows it, whatever a test in this one makes of Date. */
const machineNow = Date.now;

export interface EnvironmentOptions {
  readonly id: string;
  readonly configuration: FunctionConfiguration;
  readonly bootstrap: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly clockOffset: () => number;
  readonly log: LogSink;
  /** Hears of the processor time of each invocation, in microseconds. */
  readonly used: (microseconds: number) => void;
  readonly onDeath: (environment: ExecutionEnvironment) => void;
}

interface Running {
  readonly invocation: Invocation;
  readonly resolve: (outcome: Outcome) => void;
  readonly timer: NodeJS.Timeout;
  answer?: { ok: boolean; payload: string };
  outputRead: boolean;
}

/** One process of one function version: an execution environment in Lambda's words. Serves one invocation at a time. */
export class ExecutionEnvironment {
  readonly id: string;
  private readonly child: ChildProcess;
  private readonly ready: Promise<string | undefined>;
  private settleReady: (initError: string | undefined) => void = () => undefined;
  private waiting: ServerResponse | undefined;
  private running: Running | undefined;
  private dead = false;
  /** Ends after the invocation that it serves. */
  retired = false;

  constructor(private readonly options: EnvironmentOptions) {
    const { configuration, bootstrap, variables } = options;
    this.id = options.id;
    this.ready = new Promise((resolve) => {
      this.settleReady = resolve;
    });
    const heapMb = Math.max(64, Math.floor(configuration.memoryMb * 0.9));
    this.child = spawn(configuration.nodePath, [`--max-old-space-size=${heapMb}`, bootstrap], {
      cwd: configuration.codeDirectory,
      env: { ...variables },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.child.stdin?.on('error', () => undefined);
    readLines(this.child.stdout!, (line) => this.stdoutLine(line));
    readLines(this.child.stderr!, (line) => this.log('stderr', line));
    const initTimer = setTimeout(() => this.failInit('Sandbox.Timedout', `Init timed out after ${INIT_TIMEOUT_MS / 1000} seconds`), INIT_TIMEOUT_MS);
    void this.ready.then(() => clearTimeout(initTimer));
    this.child.on('error', (error) => this.ended(error.message));
    this.child.on('close', (code, signal) => this.ended(signal ? `signal: ${signal}` : `exit status ${code}`));
  }

  get isIdle(): boolean {
    return !this.dead && this.running === undefined && this.waiting !== undefined;
  }

  get isDead(): boolean {
    return this.dead;
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Resolves when the handler is loaded; with the error document when loading it failed. */
  initialised(): Promise<string | undefined> {
    return this.ready;
  }

  invoke(invocation: Invocation): Promise<Outcome> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.timeOut(), this.options.configuration.timeoutMs);
      this.running = { invocation, resolve, timer, outputRead: false };
      this.deliver();
    });
  }

  /** A request of the process to the runtime API; `path` is what follows `/runtime`. */
  handle(request: IncomingMessage, response: ServerResponse, path: string, body: string): void {
    if (path === '/invocation/next' && request.method === 'GET') {
      this.waiting = response;
      this.settleReady(undefined);
      this.deliver();
      return;
    }
    response.writeHead(202, { 'content-type': 'application/json' }).end('{"status":"OK"}');
    if (path === '/init/error') {
      this.settleReady(body);
      return;
    }
    const [, , requestId, kind] = path.split('/');
    const { running } = this;
    if (!running || running.invocation.requestId !== requestId) return;
    if (Buffer.byteLength(body) > 6 * 1024 * 1024 + 100_000) {
      running.answer = { ok: false, payload: functionError('Function.ResponseSizeTooLarge', `Response payload size exceeded maximum allowed payload size (6291556 bytes).`) };
    } else {
      running.answer = { ok: kind === 'response', payload: body };
    }
    this.finishIfComplete();
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }

  private deliver(): void {
    const { running, waiting } = this;
    if (!running || !waiting) return;
    this.waiting = undefined;
    const offset = this.options.clockOffset();
    waiting.writeHead(200, {
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': running.invocation.requestId,
      'lambda-runtime-deadline-ms': String(machineNow() + offset + this.options.configuration.timeoutMs),
      'lambda-runtime-invoked-function-arn': running.invocation.invokedArn,
      'lambda-runtime-trace-id': running.invocation.traceId,
      [CLOCK_OFFSET_HEADER]: String(offset),
    });
    waiting.end(running.invocation.payload);
  }

  /** The answer counts once everything that the invocation printed was read, so that its log is whole when the caller hears of it. */
  private finishIfComplete(): void {
    const { running } = this;
    if (running?.answer && running.outputRead) this.finish(running.answer);
  }

  private finish(answer: { ok: boolean; payload: string }): void {
    const { running } = this;
    if (!running) return;
    this.running = undefined;
    clearTimeout(running.timer);
    running.resolve(answer);
  }

  private timeOut(): void {
    const { running } = this;
    if (!running) return;
    const seconds = (this.options.configuration.timeoutMs / 1000).toFixed(2);
    const message = `${running.invocation.requestId} Task timed out after ${seconds} seconds`;
    this.log('platform', message);
    this.finish({ ok: false, payload: functionError('Sandbox.Timedout', `RequestId: ${running.invocation.requestId} Error: Task timed out after ${seconds} seconds`) });
    this.die();
  }

  private failInit(type: string, message: string): void {
    this.settleReady(functionError(type, message));
    this.die();
  }

  private ended(reason: string): void {
    this.dead = true;
    this.settleReady(functionError('Runtime.ExitError', `Error: Runtime exited with error: ${reason}`));
    const { running } = this;
    if (running) {
      this.finish(running.answer ?? {
        ok: false,
        payload: functionError('Runtime.ExitError', `RequestId: ${running.invocation.requestId} Error: Runtime exited with error: ${reason}`),
      });
    }
    this.options.onDeath(this);
  }

  private die(): void {
    this.dead = true;
    this.kill();
    this.options.onDeath(this);
  }

  private stdoutLine(line: string): void {
    const { running } = this;
    if (!line.startsWith(END_OF_INVOCATION)) {
      this.log('stdout', line);
      return;
    }
    const [requestId, microseconds = '0'] = line.slice(END_OF_INVOCATION.length).split(' ');
    if (running?.invocation.requestId !== requestId) return;
    this.options.used(Number(microseconds));
    running!.outputRead = true;
    this.finishIfComplete();
  }

  private log(stream: 'stdout' | 'stderr' | 'platform', line: string): void {
    const requestId = this.running?.invocation.requestId;
    this.options.log({ stream, line, ...(requestId === undefined ? {} : { requestId }) });
  }
}

export function functionError(errorType: string, errorMessage: string): string {
  return JSON.stringify({ errorType, errorMessage });
}

function readLines(stream: NodeJS.ReadableStream, onLine: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  });
  stream.on('end', () => {
    if (rest !== '') onLine(rest);
  });
}
