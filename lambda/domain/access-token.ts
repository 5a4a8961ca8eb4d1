import { Limits } from '../../src/contract/limits';
import { AccessTokenClaims, isScopeToken, splitScopes } from './claims';
import { AuthError } from './errors';
import { parseJws } from './jws';
import { Principal, PublishedKey } from './model';

/** What verification needs: the published keys by kid and the signature check, as the ports of the same names have them. */
export interface AccessTokenDeps {
  readonly keys: { find(kid: string): Promise<PublishedKey | undefined> };
  readonly signatures: { verify(alg: string, jwk: Readonly<Record<string, string>>, token: string): Promise<boolean> };
}

export interface ExpectedToken {
  /** Exact values of `iss` that are accepted. */
  readonly issuers: readonly string[];
  /** Exact values of `aud` that are accepted. */
  readonly audiences: readonly string[];
  /** Greatest `exp - iat`: a token that lives longer was not made by this service's configuration. */
  readonly maxTtlSeconds: number;
  /** Logout only: a session may be ended with a token that has expired (SE-09). Every other check stands. */
  readonly acceptExpired?: boolean;
}

export interface VerifiedToken {
  readonly principal: Principal;
  /** Epoch seconds. */
  readonly iat: number;
  /** Epoch seconds. */
  readonly exp: number;
  readonly expired: boolean;
}

const ID = /^[A-Za-z0-9_-]{1,64}$/;
const AMR_MAX = 8;

/**
 * The caller that an access token speaks for. Throws `AuthError('invalid_token')` with the refusing check as `reason`; lets the
 * `UnavailableError` of the key source pass, which is no statement about the token. Does not look at revocations.
 */
export async function verifyAccessToken(deps: AccessTokenDeps, token: string, expected: ExpectedToken, now: number): Promise<VerifiedToken> {
  const jws = parseJws(token);
  const key = await deps.keys.find(jws.kid);
  if (!key || key.kid !== jws.kid || (key.removeAt !== undefined && now >= key.removeAt)) {
    throw refused('kid_unknown');
  }
  // The key says which algorithm is used, the header only has to agree (RFC 8725 section 3.1).
  if (jws.alg !== key.alg) {
    throw refused('alg');
  }
  if (!(await deps.signatures.verify(key.alg, key.jwk, token))) {
    throw refused('signature');
  }
  return checkClaims(jws.payload, expected, now);
}

function checkClaims(payload: Readonly<Record<string, unknown>>, expected: ExpectedToken, now: number): VerifiedToken {
  const claims = typedClaims(payload);
  const seconds = now / 1000;
  if (!expected.issuers.includes(claims.iss)) {
    throw refused('iss');
  }
  if (!expected.audiences.includes(claims.aud)) {
    throw refused('aud');
  }
  if (claims.iat > seconds + Limits.CLOCK_LEEWAY_SECONDS || notBefore(payload) > seconds + Limits.CLOCK_LEEWAY_SECONDS) {
    throw refused('not_yet_valid');
  }
  if (claims.exp <= claims.iat || claims.exp - claims.iat > expected.maxTtlSeconds) {
    throw refused('lifetime');
  }
  const expired = seconds >= claims.exp + Limits.CLOCK_LEEWAY_SECONDS;
  if (expired && expected.acceptExpired !== true) {
    throw refused('expired');
  }
  return {
    principal: { uid: claims.sub, sid: claims.sid, sv: claims.sv, jti: claims.jti, scope: claims.scope, authTime: claims.auth_time, amr: claims.amr },
    iat: claims.iat,
    exp: claims.exp,
    expired,
  };
}

/** Every claim present and of its type: a string "9" is no time, 1.5 no version (JT-06). Further claims are let through unread. */
function typedClaims(payload: Readonly<Record<string, unknown>>): AccessTokenClaims {
  return {
    iss: text(payload, 'iss'),
    aud: text(payload, 'aud'),
    sub: id(payload, 'sub'),
    sid: id(payload, 'sid'),
    jti: id(payload, 'jti'),
    sv: count(payload, 'sv'),
    scope: scope(payload),
    iat: count(payload, 'iat'),
    exp: count(payload, 'exp'),
    auth_time: count(payload, 'auth_time'),
    amr: methods(payload),
  };
}

function text(payload: Readonly<Record<string, unknown>>, name: string): string {
  const value = payload[name];
  if (typeof value !== 'string' || value === '') {
    throw refused(`claim_${name}`);
  }
  return value;
}

function id(payload: Readonly<Record<string, unknown>>, name: string): string {
  const value = text(payload, name);
  if (!ID.test(value)) {
    throw refused(`claim_${name}`);
  }
  return value;
}

function count(payload: Readonly<Record<string, unknown>>, name: string): number {
  const value = payload[name];
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw refused(`claim_${name}`);
  }
  return value;
}

function scope(payload: Readonly<Record<string, unknown>>): string {
  const value = payload.scope;
  if (typeof value !== 'string' || !splitScopes(value).every(isScopeToken)) {
    throw refused('claim_scope');
  }
  return value;
}

function methods(payload: Readonly<Record<string, unknown>>): string[] {
  const value = payload.amr;
  if (!Array.isArray(value) || value.length > AMR_MAX || !value.every((one): one is string => typeof one === 'string' && ID.test(one))) {
    throw refused('claim_amr');
  }
  return value;
}

function notBefore(payload: Readonly<Record<string, unknown>>): number {
  return payload.nbf === undefined ? 0 : count(payload, 'nbf');
}

function refused(reason: string): AuthError {
  return new AuthError('invalid_token', { reason });
}
