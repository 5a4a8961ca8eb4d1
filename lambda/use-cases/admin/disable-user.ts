import { revocationTtl } from '../../domain/revocation';
import { audited } from '../steps/audited';
import { AdminUser, adminUser, changeUser } from './admin-user';
import { AdministerDeps, UidInput } from './administer-deps';

/** Refuses logins from now on and ends every session, in one transaction (SE-11). Idempotent. Throws `not_found`, `conflict`. */
export async function disableUser(deps: AdministerDeps, input: UidInput): Promise<AdminUser> {
  return audited(deps, { success: 'admin_user_disabled', refusal: 'admin_request_refused', uid: input.uid }, async () => {
    const user = await changeUser(deps.users, input.uid, async (current) => {
      if (current.status === 'disabled') return current;
      const result = await deps.users.administer(current, { status: 'disabled' }, true, revocationTtl(deps.revocation, deps.clock.now()));
      return result === 'changed' ? { ...current, status: 'disabled' } : result;
    });
    return adminUser(user);
  });
}
