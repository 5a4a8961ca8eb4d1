import { JwtVerifier } from 'aws-jwt-verify';
import type { JWK } from 'jose';
import { calculateJwkThumbprint, createRemoteJWKSet, jwtVerify } from 'jose';
import { createHmac, createPublicKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { AuthService, SigningAlgorithm, SigningKeys } from '../../src';
import { VERIFIER } from './support/front';
import { forgery } from './support/forgery';
import type { Keyset } from './support/keys';
import { claimsOf, compact, headerOf, signingKeyset, signWith } from './support/keys';
import { PASSWORD, Service, startService, stopServices, UNTHROTTLED } from './support/service';

afterAll(stopServices);
afterEach(() => {
  jest.useRealTimers();
});

/** Sockets need the real timers. */
const ALL_BUT_DATE: FakeableAPI[] = [
  'hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'clearImmediate', 'setInterval', 'clearInterval', 'setTimeout', 'clearTimeout',
];

const LIMITS = { abuse: { registrationsPerHour: 1000 } };
/** Order of P-256. */
const N = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');

let service: Service;
/** Services of other environments, beside the first. */
let rsa: Service;
let ed: Service;
let keyset: Keyset;

beforeAll(async () => {
  // One process of each function: what is counted by process below is exact.
  service = await startService({ ...UNTHROTTLED, ...LIMITS }, {
    instance: { concurrency: 1 },
    extend: (stack) => {
      new AuthService(stack, 'Rsa', { ...UNTHROTTLED, ...LIMITS, serviceName: 'rsa', signingKeys: SigningKeys.rotating({ algorithm: SigningAlgorithm.RS256 }) });
      new AuthService(stack, 'Ed', { ...UNTHROTTLED, ...LIMITS, serviceName: 'ed', signingKeys: SigningKeys.rotating({ algorithm: SigningAlgorithm.EDDSA }) });
    },
  });
  const other = (construct: string) => new Service(service.instance, service.instance.url(construct));
  rsa = other('Rsa');
  ed = other('Ed');
  keyset = await signingKeyset(service);
});

afterEach(() => service.instance.clock.reset());

const { minted, expectRefused } = forgery(() => service, () => keyset);

describe('signatures', () => {
  test('T17 JT-01 JT-02 no other algorithm and no other key passes, and every refusal looks the same', async () => {
    const { access_token: token } = await service.newUser();
    const [head, payload, signature] = token.split('.') as [string, string, string];
    const { kid } = keyset.active;
    const jwks = await service.call('GET', '/.well-known/jwks.json');
    const jwk = jwks.body.keys.find((key: JWK) => key.kid === kid);
    const publicKey = createPublicKey({ key: jwk, format: 'jwk' });
    const claims = claimsOf(token);
    const raw = Buffer.from(signature, 'base64url');
    const [r, s] = [raw.subarray(0, 32), raw.subarray(32)];
    const zero = Buffer.alloc(32);
    const order = Buffer.from(N.toString(16), 'hex');
    const withSignature = (bytes: Buffer) => `${head}.${payload}.${bytes.toString('base64url')}`;
    const hmac = (alg: string, key: Buffer | string) => compact({ alg, typ: 'at+jwt', kid }, claims, (input) =>
      createHmac(alg.replace('HS', 'sha'), key).update(input).digest());
    const rsaPair = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const ecPair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const byStranger = (input: string) => sign('sha256', Buffer.from(input), { key: ecPair.privateKey, dsaEncoding: 'ieee-p1363' });
    const strangerJwk = ecPair.publicKey.export({ format: 'jwk' });
    const own = headerOf(keyset.active);
    await expectRefused({
      ...Object.fromEntries(['none', 'None', 'nOnE', 'NONE', ''].flatMap((alg) => [
        [`${alg} without a signature`, compact({ alg, typ: 'at+jwt', kid }, claims, () => Buffer.alloc(0))],
        [`${alg} with the old signature`, compact({ alg, typ: 'at+jwt', kid }, claims, () => raw)],
      ])),
      ...Object.fromEntries(['HS256', 'HS384', 'HS512'].flatMap((alg) => Object.entries({
        'the public PEM': publicKey.export({ format: 'pem', type: 'spki' }) as string,
        'the public PEM without a line end': (publicKey.export({ format: 'pem', type: 'spki' }) as string).trim(),
        'the public DER': publicKey.export({ format: 'der', type: 'spki' }),
        'the public JWK': JSON.stringify(jwk),
        'the point': Buffer.concat([Buffer.from(jwk.x, 'base64url'), Buffer.from(jwk.y, 'base64url')]),
        'no key': '',
      }).map(([name, key]) => [`${alg} keyed with ${name}`, hmac(alg, key)]))),
      'RS256 under an EC kid': compact({ alg: 'RS256', typ: 'at+jwt', kid }, claims, (input) => sign('sha256', Buffer.from(input), rsaPair.privateKey)),
      'EdDSA under an EC kid': compact({ alg: 'EdDSA', typ: 'at+jwt', kid }, claims, () => raw),
      'ES256K and the right signature': compact({ alg: 'ES256K', typ: 'at+jwt', kid }, claims, signWith(keyset.active)),
      'a key of the caller': compact(own, claims, byStranger),
      'a key in the header': compact({ ...own, jwk: strangerJwk }, claims, byStranger),
      'a key by address': compact({ ...own, jku: `${service.url}/jwks` }, claims, byStranger),
      'a certificate by address': compact({ ...own, x5u: `${service.url}/jwks` }, claims, byStranger),
      'a certificate in the header': compact({ ...own, x5c: [publicKey.export({ format: 'der', type: 'spki' }).toString('base64')] }, claims, byStranger),
      'all zero': withSignature(Buffer.alloc(64)),
      'r zero': withSignature(Buffer.concat([zero, s])),
      's zero': withSignature(Buffer.concat([r, zero])),
      'r and s the order': withSignature(Buffer.concat([order, order])),
      'r and s swapped': withSignature(Buffer.concat([s, r])),
      'DER': `${head}.${payload}.${sign('sha256', Buffer.from(`${head}.${payload}`), ecPair.privateKey).toString('base64url')}`,
      '63 bytes': withSignature(raw.subarray(0, 63)),
      '65 bytes': withSignature(Buffer.concat([raw, Buffer.from([0])])),
      'a zero in front': withSignature(Buffer.concat([Buffer.from([0]), raw])),
      'no signature': `${head}.${payload}.`,
      'another payload': `${head}.${Buffer.from(JSON.stringify({ ...claims, scope: 'admin' })).toString('base64url')}.${signature}`,
    });
    expect((await service.me(token)).status).toBe(200);
  });

  test('T17b one token has one spelling, and no spelling outlives the logout', async () => {
    const user = await service.newUser();
    const [head, payload, signature] = user.access_token.split('.') as [string, string, string];
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const bytes = (text: string) => Buffer.from(text, 'base64url');
    // GIVEN spellings of the last character that Node decodes to the same signature
    const respelt = [...alphabet].map((last) => signature.slice(0, -1) + last).filter((text) => text !== signature && bytes(text).equals(bytes(signature)));
    expect(respelt).toHaveLength(15);
    const unusual = Object.fromEntries([
      ...respelt.map((text) => [`signature ${text.slice(-1)}`, `${head}.${payload}.${text}`]),
      ['padded signature', `${user.access_token}==`],
      ['padded payload', `${head}.${payload}==.${signature}`],
      ['standard alphabet', `${head}.${payload}.${bytes(signature).toString('base64')}`],
      ['a fourth part', `${user.access_token}.`],
      ['five parts', `${user.access_token}.${payload}.${signature}`],
      ['two parts', `${head}.${payload}`],
      ['leading dot', `.${user.access_token}`],
    ]);
    // (r, n - s) verifies wherever (r, s) does: the same token in another spelling that no encoding rule can tell.
    const raw = bytes(signature);
    const mirrored = Buffer.from((N - BigInt(`0x${raw.subarray(32).toString('hex')}`)).toString(16).padStart(64, '0'), 'hex');
    const twin = `${head}.${payload}.${Buffer.concat([raw.subarray(0, 32), mirrored]).toString('base64url')}`;
    await expectRefused(unusual);
    expect([(await service.me(user.access_token)).status, (await service.me(twin)).status]).toEqual([200, 200]);
    // WHEN the session ends
    expect((await service.post('/logout', { refresh_token: user.refresh_token })).status).toBe(204);
    // THEN every spelling is refused
    await expectRefused({ ...unusual, 'the token': user.access_token, 'its twin': twin });
  });

  test('T18 JT-03 a kid reaches no file, no query and no prototype, and unknown ones cost one reload in each cooldown', async () => {
    const user = await service.newUser();
    const claims = claimsOf(user.access_token);
    const withKid = (kid: unknown) => compact({ ...headerOf(keyset.active), kid }, claims, signWith(keyset.active));
    const reloads = () => service.instance.calls.list({ caller: VERIFIER, operation: 'GetItem', resource: 'Revocations' }).length;
    const malformed = ['../../dev/null', '\' OR 1=1', 'a'.repeat(65), 'k'.repeat(2500), '', ' ', 'kid\n', 'KEYS#signing', 7, null, true, [keyset.active.kid], { kid: keyset.active.kid }];
    service.advance(61);
    expect((await service.me(user.access_token)).status).toBe(200);
    // WHEN they cannot be a kid at all
    const before = reloads();
    await expectRefused(Object.fromEntries(malformed.map((kid, index) => [`${index} ${String(kid).slice(0, 20)}`, withKid(kid)])));
    expect(reloads()).toBe(before);
    // AND when they could be one
    for (let period = 0; period < 2; period += 1) {
      const started = service.instance.clock.now();
      const seen = reloads();
      await expectRefused(Object.fromEntries(['__proto__', 'constructor', 'toString', 'hasOwnProperty'].map((kid) => [kid, withKid(kid)])));
      for (let batch = 0; batch < 10; batch += 1) {
        const answers = await Promise.all(Array.from({ length: 50 }, () => service.me(withKid(randomBytes(16).toString('base64url')))));
        expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
      }
      // One for each cooldown of 30 s that began meanwhile, and one when the minute of the known set was over.
      const elapsed = (service.instance.clock.now() - started) / 1000;
      expect(reloads() - seen).toBeGreaterThan(0);
      expect(reloads() - seen).toBeLessThanOrEqual(1 + Math.floor(elapsed / 30) + Math.floor((elapsed + 31) / 60));
      service.advance(31);
    }
    // AND ten kilobytes are refused in front of every function
    const long = await service.me(withKid('k'.repeat(10_240)));
    expect([long.status >= 400 && long.status < 500, long.body?.sub]).toEqual([true, undefined]);
    service.instance.clock.reset();
    expect((await service.me(user.access_token)).status).toBe(200);
  });
});

describe('what is no access token of this service', () => {
  test('T19 JT-05 every other kind of token is refused where an access token belongs', async () => {
    const user = await service.newUser();
    const claims = claimsOf(user.access_token);
    const { sid: _sid, sv: _sv, jti: _jti, scope: _scope, ...identity } = claims;
    const invitation = await service.admin({ action: 'invite', email: service.newEmail() });
    expect(invitation.ok).toBe(true);
    const secrets = Object.values(invitation).filter((value): value is string => typeof value === 'string');
    expect(secrets.length).toBeGreaterThan(0);
    const foreign = await ed.newUser();
    await expectRefused({
      'refresh token': user.refresh_token,
      'device token': user.device_token,
      ...Object.fromEntries(secrets.map((secret, index) => [`invitation ${index}`, secret])),
      'ID token of our own key': minted({ ...identity, nonce: 'n', email: user.email }, { ...headerOf(keyset.active), typ: 'JWT' }),
      'ID token with all claims': minted(claims, { ...headerOf(keyset.active), typ: 'JWT' }),
      'ID token that calls itself an access token': minted({ ...identity, nonce: 'n', email: user.email }),
      'access token of another service': foreign.access_token,
      'its claims under our key': minted(claimsOf(foreign.access_token)),
      'another audience': minted({ ...claims, aud: 'other' }),
      'several audiences': minted({ ...claims, aud: [claims.aud, 'other'] }),
      'another stage': minted({ ...claims, iss: claims.iss.replace(/\/v1$/, '/v2') }),
      'issuer with a slash': minted({ ...claims, iss: `${claims.iss}/` }),
      'issuer in capitals': minted({ ...claims, iss: claims.iss.toUpperCase() }),
    });
    // The forging is right: with the claims of the service it passes.
    expect((await service.me(minted(claims))).status).toBe(200);
  });

  test('T19 T44 an access token, a device token and the refresh token of another environment refresh nothing', async () => {
    const user = await service.newUser();
    const foreign = await ed.newUser();
    const [, kv] = user.refresh_token.split('.');
    const relabelled = foreign.refresh_token.replace(/^rt1\.[^.]+/, `rt1.${kv}`);
    const wrong = { device: user.device_token, foreign: foreign.refresh_token, relabelled };
    for (const [name, token] of Object.entries(wrong)) {
      const answer = await service.refresh(token);
      expect([name, answer.status, answer.body.code, answer.setCookie]).toEqual([name, 401, 'invalid_token', []]);
      expect([name, (await service.post('/logout', { refresh_token: token })).status]).toEqual([name, 401]);
    }
    // An access token is longer than any refresh token: not even looked at.
    const long = await service.refresh(user.access_token);
    expect([long.status, long.body.code, long.setCookie]).toEqual([400, 'validation_failed', []]);
    expect((await service.post('/logout', { refresh_token: user.access_token })).status).toBe(400);
    expect((await ed.refresh(foreign.refresh_token)).status).toBe(200);
    expect((await service.refresh(user.refresh_token)).status).toBe(200);
    expect(service.audit('refresh_reuse')).toEqual([]);
  });

  test('T45 whoever registers the address of a deleted account is somebody else', async () => {
    const first = await service.newUser();
    expect((await service.call('DELETE', '/me', { bearer: first.access_token, body: { password: PASSWORD } })).status).toBe(204);
    const second = await service.register(first.email);
    const { access_token: fresh } = await service.login(second.email);
    expect(second.uid).not.toBe(first.uid);
    expect(claimsOf(fresh).sub).toBe(second.uid);
    await expectRefused({ 'the old access token': first.access_token });
    const refreshed = await service.refresh(first.refresh_token);
    expect([refreshed.status, refreshed.body.code]).toEqual([401, 'session_revoked']);
    expect((await service.me(fresh)).body.sub).toBe(second.uid);
  });
});

describe('for verifiers elsewhere', () => {
  const services = (): [string, Service, readonly string[]][] => [
    ['ES256', service, ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']],
    ['RS256', rsa, ['alg', 'e', 'kid', 'kty', 'n', 'use']],
    ['EdDSA', ed, ['alg', 'crv', 'kid', 'kty', 'use', 'x']],
  ];

  test('JT-14 the key set holds public members only under their thumbprints, the issuer is the one in the tokens', async () => {
    for (const [alg, one, members] of services()) {
      const jwks = await one.call('GET', '/.well-known/jwks.json');
      expect([jwks.status, jwks.headers['cache-control']]).toEqual([200, expect.stringMatching(/^public, max-age=(?:4[5-9]|5\d|60)$/)]);
      expect(jwks.body.keys).toHaveLength(2);
      for (const key of jwks.body.keys) {
        expect(Object.keys(key).sort()).toEqual(members);
        expect(key).toMatchObject({ alg, use: 'sig', kid: await calculateJwkThumbprint(key) });
      }
      const discovery = (await one.call('GET', '/.well-known/openid-configuration')).body;
      const { access_token: token } = await one.newUser();
      expect(discovery.issuer).toBe(claimsOf(token).iss);
      expect(discovery.issuer).toBe(one.url);
      expect(discovery.jwks_uri).toBe(`${one.url}/.well-known/jwks.json`);
      expect(discovery.id_token_signing_alg_values_supported).toEqual([alg]);
    }
  });

  test('JT-14 aws-jwt-verify and jose accept the tokens of every algorithm, and no others', async () => {
    for (const [alg, one] of services()) {
      const { access_token: token, uid } = await one.newUser();
      const audience: string = claimsOf(token).aud;
      const issuer = one.url;
      // Both libraries go by the time of this process: a consumer's clock shows what the service's shows.
      jest.useFakeTimers({ now: one.instance.clock.now(), doNotFake: ALL_BUT_DATE });
      const verifier = JwtVerifier.create({ issuer, audience, jwksUri: `${one.url}/.well-known/jwks.json` });
      verifier.cacheJwks((await one.call('GET', '/.well-known/jwks.json')).body);
      expect((await verifier.verify(token)).sub).toBe(uid);
      const keys = createRemoteJWKSet(new URL(`${one.url}/.well-known/jwks.json`));
      const verified = await jwtVerify(token, keys, { issuer, audience, typ: 'at+jwt', algorithms: [alg] });
      expect([verified.payload.sub, verified.protectedHeader.alg]).toEqual([uid, alg]);
      const foreign = (await (one === service ? ed : service).newUser()).access_token;
      await expect(verifier.verify(foreign)).rejects.toThrow();
      await expect(jwtVerify(foreign, keys, { issuer, audience })).rejects.toThrow();
    }
  });
});
