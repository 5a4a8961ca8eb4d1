/** What a client receives when a session opens or is refreshed. The transport (body, cookie) is the handler's matter. */
export interface IssuedTokens {
  readonly accessToken: string;
  /** Life of the access token, seconds. */
  readonly expiresIn: number;
  readonly refreshToken: string;
  /** Until the session ends unless it is refreshed before, seconds: never beyond its absolute life (SE-06). */
  readonly refreshExpiresIn: number;
  /** Scopes separated by a space. */
  readonly scope: string;
}
