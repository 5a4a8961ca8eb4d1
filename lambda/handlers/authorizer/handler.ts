import { AuthError, UnavailableError } from '../../domain/errors';
import { requiredScopes } from '../../domain/required-scopes';
import type { AuthorizerEvent, Policy, ReadableRefusals, SimpleAnswer } from '../../http/authorizer-event';
import { authorizerAnswer, readableRefusal, toAuthorizerRequest } from '../../http/authorizer-event';
import type { LastResortDeps } from '../../http/last-resort';
import { lastResort } from '../../http/last-resort';
import type { TimeLeft } from '../../http/working-time';
import { AUTHORIZER_PATIENCE_MS, workingTime } from '../../http/working-time';
import type { Deadline } from '../../ports/deadline';
import type { AuthorizeDeps } from '../../use-cases/authorize';
import { authorize } from '../../use-cases/authorize';

export interface InvocationContext extends TimeLeft {
  readonly awsRequestId: string;
  readonly invokedFunctionArn: string;
}

export interface AuthorizerDeps extends AuthorizeDeps, LastResortDeps {
  readonly deadline: Deadline;
  /** Absent where API Gateway itself can name who may read a refusal, or nobody may. */
  readonly readableRefusals?: ReadableRefusals;
}

export type AuthorizerHandler = (event: AuthorizerEvent, context: InvocationContext) => Promise<Policy | SimpleAnswer>;

/**
 * The Lambda authorizer. `Unauthorized` is the one error that API Gateway turns into 401, and it is said of bad tokens only; every
 * other error becomes a failure of the authorizer, which the gateway responses turn into 503 (JT-12, ASVS 16.5.3).
 */
export function createHandler(deps: AuthorizerDeps): AuthorizerHandler {
  return (event, context) => {
    const { token, origin, requestId = context.awsRequestId, correlationId = requestId, sourceIp, userAgent } = toAuthorizerRequest(event);
    const identity = { requestId, correlationId, operation: 'authorize', sourceIp, userAgent };
    return deps.deadline.run(workingTime(context, AUTHORIZER_PATIENCE_MS), () => deps.scope.run(identity, async () => {
      try {
        const scopes = requiredScopes(context.invokedFunctionArn);
        if (token === undefined) throw new AuthError('invalid_token', { reason: 'bearer_token_missing' });
        const { allowed, principal } = await deps.deadline.keep(() => authorize(deps, { token, requiredScopes: scopes }));
        return authorizerAnswer(event, allowed, principal);
      } catch (error) {
        const refusal = lastResort(deps, error);
        const readable = deps.readableRefusals && isBadToken(refusal) ? readableRefusal(deps.readableRefusals, event, origin) : undefined;
        if (readable) return readable;
        throw outcome(refusal);
      }
    }));
  };
}

/** Without cause and stack of the original: the runtime writes what is thrown into the log, and the log has it already. */
function outcome(error: AuthError): Error {
  return new Error(isBadToken(error) ? 'Unauthorized' : 'authorizer failure');
}

function isBadToken(error: AuthError): boolean {
  return error.status === 401 && !(error instanceof UnavailableError);
}
