/** What the authorizer hands to an API, as strings: `event.requestContext.authorizer.<name>`. */
export const AuthorizerContext = {
  /** User id. */
  SUB: 'sub',
  /** Scopes separated by a space. */
  SCOPE: 'scope',
  /** Session id. */
  SID: 'sid',
  /** Session version of the user that the token was made under. */
  SV: 'sv',
  /** Id of the access token. */
  JTI: 'jti',
  /** Epoch seconds of the last authentication. */
  AUTH_TIME: 'auth_time',
  /** Methods of authentication separated by a space (RFC 8176). */
  AMR: 'amr',
} as const;

/**
 * An authorizer that asks for scopes invokes an alias of the authorizer function whose name carries them:
 * this prefix, then the sorted scopes joined by a space, in base64url. API Gateway hands an authorizer no
 * configuration of its own; the alias is the one thing about the caller's authorizer that cannot be forged or forgotten.
 */
export const SCOPES_ALIAS_PREFIX = 'scopes_';

/** The alias of every function that the API and other callers invoke. */
export const LIVE_ALIAS = 'live';

/** In the context of a refusal: the origin of the page that may read it. Only for the service's own REST API, and only one that the list has. */
export const REFUSED_ORIGIN = 'allowOrigin';
