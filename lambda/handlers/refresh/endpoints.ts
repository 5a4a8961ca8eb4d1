import { AuthError } from '../../domain/errors';
import type { Endpoint } from '../../http/endpoint';
import { publicEndpoint } from '../../http/endpoint';
import { RefreshRequest } from '../../http/schemas/requests';
import { presentedRefreshToken, tokenResponse } from '../../http/tokens';
import type { RefreshDeps } from '../../use-cases/refresh';
import { refresh } from '../../use-cases/refresh';

/**
 * A refresh that fails never touches the cookie, not even when the session is dead: its answer may arrive after that of a login
 * or of the racer that won, and would take their cookie away (WB-06). The next login overwrites it.
 */
export function refreshEndpoints(deps: RefreshDeps): Endpoint[] {
  return [
    publicEndpoint('POST /token/refresh', { body: RefreshRequest, cookies: 'session' }, async (call) => {
      const refreshToken = presentedRefreshToken(call);
      if (refreshToken === undefined) throw missing(call.browser);
      return tokenResponse(call, await refresh(deps, { refreshToken }));
    }),
  ];
}

/** Without a cookie a browser has no session; without the member a client has a bug. */
function missing(browser: boolean): AuthError {
  return browser
    ? new AuthError('invalid_token', { reason: 'cookie_missing' })
    : new AuthError('validation_failed', { errors: [{ pointer: '/refresh_token', message: 'is required' }], reason: 'schema' });
}
