import type { ProfileAttributeDefinition } from '../../src/contract/environment';
import { Env } from '../../src/contract/environment';
import { Limits } from '../../src/contract/limits';
import { SIGNING_ALGORITHMS } from '../../src/contract/signing';
import type { KeyKeeper, SigningAlgorithm } from '../domain/model';
import type { PasswordPolicy } from '../domain/password-policy';
import type { RevocationTimes } from '../domain/revocation';
import type { HttpSettings } from '../http/api';
import type { AttemptSettings, LoginLimits, RegistrationSettings, TokenSettings, VerificationSettings } from '../use-cases/settings';
import type { CommonKeySettings, KeySettings } from '../use-cases/rotate-keys/deps';
import type { Environment } from './environment';

/** The settings of the use cases out of the environment, one function each: a function of the service reads only what it was given. */

export function tokenSettings(env: Environment): TokenSettings {
  return {
    issuer: env.text(Env.ISSUER),
    audience: env.text(Env.AUDIENCE),
    defaultScopes: env.list(Env.DEFAULT_SCOPES),
    accessTokenTtl: accessTokenTtl(env),
    sessionTtl: sessionTtl(env),
    sessionIdleTtl: env.number(Env.SESSION_IDLE_TTL, 60, sessionTtl(env)),
    refreshGrace: env.number(Env.REFRESH_GRACE, 0, Limits.REFRESH_GRACE_MAX_SECONDS),
    lostAnswerWindow: env.number(Env.LOST_ANSWER_WINDOW, 0, 86_400),
  };
}

export function verificationSettings(env: Environment): VerificationSettings {
  return {
    issuers: [env.text(Env.ISSUER), ...env.list(Env.ACCEPTED_ISSUERS)],
    audiences: [env.text(Env.AUDIENCE), ...env.list(Env.ACCEPTED_AUDIENCES)],
    accessTokenTtl: accessTokenTtl(env),
  };
}

export function revocationTimes(env: Environment): RevocationTimes {
  return { accessTtlSeconds: accessTokenTtl(env), longestTimeoutSeconds: env.number(Env.LONGEST_TIMEOUT, 1, 900) };
}

export function attemptSettings(env: Environment): AttemptSettings {
  return { perHour: env.number(Env.ATTEMPTS_PER_HOUR, 1), softLockAfter: env.number(Env.SOFT_LOCK_AFTER, 1) };
}

export function loginLimits(env: Environment): LoginLimits {
  return {
    ...attemptSettings(env),
    failedPerSource: env.number(Env.FAILED_LOGINS_PER_SOURCE, 1),
    maxSessionsPerUser: env.number(Env.MAX_SESSIONS_PER_USER, 1, Limits.SESSIONS_PER_USER_MAX),
  };
}

export function registrationSettings(env: Environment): RegistrationSettings {
  return { mode: env.oneOf(Env.REGISTRATION, ['open', 'invite', 'closed']), perHour: env.number(Env.REGISTRATIONS_PER_HOUR, 1) };
}

export function passwordPolicy(env: Environment): PasswordPolicy {
  return {
    minLength: env.number(Env.PASSWORD_MIN_LENGTH, 8, 64),
    classes: env.number(Env.PASSWORD_CLASSES, 0, 4),
    serviceName: env.text(Env.SERVICE_NAME),
  };
}

export function keySettings(env: Environment): KeySettings {
  return { signingSecret: env.text(Env.SIGNING_SECRET), algorithm: signingAlgorithm(env), ...commonKeySettings(env) };
}

export function commonKeySettings(env: Environment): CommonKeySettings {
  const originSecret = env.optional(Env.ORIGIN_SECRET);
  const lookupSecret = env.optional(Env.LOOKUP_SECRET);
  return {
    refreshSecret: env.text(Env.REFRESH_SECRET),
    ...(lookupSecret === undefined ? {} : { lookupSecret }),
    ...(originSecret === undefined ? {} : { originSecret }),
    accessTokenTtl: accessTokenTtl(env),
    sessionTtl: sessionTtl(env),
  };
}

/** Without the variable, the keys rotate: the deployment is older than the choice. */
export function signingKeysKind(env: Environment): 'rotating' | KeyKeeper {
  return env.optional(Env.SIGNING_KEYS) === undefined ? 'rotating' : env.oneOf(Env.SIGNING_KEYS, ['rotating', 'kms', 'existing-secret']);
}

export function signingAlgorithm(env: Environment): SigningAlgorithm {
  return env.oneOf(Env.SIGNING_ALGORITHM, SIGNING_ALGORITHMS);
}

function sessionTtl(env: Environment): number {
  return env.number(Env.SESSION_TTL, 60);
}

function accessTokenTtl(env: Environment): number {
  return env.number(Env.ACCESS_TOKEN_TTL, 60, 86_400);
}

export function httpSettings(env: Environment): HttpSettings {
  const transport = env.oneOf(Env.TOKEN_TRANSPORT, ['body', 'cookie', 'both']);
  const origins = env.list(Env.ORIGINS);
  if (transport !== 'body' && origins.length === 0) throw new Error(`environment variable ${Env.ORIGINS} is missing, ${Env.TOKEN_TRANSPORT} "${transport}" needs it`);
  return { transport, origins, local: env.flag(Env.LOCAL) };
}

/** Without the variable the gateway does: a function that no authorizer stands before is then closed, not open. */
export function tokenCheck(env: Environment): 'gateway' | 'function' {
  return env.optional(Env.TOKEN_CHECK) === undefined ? 'gateway' : env.oneOf(Env.TOKEN_CHECK, ['gateway', 'function']);
}

export function profileAttributes(env: Environment): readonly ProfileAttributeDefinition[] {
  if (env.optional(Env.PROFILE_ATTRIBUTES) === undefined) return [];
  return env.parsed(Env.PROFILE_ATTRIBUTES, (text) => {
    const list: unknown = JSON.parse(text);
    if (!Array.isArray(list) || !list.every(isAttribute)) throw new Error('a JSON list of attributes with name and type');
    return list;
  });
}

function isAttribute(value: unknown): value is ProfileAttributeDefinition {
  const { name, type } = (value ?? {}) as { name?: unknown; type?: unknown };
  return typeof name === 'string' && name !== '' && (type === 'string' || type === 'number' || type === 'boolean');
}
