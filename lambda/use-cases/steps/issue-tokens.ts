import { accessTokenClaims } from '../../domain/claims';
import { RefreshKey, Session, User } from '../../domain/model';
import { formatRefreshToken, macFields } from '../../domain/refresh-token';
import { sessionEnd } from '../../domain/session';
import { Crypto } from '../../ports/crypto';
import { TokenSigner } from '../../ports/keys';
import { TokenSettings } from '../settings';
import { IssuedTokens } from './issued-tokens';

export interface IssueTokensDeps {
  readonly signer: Pick<TokenSigner, 'sign'>;
  readonly crypto: Pick<Crypto, 'mac' | 'randomToken'>;
  readonly tokens: TokenSettings;
}

export interface IssueTokensInput {
  readonly session: Session;
  readonly user: Pick<User, 'uid' | 'scopes'>;
  /** The key that the session was born with. */
  readonly refreshKey: RefreshKey;
  readonly now: number;
}

/** A new access token, and the refresh token of the session's generation: derived, so every caller derives the same one. */
export async function issueTokens(deps: IssueTokensDeps, input: IssueTokensInput): Promise<IssuedTokens> {
  const { session, user, refreshKey, now } = input;
  const { issuer, audience, defaultScopes, accessTokenTtl } = deps.tokens;
  const jti = deps.crypto.randomToken(16);
  const claims = accessTokenClaims({ issuer, audience, defaultScopes, ttlSeconds: accessTokenTtl, jti, user, session }, now);
  const accessToken = await deps.signer.sign({ ...claims });
  const generation = { kv: session.kv, sid: session.sid, n: session.n };
  return {
    accessToken,
    expiresIn: claims.exp - claims.iat,
    refreshToken: formatRefreshToken({ ...generation, mac: deps.crypto.mac(refreshKey.key, macFields(generation, session.salt)) }),
    refreshExpiresIn: Math.max(0, Math.floor((sessionEnd(session) - now) / 1000)),
    scope: claims.scope,
  };
}
