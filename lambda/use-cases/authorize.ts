import { verifyAccessToken } from '../domain/access-token';
import { splitScopes } from '../domain/claims';
import { AuthError } from '../domain/errors';
import { Principal } from '../domain/model';
import { isRevoked } from '../domain/revocation';
import { Audit } from '../ports/audit';
import { Clock } from '../ports/clock';
import { Crypto, SignatureVerifier } from '../ports/crypto';
import { VerificationKeys } from '../ports/keys';
import { RevocationReader } from '../ports/revocations';
import { VerificationSettings } from './settings';
import { audited } from './steps/audited';

export interface AuthorizeDeps {
  readonly verificationKeys: VerificationKeys;
  readonly signatures: SignatureVerifier;
  readonly revocations: Pick<RevocationReader, 'readRevocations'>;
  readonly crypto: Pick<Crypto, 'sha256'>;
  readonly clock: Clock;
  readonly audit: Audit;
  readonly verification: VerificationSettings;
}

export interface AuthorizeInput {
  readonly token: string;
  /** Every one is needed. */
  readonly requiredScopes: readonly string[];
}

export interface AuthorizeOutput {
  /** False: the token is good but lacks a scope (403, not 401). */
  readonly allowed: boolean;
  readonly principal: Principal;
}

/**
 * Whom an access token speaks for and whether it may pass: verified by signature and claims, then by one strong read of what was
 * revoked (JT-09). Leaves an event only when it refuses. Throws `invalid_token`, `session_revoked`; an outage is `UnavailableError`,
 * never a statement about the token (JT-12).
 */
export async function authorize(deps: AuthorizeDeps, input: AuthorizeInput): Promise<AuthorizeOutput> {
  return audited(deps, { success: undefined, refusal: 'token_refused' }, async (trail) => {
    const { issuers, audiences, accessTokenTtl } = deps.verification;
    const expected = { issuers, audiences, maxTtlSeconds: accessTokenTtl };
    const { principal } = await verifyAccessToken({ keys: deps.verificationKeys, signatures: deps.signatures }, input.token, expected, deps.clock.now());
    trail.uid = principal.uid;
    trail.sid = principal.sid;
    const revocations = await deps.revocations.readRevocations(principal.uid);
    if (isRevoked(revocations, principal)) throw new AuthError('session_revoked');
    const scopes = new Set(splitScopes(principal.scope));
    const allowed = input.requiredScopes.every((scope) => scopes.has(scope));
    if (!allowed) {
      trail.success = 'token_refused';
      trail.reason = 'scope_missing';
    }
    return { allowed, principal };
  });
}
