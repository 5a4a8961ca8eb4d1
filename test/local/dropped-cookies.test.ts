import { GatewayAnswer, GatewayRequest, HeaderList } from '../../local/gateway/message';
import { ServedRequest } from '../../local/gateway/listener';
import { DroppedCookies } from '../../local/report/dropped-cookies';
import { Journal } from '../../local/report/journal';
import { paletteFor } from '../../local/report/palette';
import { Reporter } from '../../local/report/reporter';

const STRICT = '__Host-auth-refresh=rt1; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=60';

const request = (headers: Record<string, string>): GatewayRequest => ({
  method: 'POST', path: '/v1/login', queryString: '', headers: Object.entries(headers), body: Buffer.alloc(0), sourceIp: '127.0.0.1',
  requestId: 'r', extendedRequestId: 'x', traceId: 't', protocol: 'HTTP/1.1', time: 0,
});
const answer = (...cookies: string[]): GatewayAnswer => ({ status: 200, headers: cookies.map((cookie): HeaderList[number] => ['set-cookie', cookie]), body: '{}' });
const noteOn = (headers: Record<string, string>, ...cookies: string[]) => new DroppedCookies().noteOn(request(headers), answer(...cookies));

test('GIVEN a page on localhost WHEN it calls the API by its address THEN the cookie is said to be dropped, and what to call instead', () => {
  expect(noteOn({ Host: '127.0.0.1:3000', Origin: 'http://localhost:5173' }, STRICT)).toBe(
    'the browser drops the cookie of this answer (SameSite=Strict): the page is on http://localhost:5173, which is another site than http://127.0.0.1:3000; call http://localhost:3000 from it');
});

test.each([
  ['a page by its address', { Host: 'localhost:3000', Origin: 'http://127.0.0.1:5173' }, 'open the page under http://localhost:5173 and call http://localhost:3000'],
  ['a page over https, which is another site', { Host: 'localhost:3000', Origin: 'https://localhost:5173' }, 'open the page under http://localhost:5173'],
  ['a deployed page', { Host: 'localhost:3000', Origin: 'https://app.example.com' }, 'which is another site than http://localhost:3000'],
  ['a page of the other family', { Host: 'localhost:3000', Origin: 'http://[::1]:5173' }, 'open the page under http://localhost:5173'],
  ['a page in a sandbox', { Host: 'localhost:3000', Origin: 'null' }, 'the page is on null'],
  ['what the browser says itself', { 'Host': 'localhost:3000', 'Origin': 'http://localhost:5173', 'Sec-Fetch-Site': 'cross-site' }, 'call http://localhost:3000'],
] as [string, Record<string, string>, string][])('dropped: %s', (_name, headers, text) => {
  expect(noteOn(headers, STRICT)).toContain(text);
});

test.each([
  ['the same site', { Host: 'localhost:3000', Origin: 'http://localhost:5173' }, STRICT],
  ['siblings below one domain', { Host: 'auth.example.com:3000', Origin: 'http://app.example.com' }, STRICT],
  ['a program', { Host: '127.0.0.1:3000' }, STRICT],
  ['a browser that says same-site', { 'Host': '127.0.0.1:3000', 'Origin': 'http://localhost:5173', 'Sec-Fetch-Site': 'same-site' }, STRICT],
  ['a page that is being opened', { 'Host': '127.0.0.1:3000', 'Origin': 'http://localhost:5173', 'Sec-Fetch-Mode': 'navigate' }, STRICT],
  ['a cookie for every site', { Host: '127.0.0.1:3000', Origin: 'http://localhost:5173' }, 'a=1; Secure; SameSite=None'],
  ['a cookie that is taken back', { Host: '127.0.0.1:3000', Origin: 'http://localhost:5173' }, 'a=; Max-Age=0; SameSite=Strict'],
  ['no cookie', { Host: '127.0.0.1:3000', Origin: 'http://localhost:5173' }, undefined],
] as [string, Record<string, string>, string | undefined][])('nothing is said: %s', (_name, headers, cookie) => {
  expect(noteOn(headers, ...(cookie === undefined ? [] : [cookie]))).toBeUndefined();
});

test('a cookie without SameSite is Lax to a browser', () => {
  expect(noteOn({ Host: '127.0.0.1:3000', Origin: 'http://localhost:5173' }, 'a=1')).toContain('(SameSite=Lax)');
});

test('it is said once for each pair, on the line after the request, and not for what a distribution relays', () => {
  const lines: string[] = [];
  const reporter = new Reporter((text) => lines.push(text.trimEnd()), paletteFor({}, {}));
  const journal = new Journal(() => 0);
  journal.listen(reporter);
  reporter.started({ apis: [], servicesUrl: '', notEvaluated: [], warnings: [] } as never, 'x', 0);
  const served = (headers: Record<string, string>, via?: string): ServedRequest =>
    ({ request: request(headers), answer: answer(STRICT), notes: {}, durationMs: 1, ...(via === undefined ? {} : { via }) });
  const crossSite = { Host: '127.0.0.1:3000', Origin: 'http://localhost:5173' };
  journal.served('Api', served(crossSite, 'Distribution'));
  for (let time = 0; time < 3; time += 1) journal.served('Api', served(crossSite));
  journal.served('Api', served({ ...crossSite, Origin: 'http://localhost:8080' }));
  const told = lines.map((line, index) => [line, lines[index - 1]!] as const).filter(([line]) => line.includes('drops the cookie'));
  expect(told.map(([line, before]) => [/page is on (\S+),/.exec(line)?.[1], before.includes('POST   /v1/login')])).toEqual([['http://localhost:5173', true], ['http://localhost:8080', true]]);
});
