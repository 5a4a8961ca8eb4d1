import { CORRELATION_HEADER, CSRF_HEADER } from '../../src/contract/limits';
import { AuthError } from '../domain/errors';
import { Cookies } from './cookies';
import { HttpRequest } from './types';

export type TokenTransport = 'body' | 'cookie' | 'both';

export interface BrowserSettings {
  /** Exact origins of the web app. Empty: no browser calls. */
  readonly origins: readonly string[];
  readonly transport: TokenTransport;
}

/**
 * What a route has to do with cookies.
 * - `session`: public, opens, continues or ends a session that lives in a cookie.
 * - `bearer`: guarded by the access token, which no browser attaches by itself, but the answer may set or clear the cookie.
 * - `none`: takes and gives no cookie.
 */
export type CookieUse = 'session' | 'bearer' | 'none';

/** Which requests of browsers are let in, and how they are answered. */
export class BrowserPolicy {
  private readonly origins: ReadonlySet<string>;
  private readonly takesCookies: boolean;

  constructor(private readonly settings: BrowserSettings, private readonly cookies: Cookies) {
    this.origins = new Set(settings.origins);
    this.takesCookies = settings.transport !== 'body';
  }

  /**
   * Refuses requests that another site could have caused. Three walls, each enough alone against today's browsers: an exact
   * `Origin`, a header that only script allowed by CORS can set, and a media type that no form can send (the body reader
   * checks that). `SameSite` is not counted: sibling subdomains are the same site (ASVS 3.5.1 to 3.5.3).
   */
  admit(request: HttpRequest, use: CookieUse): void {
    if (request.method === 'GET') return;
    const origin = request.headers['origin'];
    if (origin !== undefined && !this.origins.has(origin)) throw new AuthError('origin_refused', { reason: 'origin_not_allowed' });
    if (!this.takesCookies || use === 'none') return;
    if (!this.isBrowser(request) && !(use === 'session' && this.settings.transport === 'cookie')) return;
    if (origin === undefined) throw new AuthError('origin_refused', { reason: 'origin_missing' });
    if (!request.headers[CSRF_HEADER]) throw new AuthError('origin_refused', { reason: 'csrf_header_missing' });
  }

  /** Whether tokens travel in cookies for this request. Only after `admit`. */
  usesCookies(request: HttpRequest): boolean {
    return this.takesCookies && this.isBrowser(request);
  }

  corsHeaders(request: HttpRequest): Readonly<Record<string, string>> {
    if (this.origins.size === 0) return {};
    const origin = request.headers['origin'];
    if (origin === undefined || !this.origins.has(origin)) return { vary: 'Origin' };
    return {
      'vary': 'Origin',
      'access-control-allow-origin': origin,
      'access-control-expose-headers': `retry-after, ${CORRELATION_HEADER}`,
      ...(this.takesCookies ? { 'access-control-allow-credentials': 'true' } : {}),
    };
  }

  /** `Sec-Fetch-Site` cannot be forged by script, cookies of ours exist only in browsers. */
  private isBrowser(request: HttpRequest): boolean {
    return request.headers['origin'] !== undefined
      || request.headers['sec-fetch-site'] !== undefined
      || request.cookies[this.cookies.refreshName] !== undefined
      || request.cookies[this.cookies.deviceName] !== undefined;
  }
}
