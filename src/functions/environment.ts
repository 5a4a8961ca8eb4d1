import { Duration, Token, Tokenization } from 'aws-cdk-lib';
import { Env } from '../contract/environment';
import { AuthFunctionName } from '../contract/functions';
import { AuthTable } from '../policy/storage';
import { Settings } from '../policy/settings';
import { lostAnswerWindow } from '../policy/tokens';
import { KeySecret } from '../signing/key-secret';
import { SigningStore } from '../signing/signing-store';
import { AuthTables } from '../storage/auth-tables';
import { Front, isBehindApi, takesAccessTokens } from './front';

/** Where the values come from. */
export interface EnvironmentSource {
  readonly settings: Settings;
  readonly tables: AuthTables;
  readonly signing: SigningStore;
  readonly refreshSecret: KeySecret;
  readonly lookupSecret: KeySecret;
  readonly issuer: string;
  readonly longestTimeout: Duration;
  readonly front: Front;
}

type Variable = (typeof Env)[keyof typeof Env];

const USERS = [Env.USERS_TABLE];
const SESSIONS = [Env.SESSIONS_TABLE];
const REVOCATIONS = [Env.REVOCATIONS_TABLE];
const TICKETS = [Env.TICKETS_TABLE];
const BROWSER = [Env.TOKEN_TRANSPORT, Env.ORIGINS];
const REVOKE = [Env.REVOCATIONS_TABLE, Env.ACCESS_TOKEN_TTL, Env.LONGEST_TIMEOUT];
const VERIFY = [Env.ISSUER, Env.ACCEPTED_ISSUERS, Env.AUDIENCE, Env.ACCEPTED_AUDIENCES, Env.ACCESS_TOKEN_TTL];
const ISSUE = [
  Env.SIGNING_KEYS, Env.SIGNING_SECRET, Env.REFRESH_SECRET, Env.ISSUER, Env.AUDIENCE, Env.DEFAULT_SCOPES, Env.ACCESS_TOKEN_TTL, Env.SESSION_TTL,
  Env.SESSION_IDLE_TTL, Env.REFRESH_GRACE, Env.LOST_ANSWER_WINDOW,
];
const NEW_PASSWORD = [Env.PASSWORD_HASHING, Env.PASSWORD_MIN_LENGTH, Env.PASSWORD_CLASSES];
const COUNT = [Env.ATTEMPTS_TABLE, Env.LOOKUP_SECRET];
const LIMIT = [...COUNT, Env.ATTEMPTS_PER_HOUR, Env.SOFT_LOCK_AFTER];

/** Which function needs which variables. A name or a number that a function does not need is one it cannot leak or misuse. */
const NEEDS: Readonly<Record<AuthFunctionName, readonly Variable[]>> = {
  [AuthFunctionName.REGISTER]: [
    ...USERS, ...COUNT, ...TICKETS, ...NEW_PASSWORD, ...BROWSER, Env.REGISTRATION, Env.REGISTRATIONS_PER_HOUR, Env.PROFILE_ATTRIBUTES,
  ],
  [AuthFunctionName.LOGIN]: [
    ...USERS, ...SESSIONS, ...ISSUE, ...REVOKE, ...LIMIT, ...BROWSER, Env.PASSWORD_HASHING, Env.FAILED_LOGINS_PER_SOURCE, Env.MAX_SESSIONS_PER_USER,
  ],
  [AuthFunctionName.REFRESH]: [...USERS, ...SESSIONS, ...ISSUE, ...REVOKE, ...BROWSER],
  [AuthFunctionName.LOGOUT]: [...USERS, ...SESSIONS, ...REVOKE, ...VERIFY, ...BROWSER, Env.REFRESH_SECRET],
  [AuthFunctionName.PROFILE]: [...USERS, ...BROWSER, Env.PROFILE_ATTRIBUTES],
  [AuthFunctionName.CREDENTIALS]: [...USERS, ...SESSIONS, ...ISSUE, ...REVOKE, ...LIMIT, ...NEW_PASSWORD, ...BROWSER],
  [AuthFunctionName.DISCOVERY]: [...REVOCATIONS, ...BROWSER, Env.ISSUER, Env.SIGNING_ALGORITHM],
  [AuthFunctionName.AUTHORIZER]: [...REVOCATIONS, ...VERIFY],
  [AuthFunctionName.ROTATE_KEYS]: [
    ...REVOCATIONS, Env.SIGNING_KEYS, Env.SIGNING_SECRET, Env.REFRESH_SECRET, Env.LOOKUP_SECRET, Env.SIGNING_ALGORITHM, Env.ACCESS_TOKEN_TTL,
    Env.SESSION_TTL,
  ],
  [AuthFunctionName.ADMIN]: [
    ...USERS, ...TICKETS, ...COUNT, ...REVOKE, Env.SIGNING_KEYS, Env.SIGNING_SECRET, Env.REFRESH_SECRET, Env.SIGNING_ALGORITHM, Env.SESSION_TTL,
  ],
};

/** What one function needs because of what stands before it. */
function needsOfFront(name: AuthFunctionName, { tokenCheck, originSecret, refusalsReadOn }: Front): Variable[] {
  return [
    ...takesAccessTokens(name) && tokenCheck === 'function' ? [Env.TOKEN_CHECK, ...REVOCATIONS, ...VERIFY] : [],
    ...refusalsReadOn !== undefined && name === AuthFunctionName.AUTHORIZER ? [Env.OWN_API, Env.ORIGINS] : [],
    ...originSecret && isBehindApi(name) ? [Env.ORIGIN_SECRET] : [],
    ...originSecret && name === AuthFunctionName.ROTATE_KEYS ? [Env.ORIGIN_SECRET, Env.DISTRIBUTION_ID] : [],
    ...originSecret && name === AuthFunctionName.ADMIN ? [Env.ORIGIN_SECRET] : [],
  ];
}

/** The environment of one function. */
export function environmentOf(name: AuthFunctionName, source: EnvironmentSource): Record<string, string> {
  const { settings } = source;
  const override = settings.functionOverrides.find((candidate) => candidate.name === name);
  const environment: Record<string, string> = {
    [Env.SERVICE_NAME]: settings.serviceName,
    [Env.LOG_LEVEL]: override?.logLevel ?? settings.logLevel,
  };
  const values = allValues(source);
  for (const variable of [...NEEDS[name], ...needsOfFront(name, source.front)]) {
    if (!isInKms(variable, name, settings)) {
      environment[variable] = values[variable]();
    }
  }
  return environment;
}

/** What the published set says about keys of KMS, or the keys themselves. Only rotate-keys has to compare them with what was asked for. */
function isInKms(variable: Variable, name: AuthFunctionName, { signingKeys }: Settings): boolean {
  return signingKeys._kind === 'kms' && (variable === Env.SIGNING_SECRET || (variable === Env.SIGNING_ALGORITHM && name === AuthFunctionName.ADMIN));
}

type Values = Readonly<Record<Variable, () => string>>;

function allValues({ settings, tables, signing, refreshSecret, lookupSecret, issuer, longestTimeout, front }: EnvironmentSource): Values {
  const { tokens, passwords, abuse } = settings;
  return {
    [Env.USERS_TABLE]: () => tables.table(AuthTable.USERS).tableName,
    [Env.SESSIONS_TABLE]: () => tables.table(AuthTable.SESSIONS).tableName,
    [Env.REVOCATIONS_TABLE]: () => tables.table(AuthTable.REVOCATIONS).tableName,
    [Env.ATTEMPTS_TABLE]: () => tables.table(AuthTable.ATTEMPTS).tableName,
    [Env.TICKETS_TABLE]: () => tables.table(AuthTable.TICKETS).tableName,
    [Env.SIGNING_KEYS]: () => settings.signingKeys._kind,
    [Env.SIGNING_SECRET]: () => signing.secret?.secretArn ?? '',
    [Env.REFRESH_SECRET]: () => refreshSecret.secretArn,
    [Env.LOOKUP_SECRET]: () => lookupSecret.secretArn,
    [Env.SIGNING_ALGORITHM]: () => settings.signingKeys._algorithm,
    [Env.ISSUER]: () => issuer,
    [Env.ACCEPTED_ISSUERS]: () => tokens.acceptedIssuers.join(' '),
    [Env.AUDIENCE]: () => tokens.audience,
    [Env.ACCEPTED_AUDIENCES]: () => tokens.acceptedAudiences.join(' '),
    [Env.DEFAULT_SCOPES]: () => tokens.defaultScopes.join(' '),
    [Env.ACCESS_TOKEN_TTL]: () => seconds(tokens.accessTokenLifetime),
    [Env.SESSION_TTL]: () => seconds(tokens.sessionLifetime),
    [Env.SESSION_IDLE_TTL]: () => seconds(tokens.idleTimeout),
    [Env.REFRESH_GRACE]: () => seconds(tokens.concurrentRefreshGrace),
    [Env.LOST_ANSWER_WINDOW]: () => seconds(lostAnswerWindow(tokens)),
    [Env.MAX_SESSIONS_PER_USER]: () => text(tokens.maxSessionsPerUser),
    [Env.LONGEST_TIMEOUT]: () => seconds(longestTimeout),
    [Env.TOKEN_TRANSPORT]: () => tokens.transport._mode,
    [Env.ORIGINS]: () => settings.origins.join(' '),
    [Env.REGISTRATION]: () => settings.registration._mode,
    [Env.PROFILE_ATTRIBUTES]: () => JSON.stringify(settings.profile.map((attribute) => attribute._definition)),
    [Env.PASSWORD_HASHING]: () => passwords.hashing._algorithm,
    [Env.PASSWORD_MIN_LENGTH]: () => text(passwords.minLength),
    [Env.PASSWORD_CLASSES]: () => text(passwords.characterClasses),
    [Env.ATTEMPTS_PER_HOUR]: () => text(abuse.attemptsPerHour),
    [Env.SOFT_LOCK_AFTER]: () => text(abuse.softLockAfter),
    [Env.FAILED_LOGINS_PER_SOURCE]: () => text(abuse.failedLoginsPerSource),
    [Env.REGISTRATIONS_PER_HOUR]: () => text(abuse.registrationsPerHour),
    [Env.TOKEN_CHECK]: () => front.tokenCheck,
    [Env.OWN_API]: () => front.refusalsReadOn ?? '',
    [Env.ORIGIN_SECRET]: () => front.originSecret?.secretArn ?? '',
    [Env.DISTRIBUTION_ID]: () => front.distribution?.distributionId ?? '',
    [Env.SERVICE_NAME]: () => settings.serviceName,
    [Env.LOG_LEVEL]: () => settings.logLevel,
    [Env.LOCAL]: () => '',
  };
}

function seconds(duration: Duration): string {
  return text(duration.toSeconds());
}

/** A number that is a token would print as its placeholder. */
function text(value: number): string {
  return Token.isUnresolved(value) ? Tokenization.stringifyNumber(value) : String(value);
}
