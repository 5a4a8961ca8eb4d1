import { IncomingMessage, ServerResponse } from 'node:http';

/**
 * The seam between the front half of the local instance (template, functions, gateways, firewall) and the AWS service
 * endpoints. The front half resolves a template, asks `AwsServices` to create what belongs to it, and gives it a way to
 * call functions; the services give every SDK client one URL to talk to.
 */

/** A resource whose properties hold no intrinsic function any more. */
export interface ResolvedResource {
  /** Unique in the instance: `<stack name>/<logical id>`. */
  readonly key: string;
  readonly stackName: string;
  readonly logicalId: string;
  /** CloudFormation type, for example `AWS::DynamoDB::Table`. */
  readonly type: string;
  /** Property values as CloudFormation would hand them to the resource; properties that resolved to AWS::NoValue are absent. */
  readonly properties: Record<string, unknown>;
  /** The name CloudFormation would make up: `<stack>-<logicalId>-<12 characters>`, the same at every start. */
  readonly generatedName: string;
}

/** What `Ref` and `Fn::GetAtt` give for a resource. */
export interface ProvisionedResource {
  /** Value of `Ref`: AWS's own choice of id, name, URL or ARN for the type. */
  readonly ref: string;
  /** Values of `Fn::GetAtt`, by attribute name (dots included: `Endpoint.Address`). */
  readonly attributes: Readonly<Record<string, unknown>>;
  /** What of its properties is not evaluated here, each a short phrase without the resource's name. */
  readonly notEvaluated?: readonly string[];
}

export interface InvokeRequest {
  /** Function name, ARN, or ARN with a qualifier. */
  readonly functionArn: string;
  /** Only with a name or an unqualified ARN. */
  readonly qualifier?: string;
  /** JSON text. */
  readonly payload: string;
  /** `Event` returns at once; errors are then retried twice, as Lambda does. Default: `RequestResponse`. */
  readonly invocationType?: 'RequestResponse' | 'Event' | 'DryRun';
  /** Whom the log names as the caller, for example `secretsmanager`. */
  readonly source?: string;
  /** On whose behalf a service calls: then the function's resource policy has to permit `source` for it. */
  readonly sourceArn?: string;
}

export interface InvokeResult {
  /** JSON text: the result, or `{errorMessage, errorType, trace}` when `functionError` is set. */
  readonly payload: string;
  /** `Unhandled` when the function threw, timed out or died. */
  readonly functionError?: string;
  /** Version that ran. */
  readonly executedVersion: string;
  readonly requestId: string;
  /** Last 4 KB of the log of the call, for `LogType: Tail`. */
  readonly logTail: string;
}

/** Calls functions. Rejects with `FunctionNotFoundError` when there is no such function or qualifier. */
export interface FunctionInvoker {
  invoke(request: InvokeRequest): Promise<InvokeResult>;
}

export class FunctionNotFoundError extends Error {
  override readonly name = 'FunctionNotFoundError';

  constructor(functionArn: string) {
    super(`function not found: ${functionArn}`);
  }
}

/** Whom an access key id belongs to: each function process signs with an access key id of its own. */
export interface Principal {
  /** `LOCAL` + 16 hexadecimal digits. */
  readonly accessKeyId: string;
  /** `<stack name>/<logical id>` of the function. */
  readonly functionKey: string;
  /** Logical id of the function, the `caller` of faults and recorded calls. */
  readonly logicalId: string;
  readonly functionArn: string;
  /** Role whose policies decide what it may do. */
  readonly roleArn: string;
}

/** A line as CloudWatch Logs would keep it. */
export interface LoggedLine {
  readonly sequence: number;
  /** Virtual epoch milliseconds. */
  readonly time: number;
  readonly logGroup?: string;
  readonly logStream?: string;
  readonly text: string;
  /** The line as JSON, when it is an object. */
  readonly document?: Readonly<Record<string, unknown>>;
}

export interface AwsServicesOptions {
  readonly region: string;
  readonly accountId: string;
  readonly partition: string;
  /** 0: any free port. */
  readonly port: number;
  /** Keeps tables, secrets, parameters and queues in this directory; absent: in memory. */
  readonly dataDir?: string;
  /** Virtual time of the instance, epoch milliseconds: TTL, rotation, visibility time-outs, `CreatedDate` ... */
  readonly now: () => number;
  readonly functions: FunctionInvoker;
  /** What functions and gateways wrote, oldest first. Default: nothing. */
  readonly lines?: () => readonly LoggedLine[];
  /**
   * Asked first about every request, before a body is read; true when it answered (the Lambda invoke API and `/_local/`).
   * It must read nothing from a request that it declines.
   */
  readonly front?: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** Called after each answered (or dropped) call. */
  readonly onCall?: (call: AwsCall) => void;
}

/** One call of an AWS API that a function or another client made. */
export interface AwsCall {
  /** Counts from 1. */
  readonly sequence: number;
  /** Virtual epoch milliseconds at arrival. */
  readonly time: number;
  /** `dynamodb`, `secretsmanager`, `ssm`, `sqs`, `kms` ... (the endpoint prefix in lower case). */
  readonly service: string;
  /** For example `GetItem`. */
  readonly operation: string;
  /** Logical id of the function that called; absent for other clients. */
  readonly caller?: string;
  /** Table, secret, queue or key that it names, when there is one. */
  readonly resource?: string;
  readonly status: number;
  /** Error code, for example `ConditionalCheckFailedException`, `AccessDeniedException`. */
  readonly error?: string;
  /** Id of the fault that was injected. */
  readonly fault?: string;
  /** DynamoDB: units charged, index units included. */
  readonly readUnits?: number;
  readonly writeUnits?: number;
  /** X-Ray header of the request, when the client sent one: ties the call to the invocation that made it. */
  readonly trace?: string;
  readonly durationMs: number;
}

/** Makes matching calls go wrong. All given conditions must hold. */
export interface FaultSpec {
  readonly service?: string;
  readonly operation?: string;
  /** Logical id of the calling function, or a prefix of it. */
  readonly caller?: string;
  /** Name or ARN of the table, secret, queue ..., or a part of it. */
  readonly resource?: string;
  /** Lets this many matching calls through first. Default 0. */
  readonly skip?: number;
  /** Then applies to this many. Default: until removed. */
  readonly times?: number;
  readonly effect:
    /** The service's own throttling error (400 or 429 as AWS answers). */
    | 'throttle'
    /** 500 InternalServerError. */
    | 'error'
    /** Never answers. */
    | 'timeout'
    /** The connection is cut before anything happens. */
    | 'drop'
    /** The call takes effect, then the connection is cut. */
    | 'commit-then-drop'
    /** DynamoDB transactions: cancelled with TransactionConflict; other writes: TransactionConflictException. */
    | 'conflict'
    /** AccessDeniedException. */
    | 'deny'
    /** Waits `delayMs`, then goes on normally. */
    | 'delay'
    /** Waits until the fault is removed, then goes on normally: a barrier. */
    | 'hold';
  readonly delayMs?: number;
}

export interface Fault extends FaultSpec {
  readonly id: string;
  /** Calls that it was applied to. */
  readonly applied: number;
  /** Calls that wait in it now (`hold`). */
  readonly waiting: number;
}

export interface Faults {
  add(spec: FaultSpec): Fault;
  list(): Fault[];
  /** Without an id: all. Releases what waits. */
  remove(id?: string): void;
}

export interface CallRecorder {
  /** Newest last; bounded, the oldest fall out. */
  list(filter?: { after?: number; service?: string; operation?: string; caller?: string; resource?: string }): AwsCall[];
  clear(): void;
}

/** What a DynamoDB test needs beyond the API. */
export interface DynamoDbControl {
  /** Holds back propagation to global indexes, of one table or of all, until released. */
  freezeIndexes(table?: string): void;
  releaseIndexes(): void;
  /** Deletes every item whose TTL has passed, now; answers with how many. AWS takes up to days, and so does the sweeper here. */
  sweepExpired(): Promise<number>;
  /** Turns the sweeper off or on. */
  setSweeper(enabled: boolean): void;
}

/** How a rotation of a secret went. */
export interface RotationRun {
  readonly secret: string;
  readonly versionId: string;
  /** `test`: only testSecret, because the rotation was not asked to start at once. */
  readonly kind: 'rotate' | 'test';
  /** Virtual epoch milliseconds. */
  readonly startedAt: number;
  readonly state: 'running' | 'succeeded' | 'failed';
  readonly failedStep?: string;
  readonly error?: string;
}

/** A mail that SES would have sent. */
export interface CapturedMail {
  readonly id: string;
  readonly from?: string;
  readonly to: readonly string[];
  /** The request's `Content`: simple, raw or template. */
  readonly content: unknown;
  /** Virtual epoch milliseconds. */
  readonly time: number;
}

/** A CloudFront distribution of the front half, as the CloudFront API shows and changes it. */
export interface ControlledDistribution {
  readonly id: string;
  readonly arn: string;
  readonly domainName: string;
  /** `DistributionConfig` as CloudFormation spells it. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Called with the new `DistributionConfig`, spelled the same way, after each update. */
  readonly changed: (config: Record<string, unknown>) => void;
}

/** The AWS service endpoints on one port. */
export interface AwsServices {
  /** `http://127.0.0.1:<port>`, once started. */
  readonly url: string;
  readonly faults: Faults;
  readonly calls: CallRecorder;
  readonly dynamoDb: DynamoDbControl;
  /**
   * Names of the services as the SDK spells them in AWS_ENDPOINT_URL_<NAME>, for example `DYNAMODB`, `SECRETS_MANAGER`.
   * Functions also get AWS_ENDPOINT_URL, so that a call of anything else fails here with a clear error and never leaves the machine.
   */
  readonly endpointNames: readonly string[];
  /** Rejects with the error of `listen` when the port is in use. */
  start(): Promise<void>;
  /** Stops pollers and schedules, flushes `dataDir`, closes the port. Idempotent. */
  stop(): Promise<void>;
  /** Whether `create` knows the type. */
  supports(type: string): boolean;
  /**
   * Creates one resource; called in dependency order, after the functions it refers to exist. With `dataDir`, what exists is kept.
   * Rejects with an error whose message is one line naming property and problem.
   * Types: AWS::DynamoDB::{Table,GlobalTable}, AWS::SecretsManager::{Secret,RotationSchedule,ResourcePolicy,SecretTargetAttachment},
   * AWS::SSM::Parameter, AWS::SQS::{Queue,QueuePolicy}, AWS::KMS::{Key,Alias}, AWS::IAM::{Role,Policy,ManagedPolicy},
   * AWS::Lambda::EventSourceMapping (SQS).
   */
  create(resource: ResolvedResource): Promise<ProvisionedResource>;
  /** Makes a function's access key id known. Calls with an unknown access key id (a person's CLI, a test) are not restricted. */
  registerPrincipal(principal: Principal): void;
  /** Everything is created: pollers and rotation schedules may begin. */
  ready(): void;
  /** Makes a CloudFront distribution known to the CloudFront API. */
  addDistribution(distribution: ControlledDistribution): void;
  /** Value of an SSM parameter for `{{resolve:ssm:...}}` and parameters of SSM type; undefined when there is none. */
  parameterValue(name: string): string | undefined;
  /** Value of a secret for `{{resolve:secretsmanager:...}}`; undefined when there is none. */
  secretValue(secretId: string, jsonKey?: string, versionStage?: string): string | undefined;
  /** Why the principal's role does not allow the action, in AWS's words; undefined when it does. For APIs that are answered elsewhere. */
  refusal(principal: Principal, action: string, resource: string): string | undefined;
  /** Rotations so far, oldest first. */
  rotations(): readonly RotationRun[];
  /** Mails so far, oldest first. */
  mails(): readonly CapturedMail[];
  /** The virtual clock jumped: sweep TTL, look at schedules and visibility time-outs again. */
  clockChanged(): void;
}

/** Implemented in `local/services/index.ts`. */
export type CreateAwsServices = (options: AwsServicesOptions) => AwsServices;
