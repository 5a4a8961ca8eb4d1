import fc from 'fast-check';
import type { Route } from '../../src/contract/routes';
import { Routes } from '../../src/contract/routes';
import { apiOfFront } from './support/front';
import { sendRaw } from './support/raw';
import type { Service } from './support/service';
import { startGuarded, stopServices } from './support/service';

afterAll(stopServices);

const LIMIT = 10;
const CHANGING = Routes.filter(({ method }) => method !== 'GET');

const encoded = (character: string): string => `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
const other = (character: string): string => (character === character.toLowerCase() ? character.toUpperCase() : character.toLowerCase());

/** One character, as somebody might write it who hopes that whoever counts reads it otherwise than whoever routes. */
const SPELLINGS_OF_ONE: readonly ((character: string) => string)[] = [
  (one) => one, encoded, (one) => encoded(one).toUpperCase(), other, (one) => encoded(other(one)),
  (one) => `%25${encoded(one).slice(1)}`, (one) => `%u00${encoded(one).slice(1)}`,
];

/** What may be put around a path and between its segments. */
function* aroundOf(path: string): Iterable<string> {
  for (const end of ['', '/', '//', '?', '?a=b', ';a=b', '%00', '%20', '.', '%2f', '/.', '/x/..', '#a']) yield path + end;
  for (const separator of ['//', '/./', '/x/../', '/%2e/', '%2f', '\\']) yield path.replaceAll('/', separator);
  yield* [`http://anything.example${path}`, `HTTPS://anything.example:1${path}`];
}

function spellingsOf(path: string): string[] {
  const characters = [...path];
  const whole = SPELLINGS_OF_ONE.map((spell) => characters.map((one) => (one === '/' ? one : spell(one))).join(''));
  const single = characters.flatMap((one, at) => SPELLINGS_OF_ONE.slice(1).map((spell) => [...characters.slice(0, at), spell(one), ...characters.slice(at + 1)].join('')));
  const anyChoice = fc.array(fc.nat(4), { minLength: characters.length, maxLength: characters.length });
  const choices = fc.sample(anyChoice, { numRuns: 40, seed: 20_261_127 });
  const mixed = choices.map((choice) => characters.map((one, at) => (one === '/' ? one : SPELLINGS_OF_ONE[choice[at]!]!(one))).join(''));
  return [...new Set([...whole, ...single, ...mixed, ...whole.flatMap((spelling) => [...aroundOf(spelling)])])];
}

describe('spellings of a path', () => {
  let service: Service;
  let base: string;

  beforeAll(async () => {
    const api = apiOfFront({ throttle: { rateLimit: 100_000, burstLimit: 100_000 } });
    service = await startGuarded({ api }, { authenticationRequestsPerMinute: LIMIT, requestsPerMinute: 1_000_000 });
    base = new URL(service.url).pathname;
  });

  /** The route that the gateway chose, if it chose one, and the rule that refused. */
  async function sent(method: string, target: string, from: string): Promise<{ route?: string; refusedBy?: string; status: number }> {
    const after = service.instance.requests().at(-1)?.sequence ?? 0;
    const { status } = await sendRaw(service.url, `${method} ${target} HTTP/1.1\r\nHost: ${new URL(service.url).host}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`, from);
    const [entry] = service.requests(after);
    return { route: entry?.route, refusedBy: entry?.refusedBy, status };
  }

  async function exhausted(): Promise<string> {
    const source = service.newSource();
    for (let count = 0; count < LIMIT; count += 1) expect((await sent('POST', `${base}/login`, source)).refusedBy).toBeUndefined();
    return source;
  }

  test.each(CHANGING.map((route): [string, Route] => [`${route.method} ${route.path}`, route]))('AA-12 AA-10 each that reaches %s is counted by the rate rule', async (_name, { method, path }) => {
    const source = await exhausted();
    const passed: string[] = [];
    let routed = 0;
    for (const spelling of spellingsOf(`${base}${path.replace('{sid}', 'AAAAAAAAAAAAAAAAAAAAAA')}`)) {
      const probe = await sent(method, spelling, service.newSource());
      if (probe.route === undefined) continue;
      routed += 1;
      const counted = await sent(method, spelling, source);
      if (counted.refusedBy !== 'firewall rule AuthenticationRate') passed.push(`${spelling}: ${counted.status}`);
    }
    expect(passed).toEqual([]);
    expect(routed).toBeGreaterThan(path.length);
  });

  test('AA-12 a method that nobody serves is counted too, and GET, HEAD and OPTIONS are not', async () => {
    const source = await exhausted();
    for (const method of ['PUT', 'PATCH', 'DELETE']) expect((await sent(method, `${base}/login`, source)).refusedBy).toBe('firewall rule AuthenticationRate');
    for (const method of ['GET', 'HEAD', 'OPTIONS']) expect((await sent(method, `${base}/login`, source)).refusedBy).not.toBe('firewall rule AuthenticationRate');
  });
});
