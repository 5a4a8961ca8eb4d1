import { Limits } from '../../../src/contract/limits';
import { RevocationTimes, revocationTtl } from '../../domain/revocation';
import { Clock } from '../../ports/clock';
import { RevocationWriter } from '../../ports/revocations';
import { SessionStore } from '../../ports/sessions';
import { UserStore } from '../../ports/users';

export interface CloseSessionDeps {
  readonly sessions: Pick<SessionStore, 'markEnded'>;
  readonly revocations: RevocationWriter;
  readonly users: Pick<UserStore, 'readUser' | 'endAllSessions'>;
  readonly clock: Clock;
  readonly revocation: RevocationTimes;
}

/**
 * Ends one session and its access tokens. The revocation comes first, so that no failure in between leaves an ended session whose
 * access tokens live; the mark comes last and stays, so that a later use of the session's refresh tokens is no reuse. Repeats both.
 */
export async function closeSession(deps: CloseSessionDeps, session: { readonly uid: string; readonly sid: string }): Promise<void> {
  const { uid, sid } = session;
  const now = deps.clock.now();
  const ttl = revocationTtl(deps.revocation, now);
  const { count } = await deps.revocations.revokeSession(uid, sid, ttl, ttl);
  if (count > Limits.REVOKED_SESSIONS_PER_USER) {
    await boundRevocations(deps, uid, now, ttl);
  }
  await deps.sessions.markEnded(sid);
}

/** The authorizer's item stays small: above the limit of sessions revoked one by one the user's session version ends them all. */
async function boundRevocations(deps: CloseSessionDeps, uid: string, now: number, ttl: number): Promise<void> {
  const { count } = await deps.revocations.pruneExpired(uid, Math.floor(now / 1000));
  if (count <= Limits.REVOKED_SESSIONS_PER_USER) return;
  const user = await deps.users.readUser(uid);
  // A version that moved meanwhile has ended them as well.
  if (user !== undefined) await deps.users.endAllSessions(uid, user.sv, ttl);
}
