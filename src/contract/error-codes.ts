/**
 * `code` of every problem+json answer (RFC 9457), with its status and title. Clients match the code; a code never changes meaning.
 * 401 means only "this credential is bad": clients drop their session on it, so an outage is always 503, and on a route that the access
 * token guards it is said of that token alone (`besideBearer`: what another credential of the request gets there).
 */
export const ErrorCodes = {
  validation_failed: { status: 400, title: 'The request is not valid' },
  password_too_short: { status: 422, title: 'The password is too short' },
  password_too_long: { status: 422, title: 'The password is too long' },
  password_classes: { status: 422, title: 'The password needs more kinds of characters' },
  password_compromised: { status: 422, title: 'The password is in a list of common or leaked passwords' },
  password_too_simple: { status: 422, title: 'The password is too easy to guess' },
  password_unchanged: { status: 422, title: 'The new password is the present one' },
  password_personal: { status: 422, title: 'The password contains the e-mail address or the name of the service' },
  invalid_credentials: { status: 401, besideBearer: 403, title: 'The credentials are not valid' },
  invalid_token: { status: 401, title: 'The token is not valid' },
  session_expired: { status: 401, title: 'The session has expired' },
  session_revoked: { status: 401, title: 'The session has ended' },
  refresh_superseded: { status: 409, title: 'The refresh token was rotated a moment ago by another request' },
  forbidden: { status: 403, title: 'Not allowed' },
  origin_refused: { status: 403, title: 'The request does not show that a page of the web app sends it' },
  origin_required: { status: 403, title: 'Requests have to come through the address of the service' },
  registration_closed: { status: 403, title: 'Registration is closed' },
  invitation_invalid: { status: 403, title: 'The invitation is not valid' },
  not_found: { status: 404, title: 'Not found' },
  email_taken: { status: 409, title: 'The e-mail address has an account' },
  conflict: { status: 409, title: 'Another request changed this at the same time' },
  payload_too_large: { status: 413, title: 'The request body is too large' },
  unsupported_media_type: { status: 415, title: 'The request body must be JSON' },
  rate_limited: { status: 429, title: 'Too many attempts' },
  internal_error: { status: 500, title: 'Internal error' },
  unavailable: { status: 503, title: 'Temporarily unavailable' },
} as const;

export type ErrorCode = keyof typeof ErrorCodes;
