import { Token } from 'aws-cdk-lib';
import { checkUnique, described, refuse } from './validation';

/** The web application whose pages call the service from a browser, and apps that are made of web pages. */
export interface WebAppOptions {
  /**
   * Origins of the web application, exact: scheme, host and port if it is not the default one, for example
   * `https://app.example.com`. They are the allow-list of CORS and of the check against forged cross-site requests.
   *
   * `http` is allowed for `localhost` and `127.0.0.1` only. There are no wildcards: a wildcard lets every sibling subdomain act as its users.
   * Apps in a web view and browser extensions have origins too: `capacitor://localhost`, `ionic://localhost`, `chrome-extension://<id>`,
   * `moz-extension://<id>`. They are of another site than the service, so that its cookie never reaches them: `TokenTransport.both()` or
   * `TokenTransport.body()` lets them keep their tokens themselves.
   *
   * 1 to 10. Two or more add a rule of AWS WAF each to `Firewall.managed()` (1 USD a month), and make some refusals unreadable to pages that
   * send cookies: docs/fronts.md.
   */
  readonly origins: string[];
}

const MAX_ORIGINS = 10;

/** Where a page may be served without TLS: no network is in between. */
const LOOPBACK_HOSTS: readonly string[] = ['localhost', '127.0.0.1'];

/** Origins of apps that are no pages. Browsers write them so, although the URL standard calls them opaque. */
const APP_ORIGINS: readonly RegExp[] = [
  /^(?:capacitor|ionic):\/\/localhost$/,
  // 32 letters from a to p, which Chrome derives from the extension's key.
  /^chrome-extension:\/\/[a-p]{32}$/,
  /^moz-extension:\/\/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
];

const ALLOWED = 'an exact origin such as https://app.example.com';
const ALLOWED_APPS = 'capacitor://localhost, ionic://localhost, chrome-extension:// and moz-extension:// with the id of the extension';

/** An origin as a browser sends it (RFC 6454): anything else would never match. */
export function checkOrigins(origins: string[]): void {
  if (!Array.isArray(origins)) {
    refuse('webApp.origins', described(origins), 'a list of origins', 'leave webApp out if no browser calls the service');
  }
  if (origins.length === 0 || origins.length > MAX_ORIGINS) {
    refuse('webApp.origins', `a list of ${origins.length}`, `a list of 1 to ${MAX_ORIGINS} origins`,
      origins.length === 0 ? 'leave webApp out if no browser calls the service' : 'every one may act for its users: give further web applications a service of their own');
  }
  for (const origin of origins) {
    if (Token.isUnresolved(origin)) {
      refuse('webApp.origins', 'a value known only at deployment', 'a literal origin',
        'the exact text decides which pages may call; write it out or read it from context');
    }
    checkOrigin(origin);
  }
  checkUnique('webApp.origins', origins);
}

/** Whether it is the origin of an app in a web view or of an extension, and of no page. */
export function isAppOrigin(origin: string): boolean {
  return APP_ORIGINS.some((pattern) => pattern.test(origin));
}

function checkOrigin(origin: string): void {
  if (isAppOrigin(origin)) {
    return;
  }
  const got = JSON.stringify(origin);
  if (origin === 'null') {
    refuse('webApp.origins', got, ALLOWED, 'every sandboxed frame and every file is null, whoever made it: give the app an origin of its own, or leave webApp out and use TokenTransport.body()');
  }
  if (origin.includes('*')) {
    refuse('webApp.origins', got, ALLOWED, 'list each origin by itself');
  }
  let url: URL;
  try {
    url = new URL(origin);
  } catch {
    refuse('webApp.origins', got, ALLOWED);
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    refuse('webApp.origins', got, `https, http on localhost, or ${ALLOWED_APPS}`);
  }
  if (url.origin !== origin) {
    refuse('webApp.origins', got, ALLOWED, `write ${url.origin}`);
  }
  if (url.protocol === 'http:' && !LOOPBACK_HOSTS.includes(url.hostname)) {
    refuse('webApp.origins', got, 'https, or http on localhost or 127.0.0.1', 'serve the web application over https');
  }
}
