import { Environment } from '../../../lambda/composition/environment';
import { observability } from '../../../lambda/composition/observability';
import * as settings from '../../../lambda/composition/settings';
import { Env } from '../../../src/contract/environment';

const COMPLETE: Readonly<Record<string, string>> = {
  [Env.SERVICE_NAME]: 'Shop',
  [Env.LOG_LEVEL]: 'warn',
  [Env.SIGNING_SECRET]: 'arn:signing',
  [Env.REFRESH_SECRET]: 'arn:refresh',
  [Env.SIGNING_ALGORITHM]: 'EdDSA',
  [Env.ISSUER]: 'https://auth.example.com/v1',
  [Env.ACCEPTED_ISSUERS]: 'https://old.example.com https://older.example.com',
  [Env.AUDIENCE]: 'api',
  [Env.ACCEPTED_AUDIENCES]: 'old older',
  [Env.DEFAULT_SCOPES]: '',
  [Env.ACCESS_TOKEN_TTL]: '900',
  [Env.SESSION_TTL]: '2592000',
  [Env.SESSION_IDLE_TTL]: '1209600',
  [Env.REFRESH_GRACE]: '0',
  [Env.LOST_ANSWER_WINDOW]: '3600',
  [Env.MAX_SESSIONS_PER_USER]: '50',
  [Env.LONGEST_TIMEOUT]: '10',
  [Env.TOKEN_TRANSPORT]: 'both',
  [Env.ORIGINS]: 'https://app.example.com',
  [Env.REGISTRATION]: 'open',
  [Env.PROFILE_ATTRIBUTES]: '[{"name":"locale","type":"string"}]',
  [Env.PASSWORD_MIN_LENGTH]: '15',
  [Env.PASSWORD_CLASSES]: '0',
  [Env.ATTEMPTS_PER_HOUR]: '10',
  [Env.SOFT_LOCK_AFTER]: '5',
  [Env.FAILED_LOGINS_PER_SOURCE]: '100',
  [Env.REGISTRATIONS_PER_HOUR]: '20',
};

const env = (changes: Readonly<Record<string, string | undefined>> = {}) => new Environment({ ...COMPLETE, ...changes });

test('reads what the construct writes', () => {
  expect(settings.tokenSettings(env())).toEqual({
    issuer: 'https://auth.example.com/v1', audience: 'api', defaultScopes: [], accessTokenTtl: 900, sessionTtl: 2592000, sessionIdleTtl: 1209600, refreshGrace: 0,
    lostAnswerWindow: 3600,
  });
  expect(settings.verificationSettings(env()).issuers).toEqual(['https://auth.example.com/v1', 'https://old.example.com', 'https://older.example.com']);
  expect(settings.verificationSettings(env()).audiences).toEqual(['api', 'old', 'older']);
  expect(settings.verificationSettings(env({ [Env.ACCEPTED_ISSUERS]: undefined, [Env.ACCEPTED_AUDIENCES]: undefined }))).toMatchObject({
    issuers: ['https://auth.example.com/v1'], audiences: ['api'],
  });
  expect(settings.revocationTimes(env())).toEqual({ accessTtlSeconds: 900, longestTimeoutSeconds: 10 });
  expect(settings.httpSettings(env({ [Env.LOCAL]: '1' }))).toEqual({ transport: 'both', origins: ['https://app.example.com'], local: true });
  expect(settings.profileAttributes(env())).toEqual([{ name: 'locale', type: 'string' }]);
  expect(settings.profileAttributes(env({ [Env.PROFILE_ATTRIBUTES]: '' }))).toEqual([]);
  expect(settings.registrationSettings(env())).toEqual({ mode: 'open', perHour: 20 });
  expect(settings.passwordPolicy(env())).toEqual({ minLength: 15, classes: 0, serviceName: 'Shop' });
  expect(settings.attemptSettings(env())).toEqual({ perHour: 10, softLockAfter: 5 });
  expect(settings.loginLimits(env())).toEqual({ perHour: 10, softLockAfter: 5, failedPerSource: 100, maxSessionsPerUser: 50 });
  expect(settings.tokenCheck(env())).toBe('gateway');
  expect(settings.tokenCheck(env({ [Env.TOKEN_CHECK]: 'function' }))).toBe('function');
  expect(settings.keySettings(env())).toMatchObject({ signingSecret: 'arn:signing', refreshSecret: 'arn:refresh', algorithm: 'EdDSA', sessionTtl: 2592000 });
});

test.each<[keyof typeof Env, string | undefined, (from: Environment) => unknown]>([
  ['ISSUER', undefined, settings.tokenSettings],
  ['AUDIENCE', '', settings.tokenSettings],
  ['ACCESS_TOKEN_TTL', '15m', settings.tokenSettings],
  ['ACCESS_TOKEN_TTL', '-1', settings.tokenSettings],
  ['ACCESS_TOKEN_TTL', '1e3', settings.tokenSettings],
  ['SESSION_IDLE_TTL', '2592001', settings.tokenSettings],
  ['REFRESH_GRACE', '61', settings.tokenSettings],
  ['LOST_ANSWER_WINDOW', '86401', settings.tokenSettings],
  ['MAX_SESSIONS_PER_USER', '0', settings.loginLimits],
  ['MAX_SESSIONS_PER_USER', '1001', settings.loginLimits],
  ['SIGNING_ALGORITHM', 'HS256', settings.keySettings],
  ['TOKEN_TRANSPORT', 'header', settings.httpSettings],
  ['ORIGINS', '', settings.httpSettings],
  ['TOKEN_CHECK', 'none', settings.tokenCheck],
  ['LOCAL', 'yes', settings.httpSettings],
  ['REGISTRATION', 'Open', settings.registrationSettings],
  ['PASSWORD_MIN_LENGTH', '4', settings.passwordPolicy],
  ['PROFILE_ATTRIBUTES', '{', settings.profileAttributes],
  ['PROFILE_ATTRIBUTES', '[{"name":"x","type":"object"}]', settings.profileAttributes],
  ['LOG_LEVEL', 'loud', observability],
  ['SERVICE_NAME', undefined, observability],
])('%s=%s is refused by name', (name, value, read) => {
  expect(() => read(env({ [Env[name]]: value }))).toThrow(new RegExp(`^environment variable ${Env[name]} is `));
});
