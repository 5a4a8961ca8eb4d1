import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { VirtualClock } from '../clock';
import { FunctionInvoker, FunctionNotFoundError, InvokeRequest, InvokeResult } from '../services/types';
import { parseFunctionReference } from './arn';
import { ExecutionEnvironment } from './environment';
import { Permissions } from './permissions';
import { Pool } from './pool';
import { RuntimeApi } from './runtime-api';
import { FunctionConfiguration, Invocation, Outcome } from './types';
import { CLOCK_OFFSET_VARIABLE } from './protocol';

export interface FunctionsOptions {
  readonly clock: VirtualClock;
  readonly runtimeApi: RuntimeApi;
  readonly bootstrap: string;
  /** Processes of one function version at most. */
  readonly concurrency: number;
  /** Where the SDK finds its services: AWS_ENDPOINT_URL and AWS_ENDPOINT_URL_<SERVICE>. */
  readonly endpoints: () => Readonly<Record<string, string>>;
  readonly log: (entry: FunctionLogEntry) => void;
}

export interface FunctionLogEntry {
  readonly logicalId: string;
  readonly logGroup: string;
  readonly logStream: string;
  readonly requestId?: string;
  readonly stream: 'stdout' | 'stderr' | 'platform';
  readonly line: string;
}

interface DeployedFunction {
  readonly configuration: FunctionConfiguration;
  /** Qualifier (version number or alias) to version. */
  readonly qualifiers: Map<string, string>;
  readonly pools: Map<string, Pool>;
  versions: number;
  processorMs: number;
}

const RETRIES_OF_EVENTS = 2;
const LOG_TAIL_BYTES = 4096;

/** The functions of the instance: what the Lambda service is to an account. */
export class Functions implements FunctionInvoker {
  readonly permissions = new Permissions();
  private readonly functions = new Map<string, DeployedFunction>();
  private readonly tails = new Map<string, string[]>();
  private stopped = false;

  constructor(private readonly options: FunctionsOptions) {}

  add(configuration: FunctionConfiguration): void {
    this.functions.set(configuration.name, {
      configuration, qualifiers: new Map([['$LATEST', '$LATEST']]), pools: new Map(), versions: 0, processorMs: 0,
    });
  }

  has(functionName: string): boolean {
    return this.functions.has(functionName);
  }

  /** @returns the number of the new version. */
  publishVersion(functionName: string): string {
    const deployed = this.find(functionName);
    deployed.versions += 1;
    const version = String(deployed.versions);
    deployed.qualifiers.set(version, version);
    return version;
  }

  /** Numbers of the published versions, and aliases with theirs. Throws `FunctionNotFoundError`. */
  qualifiers(functionName: string): { readonly versions: string[]; readonly aliases: ReadonlyMap<string, string> } {
    const all = [...this.find(functionName).qualifiers];
    const isVersion = ([qualifier, version]: readonly [string, string]) => qualifier === version;
    return { versions: all.filter(isVersion).map(([version]) => version), aliases: new Map(all.filter((one) => !isVersion(one))) };
  }

  addAlias(functionName: string, alias: string, version: string): void {
    this.find(functionName).qualifiers.set(alias, version);
  }

  configurations(): FunctionConfiguration[] {
    return [...this.functions.values()].map(({ configuration }) => configuration);
  }

  /** Processes alive, invocations running, and the processor time of the invocations so far, by logical id. */
  state(): { logicalId: string; name: string; processes: number; busy: number; processorMs: number }[] {
    return [...this.functions.values()].map(({ configuration, pools, processorMs }) => ({
      logicalId: configuration.logicalId,
      name: configuration.name,
      processes: sum([...pools.values()].map((pool) => pool.size)),
      busy: sum([...pools.values()].map((pool) => pool.busy)),
      processorMs,
    }));
  }

  /** Throws `FunctionNotFoundError` for what does not exist. */
  configuration(functionArn: string): FunctionConfiguration {
    return this.find(parseFunctionReference(functionArn).name, functionArn).configuration;
  }

  /** The next invocation of the function (all when not given) starts a new process. */
  recycle(logicalId?: string): void {
    for (const { configuration, pools } of this.functions.values()) {
      if (logicalId !== undefined && configuration.logicalId !== logicalId && configuration.name !== logicalId) continue;
      for (const pool of pools.values()) pool.recycle();
    }
  }

  async invoke(request: InvokeRequest): Promise<InvokeResult> {
    const { name, qualifier } = parseFunctionReference(request.functionArn, request.qualifier);
    const deployed = this.find(name, request.functionArn);
    this.assertPermitted(request);
    const version = deployed.qualifiers.get(qualifier ?? '$LATEST');
    if (version === undefined) throw new FunctionNotFoundError(`${deployed.configuration.arn}:${qualifier}`);
    const invocation: Invocation = {
      requestId: randomUUID(),
      payload: request.payload === '' ? '{}' : request.payload,
      invokedArn: qualifier === undefined ? deployed.configuration.arn : `${deployed.configuration.arn}:${qualifier}`,
      traceId: `Root=1-${Math.floor(this.options.clock.now() / 1000).toString(16)}-${randomBytes(12).toString('hex')};Parent=${randomBytes(8).toString('hex')};Sampled=1`,
    };
    const base = { executedVersion: version, requestId: invocation.requestId };
    if (request.invocationType === 'DryRun') return { ...base, payload: '', logTail: '' };
    if (request.invocationType === 'Event') {
      void this.deliverEvent(deployed, version, invocation);
      return { ...base, payload: '', logTail: '' };
    }
    const outcome = await this.run(deployed, version, invocation).catch((error: unknown) => {
      this.tails.delete(invocation.requestId);
      throw error;
    });
    const logTail = (this.tails.get(invocation.requestId) ?? []).join('\n').slice(-LOG_TAIL_BYTES);
    this.tails.delete(invocation.requestId);
    return { ...base, payload: outcome.payload, logTail, ...(outcome.ok ? {} : { functionError: 'Unhandled' }) };
  }

  /** What AWS refuses a service that calls on behalf of something is refused here too. */
  private assertPermitted({ functionArn, source = '', sourceArn }: InvokeRequest): void {
    if (sourceArn === undefined) return;
    const [, , , , account = ''] = sourceArn.split(':');
    if (this.permissions.allow(functionArn, `${source}.amazonaws.com`, sourceArn, account)) return;
    throw new Error(`${source} may not invoke ${functionArn} for ${sourceArn}: the function has no such permission`);
  }

  stop(): void {
    this.stopped = true;
    for (const { pools } of this.functions.values()) for (const pool of pools.values()) pool.stop();
  }

  /** Lambda retries an asynchronous event twice; after a while there, at once here. */
  private async deliverEvent(deployed: DeployedFunction, version: string, invocation: Invocation): Promise<void> {
    for (let attempt = 0; attempt <= RETRIES_OF_EVENTS && !this.stopped; attempt += 1) {
      try {
        const outcome = await this.run(deployed, version, invocation);
        this.tails.delete(invocation.requestId);
        if (outcome.ok) return;
      } catch {
        // Throttled: counts as an attempt.
      }
    }
  }

  private run(deployed: DeployedFunction, version: string, invocation: Invocation): Promise<Outcome> {
    this.tails.set(invocation.requestId, []);
    return this.pool(deployed, version).invoke(invocation);
  }

  private pool(deployed: DeployedFunction, version: string): Pool {
    const known = deployed.pools.get(version);
    if (known) return known;
    const { configuration } = deployed;
    const limit = Math.max(1, Math.min(this.options.concurrency, configuration.reserved ?? Infinity));
    const pool = new Pool(configuration, limit, (onDeath) => this.startEnvironment(deployed, version, onDeath));
    deployed.pools.set(version, pool);
    return pool;
  }

  private startEnvironment(deployed: DeployedFunction, version: string, onDeath: (environment: ExecutionEnvironment) => void): ExecutionEnvironment {
    const { clock, runtimeApi, bootstrap, log } = this.options;
    const { configuration } = deployed;
    const id = randomUUID();
    const environment = new ExecutionEnvironment({
      id,
      configuration,
      bootstrap,
      variables: this.variables(configuration, version, id),
      clockOffset: () => clock.offsetOf(configuration.logicalId),
      log: (entry) => {
        if (entry.requestId !== undefined) this.tails.get(entry.requestId)?.push(entry.line);
        log({ ...entry, logicalId: configuration.logicalId, logGroup: configuration.logGroup, logStream: logStreamOf(version, id) });
      },
      used: (microseconds) => {
        deployed.processorMs += microseconds / 1000;
      },
      onDeath: (dead) => {
        runtimeApi.detach(dead);
        onDeath(dead);
      },
    });
    runtimeApi.attach(environment);
    return environment;
  }

  private variables(configuration: FunctionConfiguration, version: string, environmentId: string): Record<string, string> {
    // The fourth part of an ARN is the Region.
    const region = configuration.arn.split(':')[3]!;
    return {
      PATH: process.env.PATH ?? '',
      ...(process.platform === 'win32' ? { SystemRoot: process.env.SystemRoot ?? '' } : {}),
      LANG: 'en_US.UTF-8',
      TZ: ':UTC',
      ...configuration.environment,
      _HANDLER: configuration.handler,
      LAMBDA_TASK_ROOT: configuration.codeDirectory,
      LAMBDA_RUNTIME_DIR: '/var/runtime',
      AWS_LAMBDA_RUNTIME_API: this.options.runtimeApi.address(environmentId),
      AWS_EXECUTION_ENV: `AWS_Lambda_${configuration.runtime}`,
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_LAMBDA_FUNCTION_NAME: configuration.name,
      AWS_LAMBDA_FUNCTION_VERSION: version,
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(configuration.memoryMb),
      AWS_LAMBDA_LOG_GROUP_NAME: configuration.logGroup,
      AWS_LAMBDA_LOG_STREAM_NAME: logStreamOf(version, environmentId),
      AWS_LAMBDA_LOG_FORMAT: configuration.logFormat,
      ...(configuration.logLevel === undefined ? {} : { AWS_LAMBDA_LOG_LEVEL: configuration.logLevel }),
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_ACCESS_KEY_ID: configuration.accessKeyId,
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_SESSION_TOKEN: 'local',
      AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR',
      AWS_EC2_METADATA_DISABLED: 'true',
      AUTH_SERVICE_LOCAL: '1',
      [CLOCK_OFFSET_VARIABLE]: String(this.options.clock.offsetOf(configuration.logicalId)),
      ...this.options.endpoints(),
    };
  }

  private find(name: string, asked = name): DeployedFunction {
    const deployed = this.functions.get(name);
    if (!deployed) throw new FunctionNotFoundError(asked);
    return deployed;
  }
}

/** Access key id of a function's process: tells the services who calls. */
export function accessKeyIdOf(functionKey: string): string {
  return `LOCAL${createHash('sha256').update(functionKey).digest('hex').slice(0, 16).toUpperCase()}`;
}

const logStreamOf = (version: string, environmentId: string): string => `local/[${version}]${environmentId.replaceAll('-', '')}`;

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
