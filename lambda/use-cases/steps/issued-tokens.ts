/** What a client receives when a session opens or is refreshed. The transport (body, cookie) is the handler's matter. */
export interface IssuedTokens {
  readonly accessToken: string;
  /** Life of the access token, seconds. */
  readonly expiresIn: number;
  readonly refreshToken: string;
  /** What remains of the session's absolute life, seconds; never extended by a refresh (SE-06). */
  readonly refreshExpiresIn: number;
  /** Scopes separated by a space. */
  readonly scope: string;
}
