import { AuthError } from '../domain/errors';
import { Principal } from '../domain/model';
import { Audit } from '../ports/audit';
import { Crypto } from '../ports/crypto';
import { SessionStore } from '../ports/sessions';
import { audited } from './steps/audited';
import { closeSession, CloseSessionDeps } from './steps/close-session';

export interface EndSessionDeps extends Omit<CloseSessionDeps, 'sessions'> {
  readonly sessions: Pick<SessionStore, 'read' | 'markEnded'>;
  readonly crypto: Pick<Crypto, 'sha256'>;
  readonly audit: Audit;
}

export interface EndSessionInput {
  readonly principal: Principal;
  readonly sid: string;
}

/** 128 bits in base64url: what is no session id is looked up nowhere. */
const SID = /^[A-Za-z0-9_-]{22}$/;

/** Ends one of the caller's own sessions. Throws `not_found` alike for a session of nobody and of somebody else (ASVS 8.2.2). */
export async function endSession(deps: EndSessionDeps, input: EndSessionInput): Promise<void> {
  const { uid } = input.principal;
  return audited(deps, { success: 'session_ended', refusal: 'session_end_refused', uid }, async (trail) => {
    const session = SID.test(input.sid) ? await deps.sessions.read(input.sid) : undefined;
    if (session === undefined || session.uid !== uid) throw new AuthError('not_found', { reason: session === undefined ? 'session_unknown' : 'session_of_another_user' });
    trail.sid = session.sid;
    await closeSession(deps, session);
  });
}
