import { AuthError, UnavailableError } from '../../domain/errors';
import { RefreshKey, Session } from '../../domain/model';
import { macFields, parseRefreshToken } from '../../domain/refresh-token';
import { Crypto } from '../../ports/crypto';
import { RefreshKeys } from '../../ports/keys';
import { SessionStore } from '../../ports/sessions';

export interface GenuineRefreshTokenDeps {
  readonly sessions: Pick<SessionStore, 'read'>;
  readonly refreshKeys: Pick<RefreshKeys, 'find'>;
  readonly crypto: Pick<Crypto, 'mac' | 'equal'>;
}

export interface GenuineRefreshToken {
  readonly session: Session;
  readonly refreshKey: RefreshKey;
  /** The generation that was presented: above the session's only where a table was restored to an earlier state. */
  readonly n: number;
}

/**
 * The session of a refresh token that this service made. A forged one is `invalid_token` and changes nothing, whatever session it
 * names (T47): only what is provably ours may end anything.
 */
export async function genuineRefreshToken(deps: GenuineRefreshTokenDeps, text: string): Promise<GenuineRefreshToken> {
  const token = parseRefreshToken(text);
  if (token === undefined) throw refused('malformed');
  const session = await deps.sessions.read(token.sid);
  if (session === undefined) throw refused('session_unknown');
  if (session.kv !== token.kv) throw refused('kv_mismatch');
  const refreshKey = await deps.refreshKeys.find(session.kv);
  // The session says that the key exists, so this container's copy is behind: no statement about the token (never 401).
  if (refreshKey === undefined) throw new UnavailableError('refresh-keys');
  if (!deps.crypto.equal(deps.crypto.mac(refreshKey.key, macFields(token, session.salt)), token.mac)) throw refused('mac');
  return { session, refreshKey, n: token.n };
}

function refused(reason: string): AuthError {
  return new AuthError('invalid_token', { reason });
}
