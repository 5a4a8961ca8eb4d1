import { createHmac, createPrivateKey, createPublicKey, sign as signRaw } from 'node:crypto';
import fc from 'fast-check';
import { createKeyFactory } from '../../../lambda/adapters/jose/key-factory';
import { createSignatureVerifier } from '../../../lambda/adapters/jose/signature-verifier';
import { createTokenSigning } from '../../../lambda/adapters/jose/token-signing';
import { ExpectedToken, verifyAccessToken, VerifiedToken } from '../../../lambda/domain/access-token';
import { accessTokenClaims } from '../../../lambda/domain/claims';
import { AuthError, UnavailableError } from '../../../lambda/domain/errors';
import { PublishedKey, SigningKey } from '../../../lambda/domain/model';

const NOW = 1_800_000_000_000;
const IAT = NOW / 1000;
const expected: ExpectedToken = { issuers: ['https://auth.example.com/v1', 'https://old.example.com/v1'], audiences: ['api', 'old-api'], maxTtlSeconds: 900 };
const factory = createKeyFactory();
const signatures = createSignatureVerifier();
const sign = createTokenSigning();

const claims = {
  ...accessTokenClaims(
    {
      issuer: 'https://auth.example.com/v1',
      audience: 'api',
      defaultScopes: ['profile'],
      ttlSeconds: 900,
      jti: 'J'.repeat(22),
      user: { uid: '3f8a1c5e-7d7e-4d6e-9a66-2d7f6f0c4b11', scopes: ['orders:read'] },
      session: { sid: 'A'.repeat(22), sv: 2, authTime: IAT - 60, amr: ['pwd'], expiresAt: NOW + 86_400_000 },
    },
    NOW,
  ),
};

let active: SigningKey;
let rsa: SigningKey;
let edwards: SigningKey;
let keys: Map<string, PublishedKey>;

beforeAll(async () => {
  active = await factory.signingKey('ES256', NOW);
  rsa = await factory.signingKey('RS256', NOW);
  edwards = await factory.signingKey('EdDSA', NOW);
  keys = new Map([active, rsa, edwards].map((key) => [key.kid, published(key)]));
});

function published(key: SigningKey): PublishedKey {
  return { kid: key.kid, alg: key.alg, jwk: factory.publicJwk(key), publishedAt: NOW, state: 'active' };
}

function deps(): Parameters<typeof verifyAccessToken>[0] {
  return { keys: { find: async (kid) => keys.get(kid) }, signatures };
}

async function outcome(token: string, now = NOW, change: Partial<ExpectedToken> = {}): Promise<VerifiedToken | string> {
  try {
    return await verifyAccessToken(deps(), token, { ...expected, ...change }, now);
  } catch (error) {
    expect(error).toBeInstanceOf(AuthError);
    expect((error as AuthError).code).toBe('invalid_token');
    return (error as AuthError).reason as string;
  }
}

function b64(value: unknown): string {
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
}

/** A token with any header, signed by the active key over exactly these bytes. */
function forged(header: unknown, payload: unknown, key: SigningKey = active): string {
  const input = `${b64(header)}.${b64(payload)}`;
  return `${input}.${signature(key, input)}`;
}

function signature(key: SigningKey, input: string): string {
  const privateKey = createPrivateKey({ key: { ...key.privateJwk }, format: 'jwk' });
  const how = key.alg === 'ES256' ? ({ key: privateKey, dsaEncoding: 'ieee-p1363' } as const) : privateKey;
  return signRaw(key.alg === 'EdDSA' ? null : 'sha256', Buffer.from(input), how).toString('base64url');
}

const header = (): Record<string, unknown> => ({ alg: 'ES256', typ: 'at+jwt', kid: active.kid });

describe('a genuine token', () => {
  test.each(['ES256', 'RS256', 'EdDSA'] as const)('JT-01 of %s speaks for its principal', async (alg) => {
    const key = { ES256: active, RS256: rsa, EdDSA: edwards }[alg];
    expect(await outcome(await sign(key, claims))).toEqual({
      principal: {
        uid: '3f8a1c5e-7d7e-4d6e-9a66-2d7f6f0c4b11',
        sid: 'A'.repeat(22),
        sv: 2,
        jti: 'J'.repeat(22),
        scope: 'orders:read profile',
        authTime: IAT - 60,
        amr: ['pwd'],
      },
      iat: IAT,
      exp: IAT + 900,
      expired: false,
    });
  });

  test('JT-14 of a second accepted issuer is accepted, of no other spelling', async () => {
    expect(await outcome(await sign(active, { ...claims, iss: 'https://old.example.com/v1' }))).toMatchObject({ expired: false });
    expect(await outcome(await sign(active, { ...claims, iss: 'https://auth.example.com/v1/' }))).toBe('iss');
    expect(await outcome(await sign(active, { ...claims, iss: 'https://AUTH.example.com/v1' }))).toBe('iss');
  });

  test('JT-06 further claims are let through unread', async () => {
    expect(await outcome(await sign(active, { ...claims, tenant: { id: 1 } }))).toMatchObject({ expired: false });
  });

  test('an outage of the key source is an outage, not a bad token', async () => {
    const down = { find: () => Promise.reject(new UnavailableError('signing-keys')) };
    await expect(verifyAccessToken({ keys: down, signatures }, await sign(active, claims), expected, NOW)).rejects.toBeInstanceOf(UnavailableError);
  });
});

describe('algorithm', () => {
  test.each(['none', 'None', 'nOnE', 'noNE', '', 'HS256', 'RS256', 'ES384', 'ES256K', 'EdDSA', 'es256', 'PS256'])('JT-01 T17 alg %j under an ES256 key is refused', async (alg) => {
    expect(await outcome(forged({ ...header(), alg }, claims))).toBe('alg');
    const unsigned = `${b64({ ...header(), alg })}.${b64(claims)}.`;
    expect(await outcome(unsigned)).toBe('signature_encoding');
  });

  test('JT-01 T17 HS256 keyed with the public key in any form is refused', async () => {
    const jwk = factory.publicJwk(active);
    const publicKey = createPublicKey({ key: { ...jwk }, format: 'jwk' });
    const secrets = [publicKey.export({ type: 'spki', format: 'pem' }), publicKey.export({ type: 'spki', format: 'der' }), JSON.stringify(jwk)];
    for (const secret of secrets) {
      const input = `${b64({ ...header(), alg: 'HS256' })}.${b64(claims)}`;
      expect(await outcome(`${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`)).toBe('alg');
      const disguised = `${b64(header())}.${b64(claims)}`;
      expect(await outcome(`${disguised}.${createHmac('sha256', secret).update(disguised).digest('base64url')}`)).toBe('signature');
    }
  });

  test('JT-01 T17 a key of one algorithm under the kid of another is refused', async () => {
    expect(await outcome(forged({ ...header(), alg: 'RS256', kid: active.kid }, claims, rsa))).toBe('alg');
    expect(await outcome(forged({ ...header(), kid: rsa.kid }, claims, active))).toBe('alg');
    expect(await outcome(forged({ ...header(), kid: edwards.kid, alg: 'EdDSA' }, claims, active))).toBe('signature');
  });

  test('T17 all-zero, swapped, short, long and DER signatures are refused', async () => {
    const token = await sign(active, claims);
    const [head, body, text] = token.split('.') as [string, string, string];
    const raw = Buffer.from(text, 'base64url');
    const der = Buffer.concat([Buffer.from([0x30, 0x44, 2, 32]), raw.subarray(0, 32), Buffer.from([2, 32]), raw.subarray(32)]);
    const variants = [
      Buffer.alloc(64),
      Buffer.concat([raw.subarray(32), raw.subarray(0, 32)]),
      raw.subarray(0, 63),
      Buffer.concat([raw, Buffer.alloc(1)]),
      Buffer.concat([Buffer.alloc(1), raw]),
      der,
      Buffer.alloc(64, 0xff),
    ];
    for (const variant of variants) {
      expect(await outcome(`${head}.${body}.${variant.toString('base64url')}`)).toBe('signature');
    }
    expect(await outcome(token)).toMatchObject({ expired: false });
  });
});

describe('header', () => {
  test.each<readonly [string, Record<string, unknown>, string]>([
    ['an unknown crit', { crit: ['exp'], exp: 1 }, 'header_member'],
    ['an empty crit', { crit: [] }, 'header_member'],
    ['b64 false', { b64: false, crit: ['b64'] }, 'header_member'],
    ['b64 false without crit', { b64: false }, 'header_member'],
    ['a jwk', { jwk: { kty: 'EC' } }, 'header_member'],
    ['a jku', { jku: 'https://evil.example' }, 'header_member'],
    ['an x5u', { x5u: 'https://evil.example' }, 'header_member'],
    ['an x5c', { x5c: ['AA=='] }, 'header_member'],
    ['a zip', { zip: 'DEF' }, 'header_member'],
    ['a cty', { cty: 'JWT' }, 'header_member'],
    ['a constructor', { constructor: 1 }, 'header_member'],
    ['typ JWT', { typ: 'JWT' }, 'typ'],
    ['no typ', { typ: undefined }, 'typ'],
    ['typ in capitals', { typ: 'AT+JWT' }, 'typ'],
    ['typ of a ticket', { typ: 'mfa+jwt' }, 'typ'],
    ['a typ that is a list', { typ: ['at+jwt'] }, 'typ'],
    ['no kid', { kid: undefined }, 'kid'],
    ['a number as kid', { kid: 1 }, 'kid'],
    ['an alg that is a list', { alg: ['ES256'] }, 'alg'],
  ])('JT-02 JT-04 JT-05 with %s is refused', async (_, change, reason) => {
    expect(await outcome(forged({ ...header(), ...change }, claims))).toBe(reason);
  });

  test('JT-04 crit twice is refused', async () => {
    const twice = `{"alg":"ES256","typ":"at+jwt","kid":"${active.kid}","crit":["a"],"crit":[]}`;
    expect(await outcome(forged(twice, claims))).toBe('header_member');
    expect(await outcome(forged(`{"alg":"ES256","typ":"at+jwt","kid":"${active.kid}","__proto__":{"a":1}}`, claims))).toBe('header_member');
  });

  test.each(['../../dev/null', '\' OR 1=1', 'x'.repeat(65), 'a b', 'k\u00FC', '', 'a.b', 'a/b', 'x'.repeat(2000)])('JT-03 T18 kid %j is refused before any look-up', async (kid) => {
    const find = jest.fn();
    await expect(verifyAccessToken({ keys: { find }, signatures }, forged({ ...header(), kid }, claims), expected, NOW)).rejects.toMatchObject({ reason: 'kid' });
    expect(find).not.toHaveBeenCalled();
  });

  test.each(['__proto__', 'constructor', 'toString', 'unknown-kid'])('JT-03 T18 kid %j is not a key of ours', async (kid) => {
    expect(await outcome(forged({ ...header(), kid }, claims))).toBe('kid_unknown');
  });

  test('a key whose time in the set has passed verifies nothing', async () => {
    const key = { ...published(active), state: 'retired' as const, removeAt: NOW + 1000 };
    const retired = { keys: { find: async () => key }, signatures };
    const token = await sign(active, claims);
    await expect(verifyAccessToken(retired, token, expected, NOW + 999)).resolves.toMatchObject({ expired: false });
    await expect(verifyAccessToken(retired, token, expected, NOW + 1000)).rejects.toMatchObject({ reason: 'kid_unknown' });
  });

  test('a key source that answers with another key is not believed', async () => {
    const wrong = { keys: { find: async () => published(rsa) }, signatures };
    await expect(verifyAccessToken(wrong, await sign(active, claims), expected, NOW)).rejects.toMatchObject({ reason: 'kid_unknown' });
  });
});

describe('claims', () => {
  const names = ['iss', 'aud', 'sub', 'sid', 'jti', 'sv', 'scope', 'iat', 'exp', 'auth_time', 'amr'] as const;
  const values: readonly unknown[] = [undefined, null, true, [], {}, ['api'], '9', '', 1.5, -1, 1e300, 2 ** 53, 'a b\u0000', { toString: 'x' }];
  const matrix = names.flatMap((name) => values.map((value) => [name, value] as const)).filter(([name, value]) => !valid(name, value));

  /** The few of these values that are right for some claim. */
  function valid(name: string, value: unknown): boolean {
    return (name === 'scope' && (value === '' || value === '9')) || (name === 'amr' && Array.isArray(value)) || (['sub', 'sid', 'jti'].includes(name) && value === '9');
  }

  test.each(matrix)('JT-06 %s = %j is refused', async (name, value) => {
    expect(typeof (await outcome(await sign(active, { ...claims, [name]: value })))).toBe('string');
  });

  test('JT-06 a payload that is no object is refused', async () => {
    for (const payload of ['[]', 'null', '"x"', '1', '{', '', '\uFEFF{}']) {
      expect(await outcome(forged(header(), payload))).toBe('payload_encoding');
    }
  });

  test('JT-06 a claim is never found on a prototype', async () => {
    expect(await outcome(forged(header(), `{"__proto__":${JSON.stringify(claims)}}`))).toBe('claim_iss');
  });

  test('T44 T19 of another audience is refused, of one that is accepted beside the present one it is not', async () => {
    expect(await outcome(await sign(active, { ...claims, aud: 'old-api' }))).toMatchObject({ expired: false });
    for (const aud of ['other', 'api ', 'API', 'api old-api', 'old', '*']) expect(await outcome(await sign(active, { ...claims, aud }))).toBe('aud');
    expect(await outcome(await sign(active, { ...claims, aud: ['api', 'old-api'] }))).toBe('claim_aud');
    expect(await outcome(await sign(active, { ...claims, aud: ['api'] }))).toBe('claim_aud');
  });

  test.each([
    [-31, 'not_yet_valid'],
    [-30, undefined],
    [-29, undefined],
    [0, undefined],
    [900, undefined],
    [929, undefined],
    [930, 'expired'],
    [931, 'expired'],
  ])('JT-07 T16 %d seconds after its making', async (seconds, reason) => {
    const result = await outcome(await sign(active, claims), NOW + seconds * 1000);
    expect(typeof result === 'string' ? result : undefined).toBe(reason);
  });

  test('JT-07 a life beyond the greatest one is refused, also an endless and a negative one', async () => {
    expect(await outcome(await sign(active, { ...claims, exp: IAT + 901 }))).toBe('lifetime');
    expect(await outcome(await sign(active, { ...claims, exp: Number.MAX_SAFE_INTEGER }))).toBe('lifetime');
    expect(await outcome(await sign(active, { ...claims, exp: IAT }))).toBe('lifetime');
    expect(await outcome(await sign(active, { ...claims, exp: IAT - 1 }))).toBe('lifetime');
  });

  test('JT-07 nbf is honoured where there is one', async () => {
    expect(await outcome(await sign(active, { ...claims, nbf: IAT + 30 }))).toMatchObject({ expired: false });
    expect(await outcome(await sign(active, { ...claims, nbf: IAT + 31 }))).toBe('not_yet_valid');
    expect(await outcome(await sign(active, { ...claims, nbf: '1' }))).toBe('claim_nbf');
  });

  test('SE-09 logout may accept an expired token, with every other check', async () => {
    const late = NOW + 20 * 86_400_000;
    expect(await outcome(await sign(active, claims), late, { acceptExpired: true })).toMatchObject({ expired: true, principal: { sid: 'A'.repeat(22) } });
    expect(await outcome(await sign(active, { ...claims, aud: 'x' }), late, { acceptExpired: true })).toBe('aud');
    expect(await outcome(await sign(active, claims), NOW - 60_000, { acceptExpired: true })).toBe('not_yet_valid');
    expect(await outcome(forged(header(), claims, edwards), late, { acceptExpired: true })).toBe('signature');
  });
});

describe('encoding', () => {
  test('T17b every other spelling of a genuine token is refused', async () => {
    const token = await sign(active, claims);
    const [head, body, tail] = token.split('.') as [string, string, string];
    const last = tail.slice(-1);
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const sameBytes = [...alphabet].filter((one) => one !== last && Buffer.from(tail.slice(0, -1) + one, 'base64url').equals(Buffer.from(tail, 'base64url')));
    expect(sameBytes.length).toBeGreaterThan(0);
    for (const one of sameBytes) {
      expect(await outcome(`${head}.${body}.${tail.slice(0, -1)}${one}`)).toBe('signature_encoding');
    }
    for (const other of [`${token}=`, `${token}==`, ` ${token}`, `${token} `, `${token}\n`, `${head}.${body}.${tail}.`, `${head}.${body}`, `.${token}`, `${head}..${tail}`, `${head}%2E${body}%2E${tail}`]) {
      expect(typeof (await outcome(other))).toBe('string');
    }
    expect(await outcome(`${head}=.${body}.${tail}`)).toBe('header_encoding');
    expect(await outcome(`${head}.${body}=.${tail}`)).toBe('payload_encoding');
  });

  test('JT-08 more than four kilobytes, other serialisations and other tokens are refused', async () => {
    expect(await outcome(await sign(active, { ...claims, padding: 'x'.repeat(4000) }))).toBe('too_long');
    const [head, body, tail] = (await sign(active, claims)).split('.');
    expect(typeof (await outcome(JSON.stringify({ protected: head, payload: body, signature: tail })))).toBe('string');
    expect(typeof (await outcome(`rt1.a1b2c3d4.${'A'.repeat(22)}.0.${'m'.repeat(43)}`))).toBe('string');
    expect(await outcome('')).toBe('not_compact');
    expect(await outcome('a.b.c.d.e')).toBe('not_compact');
  });

  test('JT-08 invalid UTF-8 is refused', async () => {
    const bytes = Buffer.concat([Buffer.from('{"alg":"ES256","x":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]).toString('base64url');
    expect(await outcome(`${bytes}.${b64(claims)}.AAAA`)).toBe('header_encoding');
  });

  test('JT-08 T17b no text but the token itself is accepted, and none throws anything but invalid_token', async () => {
    const token = await sign(active, claims);
    await fc.assert(
      fc.asyncProperty(fc.nat(token.length - 1), fc.string({ unit: 'binary', maxLength: 3 }), fc.nat(3), async (at, junk, cut) => {
        const given = token.slice(0, at) + junk + token.slice(at + cut);
        const result = await outcome(given);
        expect(typeof result === 'string' || given === token).toBe(true);
      }),
      { numRuns: 1000 },
    );
    await fc.assert(fc.asyncProperty(fc.string({ unit: 'binary' }), async (given) => expect(typeof (await outcome(given))).toBe('string')));
  });
});
