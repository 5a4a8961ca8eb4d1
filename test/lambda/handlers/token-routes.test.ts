import { OPERATIONS, schemas } from '../../../lambda/http/openapi/operations';
import type { TokenTransport } from '../../../lambda/http/browser';
import { Routes } from '../../../src/contract/routes';
import type { Answer, Request, Service } from './service';
import { Browser, EMAIL, FRONTS, ORIGIN, PASSWORD, startService } from './service';

/** Routes whose answer may bring a refresh token, as the table of routes and the published schemas have it. */
const ISSUING = Routes.map(({ method, path }) => `${method} ${path}`).filter((route) => {
  const schema = OPERATIONS[route]?.success.schema;
  return schema !== undefined && 'entries' in schemas[schema] && 'refresh_token' in schemas[schema].entries;
});

const PAGE = { 'origin': ORIGIN, 'x-csrf-protection': '1' };

interface Session {
  readonly bearer: string;
  readonly refreshToken: string;
  readonly cookies: Readonly<Record<string, string>>;
}

/** What makes each of them issue tokens; a route that is not here fails. */
const CALLS: Readonly<Record<string, (session: Session, cookie: boolean) => Request>> = {
  'POST /login': () => ({ path: '/login', body: { email: EMAIL, password: PASSWORD } }),
  'POST /token/refresh': ({ refreshToken }, cookie) => ({ path: '/token/refresh', body: cookie ? {} : { refresh_token: refreshToken } }),
  'POST /me/password': ({ bearer }) => ({ path: '/me/password', bearer, body: { current_password: PASSWORD, new_password: `${PASSWORD} 2` } }),
};

/** A service in which one session is open, as a page opens it. */
async function opened(front: typeof FRONTS[number], transport: TokenTransport): Promise<{ service: Service; session: Session }> {
  const service = await startService({ front, http: { transport } });
  const browser = new Browser(service);
  await browser.send({ path: '/register', body: { email: EMAIL, password: PASSWORD } });
  const { body } = await browser.send({ path: '/login', body: { email: EMAIL, password: PASSWORD } });
  return { service, session: { bearer: body.access_token, refreshToken: body.refresh_token ?? browser.jar['__Host-rt'], cookies: { ...browser.jar } } };
}

const outcome = ({ status, body, cookies }: Answer): string => {
  if (status !== 200) return `${status} ${body.code}`;
  const inBody = 'refresh_token' in body || 'device_token' in body;
  return [...(inBody ? ['body'] : []), ...(cookies.length > 0 ? ['cookie'] : [])].join(' and ');
};

test('the table of routes names them', () => {
  expect([...ISSUING].sort()).toEqual(Object.keys(CALLS).sort());
});

describe.each(FRONTS)('WB-02 T23 behind %s', (front) => {
  describe.each(ISSUING)('%s', (route) => {
    const call = async (transport: TokenTransport, headers: Record<string, string>, cookie: boolean): Promise<string> => {
      const { service, session } = await opened(front, transport);
      return outcome(await service.send({ method: 'POST', ...CALLS[route]!(session, cookie && transport !== 'body'), headers, cookies: cookie ? session.cookies : {} }));
    };

    test.each([
      ['cookie', false, false, '403 origin_refused'],
      ['cookie', false, true, '403 origin_refused'],
      ['cookie', true, true, 'cookie'],
      ['both', false, false, 'body'],
      ['both', false, true, '403 origin_refused'],
      ['both', true, true, 'cookie'],
      ['body', false, false, 'body'],
      ['body', true, false, 'body'],
    ] as const)('transport %s, Origin: %s, cookie: %s', async (transport, origin, cookie, expected) => {
      expect(await call(transport, origin ? PAGE : {}, cookie)).toBe(expected);
    });

    test('a page without a cookie yet gets no long-lived token in a body', async () => {
      for (const transport of ['cookie', 'both'] as const) expect(await call(transport, PAGE, false)).toMatch(route === 'POST /token/refresh' ? /^400 / : /^cookie$/);
    });

    test.each(['cookie', 'both'] as const)('SE-06 transport %s: every view of the end of a session is the same', async (transport) => {
      for (const [days, left] of [[[], 14], [[10], 14], [[10, 10], 10], [[10, 10, 8], 2]] as const) {
        const { service, session } = await opened(front, transport);
        let { bearer, cookies } = session;
        for (const each of days) {
          service.world.clock.advance(each * 86400);
          const answer = await service.send({ path: '/token/refresh', headers: PAGE, cookies });
          bearer = answer.body.access_token;
          cookies = { '__Host-rt': /^__Host-rt=([^;]*)/.exec(answer.cookies[0]!)![1]! };
        }
        const answer = await service.send({ method: 'POST', ...CALLS[route]!({ ...session, bearer }, true), headers: PAGE, cookies });
        expect(answer.status).toBe(200);
        // A session that has only just been opened has all of its life before it.
        const seconds = (route === 'POST /token/refresh' ? left : 14) * 86400;
        const cookie = answer.cookies.find((text) => text.startsWith('__Host-rt='))!;
        const { body: { sessions } } = await service.send({ method: 'GET', path: '/me/sessions', bearer: answer.body.access_token });
        const listed = sessions.find(({ current }: { current: boolean }) => current).expires_at;
        expect([answer.body.refresh_expires_in, Number(/Max-Age=(\d+)/.exec(cookie)![1]), (Date.parse(listed) - service.world.clock.now()) / 1000]).toEqual([seconds, seconds, seconds]);

        // AND that is when it ends.
        const refresh = () => service.send({ path: '/token/refresh', headers: PAGE, cookies: { '__Host-rt': cookie.slice('__Host-rt='.length, cookie.indexOf(';')) } });
        service.world.clock.advance(seconds);
        expect((await refresh()).body).toMatchObject({ code: 'session_expired' });
        service.world.clock.advance(-1);
        expect((await refresh()).status).toBe(200);
      }
    });
  });
});
