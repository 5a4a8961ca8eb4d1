/** The parts of `rt1.<kv>.<sid>.<n>.<mac>`. */
export interface RefreshToken {
  /** Id of the refresh key. */
  readonly kv: string;
  readonly sid: string;
  /** Generation. */
  readonly n: number;
  /** base64url of HMAC-SHA-256 over `macFields`. */
  readonly mac: string;
}

const PREFIX = 'rt1';
/** The generation fits a safe integer and has one spelling; sid is 128 bits, so its last character carries two of them. */
const FORMAT = /^rt1\.([a-z0-9]{8})\.([A-Za-z0-9_-]{21}[AQgw])\.(0|[1-9][0-9]{0,8})\.([A-Za-z0-9_-]{43})$/;
const MAX_LENGTH = 96;

export function formatRefreshToken(token: RefreshToken): string {
  return `${PREFIX}.${token.kv}.${token.sid}.${token.n}.${token.mac}`;
}

/** The parts of a token, or undefined when the text is not the one spelling of a refresh token. Says nothing about its MAC. */
export function parseRefreshToken(text: string): RefreshToken | undefined {
  const [, kv, sid, n, mac] = (text.length <= MAX_LENGTH && FORMAT.exec(text)) || [];
  return kv && sid && n && mac ? { kv, sid, n: Number(n), mac } : undefined;
}

/**
 * What the MAC covers. The session's salt is one of the fields, so neither the table nor the key alone makes a token; `Crypto.mac`
 * prefixes every field with its length, so no two lists of fields make the same input.
 */
export function macFields(token: Pick<RefreshToken, 'kv' | 'sid' | 'n'>, salt: string): string[] {
  return [PREFIX, token.kv, token.sid, String(token.n), salt];
}
