import { Duration, Size } from 'aws-cdk-lib';
import { Tracing } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { AuthFunctionName } from '../contract/functions';
import { PasswordHashing } from './passwords';
import { checkDuration, checkUnique, refuse } from './validation';

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
   * Time-out, from 1 second to the 29 seconds of API Gateway; 15 minutes for `ROTATE_KEYS` and `ADMIN`. That of `REFRESH` must be less
   * than half of `tokens.concurrentRefreshGrace`, so that a retry after a lost answer still falls into the grace.
   * @default - by function: 10 seconds; `REFRESH` 4 seconds or less, `AUTHORIZER` 5 seconds, `ADMIN` 30 seconds, `ROTATE_KEYS` 60 seconds
   */
  readonly timeout?: Duration;

  /**
   * How much it logs.
   * @default - `functions.logLevel`
   */
  readonly logLevel?: AuthLogLevel;
}

/** The functions. */
export interface FunctionsOptions {
  /**
   * How much all functions log.
   * @default AuthLogLevel.INFO
   */
  readonly logLevel?: AuthLogLevel;

  /**
   * How long logs are kept. They hold the audit events.
   * @default RetentionDays.ONE_YEAR
   */
  readonly logRetention?: RetentionDays;

  /**
   * Whether requests are traced by X-Ray, from the API on.
   * @default Tracing.ACTIVE
   */
  readonly tracing?: Tracing;

  /**
   * Settings of single functions.
   * @default - the defaults of each function
   */
  readonly overrides?: AuthFunctionOptions[];
}

/** Not behind the API, which gives up after 29 seconds. */
const BACKGROUND = [AuthFunctionName.ROTATE_KEYS, AuthFunctionName.ADMIN];
const HASHING = [AuthFunctionName.REGISTER, AuthFunctionName.LOGIN, AuthFunctionName.CREDENTIALS];
const SCRYPT_MEBIBYTES = 512;

/** Whether the settings are what Lambda and API Gateway can keep. */
export function checkFunctions(functions: FunctionsOptions, hashing?: PasswordHashing): void {
  const overrides = functions.overrides ?? [];
  checkUnique('functions.overrides', overrides.map((override) => override.name), 'put all settings of a function into one entry');
  for (const { name, memory, timeout } of overrides) {
    const max = BACKGROUND.includes(name) ? Duration.minutes(15) : Duration.seconds(29);
    checkDuration(`functions.overrides: timeout of ${name}`, timeout, Duration.seconds(1), max);
    checkMemory(name, memory);
    checkScryptMemory(name, memory, hashing);
  }
}

function checkMemory(name: string, memory: Size | undefined): void {
  if (memory === undefined || memory.isUnresolved()) {
    return;
  }
  const mebibytes = memory.toMebibytes({ rounding: undefined });
  if (mebibytes < 128 || mebibytes > 10240) {
    refuse(`functions.overrides: memory of ${name}`, `${mebibytes} MB`, '128 MB to 10240 MB');
  }
}

/** scrypt holds 128 MiB for each hash; a function that dies of it answers 503 for ever. */
function checkScryptMemory(name: AuthFunctionName, memory: Size | undefined, hashing: PasswordHashing | undefined): void {
  if (memory === undefined || memory.isUnresolved() || hashing?._algorithm !== 'scrypt' || !HASHING.includes(name)) {
    return;
  }
  const mebibytes = memory.toMebibytes({ rounding: undefined });
  if (mebibytes < SCRYPT_MEBIBYTES) {
    refuse(`functions.overrides: memory of ${name}`, `${mebibytes} MB`, `at least ${SCRYPT_MEBIBYTES} MB with PasswordHashing.scrypt()`,
      'each hash takes 128 MB beside the function itself');
  }
}
