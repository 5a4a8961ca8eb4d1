import { forgery } from './support/forgery';
import type { Keyset } from './support/keys';
import { claimsOf, compact, headerOf, logicalId, signingKeyset, signWith } from './support/keys';
import type { Service } from './support/service';
import { startService, stopServices, UNTHROTTLED } from './support/service';

afterAll(stopServices);

let service: Service;
let keyset: Keyset;

beforeAll(async () => {
  service = await startService({ ...UNTHROTTLED, abuse: { registrationsPerHour: 1000 } });
  keyset = await signingKeyset(service);
});

afterEach(() => {
  service.instance.clock.reset();
  for (const id of Object.keys(service.instance.clock.skewList())) service.instance.clock.skew(id, 0);
});

const now = (): number => Math.floor(service.instance.clock.now() / 1000);

const { minted, expectRefused } = forgery(() => service, () => keyset);

describe('claims and headers, signed by the real key', () => {
  test('JT-04 JT-05 JT-08 only the header that the service writes is accepted', async () => {
    const claims = claimsOf((await service.newUser()).access_token);
    const own = headerOf(keyset.active);
    const { kid } = own;
    const headers: Record<string, object | string> = {
      ...Object.fromEntries(['JWT', 'at+JWT', 'application/at+jwt', 'AT+JWT', 'at+jwt ', 'dpop+jwt', 'logout+jwt', ''].map((typ) => [`typ ${typ}`, { ...own, typ }])),
      'no typ': { alg: own.alg, kid },
      'typ in a list': { ...own, typ: ['at+jwt'] },
      'no alg': { typ: own.typ, kid },
      'alg in a list': { ...own, alg: ['ES256'] },
      'no kid': { alg: own.alg, typ: own.typ },
      'crit exp': { ...own, crit: ['exp'] },
      'crit of its own': { ...own, crit: ['x-policy'], 'x-policy': 'none' },
      'crit empty': { ...own, crit: [] },
      'crit twice': `{"alg":"ES256","typ":"at+jwt","kid":"${kid}","crit":["b64"],"crit":[]}`,
      'b64 false': { ...own, b64: false, crit: ['b64'] },
      'b64 without crit': { ...own, b64: false },
      'zip': { ...own, zip: 'DEF' },
      'cty': { ...own, cty: 'JWT' },
      'unknown member': { ...own, foo: 1 },
      '__proto__': `{"alg":"ES256","typ":"at+jwt","kid":"${kid}","__proto__":{"x":1}}`,
      'a list': '["ES256"]',
      'null': 'null',
      'no JSON': 'ES256',
      'byte order mark': `\uFEFF${JSON.stringify(own)}`,
    };
    await expectRefused(Object.fromEntries(Object.entries(headers).map(([name, header]) => [name, minted(claims, header)])));
    const payload = (text: string | Buffer) => compact(own, text as string, signWith(keyset.active));
    await expectRefused({
      'payload a list': payload(JSON.stringify([claims])),
      'payload null': payload('null'),
      'payload a text': payload('"text"'),
      'payload no JSON': payload('{'),
      'payload no UTF-8': payload(Buffer.concat([Buffer.from(JSON.stringify(claims).slice(0, -1)), Buffer.from(',"x":"'), Buffer.from([0xff]), Buffer.from('"}')])),
      'more than 4 KB': minted({ ...claims, x: 'x'.repeat(4096) }),
    });
  });

  test('JT-06 every claim must be there and of its type', async () => {
    const claims = claimsOf((await service.newUser()).access_token);
    const numbers = ['9', '', null, true, [claims.exp], {}, -1, 1.5, 1e300, 2 ** 53];
    const texts = ['', null, 7, true, ['x'], {}];
    const ids = [...texts, 'a b', '../x', 'x'.repeat(65), 'é'];
    const wrong: Record<string, readonly unknown[]> = {
      iss: texts, aud: [...texts, [claims.aud]], sub: ids, sid: ids, jti: ids,
      sv: numbers, iat: numbers, exp: numbers, auth_time: numbers, nbf: numbers,
      scope: [null, 7, ['admin'], {}, 'a  b', ' a', 'a"b', 'a\u0000b'], amr: [null, 'pwd', {}, [7], [null], [['pwd']]],
    };
    const tokens: Record<string, string> = {};
    for (const [name, values] of Object.entries(wrong)) {
      const { [name]: _, ...rest } = claims;
      if (name !== 'nbf') tokens[`no ${name}`] = minted(rest);
      for (const value of values) tokens[`${name} ${JSON.stringify(value)}`] = minted({ ...claims, [name]: value });
      // JSON that Node's serialiser would not write.
      if (typeof claims[name] === 'number') tokens[`${name} 1e400`] = minted(JSON.stringify({ ...rest, x: 0 }).replace('"x":0', `"${name}":1e400`));
    }
    await expectRefused(tokens);
    expect(Object.keys(tokens).length).toBeGreaterThan(90);
    expect((await service.me(minted(claims))).status).toBe(200);
  });

  /** Real time passes between minting and checking, so the accepted values keep some seconds off the edge; the edge itself is the domain suite's. */
  test.each([
    ['expired 31 s ago', { exp: -31, iat: -600 }, 401],
    ['expired 26 s ago', { exp: -26, iat: -600 }, 200],
    ['made 35 s from now', { exp: 600, iat: 35 }, 401],
    ['made 29 s from now', { exp: 600, iat: 29 }, 200],
    ['valid 35 s from now', { exp: 600, iat: -1, nbf: 35 }, 401],
    ['valid 29 s from now', { exp: 600, iat: -1, nbf: 29 }, 200],
    ['living 900 s', { exp: 890, iat: -10 }, 200],
    ['living 901 s', { exp: 891, iat: -10 }, 401],
    ['living for ever', { exp: 2 ** 40, iat: -10 }, 401],
    ['ending when it begins', { exp: 5, iat: 5 }, 401],
    ['ending before it begins', { exp: 5, iat: 6 }, 401],
  ])('JT-07 a token, %s', async (_name, times, status) => {
    const claims = claimsOf((await service.newUser()).access_token);
    const shifted = Object.fromEntries(Object.entries(times).map(([name, seconds]) => [name, now() + seconds]));
    expect((await service.me(minted({ ...claims, ...shifted }))).status).toBe(status);
  });

  test('T16 JT-07 clocks of signer and verifier may differ by 28 s, not by 45 s, and the session version decides whatever they say', async () => {
    const skew = (seconds: number, ...functions: string[]) =>
      functions.forEach((name) => service.instance.clock.skew(logicalId(service, `AuthFunctions${name}`), seconds * 1000));
    const { email, uid } = await service.register();
    // GIVEN a signer ahead and a verifier behind
    skew(14, 'Login', 'Refresh');
    skew(-14, 'Authorizer', 'Profile');
    const early = await service.login(email);
    expect((await service.me(early.access_token)).status).toBe(200);
    // WHEN everything is revoked, and the signer then falls behind
    expect((await service.admin({ action: 'revoke-sessions', uid })).ok).toBe(true);
    skew(-14, 'Login', 'Refresh');
    skew(14, 'Authorizer', 'Profile');
    const late = await service.login(email);
    // THEN the earlier session is over although its token is the younger one by its times
    expect(claimsOf(late.access_token).iat).toBeLessThan(claimsOf(early.access_token).iat);
    expect((await service.me(early.access_token)).status).toBe(401);
    expect((await service.refresh(early.refresh_token)).status).toBe(401);
    expect((await service.me(late.access_token)).status).toBe(200);
    // AND beyond the leeway nothing passes, either way
    skew(45, 'Login');
    skew(0, 'Authorizer', 'Profile');
    expect((await service.me((await service.login(email)).access_token)).status).toBe(401);
    skew(0, 'Login');
    skew(-45, 'Authorizer', 'Profile');
    expect((await service.me((await service.login(email)).access_token)).status).toBe(401);
    skew(900 + 45, 'Authorizer', 'Profile');
    expect((await service.me(late.access_token)).status).toBe(401);
  });
});
