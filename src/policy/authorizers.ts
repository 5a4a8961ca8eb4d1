import { Duration } from 'aws-cdk-lib';
import { checkScopes } from './tokens';
import { checkDuration, refuse } from './validation';

/** What an authorizer asks of an access token, and what the API answers when it cannot be asked. */
export interface AuthorizerOptions {
  /**
   * Scopes that the token must all have; without one of them the answer is 403. They hold for every route behind this authorizer:
   * make one authorizer for each set of scopes.
   * @default - any valid token will do
   */
  readonly requiredScopes?: string[];

  /**
   * How long API Gateway may remember the answer for a token. Until then a session that has ended still gets through, and so does a token
   * that has expired: up to this long after its `exp`.
   * @default Duration.seconds(0)
   */
  readonly resultsCacheTtl?: Duration;

  /**
   * Whether a REST API answers 503 with Retry-After while the authorizer is out of order. API Gateway would say 500, and some clients
   * end a session on that. An HTTP API says 500, whatever stands here.
   * @default true
   */
  readonly answerOutages?: boolean;
}

/** API Gateway's own limit of a result's age. */
const MAX_CACHE = Duration.hours(1);

/** Whether the options make sense. */
export function checkAuthorizer(options: AuthorizerOptions): void {
  checkDuration('authorizer: resultsCacheTtl', options.resultsCacheTtl, Duration.seconds(0), MAX_CACHE);
  if (options.requiredScopes !== undefined) {
    if (options.requiredScopes.length === 0) {
      refuse('authorizer: requiredScopes', 'an empty list', 'a list of at least one scope', 'leave it out to accept any valid token');
    }
    checkScopes('authorizer: requiredScopes', options.requiredScopes);
  }
}
