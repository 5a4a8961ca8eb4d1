import { AuthError } from '../domain/errors';
import type { IssuedTokens } from '../use-cases/steps/issued-tokens';
import type { Call } from './endpoint';
import type { HttpResponse } from './types';

export interface IssuedDevice {
  readonly token: string;
  /** Seconds. */
  readonly expiresIn: number;
}

/** Tokens to the client: to a browser of the web app the long-lived ones only in cookies, where no script reads them (WB-02). */
export function tokenResponse(call: Call<unknown>, tokens: IssuedTokens, device?: IssuedDevice): HttpResponse {
  const common = {
    access_token: tokens.accessToken,
    token_type: 'Bearer',
    expires_in: tokens.expiresIn,
    scope: tokens.scope,
    refresh_expires_in: tokens.refreshExpiresIn,
  };
  if (!call.browser) {
    return { status: 200, body: { ...common, refresh_token: tokens.refreshToken, ...(device ? { device_token: device.token } : {}) } };
  }
  return {
    status: 200,
    body: common,
    cookies: [
      call.cookies.refresh(tokens.refreshToken, tokens.refreshExpiresIn),
      ...(device ? [call.cookies.device(device.token, device.expiresIn)] : []),
    ],
  };
}

/** The refresh token from where this client has to send it, and from nowhere else. */
export function presentedRefreshToken(call: Call<{ readonly refresh_token?: string | undefined }>): string | undefined {
  if (!call.browser) return call.body.refresh_token;
  if (call.body.refresh_token !== undefined) {
    throw new AuthError('validation_failed', { errors: [{ pointer: '/refresh_token', message: 'travels in a cookie here' }], reason: 'refresh_token_in_body' });
  }
  // A cookie that was cleared with an empty value is none.
  return call.refreshCookie || undefined;
}

/** 204, and the cookie of the session that is no more goes with it. */
export function sessionGone(call: Call<unknown>): HttpResponse {
  return { status: 204, ...(call.browser ? { cookies: [call.cookies.clearRefresh()] } : {}) };
}
