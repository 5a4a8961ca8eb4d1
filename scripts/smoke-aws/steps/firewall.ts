import type { Answer } from '../../demo/http.ts';
import type { Report } from '../report.ts';
import type { Target } from '../target.ts';

/** The rate rule counts requests of a minute and lags by some seconds. */
const LIMIT = 100;

/** Spellings of routes that change something, which a gateway may take for them: an escape in place of each character, doubled and dotted segments. */
export function spellings(stage: string): string[] {
  const found = new Set<string>();
  for (const path of ['/login', '/register', '/logout', '/logout/all', '/token/refresh', '/token/revoke']) {
    for (let at = 1; at < path.length; at += 1) {
      const escape = path.charCodeAt(at).toString(16);
      for (const text of [`%${escape.toUpperCase()}`, `%${escape.toLowerCase()}`]) found.add(`${stage}${path.slice(0, at)}${text}${path.slice(at + 1)}`);
    }
    const before = ['/', '/.', '/x/..', '/%2e'].map((odd) => `${odd}${path}`);
    const after = ['/', ';a=b', '?a=b', '%00', '%20'].map((odd) => `${path}${odd}`);
    for (const odd of [...before, ...after, path.toUpperCase()]) found.add(`${stage}${odd}`);
  }
  return [...found];
}

/** Whatever a spelling is routed to, the rate rule counts it. */
export async function firewall(report: Report, target: Target): Promise<void> {
  report.heading('Spellings and the web ACL');
  const { pathname } = new URL(target.outputs.AuthUrl);
  const all = spellings(pathname.replace(/\/$/, ''));
  const send = (rawPath: string): Promise<Answer> => target.call('POST', '', { rawPath, body: { email: 'nobody@example.com', password: 'not the right one 42' } });
  const routed: string[] = [];
  for (const rawPath of all) {
    const { status, body } = await send(rawPath);
    if (status !== 404 && status !== 403 && body?.code !== 'not_found') routed.push(rawPath);
  }
  report.note(`${all.length} spellings, of which ${routed.length} were routed to a function, ${routed[0]} among them, or met a rule`);
  const burst: Answer[] = [];
  // Counting lags: up to five times the limit is sent, in small waves, each request in the next spelling, until the rule has seen enough.
  while (routed.length > 0 && burst.length < 5 * LIMIT && !burst.some(({ status }) => status === 429)) {
    burst.push(...await Promise.all(Array.from({ length: 20 }, (_, index) => send(routed[(burst.length + index) % routed.length]!))));
  }
  const blocked = burst.find(({ status }) => status === 429);
  report.proves(blocked !== undefined, 'requests whose paths are spelled with escapes meet the rate rule', `${burst.length} requests: ${[...new Set(burst.map(({ status }) => status))]}`);
  if (blocked) report.proves(Number(blocked.headers['retry-after']) > 0 && blocked.body?.code === 'rate_limited', 'its answer says when to come back', blocked.headers);
}
