import { verifyAccessToken } from '../../domain/access-token';
import { Clock } from '../../ports/clock';
import { SignatureVerifier } from '../../ports/crypto';
import { VerificationKeys } from '../../ports/keys';
import { VerificationSettings } from '../settings';
import { genuineRefreshToken, GenuineRefreshTokenDeps } from './genuine-refresh-token';

export interface SessionOfTokenDeps extends GenuineRefreshTokenDeps {
  readonly verificationKeys: VerificationKeys;
  readonly signatures: SignatureVerifier;
  readonly clock: Clock;
  readonly verification: VerificationSettings;
}

export interface SessionName {
  readonly uid: string;
  readonly sid: string;
}

/** The session that a refresh token of any generation belongs to. Throws `invalid_token`. */
export async function sessionOfRefreshToken(deps: GenuineRefreshTokenDeps, token: string): Promise<SessionName> {
  return (await genuineRefreshToken(deps, token)).session;
}

/** The session that an access token belongs to, also an expired one: a client that slept must be able to end it (SE-09). Throws `invalid_token`. */
export async function sessionOfAccessToken(deps: SessionOfTokenDeps, token: string): Promise<SessionName> {
  const { issuers, audiences, accessTokenTtl } = deps.verification;
  const expected = { issuers, audiences, maxTtlSeconds: accessTokenTtl, acceptExpired: true };
  const verified = await verifyAccessToken({ keys: deps.verificationKeys, signatures: deps.signatures }, token, expected, deps.clock.now());
  return verified.principal;
}
