import { AuthError, UnavailableError } from '../domain/errors';
import { Audit } from '../ports/audit';
import { Crypto } from '../ports/crypto';
import { audited } from './steps/audited';
import { closeSession, CloseSessionDeps } from './steps/close-session';
import { SessionName, sessionOfAccessToken, SessionOfTokenDeps, sessionOfRefreshToken } from './steps/session-of-token';

export interface LogoutDeps extends Omit<CloseSessionDeps, 'sessions'>, Omit<SessionOfTokenDeps, 'sessions' | 'crypto'> {
  readonly sessions: CloseSessionDeps['sessions'] & SessionOfTokenDeps['sessions'];
  readonly crypto: Crypto;
  readonly audit: Audit;
}

export interface LogoutInput {
  /** Any generation of it. */
  readonly refreshToken?: string;
  /** Also an expired one. */
  readonly accessToken?: string;
}

/** Ends the session of the token. Idempotent. Throws `invalid_token` when no token is one of ours. */
export async function logout(deps: LogoutDeps, input: LogoutInput): Promise<void> {
  return audited(deps, { success: 'logout_succeeded', refusal: 'logout_refused' }, async (trail) => {
    const session = await sessionOf(deps, input);
    trail.uid = session.uid;
    trail.sid = session.sid;
    await closeSession(deps, session);
  });
}

async function sessionOf(deps: LogoutDeps, input: LogoutInput): Promise<SessionName> {
  if (input.refreshToken !== undefined) {
    try {
      return await sessionOfRefreshToken(deps, input.refreshToken);
    } catch (error) {
      // A stale cookie beside a good bearer token must not stop a logout.
      const refused = error instanceof AuthError && !(error instanceof UnavailableError);
      if (input.accessToken === undefined || !refused) throw error;
    }
  }
  if (input.accessToken === undefined) throw new AuthError('invalid_token', { reason: 'token_missing' });
  return sessionOfAccessToken(deps, input.accessToken);
}
