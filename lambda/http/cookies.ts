import { DEVICE_COOKIE, REFRESH_COOKIE } from '../../src/contract/limits';

/** Parsed Cookie header (RFC 6265 section 5.4). Of a repeated name the first, which is the one with the longest path. */
export function parseCookies(header: string | undefined): Readonly<Record<string, string>> {
  const cookies = Object.create(null) as Record<string, string>;
  for (const pair of (header ?? '').split(';')) {
    const equals = pair.indexOf('=');
    if (equals < 0) continue;
    const name = pair.slice(0, equals).trim();
    if (name !== '' && cookies[name] === undefined) cookies[name] = pair.slice(equals + 1).trim();
  }
  return cookies;
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

  /** `maxAge` in seconds: what remains of the session, never more (requirement SE-06). */
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
