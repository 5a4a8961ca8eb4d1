import { AuthError } from '../../domain/errors';
import { Principal, User } from '../../domain/model';
import { UserStore } from '../../ports/users';

/** The caller as it is now: whatever ended the caller's session since the authorizer looked is a 401 here. */
export async function callingUser(deps: { readonly users: Pick<UserStore, 'readUser'> }, principal: Principal): Promise<User> {
  const user = await deps.users.readUser(principal.uid);
  if (user === undefined) throw new AuthError('session_revoked', { reason: 'user_gone' });
  if (user.status !== 'active') throw new AuthError('session_revoked', { reason: 'user_disabled' });
  if (user.sv !== principal.sv) throw new AuthError('session_revoked', { reason: 'version_ended' });
  return user;
}
