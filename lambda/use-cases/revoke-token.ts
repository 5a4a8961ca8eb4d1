import { AuthError, UnavailableError } from '../domain/errors';
import { LogoutDeps } from './logout';
import { audited } from './steps/audited';
import { closeSession } from './steps/close-session';
import { SessionName, sessionOfAccessToken, sessionOfRefreshToken } from './steps/session-of-token';

export type RevokeTokenDeps = LogoutDeps;

export interface RevokeTokenInput {
  /** A refresh token or an access token; which one is told by its form, `token_type_hint` is not needed. */
  readonly token: string;
}

const REFRESH_TOKEN = /^rt1\./;

/** RFC 7009: revoking either token ends its session. A token that is not ours, or no longer, is no error (section 2.2). */
export async function revokeToken(deps: RevokeTokenDeps, input: RevokeTokenInput): Promise<void> {
  return audited(deps, { success: 'token_revoked', refusal: 'token_revocation_ignored' }, async (trail) => {
    const session = await sessionOf(deps, input.token);
    if (session === undefined) {
      trail.success = 'token_revocation_ignored';
      return;
    }
    trail.uid = session.uid;
    trail.sid = session.sid;
    await closeSession(deps, session);
  });
}

async function sessionOf(deps: RevokeTokenDeps, token: string): Promise<SessionName | undefined> {
  try {
    return REFRESH_TOKEN.test(token) ? await sessionOfRefreshToken(deps, token) : await sessionOfAccessToken(deps, token);
  } catch (error) {
    if (error instanceof AuthError && !(error instanceof UnavailableError)) return undefined;
    throw error;
  }
}
