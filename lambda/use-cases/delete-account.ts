import { AuthError } from '../domain/errors';
import { Principal } from '../domain/model';
import { checkPasswordLength } from '../domain/password-policy';
import { RevocationTimes, revocationTtl } from '../domain/revocation';
import { Audit } from '../ports/audit';
import { UserStore } from '../ports/users';
import { audited } from './steps/audited';
import { assertOwnPassword, OwnPasswordDeps } from './steps/own-password';

export interface DeleteAccountDeps extends OwnPasswordDeps {
  readonly users: Pick<UserStore, 'readUser' | 'readCredential' | 'deleteUser'>;
  readonly audit: Audit;
  readonly revocation: RevocationTimes;
}

export interface DeleteAccountInput {
  readonly principal: Principal;
  readonly password: string;
}

/**
 * Removes the caller's account and ends every session, for whoever knows its password: a token alone, however young, may be somebody else's by
 * now. Idempotent: an account that is gone already is a success. Throws `rate_limited`, `invalid_credentials` for a wrong password,
 * `session_revoked`, and `conflict` when the account changed at the same time (SE-14).
 */
export async function deleteAccount(deps: DeleteAccountDeps, input: DeleteAccountInput): Promise<void> {
  const { uid, sid, sv } = input.principal;
  return audited(deps, { success: 'account_deleted', refusal: 'account_deletion_refused', uid, sid }, async (trail) => {
    checkPasswordLength(input.password);
    const user = await deps.users.readUser(uid);
    if (user === undefined) {
      trail.reason = 'deleted_already';
      return;
    }
    if (user.sv > sv || user.status !== 'active') throw new AuthError('session_revoked', { reason: user.sv > sv ? 'version_ended' : 'user_disabled' });
    await assertOwnPassword(deps, user, sid, input.password);
    const result = await deps.users.deleteUser(user, revocationTtl(deps.revocation, deps.clock.now()));
    // Whatever changed has ended the caller's session too.
    if (result === 'changed_meanwhile') throw new AuthError('conflict');
  });
}
