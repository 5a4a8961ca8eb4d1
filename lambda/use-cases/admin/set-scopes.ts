import { revocationTtl } from '../../domain/revocation';
import { audited } from '../steps/audited';
import { AdminUser, adminUser, changeUser } from './admin-user';
import { AdministerDeps, UidInput } from './administer-deps';
import { normalScopes } from './invite-user';

export interface SetScopesInput extends UidInput {
  /** All scopes granted one by one from now on; the default ones need not be named. */
  readonly scopes: readonly string[];
}

/**
 * Replaces the granted scopes. Taking one away ends every session, since their tokens carry it; one that is added arrives with the
 * next refresh. Throws `validation_failed`, `not_found`, `conflict`.
 */
export async function setScopes(deps: AdministerDeps, input: SetScopesInput): Promise<AdminUser> {
  return audited(deps, { success: 'admin_scopes_set', refusal: 'admin_request_refused', uid: input.uid }, async () => {
    const scopes = normalScopes(input.scopes);
    const user = await changeUser(deps.users, input.uid, async (current) => {
      if (scopes.length === current.scopes.length && scopes.every((scope) => current.scopes.includes(scope))) return current;
      const takesAway = current.scopes.some((scope) => !scopes.includes(scope));
      const result = await deps.users.administer(current, { scopes }, takesAway, revocationTtl(deps.revocation, deps.clock.now()));
      return result === 'changed' ? { ...current, scopes } : result;
    });
    return adminUser(user);
  });
}
