import { CSRF_HEADER, EXPOSED_HEADERS } from '../../src/contract/limits';
import { AuthError } from '../domain/errors';
import { Cookies } from './cookies';
import { HttpRequest } from './types';

export type TokenTransport = 'body' | 'cookie' | 'both';

export interface BrowserSettings {
  /** Exact origins of the web app. Empty: no origin decides anything, and no page may read an answer. */
  readonly origins: readonly string[];
  readonly transport: TokenTransport;
}

/**
 * What a route has to do with cookies. Whatever it is, a page shows that it is one of the web app's before it changes anything.
 * - `session`: takes the session out of a cookie, or issues tokens. Where tokens travel in cookies only, pages are its only clients.
 * - `bearer`: guarded by the access token, which no browser attaches by itself, and issues none, but the answer may clear the cookie.
 * - `none`: takes and gives no cookie.
 */
export type CookieUse = 'session' | 'bearer' | 'none';

/** Whose pages may read the answers of a route: those of `webApp.origins`, or any. */
export type Readers = 'listed' | 'everybody';

/** Methods that change nothing (RFC 9110 section 9.2.1), as far as there are routes for them. */
const SAFE_METHODS: readonly string[] = ['GET', 'HEAD'];

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
   *
   * Where the team lists no origin there are no cookies either, so nothing that another site could borrow: an `Origin` is then only what
   * an app or an extension happens to send.
   */
  admit(request: HttpRequest, use: CookieUse): void {
    if (SAFE_METHODS.includes(request.method)) return;
    const origin = request.headers['origin'];
    // A repeated header arrives joined. No client sends two origins, so that whoever does plays one reader off against another.
    if (origin?.includes(',')) throw refused('origin_repeated');
    if (origin !== undefined && this.origins.size > 0 && !this.origins.has(origin)) throw refused('origin_not_allowed');
    if (!this.takesCookies) return;
    const repeated = this.cookies.repeated(request.cookies);
    if (repeated !== undefined && use !== 'none') {
      throw new AuthError('validation_failed', { detail: `The Cookie header names ${repeated} more than once.`, reason: 'cookie_repeated' });
    }
    if (!this.isBrowser(request) && !(use === 'session' && this.settings.transport === 'cookie')) return;
    if (origin === undefined) throw refused('origin_missing');
    if (!request.headers[CSRF_HEADER]) throw refused('csrf_header_missing');
  }

  /** Whether tokens travel in cookies for this request: always where the service has no other way. Only after `admit`. */
  usesCookies(request: HttpRequest): boolean {
    return this.settings.transport === 'cookie' || (this.takesCookies && this.isBrowser(request));
  }

  /** A listed origin may read every answer, any other one only `public` ones: they are for whoever verifies a token, and never depend on who asks. */
  corsHeaders(request: HttpRequest, readers: Readers = 'listed'): Readonly<Record<string, string>> {
    const origin = request.headers['origin'];
    const exposed = { 'access-control-expose-headers': EXPOSED_HEADERS.join(', ') };
    if (origin !== undefined && this.origins.has(origin)) {
      return { 'vary': 'Origin', 'access-control-allow-origin': origin, ...exposed, ...(this.takesCookies ? { 'access-control-allow-credentials': 'true' } : {}) };
    }
    return {
      ...(this.origins.size === 0 ? {} : { vary: 'Origin' }),
      ...(readers === 'everybody' ? { 'access-control-allow-origin': '*', ...exposed } : {}),
    };
  }

  /**
   * Cookies of ours exist only in browsers, and `Sec-Fetch-Site` cannot be forged by script. The origin of an app or an extension is no
   * site that a cookie could be the same site with: where there is a choice it keeps its tokens itself.
   */
  private isBrowser(request: HttpRequest): boolean {
    const { [this.cookies.refreshName]: refresh, [this.cookies.deviceName]: device } = request.cookies;
    if (refresh ?? device) return true;
    const { origin, 'sec-fetch-site': site } = request.headers;
    if (origin === undefined) return site !== undefined;
    return this.settings.transport === 'cookie' || /^https?:/.test(origin);
  }
}

/** One code, since clients treat all alike; the detail and the audit say which condition it was. */
const REFUSALS = {
  origin_repeated: 'The request has more than one Origin.',
  origin_not_allowed: 'The Origin of the request is not one of those that the service lists (webApp.origins).',
  origin_missing: 'The request has no Origin header, which every page of the web app sends. Tokens travel in cookies here.',
  csrf_header_missing: `The request has no header ${CSRF_HEADER}. Any value will do.`,
} as const;

function refused(reason: keyof typeof REFUSALS): AuthError {
  return new AuthError('origin_refused', { detail: REFUSALS[reason], reason });
}
