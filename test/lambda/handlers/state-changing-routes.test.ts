import { OPERATIONS } from '../../../lambda/http/openapi/operations';
import { Routes } from '../../../src/contract/routes';
import type { Answer, Service } from './service';
import { Browser, EMAIL, FRONTS, ORIGIN, PASSWORD, startService } from './service';

const CHANGING = Routes.filter(({ method }) => method !== 'GET');
const NAMES = CHANGING.map(({ method, path }) => `${method} ${path}`);

const refusal = ({ status, body }: Answer): string => `${status} ${body?.code ?? ''}`;
const REFUSED = '403 origin_refused';

describe.each(FRONTS)('WB-03 T23 behind %s: one rule for every route that changes something', (front) => {
  const start = async (transport: 'cookie' | 'both' | 'body'): Promise<{ service: Service; bearer: string; cookies: Record<string, string> }> => {
    const service = await startService({ front, http: { transport } });
    const browser = new Browser(service);
    await browser.send({ path: '/register', body: { email: EMAIL, password: PASSWORD } });
    const { body } = await browser.send({ path: '/login', body: { email: EMAIL, password: PASSWORD } });
    return { service, bearer: body.access_token, cookies: browser.jar };
  };

  /** With a body that every schema refuses: what is admitted gets no further than 400, or ends nothing that is asked for again. */
  const send = (opened: Awaited<ReturnType<typeof start>>, route: string, headers: Record<string, string>, cookies: Record<string, string> = {}) => {
    const { service, bearer } = opened;
    const [method, path] = route.split(' ') as [string, string];
    return service.send({ method, path: path.replace('{sid}', 'A'.repeat(22)), bearer, headers, cookies, body: { unknown: true } });
  };

  describe.each(['cookie', 'both'] as const)('transport %s', (transport) => {
    test.each(NAMES)('%s: a page needs a listed Origin and the header', async (route) => {
      const given = await start(transport);
      const { cookies } = given;
      expect(refusal(await send(given, route, { origin: ORIGIN }))).toBe(REFUSED);
      expect(refusal(await send(given, route, { 'origin': ORIGIN, 'x-csrf-protection': '' }, cookies))).toBe(REFUSED);
      expect(refusal(await send(given, route, { 'origin': 'https://evil.example', 'x-csrf-protection': '1' }, cookies))).toBe(REFUSED);
      expect(refusal(await send(given, route, { 'x-csrf-protection': '1' }, cookies))).toBe(REFUSED);
      expect(refusal(await send(given, route, { 'sec-fetch-site': 'cross-site', 'x-csrf-protection': '1' }))).toBe(REFUSED);
      expect(refusal(await send(given, route, { 'origin': ORIGIN, 'x-csrf-protection': '1' }, cookies))).not.toBe(REFUSED);
    });

    // What opens or continues a session in a cookie, and what issues tokens, has no other clients where tokens travel in cookies only.
    const others = CHANGING.filter(({ method, path, access }) => transport === 'both' || path === '/token/revoke' ||
      (access === 'bearer' && OPERATIONS[`${method} ${path}`]?.success.schema !== 'TokenResponse'));

    test.each(others.map(({ method, path }) => `${method} ${path}`))('%s: a client that is no page needs neither', async (route) => {
      expect(refusal(await send(await start(transport), route, {}))).not.toBe(REFUSED);
    });

    test('RFC 7009 the form of a back end is taken, a form of a page is not without the header', async () => {
      const { service, bearer } = await start(transport);
      const form = { 'content-type': 'application/x-www-form-urlencoded' };
      const revoke = (headers: Record<string, string>) => service.send({ path: '/token/revoke', headers: { ...form, ...headers }, raw: `token=${bearer}` });
      expect(refusal(await revoke({ origin: ORIGIN }))).toBe(REFUSED);
      expect((await service.send({ method: 'GET', path: '/me', bearer })).status).toBe(200);
      expect((await revoke({})).status).toBe(200);
      expect((await service.send({ method: 'GET', path: '/me', bearer })).status).toBe(401);
    });
  });

  test.each(NAMES)('transport body, %s: without cookies there is nothing to borrow', async (route) => {
    expect(refusal(await send(await start('body'), route, { origin: ORIGIN }))).not.toBe(REFUSED);
  });
});
