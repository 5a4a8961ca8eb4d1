import { auditEvent } from '../../domain/audit-events';
import { AuthError, UnavailableError } from '../../domain/errors';
import { Session } from '../../domain/model';
import { Audit } from '../../ports/audit';
import { Crypto } from '../../ports/crypto';
import { closeSession, CloseSessionDeps } from './close-session';
import { genuineRefreshToken, GenuineRefreshTokenDeps } from './genuine-refresh-token';

export interface ReplaceSessionDeps extends Omit<CloseSessionDeps, 'sessions'>, Omit<GenuineRefreshTokenDeps, 'sessions' | 'crypto'> {
  readonly sessions: CloseSessionDeps['sessions'] & GenuineRefreshTokenDeps['sessions'];
  readonly crypto: Pick<Crypto, 'mac' | 'equal' | 'sha256'>;
  readonly audit: Audit;
}

/**
 * The session that the browser is in ends with the login that takes its cookie's place (SE-13, ASVS 7.2.4): nobody could end it later,
 * since its token is gone. A cookie that is not ours ends nothing and does not stop the login.
 */
export async function replaceSession(deps: ReplaceSessionDeps, refreshToken: string | undefined): Promise<void> {
  const session = refreshToken === undefined ? undefined : await sessionOf(deps, refreshToken);
  if (session === undefined || session.state === 'ended') return;
  await closeSession(deps, session);
  deps.audit.record(auditEvent('session_ended', { uid: session.uid, session: deps.crypto.sha256(session.sid), reason: 'replaced_by_login' }));
}

async function sessionOf(deps: ReplaceSessionDeps, refreshToken: string): Promise<Session | undefined> {
  try {
    return (await genuineRefreshToken(deps, refreshToken)).session;
  } catch (error) {
    if (error instanceof AuthError && !(error instanceof UnavailableError)) return undefined;
    throw error;
  }
}
