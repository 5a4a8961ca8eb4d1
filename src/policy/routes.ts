/** The routes of the HTTP API. */
export enum AuthRoute {
  /** Creates an account. */
  REGISTER = 'POST /register',
  /** Opens a session. */
  LOGIN = 'POST /login',
  /** Rotates a refresh token. */
  TOKEN_REFRESH = 'POST /token/refresh',
  /** Revokes a token (RFC 7009). */
  TOKEN_REVOKE = 'POST /token/revoke',
  /** Ends the session. */
  LOGOUT = 'POST /logout',
  /** Ends all sessions of the caller. */
  LOGOUT_ALL = 'POST /logout/all',
  /** Reads the caller's profile. */
  READ_PROFILE = 'GET /me',
  /** Changes the caller's profile. */
  UPDATE_PROFILE = 'PATCH /me',
  /** Deletes the caller's account. */
  DELETE_ACCOUNT = 'DELETE /me',
  /** Changes the caller's password. */
  CHANGE_PASSWORD = 'POST /me/password',
  /** Lists the caller's sessions. */
  LIST_SESSIONS = 'GET /me/sessions',
  /** Ends one of the caller's sessions. */
  END_SESSION = 'DELETE /me/sessions/{sid}',
  /** Publishes the signing keys (RFC 7517). */
  JWKS = 'GET /.well-known/jwks.json',
  /** Describes the issuer (OpenID Connect Discovery). */
  OPENID_CONFIGURATION = 'GET /.well-known/openid-configuration',
  /** Says whether the service works. */
  HEALTH = 'GET /health',
}
