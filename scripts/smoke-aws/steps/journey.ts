import { PASSWORD, type Target } from '../target.ts';
import { send, type Answer } from '../../demo/http.ts';
import type { Report } from '../report.ts';

/** Of every answer, whoever makes it (docs/architecture.md). */
const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
  'referrer-policy': 'no-referrer',
};

/** A user's life over HTTP, and the exact answers that API Gateway makes itself. */
export async function journey(report: Report, target: Target): Promise<void> {
  report.heading('A user, over HTTP');
  const { email, registered } = await target.newUser();
  const status = (what: string, answer: Answer, expected: number) => report.proves(answer.status === expected, `${what}: ${expected}`, `${answer.status} ${JSON.stringify(answer.body)}`);
  status('register', registered, 201);
  status('the same address in capitals', await target.call('POST', '/register', { body: { email: email.toUpperCase(), password: PASSWORD } }), 409);
  status('a wrong password', await target.login(email, `${PASSWORD}!`), 401);
  const login = await target.login(email);
  status('login', login, 200);
  const { access_token: bearer, refresh_token: token } = login.body;
  status('the profile', await target.call('GET', '/me', { bearer }), 200);
  status("another team's API", await send({ method: 'GET', url: target.outputs.OrdersUrl, bearer }), 200);
  const tabs = await Promise.all(Array.from({ length: 10 }, () => target.call('POST', '/token/refresh', { body: { refresh_token: token } })));
  report.proves(new Set(tabs.map(({ body }) => body.refresh_token)).size === 1, 'ten tabs that refresh at once get one successor', tabs.map((tab) => tab.status));
  const successor = tabs[0]!.body;
  status('logout', await target.call('POST', '/logout', { body: { refresh_token: successor.refresh_token } }), 204);
  status('the access token after it', await target.call('GET', '/me', { bearer: successor.access_token }), 401);
  status("another team's API after it", await send({ method: 'GET', url: target.outputs.OrdersUrl, bearer: successor.access_token }), 401);
}

/** Headers of what no function of ours answers. */
export async function gatewayAnswers(report: Report, target: Target): Promise<void> {
  report.heading('Answers that API Gateway makes');
  const cases: [string, number, string, Answer][] = [
    ['no token', 401, 'invalid_token', await target.call('GET', '/me')],
    ['a bad token', 401, 'invalid_token', await target.call('GET', '/me', { bearer: 'a.b.c' })],
    ['an unknown path', 404, 'not_found', await target.call('GET', '/nothing/here')],
    ['an unknown method', 404, 'not_found', await target.call('PUT', '/login', { body: {} })],
    ['a body that is too large', 413, 'payload_too_large', await target.call('POST', '/login', { body: { email: 'x'.repeat(9000) } })],
  ];
  for (const [what, status, code, answer] of cases) {
    report.proves(answer.status === status && answer.body?.code === code, `${what}: ${status} ${code}`, `${answer.status} ${JSON.stringify(answer.body)}`);
    const wrong = Object.entries(SECURITY_HEADERS).filter(([name, value]) => answer.headers[name] !== value);
    report.proves(wrong.length === 0, `${what}: the security headers, to the letter`, wrong.map(([name]) => `${name}: ${answer.headers[name]}`));
  }
}
