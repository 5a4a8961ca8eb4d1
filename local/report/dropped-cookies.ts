import { GatewayAnswer, GatewayRequest, headerValue } from '../gateway/message';

/**
 * Tells of a cookie that the browser will drop without a word: one that is not `SameSite=None`, sent to a page of another site. To browsers
 * `localhost` and `127.0.0.1` are two sites, and so are http and https (RFC 6265bis, section 5.2: "same-site" compares schemes too).
 * Each pair of sites is told of once.
 */
export class DroppedCookies {
  private readonly told = new Set<string>();

  noteOn(request: GatewayRequest, answer: GatewayAnswer): string | undefined {
    const sameSite = strictestOf(answer);
    if (sameSite === undefined || !isFromAnotherSite(request)) return undefined;
    const page = headerValue(request.headers, 'origin') ?? 'another site';
    const api = addressOf(request);
    const pair = `${page} ${api}`;
    if (this.told.has(pair)) return undefined;
    this.told.add(pair);
    return `the browser drops the cookie of this answer (SameSite=${sameSite}): the page is on ${page}, which is another site than ${api}; ${advice(page, request)}`;
  }
}

/** `SameSite` of a cookie that is set for good and stays within its site; undefined when there is none. */
function strictestOf({ headers }: GatewayAnswer): string | undefined {
  for (const [name, value] of headers) {
    if (name.toLowerCase() !== 'set-cookie' || /;\s*max-age=0\b/i.test(value)) continue;
    // Without the attribute browsers take Lax.
    const sameSite = /;\s*samesite=(\w+)/i.exec(value)?.[1] ?? 'Lax';
    if (sameSite.toLowerCase() !== 'none') return sameSite;
  }
  return undefined;
}

/** By what the browser says itself, else by comparing Origin and Host. A page that is being opened may be sent cookies from anywhere. */
function isFromAnotherSite(request: GatewayRequest): boolean {
  const { headers } = request;
  if (headerValue(headers, 'sec-fetch-mode') === 'navigate') return false;
  const told = headerValue(headers, 'sec-fetch-site');
  if (told !== undefined) return told === 'cross-site';
  const origin = headerValue(headers, 'origin');
  return origin !== undefined && siteOf(origin) !== siteOf(addressOf(request));
}

const addressOf = ({ headers }: GatewayRequest): string => `http://${headerValue(headers, 'host') ?? 'localhost'}`;

/** Scheme and, roughly, registrable domain: an address as it is, of a name the last two labels. */
function siteOf(origin: string): string {
  try {
    const { protocol, hostname } = new URL(origin);
    const isAddress = hostname.startsWith('[') || /^[\d.]+$/.test(hostname);
    return `${protocol}//${isAddress ? hostname : hostname.split('.').slice(-2).join('.')}`;
  } catch {
    return origin;
  }
}

function advice(page: string, request: GatewayRequest): string {
  if (page.startsWith('http://localhost')) return `call http://localhost${portIn(addressOf(request))} from it`;
  return `open the page under http://localhost${portIn(page)} and call http://localhost${portIn(addressOf(request))} from it`;
}

const portIn = (origin: string): string => /:\d+$/.exec(origin)?.[0] ?? '';
