import { join } from 'node:path';
import { Calls } from './calls';
import { CloudFront } from './cloudfront';
import { DynamoDb } from './dynamodb';
import { KeptTables } from './dynamodb/persistence';
import { Endpoint } from './endpoint';
import { FaultRules } from './faults';
import { Iam } from './iam';
import { Kms, KmsState } from './kms';
import { own } from './operations';
import { StateFile } from './persistence';
import { CloudWatchLogs } from './cloudwatch-logs';
import { Mail } from './ses';
import { SecretsManager } from './secrets-manager';
import { Secret } from './secrets-manager/model';
import { provisionResourcePolicy, provisionRotationSchedule, provisionSecret, provisionTargetAttachment } from './secrets-manager/provision';
import { versionToRead } from './secrets-manager/versions';
import { Sqs } from './sqs';
import { EventSources } from './sqs/event-source';
import { QueueState } from './sqs/queue';
import { Parameter, Parameters } from './ssm';
import { Sts } from './sts';
import {
  AwsServices, AwsServicesOptions, CapturedMail, ControlledDistribution, DynamoDbControl, Principal, ProvisionedResource, ResolvedResource, RotationRun,
} from './types';

/** How often schedules are looked at, real time. */
const SCHEDULE_MS = 1000;

/** How long a stop waits for batches and rotations under way. */
const STOP_GRACE_MS = 2000;

type Creator = (resource: ResolvedResource) => ProvisionedResource | Promise<ProvisionedResource>;

export const createAwsServices = (options: AwsServicesOptions): AwsServices => new LocalAwsServices(options);

class LocalAwsServices implements AwsServices {
  readonly faults = new FaultRules();
  readonly calls: Calls;
  readonly endpointNames: readonly string[];
  readonly dynamoDb: DynamoDbControl;
  private readonly principals = new Map<string, Principal>();
  private readonly iam: Iam;
  private readonly tables: DynamoDb;
  private readonly secrets: SecretsManager;
  private readonly parameters: Parameters;
  private readonly queues: Sqs;
  private readonly eventSources: EventSources;
  private readonly kms: Kms;
  private readonly mail: Mail;
  private readonly logs: CloudWatchLogs;
  private readonly cloudFront: CloudFront;
  private readonly endpoint: Endpoint;
  private readonly creators: Readonly<Record<string, Creator>>;
  private readonly stateFiles = new Map<string, StateFile<unknown>>();
  private readonly keptTables: KeptTables | undefined;
  private schedule: NodeJS.Timeout | undefined;
  private stopping: Promise<void> | undefined;

  constructor(private readonly options: AwsServicesOptions) {
    const { now, functions, dataDir } = options;
    this.calls = new Calls(options.onCall);
    this.iam = new Iam(options);
    this.tables = new DynamoDb(options);
    this.secrets = new SecretsManager({ ...options, changed: () => this.touch('secrets') });
    this.parameters = new Parameters({ ...options, changed: () => this.touch('parameters') });
    this.queues = new Sqs({ ...options, url: () => this.url, changed: () => this.touch('queues') });
    this.eventSources = new EventSources(this.queues, functions, options.region);
    this.kms = new Kms({ ...options, changed: () => this.touch('kms') });
    this.mail = new Mail(options);
    this.logs = new CloudWatchLogs({ ...options, lines: options.lines ?? (() => []) });
    this.cloudFront = new CloudFront(options);
    const services = [this.tables, this.secrets, this.parameters, this.queues, this.kms, this.mail, this.logs, this.cloudFront, new Sts(options)];
    this.endpointNames = services.map((service) => service.endpointName);
    this.endpoint = new Endpoint({
      port: options.port,
      now,
      services,
      faults: this.faults,
      calls: this.calls,
      principalOf: (accessKeyId) => this.principals.get(accessKeyId),
      refusalOf: (principal, permission) => this.iam.refusal(principal, permission),
      ...(options.front ? { front: options.front } : {}),
    });
    this.dynamoDb = this.dynamoDbControl();
    this.creators = this.creatorTable();

    this.keep('secrets', () => this.secrets.secrets.all(), (kept: readonly Secret[]) => this.secrets.secrets.restore(kept));
    this.keep('parameters', () => this.parameters.snapshot(), (kept: readonly Parameter[]) => this.parameters.restore(kept));
    this.keep('queues', () => this.queues.snapshot(), (kept: readonly QueueState[]) => this.queues.restore(kept));
    this.keep('kms', () => this.kms.snapshot(), (kept: KmsState) => this.kms.restore(kept));
    this.keptTables = dataDir === undefined ? undefined : new KeptTables(this.tables, dataDir);
  }

  get url(): string {
    return this.endpoint.url;
  }

  async start(): Promise<void> {
    await this.tables.start();
    this.keptTables?.open();
    await this.endpoint.start();
  }

  ready(): void {
    this.eventSources.start();
    this.tables.ttl.start();
    this.schedule ??= setInterval(() => this.startDueRotations(), SCHEDULE_MS).unref();
  }

  stop(): Promise<void> {
    this.stopping ??= this.stopAll();
    return this.stopping;
  }

  supports(type: string): boolean {
    return own(this.creators, type) !== undefined;
  }

  async create(resource: ResolvedResource): Promise<ProvisionedResource> {
    const creator = own(this.creators, resource.type);
    if (!creator) throw new Error(`${resource.type} is not available in the local instance`);
    return creator(resource);
  }

  registerPrincipal(principal: Principal): void {
    this.principals.set(principal.accessKeyId, principal);
  }

  refusal(principal: Principal, action: string, resource: string): string | undefined {
    return this.iam.refusal(principal, { action, resource });
  }

  addDistribution(distribution: ControlledDistribution): void {
    this.cloudFront.add(distribution);
  }

  parameterValue(name: string): string | undefined {
    return this.parameters.value(name);
  }

  secretValue(secretId: string, jsonKey?: string, versionStage?: string): string | undefined {
    const secret = this.secrets.secrets.find(secretId);
    if (!secret) return undefined;
    try {
      const { text } = versionToRead(secret, undefined, versionStage);
      if (text === undefined || jsonKey === undefined) return text;
      const value = (JSON.parse(text) as Record<string, unknown>)[jsonKey];
      return value === undefined ? undefined : String(value);
    } catch {
      return undefined;
    }
  }

  rotations(): readonly RotationRun[] {
    return this.secrets.rotations.runs;
  }

  mails(): readonly CapturedMail[] {
    return this.mail.captured;
  }

  clockChanged(): void {
    void this.tables.ttl.sweepLate();
    this.queues.wake();
    this.startDueRotations();
  }

  private startDueRotations(): void {
    this.secrets.rotations.startDue(this.secrets.secrets.all());
  }

  private async stopAll(): Promise<void> {
    clearInterval(this.schedule);
    this.faults.remove();
    this.queues.stop();
    // What functions are doing may finish, but a function that hangs does not hold up the end.
    await within(STOP_GRACE_MS, Promise.all([this.eventSources.stop(), this.secrets.rotations.settled()]));
    await this.endpoint.stop();
    await this.keptTables?.close();
    await this.tables.stop();
    for (const file of this.stateFiles.values()) file.flush();
  }

  private keep<T>(name: string, collect: () => T, restore: (kept: T) => void): void {
    const { dataDir } = this.options;
    if (dataDir === undefined) return;
    const file = new StateFile<T>(join(dataDir, `${name}.json`), collect);
    const kept = file.read();
    if (kept !== undefined) restore(kept);
    this.stateFiles.set(name, file as StateFile<unknown>);
  }

  private touch(name: string): void {
    this.stateFiles.get(name)?.touch();
  }

  private dynamoDbControl(): DynamoDbControl {
    const { store, ttl } = this.tables;
    return {
      freezeIndexes: (table) => store.freezeIndexes(table),
      releaseIndexes: () => store.releaseIndexes(),
      sweepExpired: () => ttl.sweep(),
      setSweeper: (enabled) => {
        ttl.enabled = enabled;
      },
    };
  }

  private creatorTable(): Record<string, Creator> {
    const { iam, tables, secrets, parameters, queues, kms, logs, eventSources } = this;
    const nothing: Creator = ({ generatedName }) => ({ ref: generatedName, attributes: {}, notEvaluated: ['queue policy'] });
    return {
      'AWS::DynamoDB::Table': (resource) => tables.provision(resource),
      'AWS::DynamoDB::GlobalTable': (resource) => tables.provision(resource),
      'AWS::SecretsManager::Secret': (resource) => provisionSecret(secrets, resource, this.options.now()),
      'AWS::SecretsManager::RotationSchedule': (resource) => provisionRotationSchedule(secrets, resource),
      'AWS::SecretsManager::ResourcePolicy': (resource) => provisionResourcePolicy(secrets, resource),
      'AWS::SecretsManager::SecretTargetAttachment': (resource) => provisionTargetAttachment(secrets, resource),
      'AWS::SSM::Parameter': (resource) => parameters.provision(resource),
      'AWS::SQS::Queue': (resource) => queues.provision(resource),
      'AWS::SQS::QueuePolicy': nothing,
      'AWS::Logs::LogGroup': (resource) => logs.provisionGroup(resource),
      'AWS::Logs::QueryDefinition': (resource) => logs.provisionQuery(resource),
      'AWS::KMS::Key': (resource) => kms.provision(resource),
      'AWS::KMS::Alias': (resource) => kms.provision(resource),
      'AWS::IAM::Role': (resource) => iam.provision(resource),
      'AWS::IAM::Policy': (resource) => iam.provision(resource),
      'AWS::IAM::RolePolicy': (resource) => iam.provision(resource),
      'AWS::IAM::ManagedPolicy': (resource) => iam.provision(resource),
      'AWS::Lambda::EventSourceMapping': (resource) => eventSources.provision(resource),
    };
  }
}

async function within(milliseconds: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([work, new Promise((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  })]);
  clearTimeout(timer);
}
