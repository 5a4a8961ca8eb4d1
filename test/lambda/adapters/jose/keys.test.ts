import { generateKeyPairSync, sign as signRaw } from 'node:crypto';
import fc from 'fast-check';
import { calculateJwkThumbprint, createLocalJWKSet, jwtVerify } from 'jose';
import { createKeyFactory } from '../../../../lambda/adapters/jose/key-factory';
import { createSignatureVerifier } from '../../../../lambda/adapters/jose/signature-verifier';
import { createTokenSigning } from '../../../../lambda/adapters/jose/token-signing';
import { SigningAlgorithm, SigningKey } from '../../../../lambda/domain/model';

const NOW = 1_800_000_000_000;
const ALGORITHMS = ['ES256', 'RS256', 'EdDSA'] as const;
const factory = createKeyFactory();
const verifier = createSignatureVerifier();
const sign = createTokenSigning();
const made = new Map<SigningAlgorithm, SigningKey>();

beforeAll(async () => {
  for (const alg of ALGORITHMS) {
    made.set(alg, await factory.signingKey(alg, NOW));
  }
});

function key(alg: SigningAlgorithm): SigningKey {
  return made.get(alg) as SigningKey;
}

function parts(token: string): { input: string; signature: Buffer } {
  const at = token.lastIndexOf('.');
  return { input: token.slice(0, at), signature: Buffer.from(token.slice(at + 1), 'base64url') };
}

/** `input` with other bytes as its signature. */
function signed(input: string, signature: Uint8Array): string {
  return `${input}.${Buffer.from(signature).toString('base64url')}`;
}

describe.each(ALGORITHMS)('%s', (alg) => {
  test('JT-14 the kid is the RFC 7638 thumbprint, as jose computes it', async () => {
    expect(key(alg)).toMatchObject({ alg, createdAt: NOW });
    expect(key(alg).kid).toBe(await calculateJwkThumbprint(factory.publicJwk(key(alg))));
  });

  test('JT-14 the public JWK has public members only, kid, use and alg', () => {
    const jwk = factory.publicJwk(key(alg));
    const members = { ES256: ['crv', 'kty', 'x', 'y'], RS256: ['e', 'kty', 'n'], EdDSA: ['crv', 'kty', 'x'] }[alg];
    expect(Object.keys(jwk).sort()).toEqual([...members, 'alg', 'kid', 'use'].sort());
    expect(jwk).toMatchObject({ kid: key(alg).kid, use: 'sig', alg });
  });

  test('a token verifies with jose and our JWKS', async () => {
    const token = await sign(key(alg), { sub: 'u', iat: NOW / 1000, exp: NOW / 1000 + 900 });
    const jwks = createLocalJWKSet({ keys: [factory.publicJwk(key(alg))] });
    const { payload, protectedHeader } = await jwtVerify(token, jwks, { algorithms: [alg], typ: 'at+jwt', currentDate: new Date(NOW) });
    expect(payload.sub).toBe('u');
    expect(protectedHeader).toEqual({ alg, typ: 'at+jwt', kid: key(alg).kid });
  });

  test('T28 a key signs and verifies its probe; one with another kid, another public part or none does not', async () => {
    const other = await factory.signingKey(alg, NOW);
    expect(await factory.check(key(alg))).toBe(true);
    expect(await factory.check({ ...key(alg), kid: other.kid })).toBe(false);
    expect(await factory.check({ ...key(alg), privateJwk: { ...key(alg).privateJwk, ...publicPart(other) } })).toBe(false);
    expect(await factory.check({ ...key(alg), privateJwk: factory.publicJwk(key(alg)) })).toBe(false);
    expect(await factory.check({ ...key(alg), privateJwk: {} })).toBe(false);
    expect(await factory.check({ ...key(alg), alg: alg === 'ES256' ? 'RS256' : 'ES256' })).toBe(false);
  });

  test('JT-01 every changed bit of a signature is noticed', async () => {
    const token = await sign(key(alg), { sub: 'u' });
    const { input, signature } = parts(token);
    const jwk = factory.publicJwk(key(alg));
    expect(await verifier.verify(alg, jwk, token)).toBe(true);
    expect(await verifier.verify(alg, jwk, signed(`${input}AA`, signature))).toBe(false);
    await fc.assert(
      fc.asyncProperty(fc.nat(signature.length * 8 - 1), async (bit) => {
        const changed = Buffer.from(signature);
        changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
        expect(await verifier.verify(alg, jwk, signed(input, changed))).toBe(false);
      }),
    );
  });

  test('T17 the verifier never throws on garbage', async () => {
    const token = await sign(key(alg), { sub: 'u' });
    const { input } = parts(token);
    const jwk = factory.publicJwk(key(alg));
    const garbage = fc.dictionary(fc.constantFrom('kty', 'crv', 'x', 'y', 'n', 'e'), fc.string({ unit: 'binary' }));
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.constantFrom(...ALGORITHMS), fc.string()), garbage, fc.uint8Array({ maxLength: 300 }), async (name, change, bytes) => {
        expect(await verifier.verify(name, { ...jwk, ...change }, signed(input, bytes))).toBe(false);
        expect(await verifier.verify(name, change, token)).toBe(false);
      }),
    );
  });
});

test('JT-01 the algorithm is the key\'s: a JWK of one kind under the name of another verifies nothing', async () => {
  for (const alg of ALGORITHMS) {
    const token = await sign(key(alg), { sub: 'u' });
    for (const other of [...ALGORITHMS, 'none', 'HS256', 'PS256', '', '__proto__', 'constructor']) {
      expect(await verifier.verify(other, factory.publicJwk(key(alg)), token)).toBe(other === alg);
    }
  }
});

test('keys of RSA have 3072 bits', () => {
  expect(Buffer.from(factory.publicJwk(key('RS256')).n!, 'base64url')).toHaveLength(3072 / 8);
});

test('JT-01 RSA keys below 2048 or above 4096 bits and curves other than P-256 are no keys', async () => {
  const input = (alg: string): string => `${Buffer.from(JSON.stringify({ alg })).toString('base64url')}.e30`;
  for (const [modulusLength, right] of [[1024, false], [2048, true], [4096, true], [4104, false]] as const) {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength });
    const signature = signRaw('sha256', Buffer.from(input('RS256')), privateKey);
    expect(await verifier.verify('RS256', publicKey.export({ format: 'jwk' }) as Record<string, string>, signed(input('RS256'), signature))).toBe(right);
  }
  const curve = generateKeyPairSync('ec', { namedCurve: 'secp256k1' });
  const signature = signRaw('sha256', Buffer.from(input('ES256')), { key: curve.privateKey, dsaEncoding: 'ieee-p1363' });
  expect(await verifier.verify('ES256', curve.publicKey.export({ format: 'jwk' }) as Record<string, string>, signed(input('ES256'), signature))).toBe(false);
});

test('many keys are verified in turn by one verifier: the cache is bounded, the answers stay right', async () => {
  const keys = await Promise.all(Array.from({ length: 150 }, () => factory.signingKey('EdDSA', NOW)));
  const tokens = await Promise.all(keys.map(async (one) => ({ jwk: factory.publicJwk(one), token: await sign(one, { sub: one.kid }) })));
  for (const { jwk, token } of [...tokens, ...tokens]) {
    expect(await verifier.verify('EdDSA', jwk, token)).toBe(true);
  }
  expect(await verifier.verify('EdDSA', tokens[1]!.jwk, tokens[0]!.token)).toBe(false);
});

test('signing with what is no private key of the algorithm throws without quoting it', async () => {
  await expect(sign({ kid: 'k', alg: 'ES256', privateJwk: factory.publicJwk(key('ES256')) }, {})).rejects.toThrow(/^signing key: not a private ES256 key$/);
  await expect(sign({ ...key('RS256'), alg: 'EdDSA' }, {})).rejects.toThrow('not a private EdDSA key');
});

test('SE-01 refresh keys have 256 random bits and an id of eight characters', () => {
  const keys = Array.from({ length: 200 }, () => factory.refreshKey(NOW));
  expect(keys.every(({ kv, key: secret, createdAt }) => /^[a-z0-9]{8}$/.test(kv) && /^[A-Za-z0-9_-]{43}$/.test(secret) && createdAt === NOW)).toBe(true);
  expect(new Set(keys.map(({ kv }) => kv)).size).toBe(200);
  expect(new Set(keys.map(({ key: secret }) => secret)).size).toBe(200);
});

function publicPart(of: SigningKey): Record<string, string> {
  const { kid: _kid, use: _use, alg: _alg, ...members } = factory.publicJwk(of);
  return members;
}
