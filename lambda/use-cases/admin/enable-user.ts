import { revocationTtl } from '../../domain/revocation';
import { audited } from '../steps/audited';
import { ForgetFailuresDeps, forgetFailures } from '../steps/forget-failures';
import { AdminUser, adminUser, changeUser } from './admin-user';
import { AdministerDeps, UidInput } from './administer-deps';

/** Admits logins again, whatever failed while nobody could log in; sessions from before stay ended. Idempotent. Throws `not_found`, `conflict`. */
export async function enableUser(deps: AdministerDeps & ForgetFailuresDeps, input: UidInput): Promise<AdminUser> {
  return audited(deps, { success: 'admin_user_enabled', refusal: 'admin_request_refused', uid: input.uid }, async () => {
    const user = await changeUser(deps.users, input.uid, async (current) => {
      if (current.status === 'active') return current;
      const result = await deps.users.administer(current, { status: 'active' }, false, revocationTtl(deps.revocation, deps.clock.now()));
      return result === 'changed' ? { ...current, status: 'active' } : result;
    });
    await forgetFailures(deps, user.email);
    return adminUser(user);
  });
}
