import { AuthorizerContext } from '../../src/contract/authorizer';
import { AuthError } from '../domain/errors';
import { Principal } from '../domain/model';
import { authorize, AuthorizeDeps } from '../use-cases/authorize';
import { bearerToken } from './bearer';
import { HttpRequest } from './types';

/** Whom a request on a guarded route speaks for; `undefined` where that cannot be, and the route then refuses. */
export type Identify = (request: HttpRequest) => Promise<Principal | undefined>;

/** API Gateway has asked our authorizer before it invoked the function. */
export const identifiedByGateway: Identify = async ({ authorizerContext }) => principalOf(authorizerContext);

/**
 * The function itself verifies the token, as the authorizer does and with its answers: whatever is wrong with a token is `invalid_token`,
 * the log says more. What the event says of an authorizer is not looked at.
 */
export function identifiedByToken(deps: AuthorizeDeps): Identify {
  return async ({ headers }) => {
    const token = bearerToken(headers['authorization']);
    if (token === undefined) throw new AuthError('invalid_token', { reason: 'bearer_token_missing' });
    try {
      return (await authorize(deps, { token, requiredScopes: [] })).principal;
    } catch (error) {
      if (error instanceof AuthError && error.status === 401) throw new AuthError('invalid_token', { reason: error.reason ?? error.code, cause: error });
      throw error;
    }
  };
}

/**
 * The caller out of what the authorizer put into the request context, never out of a header (ASVS 4.1.3). API Gateway hands every
 * value on as a string. Anything missing or odd: no principal.
 */
function principalOf(context: Readonly<Record<string, unknown>> | undefined): Principal | undefined {
  if (!context) return undefined;
  const text = (name: string): string | undefined => {
    const value = context[name];
    return typeof value === 'string' ? value : undefined;
  };
  const uid = text(AuthorizerContext.SUB);
  const sid = text(AuthorizerContext.SID);
  const jti = text(AuthorizerContext.JTI);
  const scope = text(AuthorizerContext.SCOPE);
  const amr = text(AuthorizerContext.AMR);
  const sv = wholeNumber(text(AuthorizerContext.SV));
  const authTime = wholeNumber(text(AuthorizerContext.AUTH_TIME));
  if (!uid || !sid || !jti || scope === undefined || amr === undefined || sv === undefined || authTime === undefined) return undefined;
  return { uid, sid, sv, jti, scope, authTime, amr: amr === '' ? [] : amr.split(' ') };
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
