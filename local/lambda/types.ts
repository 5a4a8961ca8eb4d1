/** A function as the template configures it. */
export interface FunctionConfiguration {
  /** `<stack>/<logical id>`. */
  readonly key: string;
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
  readonly roleArn: string;
  /** For example `nodejs24.x`. */
  readonly runtime: string;
  readonly handler: string;
  /** Folder of the code. */
  readonly codeDirectory: string;
  readonly memoryMb: number;
  readonly timeoutMs: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly description?: string;
  readonly logGroup: string;
  readonly logFormat: 'JSON' | 'Text';
  readonly logLevel?: string;
  /** Reserved concurrency; undefined: none. */
  readonly reserved?: number;
  /** Set by `registerPrincipal` of the services. */
  readonly accessKeyId: string;
  /** Node binary for `runtime`. */
  readonly nodePath: string;
}

/** One invocation as it is handed to a process. */
export interface Invocation {
  readonly requestId: string;
  /** JSON text. */
  readonly payload: string;
  /** With the qualifier it was invoked by. */
  readonly invokedArn: string;
  readonly traceId: string;
}

/** How an invocation ended. `error` is Lambda's JSON document of a function error. */
export interface Outcome {
  readonly ok: boolean;
  readonly payload: string;
}

/** Lambda answered 429: reserved concurrency is used up. */
export class ThrottledError extends Error {
  override readonly name = 'TooManyRequestsException';

  constructor() {
    super('Rate Exceeded.');
  }
}

/** What a process wrote, line by line. */
export type LogSink = (entry: { requestId?: string; stream: 'stdout' | 'stderr' | 'platform'; line: string }) => void;
