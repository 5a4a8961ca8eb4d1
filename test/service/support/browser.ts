import type { Answer, CallOptions } from './client';
import type { Service } from './service';
import { PASSWORD } from './service';

export const ORIGIN = 'https://app.example.com';
export const SECOND_ORIGIN = 'http://localhost:5173';

/** What pages of others, and tricks with the spelling, send as their origin. */
export const FOREIGN_ORIGINS = [
  'null',
  'https://evil.example',
  `${ORIGIN}.evil.io`,
  'https://sibling.example.com',
  'https://example.com',
  'https://appXexample.com',
  'http://app.example.com',
  `${ORIGIN}:8443`,
  `${ORIGIN}:443`,
  `${ORIGIN}/`,
  'https://APP.example.com',
  `${ORIGIN}, https://evil.example`,
  '*',
  'http://localhost:5174',
];

/** Of every answer, whoever makes it. */
export const SECURITY_HEADERS = {
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
  'referrer-policy': 'no-referrer',
};

/** One Set-Cookie value. Attribute names in lower case; one without a value is `true`. */
export interface SetCookie {
  readonly name: string;
  readonly value: string;
  readonly attributes: Readonly<Record<string, string | true>>;
}

export function parseSetCookie(text: string): SetCookie {
  const [pair = '', ...attributes] = text.split(';').map((part) => part.trim());
  const [name = '', ...value] = pair.split('=');
  return {
    name, value: value.join('='),
    attributes: Object.fromEntries(attributes.map((attribute) => {
      const equals = attribute.indexOf('=');
      return equals < 0 ? [attribute.toLowerCase(), true] : [attribute.slice(0, equals).toLowerCase(), attribute.slice(equals + 1)];
    })),
  };
}

/** A page of the web app: sends its origin, the header that only script can set, and its cookies. */
export class Browser {
  readonly jar = new Map<string, string>();

  constructor(private readonly service: Service, private readonly origin = ORIGIN) {}

  get cookie(): string {
    return [...this.jar].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  /** Headers of a request that the service has to admit. */
  get headers(): Record<string, string> {
    return { 'origin': this.origin, 'x-csrf-protection': '1', 'sec-fetch-site': 'same-site', ...this.jar.size > 0 ? { cookie: this.cookie } : {} };
  }

  async send(method: string, route: string, options: CallOptions = {}): Promise<Answer> {
    const answer = await this.service.call(method, route, { ...options, headers: { ...this.headers, ...options.headers } });
    for (const { name, value, attributes } of answer.setCookie.map(parseSetCookie)) {
      if (attributes['max-age'] === '0') this.jar.delete(name);
      else this.jar.set(name, value);
    }
    return answer;
  }

  post(route: string, body?: unknown, options: CallOptions = {}): Promise<Answer> {
    return this.send('POST', route, { ...options, body });
  }
}

/** Registers and logs in as the pages of the web app do. */
export async function loggedIn(service: Service, origin = ORIGIN): Promise<{ browser: Browser; email: string; bearer: string }> {
  const browser = new Browser(service, origin);
  const email = service.newEmail();
  expect((await browser.post('/register', { email, password: PASSWORD }, { from: service.newSource() })).status).toBe(201);
  const login = await browser.post('/login', { email, password: PASSWORD });
  expect(login.status).toBe(200);
  return { browser, email, bearer: login.body.access_token };
}
