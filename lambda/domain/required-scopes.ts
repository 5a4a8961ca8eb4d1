import { SCOPES_ALIAS_PREFIX } from '../../src/contract/authorizer';
import { isScopeToken } from './claims';

/**
 * The scopes that the caller's authorizer asks for, out of the ARN that the function was invoked by: an alias may name them (see
 * `SCOPES_ALIAS_PREFIX`). Throws for an alias that says it does and does not: nothing may be allowed by a misunderstanding.
 */
export function requiredScopes(invokedFunctionArn: string): readonly string[] {
  // arn:aws:lambda:<region>:<account>:function:<name>[:<alias or version>]
  const qualifier = invokedFunctionArn.split(':')[7];
  if (!qualifier?.startsWith(SCOPES_ALIAS_PREFIX)) return [];
  const encoded = qualifier.slice(SCOPES_ALIAS_PREFIX.length);
  const text = Buffer.from(encoded, 'base64url').toString('utf8');
  const scopes = text.split(' ');
  const canonical = Buffer.from(text, 'utf8').toString('base64url') === encoded;
  if (!canonical || !scopes.every(isScopeToken)) throw new Error('the alias of the authorizer names no scopes');
  return scopes;
}
