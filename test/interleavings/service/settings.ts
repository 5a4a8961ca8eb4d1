import { Env } from '../../../src/contract/environment';
import { TABLES } from '../dynamodb/tables';

export const SIGNING_SECRET = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:signing';
export const REFRESH_SECRET = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:refresh';
export const LOOKUP_SECRET = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:lookup';

/** When every run begins: the start of an hour. */
export const START = Date.UTC(2026, 10, 1, 12);
export const SECOND = 1000;
export const HOUR = 3_600_000;

export const GRACE_SECONDS = 10;
/** Just after the grace. */
export const PAST_THE_GRACE = (GRACE_SECONDS + 1) * SECOND;
export const ACCESS_TOKEN_SECONDS = 900;

/** What the construct would give to all functions together. */
export const VARIABLES: Readonly<Record<string, string>> = {
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'x',
  AWS_SECRET_ACCESS_KEY: 'x',
  AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
  [Env.SERVICE_NAME]: 'explored',
  [Env.LOG_LEVEL]: 'error',
  ...Object.fromEntries(Object.keys(TABLES).map((name) => [`AUTH_${name.toUpperCase()}_TABLE`, name])),
  [Env.SIGNING_KEYS]: 'rotating',
  [Env.SIGNING_SECRET]: SIGNING_SECRET,
  [Env.REFRESH_SECRET]: REFRESH_SECRET,
  [Env.LOOKUP_SECRET]: LOOKUP_SECRET,
  [Env.SIGNING_ALGORITHM]: 'ES256',
  [Env.ISSUER]: 'https://auth.example.com/v1',
  [Env.AUDIENCE]: 'https://api.example.com',
  [Env.DEFAULT_SCOPES]: 'profile',
  [Env.ACCESS_TOKEN_TTL]: String(ACCESS_TOKEN_SECONDS),
  [Env.SESSION_TTL]: String(30 * 86400),
  [Env.SESSION_IDLE_TTL]: String(14 * 86400),
  [Env.REFRESH_GRACE]: String(GRACE_SECONDS),
  [Env.LOST_ANSWER_WINDOW]: '3600',
  [Env.MAX_SESSIONS_PER_USER]: '50',
  [Env.LONGEST_TIMEOUT]: '10',
  [Env.TOKEN_TRANSPORT]: 'body',
  [Env.REGISTRATION]: 'open',
  [Env.PROFILE_ATTRIBUTES]: JSON.stringify([{ name: 'locale', type: 'string', maxLength: 16 }]),
  [Env.PASSWORD_HASHING]: 'scrypt',
  [Env.PASSWORD_MIN_LENGTH]: '15',
  [Env.PASSWORD_CLASSES]: '0',
  [Env.ATTEMPTS_PER_HOUR]: '10',
  [Env.SOFT_LOCK_AFTER]: '5',
  [Env.REGISTRATIONS_PER_HOUR]: '20',
  [Env.FAILED_LOGINS_PER_SOURCE]: '100',
};
