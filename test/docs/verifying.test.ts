import { JwtBaseError } from 'aws-jwt-verify/error';
import { claimsOf, compact, headerOf, signingKeyset, signWith } from '../service/support/keys';
import type { Service } from '../service/support/service';
import { startService, stopServices, UNTHROTTLED } from '../service/support/service';
import { exportsOf, snippetWith } from './support/snippets';

type Snippet = { readonly verify: (token: string) => Promise<{ sub: string; scopes: string[] }> };

/** Sockets need the real timers. */
const ALL_BUT_DATE: FakeableAPI[] = [
  'hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'clearImmediate', 'setInterval', 'clearInterval', 'setTimeout', 'clearTimeout',
];

let service: Service;
let verify: Snippet['verify'];
let environment: NodeJS.ProcessEnv;

beforeAll(async () => {
  service = await startService({ ...UNTHROTTLED, serviceName: 'shop', tokens: { defaultScopes: ['orders:read', 'orders:write'] } });
  environment = { ISSUER: service.url, AUDIENCE: 'shop', JWKS_URL: `${service.url}/.well-known/jwks.json` };
  ({ verify } = exportsOf<Snippet>(snippetWith('docs/verifying.md', 'JwtVerifier.create'), { process: { env: environment } }));
}, 60_000);

// The library goes by the time of this process: a consumer's clock shows what the service's shows.
beforeEach(() => jest.useFakeTimers({ now: service.instance.clock.now(), doNotFake: ALL_BUT_DATE }));
afterEach(() => jest.useRealTimers());
afterAll(stopServices);

describe('what docs/verifying.md shows, against the local instance', () => {
  test('JT-14 a token of the service is good, with its scopes', async () => {
    const { access_token: token, uid } = await service.newUser();
    expect(await verify(token)).toEqual({ sub: uid, scopes: ['orders:read', 'orders:write'] });
  });

  test('JT-14 of another audience, issuer, type or time, or with another signature, it is refused by an error about the token', async () => {
    const { access_token: token } = await service.newUser();
    const claims = claimsOf(token);
    const { active } = await signingKeyset(service);
    const minted = (changes: object, header: object = {}) => compact({ ...headerOf(active), ...header }, { ...claims, ...changes }, signWith(active));
    expect(await verify(minted({}))).toMatchObject({ sub: claims.sub });
    const refused = [
      minted({ aud: 'store' }), minted({ iss: 'https://auth.example.com' }), minted({ exp: claims.iat - 31 }), minted({}, { typ: 'JWT' }), minted({}, { kid: 'unknown' }),
      `${token.slice(0, -4)}AAAA`,
    ];
    for (const other of refused) await expect(verify(other).catch((error: unknown) => { throw named(error); })).rejects.toMatchObject({ about: 'the token' });
  });

  test('while the keys cannot be fetched, the error is none about the token', async () => {
    const { access_token: token } = await service.newUser();
    const unreachable = exportsOf<Snippet>(snippetWith('docs/verifying.md', 'JwtVerifier.create'), { process: { env: { ...environment, JWKS_URL: `${service.url}/nowhere` } } });
    await expect(unreachable.verify(token).catch((error: unknown) => { throw named(error); })).rejects.toMatchObject({ about: 'something else' });
  });
});

/** An error beside what the page says it is about. */
const named = (error: unknown) => Object.assign(new Error(String(error)), { about: error instanceof JwtBaseError ? 'the token' : 'something else' });
