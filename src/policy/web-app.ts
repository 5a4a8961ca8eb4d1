import { Token } from 'aws-cdk-lib';
import { checkUnique, refuse } from './validation';

/** The web application whose pages call the service from a browser. */
export interface WebAppOptions {
  /**
   * Origins of the web application, exact: scheme, host and port if it is not the default one, for example
   * `https://app.example.com`. They are the allow-list of CORS and of the check against forged cross-site requests.
   *
   * `http` is allowed for `localhost` only. There are no wildcards: a wildcard lets every sibling subdomain act as its users.
   */
  readonly origins: string[];
}

const MAX_ORIGINS = 10;

/** An origin as a browser sends it (RFC 6454): anything else would never match. */
export function checkOrigins(origins: string[]): void {
  if (origins.length === 0 || origins.length > MAX_ORIGINS) {
    refuse('webApp.origins', `a list of ${origins.length}`, `1 to ${MAX_ORIGINS} origins`,
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

function checkOrigin(origin: string): void {
  const allowed = 'an exact origin such as https://app.example.com';
  if (origin === 'null' || origin.includes('*')) {
    refuse('webApp.origins', JSON.stringify(origin), allowed, 'list each origin by itself');
  }
  let url: URL;
  try {
    url = new URL(origin);
  } catch {
    refuse('webApp.origins', JSON.stringify(origin), allowed);
  }
  if (url.origin !== origin) {
    const remedy = url.origin === 'null' ? undefined : `write ${url.origin}`;
    refuse('webApp.origins', JSON.stringify(origin), allowed, remedy);
  }
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && url.hostname === 'localhost')) {
    refuse('webApp.origins', JSON.stringify(origin), 'https, or http on localhost', 'serve the web application over https');
  }
}
