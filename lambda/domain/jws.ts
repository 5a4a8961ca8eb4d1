import { Limits } from '../../src/contract/limits';
import { decodeBase64Url, decodeUtf8, parseJsonObject } from './encoding';
import { AuthError } from './errors';

/** Media type of access tokens (RFC 9068 section 2.1): other kinds of tokens carry another one and are refused here (JT-05). */
export const ACCESS_TOKEN_TYPE = 'at+jwt';

/** A JWS in compact form whose header is one that this service writes. Nothing in it is trusted yet. */
export interface ParsedJws {
  readonly alg: string;
  readonly kid: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

const KID = /^[A-Za-z0-9_-]{1,64}$/;
/**
 * Exactly what this service's headers hold. So `crit`, `b64`, `jwk`, `jku`, `x5u`, `x5c`, `zip` and whatever is invented next are
 * refused, not ignored (JT-02, JT-04, RFC 7515 section 4.1.11).
 */
const HEADER_MEMBERS: ReadonlySet<string> = new Set(['alg', 'typ', 'kid']);

/** Takes a compact JWS apart. Throws `AuthError('invalid_token')`. */
export function parseJws(token: string): ParsedJws {
  if (token.length > Limits.ACCESS_TOKEN_BYTES) {
    throw refused('too_long');
  }
  const [headerPart, payloadPart, signaturePart, ...more] = token.split('.');
  if (headerPart === undefined || payloadPart === undefined || signaturePart === undefined || more.length > 0) {
    throw refused('not_compact');
  }
  const header = jsonPart(headerPart, 'header');
  for (const name of Object.keys(header)) {
    if (!HEADER_MEMBERS.has(name)) {
      throw refused('header_member');
    }
  }
  if (header.typ !== ACCESS_TOKEN_TYPE) {
    throw refused('typ');
  }
  if (typeof header.alg !== 'string') {
    throw refused('alg');
  }
  if (typeof header.kid !== 'string' || !KID.test(header.kid)) {
    throw refused('kid');
  }
  const signature = decodeBase64Url(signaturePart);
  if (!signature || signature.length === 0) {
    throw refused('signature_encoding');
  }
  return {
    alg: header.alg,
    kid: header.kid,
    payload: jsonPart(payloadPart, 'payload'),
  };
}

/** All that the header of an access token holds. */
export function accessTokenHeader(alg: string, kid: string): { readonly alg: string; readonly typ: string; readonly kid: string } {
  return { alg, typ: ACCESS_TOKEN_TYPE, kid };
}

/** Only the canonical encoding is decoded, so a token has one spelling (T17b). */
function jsonPart(part: string, name: string): Record<string, unknown> {
  const bytes = decodeBase64Url(part);
  const text = bytes && decodeUtf8(bytes);
  const value = text === undefined ? undefined : parseJsonObject(text);
  if (!value) {
    throw refused(`${name}_encoding`);
  }
  return value;
}

function refused(reason: string): AuthError {
  return new AuthError('invalid_token', { reason });
}
