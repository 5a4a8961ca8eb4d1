import { Duration, Token } from 'aws-cdk-lib';
import { Limits } from '../contract/limits';
import { checkAcceptedIssuers, checkAudience, checkIssuer } from './token-claims';
import { TokenTransport } from './token-transport';
import { checkDuration, checkInteger, checkLiteralList, checkPattern, checkUnique, refuse } from './validation';

/** Tokens and sessions. */
export interface TokenOptions {
  /**
   * Life of an access token, 1 to 15 minutes.
   * @default Duration.minutes(15)
   */
  readonly accessTokenLifetime?: Duration;

  /**
   * Absolute life of a session: no refresh extends it. 1 hour to 365 days.
   * @default Duration.days(30)
   */
  readonly sessionLifetime?: Duration;

  /**
   * Life of a session that is not refreshed. Longer than an access token, at most `sessionLifetime`.
   * @default - 14 days, or `sessionLifetime` if that is shorter
   */
  readonly idleTimeout?: Duration;

  /**
   * `aud` of access tokens: what they are meant for. Where it changes, also because `serviceName` does, list the other one in
   * `acceptedAudiences`.
   * @default - the name of the service
   */
  readonly audience?: string;

  /**
   * Further audiences whose tokens are accepted while the audience changes: the new one a deployment before, the old one until its
   * last token has expired. 1 to 5.
   * @default - none
   */
  readonly acceptedAudiences?: string[];

  /**
   * `iss` of access tokens: an https URL without query, fragment and trailing slash. Where it changes, also because the URL of the API
   * does, list the other one in `acceptedIssuers`.
   * @default - the URL of the API
   */
  readonly issuer?: string;

  /**
   * Further issuers whose tokens are accepted while the service moves to another URL: the new one a deployment before, the old one until
   * its last token has expired. The keys must be this service's own. 1 to 5.
   * @default - none
   */
  readonly acceptedIssuers?: string[];

  /**
   * Scopes of every user, beside those that are granted one by one.
   * @default - none
   */
  readonly defaultScopes?: string[];

  /**
   * How long a replaced refresh token counts as a concurrent refresh and not as theft: 3 to 60 seconds. 0 takes each one for theft
   * at once, also from two tabs that refresh together.
   * @default Duration.seconds(10)
   */
  readonly concurrentRefreshGrace?: Duration;

  /**
   * How long a replaced refresh token may come back because its answer was lost: 1 minute to 24 hours. It gets another successor as long as nobody
   * has used the first one, which is then refused. 0 takes it for theft once the grace is over; so does a `concurrentRefreshGrace` of 0.
   * @default Duration.hours(1)
   */
  readonly lostAnswerWindow?: Duration;

  /**
   * Living sessions that a user may have, 1 to 1000: the login that goes above it ends the oldest. Above it a login reads each of them, so that a
   * large one costs up to as many read units.
   * @default 50
   */
  readonly maxSessionsPerUser?: number;

  /**
   * How tokens travel.
   * @default - `TokenTransport.cookie()` if `webApp` is set, else `TokenTransport.body()`
   */
  readonly transport?: TokenTransport;
}

const ACCESS_TOKEN_MAX = Duration.minutes(15);
const SESSION_DEFAULT = Duration.days(30);
const SCOPE = /^[\x21\x23-\x5B\x5D-\x7E]{1,64}$/;
const MAX_DEFAULT_SCOPES = 20;

/** Whether the options make sense by themselves and together. */
export function checkTokens(tokens: TokenOptions, hasWebApp: boolean): void {
  checkDuration('tokens.accessTokenLifetime', tokens.accessTokenLifetime, Duration.minutes(1), ACCESS_TOKEN_MAX,
    'a stolen access token lives that long; for long sessions raise tokens.sessionLifetime');
  checkDuration('tokens.sessionLifetime', tokens.sessionLifetime, Duration.hours(1), Duration.days(365));
  checkDuration('tokens.idleTimeout', tokens.idleTimeout, known(tokens.accessTokenLifetime, ACCESS_TOKEN_MAX), known(tokens.sessionLifetime, SESSION_DEFAULT),
    'it lies between the life of an access token and the life of a session');
  if (!isZero(tokens.concurrentRefreshGrace)) {
    checkDuration('tokens.concurrentRefreshGrace', tokens.concurrentRefreshGrace, Duration.seconds(3), Duration.seconds(Limits.REFRESH_GRACE_MAX_SECONDS),
      'or Duration.seconds(0), which takes each concurrent refresh for theft');
  }
  if (!isZero(tokens.lostAnswerWindow)) {
    checkDuration('tokens.lostAnswerWindow', tokens.lostAnswerWindow, Duration.minutes(1), Duration.hours(24),
      'or Duration.seconds(0), which takes each token that comes back after the grace for theft');
  }
  checkInteger('tokens.maxSessionsPerUser', tokens.maxSessionsPerUser, 1, Limits.SESSIONS_PER_USER_MAX,
    'a user has one session a device or browser; each login above the cap reads that many');
  checkIssuer('tokens.issuer', tokens.issuer);
  checkAcceptedIssuers(tokens.acceptedIssuers, tokens.issuer);
  checkAudience(tokens.audience);
  if (tokens.defaultScopes !== undefined) {
    checkScopes('tokens.defaultScopes', tokens.defaultScopes);
  }
  if (tokens.transport?._usesCookies && !hasWebApp) {
    refuse('tokens.transport', 'one with cookies without webApp', 'TokenTransport.body() for a service that no browser calls',
      'set webApp.origins: the check of the origin is what protects a cookie');
  }
}

/** The window that holds: without a grace there is none. */
export function lostAnswerWindow(tokens: Required<Pick<TokenOptions, 'concurrentRefreshGrace' | 'lostAnswerWindow'>>): Duration {
  return isZero(tokens.concurrentRefreshGrace) ? Duration.seconds(0) : tokens.lostAnswerWindow;
}

/** Whether it is literally nothing: what only CloudFormation knows is not. */
export function isZero(duration: Duration | undefined): boolean {
  return duration !== undefined && !duration.isUnresolved() && duration.toMilliseconds() === 0;
}

/** The bound that is set, or the default's where none is or only CloudFormation knows it. */
function known(bound: Duration | undefined, byDefault: Duration): Duration {
  return bound === undefined || bound.isUnresolved() ? byDefault : bound;
}

/** Scope tokens of RFC 6749 section 3.3. */
export function checkScopes(property: string, scopes: string[]): void {
  checkLiteralList(property, scopes);
  if (scopes.length > MAX_DEFAULT_SCOPES) {
    refuse(property, `a list of ${scopes.length}`, `a list of at most ${MAX_DEFAULT_SCOPES} scopes`, 'each stands in every access token');
  }
  for (const scope of scopes) {
    if (Token.isUnresolved(scope)) {
      refuse(property, 'a value known only at deployment', 'literal scopes');
    }
    checkPattern(property, scope, SCOPE, 'scopes of 1 to 64 printable ASCII characters without space, quote and backslash (RFC 6749 section 3.3)');
  }
  checkUnique(property, scopes);
}
