import { revocationTtl } from '../../domain/revocation';
import { audited } from '../steps/audited';
import { changeUser } from './admin-user';
import { AdministerDeps, UidInput } from './administer-deps';

/** Ends every session of a user. Throws `not_found`, `conflict`. */
export async function revokeSessions(deps: AdministerDeps, input: UidInput): Promise<void> {
  return audited(deps, { success: 'admin_sessions_ended', refusal: 'admin_request_refused', uid: input.uid }, async () => {
    await changeUser(deps.users, input.uid, async (user) => {
      const result = await deps.users.endAllSessions(user.uid, user.sv, revocationTtl(deps.revocation, deps.clock.now()));
      return result === 'ended' ? user : result;
    });
  });
}
