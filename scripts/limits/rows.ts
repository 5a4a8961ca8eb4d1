import type { Deployed } from './deployed.ts';
import type { Schemas } from './members.ts';
import { membersWithLimits } from './members.ts';

/** One bound that a caller or an operator can meet. */
export type Row = readonly [name: string, counted: string, per: string, value: string, setBy: string, answer: string, where: string];

/** What the page is written from. */
export interface Sources {
  /** `Limits` of src/contract/limits. */
  readonly limits: Readonly<Record<string, number>>;
  /** `Routes` of src/contract/routes. */
  readonly routes: readonly { readonly method: string; readonly path: string; readonly rateLimit?: number }[];
  /** Of the request bodies, as docs/openapi.json has them. */
  readonly schemas: Schemas;
  readonly deployed: Deployed;
  /** Code points of a text attribute of the profile that says nothing about it. */
  readonly profileText: number;
}

const SOURCE = 'source address: IPv4 /32, IPv6 /64';
const FIXED = 'fixed';
const LIMITED = '429 `rate_limited`';
const INVALID = '400 `validation_failed`';
const NEXT_HOUR = `${LIMITED}, Retry-After: to the next full hour`;

/** Attempts and requests that are counted. */
export function rates({ limits, routes, deployed }: Sources): Row[] {
  const attempts = `${deployed.setting('AUTH_ATTEMPTS_PER_HOUR')} an hour`;
  const abuse = (prop: string) => `\`abuse.${prop}\``;
  const throttle = ([rate, burst]: readonly [number, number]) => `${rate} a second, ${burst} at once`;
  const throttled = `${LIMITED}, Retry-After 1; of an HTTP API its own 429`;
  return [
    ['password attempts', 'logins with a known or unknown address, before anything is hashed', 'address of the account', attempts, abuse('attemptsPerHour'), NEXT_HOUR, 'function `login`'],
    ['attempts of a known device', 'logins with a valid device token', 'device of an account', attempts, abuse('attemptsPerHour'), NEXT_HOUR, 'function `login`'],
    ['attempts in a session', 'passwords given at `POST /me/password` and `DELETE /me`', 'session', attempts, abuse('attemptsPerHour'), NEXT_HOUR, 'function `credentials`'],
    ['soft lock', `failures in a row, from the ${ordinal(deployed.setting('AUTH_SOFT_LOCK_AFTER'))} on`, 'account, device or session', `${limits.SOFT_LOCK_FIRST_SECONDS} s, doubled by each failure up to ${limits.SOFT_LOCK_MAX_SECONDS} s`,
      abuse('softLockAfter'), `${LIMITED}, Retry-After: what is left of it`, 'functions `login`, `credentials`'],
    ['stop', `failures in a row; a run is forgotten by a success, or ${limits.FAILURES_KEPT_SECONDS! / 86_400} days after the last failure`, 'account, device or session', `${limits.FAILURES_UNTIL_STOP}, until an administrator unlocks`, FIXED,
      `${LIMITED}, Retry-After: to the next full hour, at which it still holds`, 'functions `login`, `credentials`'],
    ['failed logins of a source', 'logins that failed, whichever accounts they were for; a known device passes', SOURCE, `${deployed.setting('AUTH_FAILED_LOGINS_PER_SOURCE')} an hour`, abuse('failedLoginsPerSource'), NEXT_HOUR, 'function `login`'],
    ['registrations of a source', 'accounts that were created', SOURCE, `${deployed.setting('AUTH_REGISTRATIONS_PER_HOUR')} an hour`, abuse('registrationsPerHour'), NEXT_HOUR, 'function `register`'],
    ['requests that can change something', 'every method but GET, HEAD and OPTIONS', 'source address, each IPv6 address by itself', `${deployed.rate('AuthenticationRate')} a minute`,
      '`firewall`: `authenticationRequestsPerMinute`', `${LIMITED}, Retry-After 60, no \`requestId\``, 'web ACL, some seconds late'],
    ['requests', 'every request', 'source address, each IPv6 address by itself', `${deployed.rate('Rate')} a minute`, '`firewall`: `requestsPerMinute`', `${LIMITED}, Retry-After 60, no \`requestId\``, 'web ACL, some seconds late'],
    ['throttle of the stage', 'requests to the routes that have no throttle of their own', 'stage', throttle(deployed.throttle('*', '/*')), '`api`: `throttle`', throttled, 'API Gateway'],
    ...routes.filter(({ rateLimit }) => rateLimit !== undefined).map(({ method, path }): Row =>
      [`throttle of \`${method} ${path}\``, 'requests', 'route', throttle(deployed.throttle(method, path)), '`api`: `routeThrottles`', throttled, 'API Gateway']),
  ];
}

/** How large and how long something may be. */
export function sizes({ limits, schemas, deployed, profileText }: Sources): Row[] {
  return [
    ['request body', 'bytes', 'request', `${limits.BODY_BYTES}`, FIXED, '413 `payload_too_large`', 'web ACL (without `requestId`), then every function'],
    ['headers', 'bytes, request line included', 'request', '10240', 'API Gateway', '431 of API Gateway', 'API Gateway'],
    ['depth of JSON', 'objects and lists in each other', 'request', `${limits.JSON_DEPTH}`, FIXED, INVALID, 'every function'],
    ['e-mail address', 'bytes, and those before the @', 'request', `${limits.EMAIL_BYTES}, and ${limits.EMAIL_LOCAL_PART_BYTES}`, FIXED, INVALID, 'functions `register`, `login`'],
    ['shortest password', 'code points', 'new password', `${deployed.setting('AUTH_PASSWORD_MIN_LENGTH')}`, '`passwords.minLength`', '422 `password_too_short`', 'functions `register`, `credentials`'],
    ['longest password', 'code points, and bytes of UTF-8', 'password', `${limits.PASSWORD_CODE_POINTS}, and ${limits.PASSWORD_BYTES}`, FIXED, '422 `password_too_long`', 'functions `register`, `login`, `credentials`'],
    ['profile', 'bytes of all values with their names', 'user', `${limits.PROFILE_VALUES_BYTES}`, FIXED, INVALID, 'functions `register`, `profile`'],
    ['text of a profile', 'code points', 'value', `${profileText}`, '`profile`: `maxLength`', INVALID, 'functions `register`, `profile`'],
    ['number of a profile', 'magnitude', 'value', `0, or ${limits.NUMBER_LEAST_MAGNITUDE} to ${limits.NUMBER_MAX}`, '`profile`: `min`, `max`, within it', INVALID, 'functions `register`, `profile`'],
    ['access token', 'bytes', 'request', `${limits.ACCESS_TOKEN_BYTES}`, FIXED, '401 `invalid_token`', 'authorizer, and functions that take one'],
    ...membersWithLimits(schemas).map(({ member, requests, longest }): Row => [`\`${member}\` of ${requests}`, 'characters', 'request', `${longest}`, FIXED, INVALID, 'every function that takes it']),
  ];
}

/** How long something lasts. */
export function times({ limits, deployed }: Sources): Row[] {
  const tokens = (prop: string) => `\`tokens.${prop}\``;
  const timeouts: readonly (readonly [name: string, description: string])[] = [
    ['login', 'Verifies passwords'], ['register', 'Creates accounts'], ['refresh', 'Rotates refresh'], ['logout', 'Ends and lists'], ['profile', 'Reads, changes'],
    ['credentials', 'Changes passwords'], ['discovery', 'Publishes keys'], ['authorizer', 'Verifies access'],
  ];
  return [
    ['life of an access token', 'time since it was issued', 'token', span(deployed.setting('AUTH_ACCESS_TOKEN_TTL_SECONDS')), tokens('accessTokenLifetime'), '401 `invalid_token`', 'authorizer'],
    ['life of a session', 'time since the login', 'session', span(deployed.setting('AUTH_SESSION_TTL_SECONDS')), tokens('sessionLifetime'), '401 `session_expired`', 'function `refresh`'],
    ['idle session', 'time since the last refresh', 'session', span(deployed.setting('AUTH_SESSION_IDLE_TTL_SECONDS')), tokens('idleTimeout'), '401 `session_expired`', 'function `refresh`'],
    ['concurrent refresh', 'time in which a replaced refresh token gets the same successor', 'refresh token', span(deployed.setting('AUTH_REFRESH_GRACE_SECONDS')), tokens('concurrentRefreshGrace'),
      'after it: see the next line', 'function `refresh`'],
    ['lost answer', 'time in which a replaced refresh token gets another successor', 'refresh token', span(deployed.setting('AUTH_LOST_ANSWER_WINDOW_SECONDS')), tokens('lostAnswerWindow'), '401 `session_revoked`, and the session ends; 409 `refresh_superseded` for one that was replaced twice within the time above', 'function `refresh`'],
    ['invitation', 'time since it was made', 'invitation', span(limits.INVITATION_SECONDS!), FIXED, '403 `invitation_invalid`', 'function `register`'],
    ['clocks', 'difference that a verifier forgives, each way', 'token', span(limits.CLOCK_LEEWAY_SECONDS!), FIXED, '401 `invalid_token`', 'authorizer'],
    ['sessions', 'living sessions', 'user', String(deployed.setting('AUTH_MAX_SESSIONS_PER_USER')), tokens('maxSessionsPerUser'), 'none: the login above it ends the oldest', 'function `login`'],
    ['page of sessions', 'sessions that `GET /me/sessions` shows at once', 'request', `${limits.SESSIONS_PAGE}, or 1 to 100 by the parameter \`limit\``, 'caller', INVALID, 'function `logout`'],
    ['sessions that give way', 'sessions in use that a login ends within the life of their access tokens', 'user', `${limits.REVOKED_BY_LOGINS_PER_USER}, above which their access tokens live to their end`, FIXED, 'none', 'function `login`'],
    ['single sessions ended', 'sessions that end one by one within the life of their access tokens', 'user', `${limits.REVOKED_SESSIONS_PER_USER}, above which all of the user's end`, FIXED, 'none', 'function `logout`'],
    ['new key', 'age at which verifiers read the published keys again', 'container', span(limits.KEYSET_CACHE_SECONDS!), FIXED, 'none', 'authorizer'],
    ['retired key', 'time that it stays published beyond the life of its tokens', 'key', span(limits.RETIRED_KEY_EXTRA_SECONDS!), FIXED, '401 `invalid_token` afterwards', 'authorizer'],
    ['outage of Secrets Manager', 'age to which a container goes on with a secret that it has read', 'container', span(limits.SECRET_HARD_AGE_SECONDS!), FIXED, '503 `unavailable`, Retry-After', 'every function'],
    ...timeouts.map(([name, description]): Row => [`time of \`${name}\``, 'from the request to its answer', 'request', span(deployed.timeout(description)), '`functions.overrides`: `timeout`',
      '503 `unavailable`, Retry-After, before the time is over', name === 'authorizer' ? 'authorizer' : `function \`${name}\``]),
  ];
}

function span(seconds: number): string {
  const [unit, size] = ([['days', 86_400], ['hours', 3600], ['minutes', 60]] as const).find(([, each]) => seconds % each === 0 && seconds >= each) ?? ['seconds', 1];
  const count = seconds / size;
  return `${count} ${count === 1 ? unit.slice(0, -1) : unit}`;
}

function ordinal(count: number): string {
  const words = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth'];
  return words[count - 1] ?? `${count}th`;
}
