import { Session, User } from './model';

/** Claims of an access token (RFC 9068). Nothing personal: a token is readable by whoever holds it (JT-10, ASVS 14.2.6). */
export interface AccessTokenClaims {
  readonly iss: string;
  readonly aud: string;
  readonly sub: string;
  readonly sid: string;
  readonly jti: string;
  readonly sv: number;
  readonly scope: string;
  /** Epoch seconds, like the other times. */
  readonly iat: number;
  readonly exp: number;
  readonly auth_time: number;
  readonly amr: readonly string[];
}

export interface ClaimsInput {
  readonly issuer: string;
  readonly audience: string;
  readonly defaultScopes: readonly string[];
  readonly ttlSeconds: number;
  readonly jti: string;
  readonly user: Pick<User, 'uid' | 'scopes'>;
  readonly session: Pick<Session, 'sid' | 'sv' | 'authTime' | 'amr' | 'expiresAt'>;
}

/** Method of authentication by password (RFC 8176). */
export const AMR_PASSWORD = 'pwd';

// RFC 6749 section 3.3.
const SCOPE_TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]{1,64}$/;

/** A token never outlives its session: `exp - iat` may be less than the configured life, so `expires_in` is computed from the claims. */
export function accessTokenClaims(input: ClaimsInput, now: number): AccessTokenClaims {
  const iat = Math.floor(now / 1000);
  return {
    iss: input.issuer,
    aud: input.audience,
    sub: input.user.uid,
    sid: input.session.sid,
    jti: input.jti,
    sv: input.session.sv,
    scope: joinScopes(input.defaultScopes, input.user.scopes),
    iat,
    exp: Math.min(iat + input.ttlSeconds, Math.ceil(input.session.expiresAt / 1000)),
    auth_time: input.session.authTime,
    amr: [...input.session.amr],
  };
}

/** Default and granted scopes, each once, sorted, separated by a space. */
export function joinScopes(defaults: readonly string[], granted: readonly string[]): string {
  return [...new Set([...defaults, ...granted])].sort().join(' ');
}

/** The scopes of a `scope` claim; none for the empty string. */
export function splitScopes(scope: string): string[] {
  return scope === '' ? [] : scope.split(' ');
}

/** Whether the text is one scope of RFC 6749 section 3.3, at most 64 characters. */
export function isScopeToken(text: string): boolean {
  return SCOPE_TOKEN.test(text);
}
