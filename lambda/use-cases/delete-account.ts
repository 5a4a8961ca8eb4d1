import { AuthError } from '../domain/errors';
import { Principal } from '../domain/model';
import { RevocationTimes, revocationTtl } from '../domain/revocation';
import { Audit } from '../ports/audit';
import { Clock } from '../ports/clock';
import { Crypto } from '../ports/crypto';
import { UserStore } from '../ports/users';
import { audited } from './steps/audited';
import { assertRecentAuthentication } from './steps/recent-authentication';

export interface DeleteAccountDeps {
  readonly users: Pick<UserStore, 'readUser' | 'deleteUser'>;
  readonly crypto: Pick<Crypto, 'sha256'>;
  readonly clock: Clock;
  readonly audit: Audit;
  readonly revocation: RevocationTimes;
}

export interface DeleteAccountInput {
  readonly principal: Principal;
}

/**
 * Removes the caller's account and ends every session. Idempotent: an account that is gone already is a success. Throws
 * `reauth_required`, `session_revoked`, and `conflict` when the account changed at the same time.
 */
export async function deleteAccount(deps: DeleteAccountDeps, input: DeleteAccountInput): Promise<void> {
  const { uid, sid, sv } = input.principal;
  return audited(deps, { success: 'account_deleted', refusal: 'account_deletion_refused', uid, sid }, async (trail) => {
    assertRecentAuthentication(input.principal, deps.clock.now());
    const user = await deps.users.readUser(uid);
    if (user === undefined) {
      trail.reason = 'deleted_already';
      return;
    }
    if (user.sv > sv || user.status !== 'active') throw new AuthError('session_revoked', { reason: user.sv > sv ? 'version_ended' : 'user_disabled' });
    const result = await deps.users.deleteUser(user, revocationTtl(deps.revocation, deps.clock.now()));
    // Whatever changed has ended the caller's session too.
    if (result === 'changed_meanwhile') throw new AuthError('conflict');
  });
}
