import { USAGE } from '../../local/cli-options';
import type { LocalInstance } from '../../local/instance';
import { startApp, stopApps, temporaryDirectory } from '../local/support/app';
import { runLines } from './support/curl';
import type { Ran } from './support/curl';
import type { Requests } from './support/snippets';
import { blocksOf, isShell, PAGES, requestsOf, synthesizeSnippet, textOf } from './support/snippets';

/** Pages say what the local instance prints when nothing else runs. */
const PRINTED = 'http://localhost:3000/v1';

const all = PAGES.flatMap(requestsOf);
const [plain, page] = requestsOf('README.md') as [Requests, Requests];

afterAll(stopApps);

/** The status that a page claims for each call, in a comment at the end of its line. */
const claimed = ({ text }: Requests): number[] => text.split('\n').filter((line) => /\bcurl\b/.test(line)).map((line) => Number(/# (\d{3})\b/.exec(line)?.[1]));

/** Runs a block against a service as the snippet makes it. */
async function run(block: Requests, snippet = block.service): Promise<Ran> {
  const assembly = temporaryDirectory();
  synthesizeSnippet(snippet, assembly);
  const instance = await startApp(assembly);
  return runLines(`${block.before}\n${block.text}`.replaceAll(PRINTED, urlOf(instance)));
}

/** The first URL of all: with the default port the one that pages show. */
function urlOf(instance: LocalInstance): string {
  const url = instance.apis[0]!.urls[0]!.replace(/\/$/, '');
  expect(url).toMatch(/^http:\/\/localhost:\d+\/v1$/);
  return url;
}

const statuses = ({ calls }: Ran) => calls.map(({ status }) => status);

describe('lines of shell in pages', () => {
  test('none has a placeholder that a shell takes for a redirection', () => {
    const blocks = PAGES.flatMap(blocksOf).filter((block) => isShell(block) && /^\s*(curl|aws|npm|npx|node|export|[A-Z]+=)/m.test(block.text));
    expect(blocks.length).toBeGreaterThan(20);
    expect(blocks.flatMap(({ page: name, text }) => [...text.matchAll(/<[A-Za-z_-]+>/g)].map(([placeholder]) => `${name}: ${placeholder}`))).toEqual([]);
  });

  test('README has lines for a service without and with a web app, at the address that the instance prints', () => {
    expect(all.filter((block) => block.page === 'README.md').length).toBeGreaterThanOrEqual(2);
    expect(plain.text).toContain(`URL=${PRINTED}\n`);
    expect(USAGE).toMatch(/--port N .*default: 3000/);
    expect(page.service).toContain('webApp');
  });
});

describe.each(all.map((block) => [`${block.page}, ${block.heading}`, block] as const))('%s', (_name, block) => {
  test('every line runs against the service beside it, and answers what is claimed', async () => {
    expect(claimed(block)).not.toContain(NaN);
    const ran = await run(block);
    expect(ran).toMatchObject({ status: 0, stderr: '' });
    expect(statuses(ran)).toEqual(claimed(block));
  }, 60_000);
});

describe('README on services with a web app', () => {
  test('without what a page sends each POST is 403 origin_refused, and says which condition failed', async () => {
    expect(textOf('README.md')).toContain('are 403 `origin_refused`, whose `detail` says which condition failed');
    const posts = (await run(plain, page.service)).calls.filter(({ isPost }) => isPost);
    expect(posts.length).toBeGreaterThanOrEqual(3);
    for (const { status, body } of posts) expect([status, JSON.parse(body)]).toEqual([403, expect.objectContaining({ code: 'origin_refused', detail: expect.stringContaining('Origin') })]);
  }, 60_000);

  test('a page gets the refresh token in the jar and not in the body', async () => {
    const { calls, jar } = await run(page);
    // Without TLS the instance leaves out the prefix, as the browsers would leave out the cookie.
    expect(jar).toMatch(/^#HttpOnly_localhost\t.*\t(?:__Host-)?rt\trt1\./m);
    expect(calls.map(({ body }) => body).join('')).not.toContain('rt1.');
  }, 60_000);

  test('TokenTransport.both(): the lines without a page get tokens in the body, those of a page the cookie', async () => {
    const [, setting] = /`(tokens: \{ transport: TokenTransport\.both\(\) \})` is for/.exec(textOf('README.md'))!;
    const both = page.service.replace('{ AuthService }', '{ AuthService, TokenTransport }').replace(/\n\}\);\s*$/, `\n  ${setting},\n});\n`);
    expect(both).toContain(`${setting},\n});`);
    const [others, pages] = [await run(plain, both), await run(page, both)];
    expect([statuses(others), statuses(pages)]).toEqual([claimed(plain), claimed(page)]);
    expect(others.calls.map(({ headers }) => headers).join('')).not.toMatch(/^set-cookie:/im);
    expect(pages.jar).toMatch(/\trt1\./);
  }, 60_000);
});
