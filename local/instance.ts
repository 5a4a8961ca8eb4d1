import { existsSync } from 'node:fs';
import path from 'node:path';
import { VirtualClock } from './clock';
import { ControlApi } from './control/control-api';
import { CustomResources } from './custom-resources/custom-resources';
import { DirectoryLock } from './data-directory/lock';
import { FirewallRegistry } from './firewall/firewall';
import { ApiRegistry, ApiSummary } from './gateway/apis';
import { CodeStore } from './lambda/code';
import { Functions } from './lambda/functions';
import { InvokeApi } from './lambda/invoke-api';
import { NodeVersions } from './lambda/node-versions';
import { RuntimeApi } from './lambda/runtime-api';
import { Journal, JournalListener, LogEntry, RequestEntry } from './report/journal';
import { providerOf } from './resources';
import { StackPlace, World } from './resources/provider';
import { createAwsServices } from './services';
import { AwsServices, CallRecorder, Faults, InvokeRequest } from './services/types';
import { readAssembly } from './template/assembly';
import { withNested } from './template/nested';
import { portsOf } from './template/ports';
import { NotEvaluated, Provisioner } from './template/provisioner';
import { StackTemplate, UserError } from './template/types';

const DEFAULT_ACCOUNT = '123456789012';
const DEFAULT_REGION = 'us-east-1';
const DEFAULT_CONCURRENCY = 4;

export interface StartOptions {
  /** Cloud assembly: the directory that `cdk synth` wrote. */
  readonly assembly: string;
  /** Stacks to run, with what they depend on; empty or absent: all. */
  readonly stacks?: readonly string[];
  /** Port of the first distribution, custom domain or API; the others follow, then the service endpoints. 0: any free ports. Default 3000. */
  readonly port?: number;
  /** Keeps data here between starts; absent: in memory. */
  readonly dataDir?: string;
  /** Processes of one function at most. Default 4. */
  readonly concurrency?: number;
  /** Values of template parameters. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** What the instance's clock shows at the start, in epoch milliseconds; it runs on from there. Absent: the time of this machine. */
  readonly at?: number;
  /** Node.js by major version, as binary or folder, before those that are found. */
  readonly nodeBinaries?: Readonly<Record<string, string>>;
  /** Hears of requests and log lines as they come. */
  readonly listener?: JournalListener;
  /** The worker bootstrap, when it is not beside this bundle. */
  readonly bootstrap?: string;
}

export interface InvokeOutcome<T> {
  /** Parsed result; the error document when the function failed. */
  readonly payload: T;
  readonly failed: boolean;
  readonly requestId: string;
}

/** A running app. */
export interface LocalInstance {
  readonly apis: readonly ApiSummary[];
  /** Where SDK clients find the AWS services; `/_local/` lies there too. */
  readonly servicesUrl: string;
  readonly region: string;
  readonly notEvaluated: readonly NotEvaluated[];
  /** What runs otherwise than on AWS. */
  readonly warnings: readonly string[];
  /** Outputs by stack name. */
  readonly outputs: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly clock: VirtualClock;
  readonly functions: Functions;
  readonly faults: Faults;
  readonly calls: CallRecorder;
  /** URL of the first stage of the API, distribution or domain whose name, logical id or beginning of it this is. */
  url(api: string): string;
  /** Invokes a function by logical id (or its beginning), name or ARN. */
  invoke<T = unknown>(functionName: string, event: unknown, options?: Pick<InvokeRequest, 'qualifier' | 'invocationType'>): Promise<InvokeOutcome<T>>;
  logs(filter?: Parameters<Journal['logEntries']>[0]): LogEntry[];
  requests(after?: number): RequestEntry[];
  /** The next call of the function (all when not given) is a cold start. */
  recycle(logicalId?: string): void;
  stop(): Promise<void>;
}

/** Runs a synthesized app on this machine. Rejects with a `UserError` for what the person at the terminal can put right. */
export async function startInstance(options: StartOptions): Promise<LocalInstance> {
  const stacks = readAssembly(options.assembly, options.stacks);
  const lock = options.dataDir === undefined ? undefined : await DirectoryLock.acquire(path.resolve(options.dataDir));
  let instance: Instance | undefined;
  try {
    instance = new Instance(options, stacks, lock);
    await instance.start();
    return instance;
  } catch (error) {
    await instance?.stop();
    lock?.release();
    throw error;
  }
}

class Instance implements LocalInstance {
  readonly clock: VirtualClock;
  readonly region: string;
  readonly functions: Functions;
  private readonly accountId: string;
  private readonly journal: Journal;
  private readonly nodeVersions: NodeVersions;
  private readonly runtimeApi = new RuntimeApi();
  private readonly code = new CodeStore();
  private readonly services: AwsServices;
  private readonly apiRegistry: ApiRegistry;
  private readonly provisioner: Provisioner;
  private stopping: Promise<void> | undefined;

  constructor(private readonly options: StartOptions, private readonly stacks: readonly StackTemplate[], private readonly lock?: DirectoryLock) {
    this.clock = new VirtualClock(options.at);
    this.region = mainRegion(stacks) ?? DEFAULT_REGION;
    this.nodeVersions = new NodeVersions([path.resolve(options.assembly), process.cwd(), __dirname], options.nodeBinaries);
    this.accountId = stacks.find(({ account }) => account !== undefined)?.account ?? DEFAULT_ACCOUNT;
    const now = () => this.clock.now();
    this.journal = new Journal(now);
    if (options.listener) this.journal.listen(options.listener);
    this.functions = new Functions({
      clock: this.clock,
      runtimeApi: this.runtimeApi,
      bootstrap: options.bootstrap ?? bootstrapBesideBundle(),
      concurrency: options.concurrency ?? DEFAULT_CONCURRENCY,
      endpoints: () => this.endpoints(),
      log: (entry) => this.journal.functionLine(entry),
    });
    const port = options.port ?? 3000;
    const firewall = new FirewallRegistry(now);
    this.apiRegistry = new ApiRegistry(now, firewall, (api, served) => this.journal.served(api, served));
    this.services = this.createServices(port === 0 ? 0 : port + portsOf(stacks).length);
    this.clock.onChange(() => this.services.clockChanged());
    const world: World = {
      clock: this.clock, services: this.services, functions: this.functions, code: this.code, apis: this.apiRegistry, firewall,
      customResources: new CustomResources(this.functions, this.runtimeApi),
      nodeVersions: this.nodeVersions,
      nestedStack: (stack, parameters) => this.provisioner.provision(stack, parameters),
    };
    this.provisioner = new Provisioner({ world, provider: providerOf, placeOf: (stack) => this.placeOf(stack), parameters: options.parameters ?? {} });
  }

  get apis(): readonly ApiSummary[] {
    return this.apiRegistry.summaries();
  }

  get servicesUrl(): string {
    return this.services.url.replace('127.0.0.1', 'localhost');
  }

  get warnings(): readonly string[] {
    return this.nodeVersions.warnings;
  }

  get notEvaluated(): readonly NotEvaluated[] {
    return this.provisioner.notEvaluated;
  }

  get outputs(): Record<string, Record<string, unknown>> {
    return Object.fromEntries([...this.provisioner.outputs].map(([stack, outputs]) => [stack, Object.fromEntries(outputs)]));
  }

  get faults(): Faults {
    return this.services.faults;
  }

  get calls(): CallRecorder {
    return this.services.calls;
  }

  async start(): Promise<void> {
    this.nodeVersions.plan(this.stacks.flatMap(withNested).flatMap((stack) => this.provisioner.plannedFunctions(stack)));
    await this.runtimeApi.start();
    const port = this.options.port ?? 3000;
    const keys = portsOf(this.stacks);
    await this.apiRegistry.bind(keys, (index) => (port === 0 ? 0 : port + index));
    await this.services.start();
    for (const stack of this.stacks) this.provisioner.announce(stack);
    for (const stack of this.stacks) await this.provisioner.provision(stack);
    this.services.ready();
    await this.apiRegistry.open();
  }

  url(api: string): string {
    const found = this.apis.find(({ name, logicalId }) => name === api || logicalId === api) ?? this.apis.find(({ logicalId }) => logicalId.startsWith(api));
    if (!found?.urls[0]) throw new UserError(`no API is called ${api}; there are: ${this.apis.map(({ logicalId }) => logicalId).join(', ')}`);
    return found.urls[0];
  }

  async invoke<T>(functionName: string, event: unknown, options: Pick<InvokeRequest, 'qualifier' | 'invocationType'> = {}): Promise<InvokeOutcome<T>> {
    const all = this.functions.configurations();
    const known = all.find(({ logicalId }) => logicalId === functionName) ?? all.find(({ logicalId }) => logicalId.startsWith(functionName));
    const result = await this.functions.invoke({ functionArn: known?.arn ?? functionName, payload: JSON.stringify(event), source: 'invoke', ...options });
    return {
      payload: (result.payload === '' ? undefined : JSON.parse(result.payload)) as T,
      failed: result.functionError !== undefined,
      requestId: result.requestId,
    };
  }

  logs(filter?: Parameters<Journal['logEntries']>[0]): LogEntry[] {
    return this.journal.logEntries(filter);
  }

  requests(after?: number): RequestEntry[] {
    return this.journal.requestEntries(after);
  }

  recycle(logicalId?: string): void {
    this.functions.recycle(logicalId);
  }

  stop(): Promise<void> {
    this.stopping ??= (async () => {
      await this.apiRegistry.stop();
      this.functions.stop();
      await this.services.stop();
      this.runtimeApi.stop();
      this.code.dispose();
      // The state is on disk now.
      this.lock?.release();
    })();
    return this.stopping;
  }

  private createServices(port: number): AwsServices {
    const invokeApi = new InvokeApi(this.functions);
    const control = new ControlApi({
      clock: this.clock, functions: this.functions, journal: this.journal,
      services: () => this.services,
      describe: () => ({
        apis: this.apis, services: this.servicesUrl, region: this.region, outputs: this.outputs, notEvaluated: this.notEvaluated, warnings: this.warnings,
      }),
    });
    return createAwsServices({
      port, region: this.region, accountId: this.accountId, partition: partitionOf(this.region),
      ...(this.options.dataDir === undefined ? {} : { dataDir: path.resolve(this.options.dataDir) }),
      now: () => this.clock.now(),
      functions: this.functions,
      lines: () => this.journal.logEntries(),
      front: (request, response) => control.handle(request, response) || invokeApi.handle(request, response),
    });
  }

  private endpoints(): Record<string, string> {
    const { url, endpointNames } = this.services;
    return { AWS_ENDPOINT_URL: url, ...Object.fromEntries(endpointNames.map((name) => [`AWS_ENDPOINT_URL_${name}`, url])) };
  }

  private placeOf(stack: StackTemplate): StackPlace {
    const region = stack.region ?? this.region;
    return {
      stack, region,
      accountId: stack.account ?? this.accountId,
      partition: partitionOf(region),
      urlSuffix: region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com',
      functions: this.functions,
      now: () => this.clock.now(),
    };
  }
}

function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

/** Services and their ARNs are in one Region: the one where most functions run, not that of a web ACL or certificate. */
function mainRegion(stacks: readonly StackTemplate[]): string | undefined {
  const functionsOf = ({ template }: StackTemplate) => Object.values(template.Resources ?? {}).filter(({ Type }) => Type === 'AWS::Lambda::Function').length;
  const [first] = stacks.filter(({ region }) => region !== undefined).sort((left, right) => functionsOf(right) - functionsOf(left));
  return first?.region;
}

/** Bundled, the bootstrap lies beside this file; in a checkout it is where the bundler puts it. */
function bootstrapBesideBundle(): string {
  const candidates = [path.join(__dirname, 'bootstrap.js'), path.join(__dirname, '..', 'assets', 'local', 'bootstrap.js')];
  const found = candidates.find((candidate) => existsSync(candidate));
  if (!found) throw new UserError('the worker bootstrap is not built: run "npm run bundle"');
  return found;
}
