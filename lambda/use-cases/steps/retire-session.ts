import { Limits } from '../../../src/contract/limits';
import { auditEvent } from '../../domain/audit-events';
import { Session } from '../../domain/model';
import { RevocationTimes, revocationTtl } from '../../domain/revocation';
import { mayHaveTokens } from '../../domain/session';
import { Audit } from '../../ports/audit';
import { Clock } from '../../ports/clock';
import { Crypto } from '../../ports/crypto';
import { RevocationWriter } from '../../ports/revocations';
import { SessionStore } from '../../ports/sessions';

export interface RetireSessionDeps {
  readonly sessions: Pick<SessionStore, 'markEnded' | 'endUnused'>;
  readonly revocations: Pick<RevocationWriter, 'revokeSession' | 'pruneExpired'>;
  readonly crypto: Pick<Crypto, 'sha256'>;
  readonly clock: Clock;
  readonly audit: Audit;
  readonly revocation: RevocationTimes;
}

/** Why a session gives way to a login. */
export type Retirement = 'replaced_by_login' | 'too_many_sessions';

/**
 * Ends a session that gives way to a login. Nobody asked for the others to end, and the new session carries the version that the login has read, so
 * this never raises the version, as `closeSession` does above its limit. A session that was not used for longer than an access token lives is only
 * marked: most are like that. The others are revoked first, as long as the share of logins in the user's list of revocations lasts; then access
 * tokens of what gives way live to their end, and the event says so. No refresh token survives either way.
 */
export async function retireSession(deps: RetireSessionDeps, session: Session, why: Retirement): Promise<void> {
  const { uid, sid } = session;
  const unused = !mayHaveTokens(session, deps.revocation, deps.clock.now()) && await deps.sessions.endUnused(session);
  const dead = unused || await revoked(deps, session);
  if (!unused) await deps.sessions.markEnded(sid);
  deps.audit.record(auditEvent('session_ended', { uid, session: deps.crypto.sha256(sid), reason: dead ? why : `${why}_access_token_left` }));
}

async function revoked(deps: RetireSessionDeps, { uid, sid }: Session): Promise<boolean> {
  const now = deps.clock.now();
  const { count } = await deps.revocations.pruneExpired(uid, Math.floor(now / 1000));
  if (count >= Limits.REVOKED_BY_LOGINS_PER_USER) return false;
  const ttl = revocationTtl(deps.revocation, now);
  await deps.revocations.revokeSession(uid, sid, ttl, ttl);
  return true;
}
