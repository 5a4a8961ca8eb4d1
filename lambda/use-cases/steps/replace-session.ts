import { AuthError, UnavailableError } from '../../domain/errors';
import { Session } from '../../domain/model';
import { Crypto } from '../../ports/crypto';
import { genuineRefreshToken, GenuineRefreshTokenDeps } from './genuine-refresh-token';
import { retireSession, RetireSessionDeps } from './retire-session';

export interface ReplaceSessionDeps extends Omit<RetireSessionDeps, 'sessions' | 'crypto'>, Omit<GenuineRefreshTokenDeps, 'sessions' | 'crypto'> {
  readonly sessions: RetireSessionDeps['sessions'] & GenuineRefreshTokenDeps['sessions'];
  readonly crypto: Pick<Crypto, 'mac' | 'equal' | 'sha256'>;
}

/**
 * The session that the browser is in ends with the login that takes its cookie's place (SE-13, ASVS 7.2.4): nobody could end it later,
 * since its token is gone. A cookie that is not ours ends nothing and does not stop the login.
 */
export async function replaceSession(deps: ReplaceSessionDeps, refreshToken: string | undefined): Promise<void> {
  const session = refreshToken === undefined ? undefined : await sessionOf(deps, refreshToken);
  if (session === undefined || session.state === 'ended') return;
  await retireSession(deps, session, 'replaced_by_login');
}

async function sessionOf(deps: ReplaceSessionDeps, refreshToken: string): Promise<Session | undefined> {
  try {
    return (await genuineRefreshToken(deps, refreshToken)).session;
  } catch (error) {
    if (error instanceof AuthError && !(error instanceof UnavailableError)) return undefined;
    throw error;
  }
}
