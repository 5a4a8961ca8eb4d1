import { DEVICE_COOKIE, REFRESH_COOKIE } from '../../src/contract/limits';

/** Values of each name in the order in which they were sent. */
export type CookieValues = Readonly<Record<string, readonly string[]>>;

/** What a cookie may be called (RFC 6265 section 4.1.1, a token of RFC 9110): no browser keeps `__Host-` promises for anything else. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/**
 * The Cookie header as RFC 6265 writes it: pairs apart by a semicolon, only SP and HTAB around names and values. Any other white space is
 * part of a name, and such a name is nobody's: a sibling subdomain may set it where the browser would have refused ours (CK-01).
 */
export function parseCookies(header: string | undefined): CookieValues {
  const cookies = Object.create(null) as Record<string, string[]>;
  for (const pair of (header ?? '').split(';')) {
    const equals = pair.indexOf('=');
    const name = trimmed(pair.slice(0, Math.max(0, equals)));
    if (TOKEN.test(name)) (cookies[name] ??= []).push(trimmed(pair.slice(equals + 1)));
  }
  return cookies;
}

/** `trim` would take every white space of Unicode away, a regular expression longer the more of it there is. */
function trimmed(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isSpace(text[start])) start += 1;
  while (end > start && isSpace(text[end - 1])) end -= 1;
  return text.slice(start, end);
}

function isSpace(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}

/**
 * The two cookies of the service: never readable by scripts, never sent across sites, bound to the exact host by `__Host-`
 * (ASVS 3.3.1 to 3.3.4). Browsers refuse that prefix and `Secure` on plain http, so the local instance goes without both.
 */
export class Cookies {
  readonly refreshName: string;
  readonly deviceName: string;

  constructor(private readonly local: boolean) {
    this.refreshName = local ? unprefixed(REFRESH_COOKIE) : REFRESH_COOKIE;
    this.deviceName = local ? unprefixed(DEVICE_COOKIE) : DEVICE_COOKIE;
  }

  /** Which of the two a request has more than once. A browser holds one of each, so that somebody else made the other one (CK-01). */
  repeated(cookies: CookieValues): string | undefined {
    return [this.refreshName, this.deviceName].find((name) => (cookies[name]?.length ?? 0) > 1);
  }

  /** `maxAge` in seconds: until the session ends unless it is refreshed before, never more (SE-06). */
  refresh(token: string, maxAge: number): string {
    return this.cookie(this.refreshName, token, maxAge);
  }

  device(token: string, maxAge: number): string {
    return this.cookie(this.deviceName, token, maxAge);
  }

  /** The device cookie stays: it opens nothing, and it keeps strangers from locking its owner out. */
  clearRefresh(): string {
    return this.cookie(this.refreshName, '', 0);
  }

  private cookie(name: string, value: string, maxAge: number): string {
    const secure = this.local ? '' : '; Secure';
    return `${name}=${value}; Path=/; Max-Age=${Math.max(0, Math.floor(maxAge))}${secure}; HttpOnly; SameSite=Strict`;
  }
}

function unprefixed(name: string): string {
  return name.replace(/^__Host-/, '');
}
