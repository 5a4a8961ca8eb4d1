import { AuthorizerContext } from '../../src/contract/authorizer';
import { Principal } from '../domain/model';

/**
 * The caller out of what the authorizer put into the request context: the only source of identity (ASVS 4.1.3). API Gateway
 * hands every value on as a string. Anything missing or odd: no principal, and a guarded route then refuses.
 */
export function principalOf(context: Readonly<Record<string, unknown>> | null | undefined): Principal | undefined {
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
