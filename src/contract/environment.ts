/**
 * Environment variables that the construct sets and the functions' composition reads.
 * A function receives only those it needs. Durations are whole seconds, lists are separated by one space.
 */
export const Env = {
  /** Name of the service: metric dimension, audit field. Every function. */
  SERVICE_NAME: 'AUTH_SERVICE_NAME',
  /** `error`, `warn`, `info` or `debug`. Every function. */
  LOG_LEVEL: 'AUTH_LOG_LEVEL',

  USERS_TABLE: 'AUTH_USERS_TABLE',
  SESSIONS_TABLE: 'AUTH_SESSIONS_TABLE',
  REVOCATIONS_TABLE: 'AUTH_REVOCATIONS_TABLE',
  ATTEMPTS_TABLE: 'AUTH_ATTEMPTS_TABLE',
  TICKETS_TABLE: 'AUTH_TICKETS_TABLE',

  /** Who keeps the signing keys: `rotating`, `kms` or `existing-secret`. */
  SIGNING_KEYS: 'AUTH_SIGNING_KEYS',
  /** ARN of the secret that holds the signing keyset, or the existing keys. Absent with `kms`: the published set names its keys. */
  SIGNING_SECRET: 'AUTH_SIGNING_SECRET',
  /** ARN of the secret that holds the refresh keys. */
  REFRESH_SECRET: 'AUTH_REFRESH_SECRET',
  /** ARN of the secret under which names become keys of tables. Functions that count attempts, and rotate-keys, which makes it. */
  LOOKUP_SECRET: 'AUTH_LOOKUP_SECRET',
  /** `ES256`, `RS256` or `EdDSA`: the algorithm of keys made from now on. */
  SIGNING_ALGORITHM: 'AUTH_SIGNING_ALGORITHM',

  /** `iss` of new access tokens: an absolute URL without a trailing slash. */
  ISSUER: 'AUTH_ISSUER',
  /** Further issuers that whoever verifies accepts, for a move. */
  ACCEPTED_ISSUERS: 'AUTH_ACCEPTED_ISSUERS',
  /** `aud` of new access tokens. */
  AUDIENCE: 'AUTH_AUDIENCE',
  /** Further audiences that whoever verifies accepts, for a move. */
  ACCEPTED_AUDIENCES: 'AUTH_ACCEPTED_AUDIENCES',
  /** Scopes of every user in addition to those granted one by one. */
  DEFAULT_SCOPES: 'AUTH_DEFAULT_SCOPES',
  ACCESS_TOKEN_TTL: 'AUTH_ACCESS_TOKEN_TTL_SECONDS',
  /** Absolute life of a session. */
  SESSION_TTL: 'AUTH_SESSION_TTL_SECONDS',
  /** Life of a session without a refresh. */
  SESSION_IDLE_TTL: 'AUTH_SESSION_IDLE_TTL_SECONDS',
  /** Time in which a superseded refresh token is taken for a concurrent refresh, not for theft. */
  REFRESH_GRACE: 'AUTH_REFRESH_GRACE_SECONDS',
  /** Time in which a refresh token comes back for an answer that was lost: it gets another successor while the first is unused. 0: none. */
  LOST_ANSWER_WINDOW: 'AUTH_LOST_ANSWER_WINDOW_SECONDS',
  /** Living sessions of a user above which a login ends the oldest. Only login. */
  MAX_SESSIONS_PER_USER: 'AUTH_MAX_SESSIONS_PER_USER',
  /** Time-out of the slowest function that writes a token; part of the life of a revocation. */
  LONGEST_TIMEOUT: 'AUTH_LONGEST_TIMEOUT_SECONDS',
  /** `body`, `cookie` or `both`. */
  TOKEN_TRANSPORT: 'AUTH_TOKEN_TRANSPORT',
  /** Origins of the web app, exact. Empty: no browser calls. */
  ORIGINS: 'AUTH_ORIGINS',

  /** `open`, `invite` or `closed`. */
  REGISTRATION: 'AUTH_REGISTRATION',
  /** JSON list of `ProfileAttributeDefinition`. */
  PROFILE_ATTRIBUTES: 'AUTH_PROFILE_ATTRIBUTES',

  /** `argon2id`, `bcrypt:<cost>` or `scrypt`. */
  PASSWORD_HASHING: 'AUTH_PASSWORD_HASHING',
  /** Least length in code points. */
  PASSWORD_MIN_LENGTH: 'AUTH_PASSWORD_MIN_LENGTH',
  /** Least number of character classes (lower, upper, digit, other): 0 to 4. */
  PASSWORD_CLASSES: 'AUTH_PASSWORD_CLASSES',

  /** Password attempts per account (or per known device) and hour. */
  ATTEMPTS_PER_HOUR: 'AUTH_ATTEMPTS_PER_HOUR',
  /** Failures of a day after which an account has to wait. */
  SOFT_LOCK_AFTER: 'AUTH_SOFT_LOCK_AFTER',
  /** Failed logins that one source address (/32, /64) may have in an hour. Only login. */
  FAILED_LOGINS_PER_SOURCE: 'AUTH_FAILED_LOGINS_PER_SOURCE',
  /** Accounts that one source address (/32, /64) may create in an hour. */
  REGISTRATIONS_PER_HOUR: 'AUTH_REGISTRATIONS_PER_HOUR',

  /**
   * Who verifies the access tokens of the service's own routes: `gateway` or absent, API Gateway calls the authorizer before the function;
   * `function`, the function itself, since an HTTP API would answer an outage of the authorizer with 500.
   */
  TOKEN_CHECK: 'AUTH_TOKEN_CHECK',
  /**
   * Id of the service's own REST API where its web app has several origins: API Gateway cannot compare them when it refuses a token, so that
   * the authorizer names the one that may read the refusal. Only the authorizer; absent: none has to be named.
   */
  OWN_API: 'AUTH_OWN_API',
  /**
   * ARN of the secret whose value CloudFront sends along with every request: functions with routes, rotate-keys and admin. Absent: no CloudFront
   * stands before the API.
   */
  ORIGIN_SECRET: 'AUTH_ORIGIN_SECRET',
  /** Id of the CloudFront distribution that sends it. Only rotate-keys. */
  DISTRIBUTION_ID: 'AUTH_DISTRIBUTION_ID',

  /** `1` where `npx cdk-auth-service local` runs the function: cookies then go without `__Host-` and `Secure`. */
  LOCAL: 'AUTH_SERVICE_LOCAL',
} as const;

/** One entry of `Env.PROFILE_ATTRIBUTES`. */
export interface ProfileAttributeDefinition {
  /** Lower camel case, at most 32 characters. */
  readonly name: string;
  readonly type: 'string' | 'number' | 'boolean';
  /** Only `string`: greatest length in code points. */
  readonly maxLength?: number;
  /** Only `string`: the closed set of values. */
  readonly allowed?: string[];
  /** Only `number`. */
  readonly min?: number;
  /** Only `number`. */
  readonly max?: number;
  /** Whether registration refuses a user without it. */
  readonly required?: boolean;
}
