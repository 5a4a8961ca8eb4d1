import { Duration, Size, Token } from 'aws-cdk-lib';
import { ICodeSigningConfig, Tracing } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { AuthFunctionName } from '../contract/functions';
import { Limits } from '../contract/limits';
import { FunctionDeployment } from './function-deployment';
import { PasswordHashing } from './passwords';
import { ProvisionedConcurrency } from './provisioned-concurrency';
import { checkDuration, checkInteger, checkUnique, refuse } from './validation';

/** How much a function writes to its log. Audit events and metrics are written at every level. */
export enum AuthLogLevel {
  /** Only what somebody has to look at. */
  ERROR = 'error',
  /** Also what is odd. */
  WARN = 'warn',
  /** Also what is usual. */
  INFO = 'info',
  /** Also what helps to find a mistake. Passwords, tokens and addresses never. */
  DEBUG = 'debug',
}

/** One function's own settings. */
export interface AuthFunctionOptions {
  /** Which function. */
  readonly name: AuthFunctionName;

  /**
   * Memory, 128 MB to 10240 MB. Processor time comes in proportion: 1769 MB are one whole processor.
   * @default - by function: 1024 MB where passwords are hashed, else 512 MB
   */
  readonly memory?: Size;

  /**
   * Time-out, from 1 second to the 29 seconds of API Gateway; 15 minutes for `ROTATE_KEYS`, at least 2, and `ADMIN`. That of `REFRESH` must be less
   * than half of `tokens.concurrentRefreshGrace`, so that a retry after a lost answer still falls into the grace.
   * @default - by function: 10 seconds; `REFRESH` 4 seconds or less, `AUTHORIZER` 5 seconds, `ADMIN` 30 seconds, `ROTATE_KEYS` 120 seconds
   */
  readonly timeout?: Duration;

  /**
   * How much it logs.
   * @default - `functions.logLevel`
   */
  readonly logLevel?: AuthLogLevel;

  /**
   * Environments that are ready before a request comes: for `LOGIN` and `AUTHORIZER` first, which users wait for. Not for `ROTATE_KEYS`, which
   * nobody waits for. The aliases of an authorizer with required scopes get the same number each.
   * @default ProvisionedConcurrency.none()
   */
  readonly provisionedConcurrency?: ProvisionedConcurrency;

  /**
   * How a new version takes over. Gradually only without provisioned concurrency: after one failed start the two together leave the alias
   * between two versions. Not for `ROTATE_KEYS`, which Secrets Manager and CloudFormation invoke without an alias.
   * @default - `functions.deployment`; at once with provisioned concurrency, and for `ROTATE_KEYS` and `ADMIN`
   */
  readonly deployment?: FunctionDeployment;

  /**
   * Concurrency set aside for this function, which is also its limit: above it requests are refused. 1 or more. Taken out of what the
   * account has for all functions.
   * @default - none is set aside, and the account's limit holds
   */
  readonly reservedConcurrency?: number;
}

/** The functions. */
export interface FunctionsOptions {
  /**
   * How much all functions log.
   * @default AuthLogLevel.INFO
   */
  readonly logLevel?: AuthLogLevel;

  /**
   * How long logs are kept: those of the functions, which hold the audit events, of the API and of the firewall.
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: RetentionDays;

  /**
   * Whether requests are traced by X-Ray, from the API on.
   * @default Tracing.ACTIVE
   */
  readonly tracing?: Tracing;

  /**
   * How new versions take over, of every function behind the API that has no provisioned concurrency.
   * @default FunctionDeployment.allAtOnce()
   */
  readonly deployment?: FunctionDeployment;

  /**
   * Whose signatures Lambda accepts on the functions' code. The CDK uploads the bundles unsigned: sign them in the bucket of the assets between
   * publishing and deployment (AWS Signer), or let the configuration warn only.
   * @default - signatures are not looked at
   */
  readonly codeSigningConfig?: ICodeSigningConfig;

  /**
   * Settings of single functions.
   * @default - the defaults of each function
   */
  readonly overrides?: AuthFunctionOptions[];
}

/** Not behind the API, which gives up after 29 seconds. */
const BACKGROUND = [AuthFunctionName.ROTATE_KEYS, AuthFunctionName.ADMIN];
const HASHING = [AuthFunctionName.REGISTER, AuthFunctionName.LOGIN, AuthFunctionName.CREDENTIALS];

/** Whether the settings are what Lambda and API Gateway can keep. */
export function checkFunctions(functions: FunctionsOptions, hashing?: PasswordHashing): void {
  const overrides = functions.overrides ?? [];
  checkUnique('functions.overrides', overrides.map((override) => override.name), 'put all settings of a function into one entry');
  for (const override of overrides) {
    const { name, memory, timeout } = override;
    const max = isBackground(name) ? Duration.minutes(15) : Duration.seconds(29);
    checkDuration(`functions.overrides: timeout of ${name}`, timeout, Duration.seconds(1), max);
    checkMemory(name, memory);
    checkScryptMemory(name, memory, hashing);
    checkCapacity(override);
    checkDeployment(override);
  }
}

/** Whether a function stands behind no API. */
export function isBackground(name: AuthFunctionName): boolean {
  return BACKGROUND.includes(name);
}

/** Lambda refuses to provide more than what is set aside, but only in the middle of a deployment. */
function checkCapacity({ name, provisionedConcurrency: provisioned, reservedConcurrency: reserved }: AuthFunctionOptions): void {
  checkInteger(`functions.overrides: reservedConcurrency of ${name}`, reserved, 1, 10_000, '0 would refuse every request');
  if (provisioned !== undefined && !provisioned._isNone && reserved !== undefined && !Token.isUnresolved(reserved) && provisioned._max > reserved) {
    refuse(`functions.overrides: provisionedConcurrency of ${name}`, `up to ${provisioned._max}`, `at most reservedConcurrency (${reserved})`,
      'raise reservedConcurrency or provide less');
  }
}

function checkDeployment({ name, provisionedConcurrency: provisioned, deployment }: AuthFunctionOptions): void {
  const provides = provisioned !== undefined && !provisioned._isNone;
  if (name === AuthFunctionName.ROTATE_KEYS && (provides || deployment?._isGradual)) {
    refuse(`functions.overrides: ${provides ? 'provisionedConcurrency' : 'deployment'} of ${name}`, provides ? 'a value' : `FunctionDeployment.${deployment!._kind}()`,
      'left out', 'Secrets Manager and CloudFormation invoke it without an alias');
  }
  if (provides && deployment?._isGradual) {
    refuse(`functions.overrides: deployment of ${name}`, `FunctionDeployment.${deployment._kind}() with it`, 'set without provisionedConcurrency',
      'after one failed start the two together leave the alias between two versions; ProvisionedConcurrency.none() switches off what a preset sets');
  }
}

function checkMemory(name: string, memory: Size | undefined): void {
  if (memory === undefined || memory.isUnresolved()) {
    return;
  }
  const mebibytes = memory.toMebibytes({ rounding: undefined });
  if (mebibytes < 128 || mebibytes > 10240) {
    refuse(`functions.overrides: memory of ${name}`, `${mebibytes} MB`, 'between 128 MB and 10240 MB');
  }
}

/** scrypt holds 128 MiB for each hash; a function that dies of it answers 503 for ever. */
function checkScryptMemory(name: AuthFunctionName, memory: Size | undefined, hashing: PasswordHashing | undefined): void {
  if (memory === undefined || memory.isUnresolved() || hashing?._algorithm !== 'scrypt' || !HASHING.includes(name)) {
    return;
  }
  const mebibytes = memory.toMebibytes({ rounding: undefined });
  if (mebibytes < Limits.SCRYPT_MEBIBYTES) {
    refuse(`functions.overrides: memory of ${name}`, `${mebibytes} MB`, `at least ${Limits.SCRYPT_MEBIBYTES} MB with PasswordHashing.scrypt()`,
      'each hash takes 128 MB beside the function itself');
  }
}
