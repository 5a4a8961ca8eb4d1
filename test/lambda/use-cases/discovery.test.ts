import { discoveryDocument } from '../../../lambda/use-cases/discovery-document';
import { health } from '../../../lambda/use-cases/health';
import { jwks } from '../../../lambda/use-cases/jwks';
import { loginUser, outcome, principalOf, registerUser } from '../support/actions';
import { createWorld, NOW, World } from '../support/world';

describe('discovery', () => {
  let world: World;
  beforeEach(async () => {
    world = await createWorld();
  });

  test('the key set has public members only, the active and the next key (JT-14)', async () => {
    const { document: { keys } } = await jwks(world);
    expect(keys).toHaveLength(2);
    for (const key of keys) expect(Object.keys(key).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
    expect(keys.map((key) => key.kid)).toContain(world.signingKey.kid);
  });

  test('the key set drops a retired key when its time is over, whoever writes the next set', async () => {
    const set = world.tables.publishedKeys!;
    world.tables.publishedKeys = { ...set, keys: set.keys.map((key, index) => (index === 1 ? { ...key, state: 'retired' as const, removeAt: NOW + 1000 } : key)) };
    expect((await jwks(world)).document.keys).toHaveLength(2);
    world.clock.advance(1);
    expect((await jwks(world)).document.keys).toHaveLength(1);
  });

  test('key set and verification work while the secret store is down (T32)', async () => {
    await registerUser(world);
    const tokens = await loginUser(world);
    world.calls.failAll('signer');
    world.calls.failAll('refreshKeys');
    expect((await jwks(world)).document.keys).toHaveLength(2);
    expect(await health(world)).toEqual({ status: 'ok' });
    expect((await principalOf(world, tokens)).sv).toBe(1);
  });

  describe('JT-14 the key set outlives an outage of its table', () => {
    const publish = (kid: string) => {
      const set = world.tables.publishedKeys!;
      world.tables.publishedKeys = { ...set, keys: set.keys.map((key, index) => (index === 1 ? { ...key, kid, jwk: { ...key.jwk, kid } } : key)) };
    };
    const reads = () => world.calls.reads().filter((name) => name === 'revocations.readPublishedKeys').length;
    const kids = async () => (await jwks(world)).document.keys.map(({ kid }) => kid);

    test('many who ask cost one read', async () => {
      const before = reads();
      await Promise.all(Array.from({ length: 20 }, () => jwks(world)));
      world.clock.advance(14);
      await jwks(world);
      expect(reads() - before).toBe(1);
    });

    test('KR-06 who keeps it as long as it says never goes by a set that is older than a minute', async () => {
      for (const [seconds, maxAge] of [[0, 60], [10, 50], [4, 46], [1, 60], [14.5, 45]] as const) {
        world.clock.advance(seconds);
        expect([seconds, (await jwks(world)).maxAge]).toEqual([seconds, maxAge]);
      }
    });

    test('KR-06 a key that came, and one that was retired, is told within the time that the answer before was good for', async () => {
      const { maxAge } = await jwks(world);
      publish('came');
      world.clock.advance(maxAge);
      expect(await kids()).toContain('came');
      world.tables.publishedKeys = { ...world.tables.publishedKeys!, keys: world.tables.publishedKeys!.keys.slice(0, 1) };
      world.clock.advance((await jwks(world)).maxAge);
      expect(await kids()).not.toContain('came');
    });

    test('for an hour the last set stands in, and nobody is to keep it; then it is unavailable, and well again with the table', async () => {
      const before = await kids();
      world.calls.failAll('revocations');
      for (const [seconds, maxAge] of [[14, 46], [1, 45], [46, 0], [3538, 0]] as const) {
        world.clock.advance(seconds);
        expect([seconds, await kids(), (await jwks(world)).maxAge]).toEqual([seconds, before, maxAge]);
      }
      world.clock.advance(1);
      expect(await outcome(jwks(world))).toBe('unavailable');
      world.calls.reset();
      publish('came');
      expect(await kids()).toContain('came');
    });

    test('an outage is asked about once in five seconds, and a key whose time is over leaves all the same', async () => {
      const set = world.tables.publishedKeys!;
      world.tables.publishedKeys = { ...set, keys: set.keys.map((key, index) => (index === 1 ? { ...key, state: 'retired' as const, removeAt: NOW + 60_000 } : key)) };
      expect(await kids()).toHaveLength(2);
      world.calls.failAll('revocations');
      world.clock.advance(15);
      const before = reads();
      for (let n = 0; n < 5; n += 1) await jwks(world);
      expect(reads() - before).toBe(1);
      world.clock.advance(45);
      expect(await kids()).toHaveLength(1);
    });
  });

  test('without keys or table it is unavailable, not empty', async () => {
    world.tables.publishedKeys = undefined;
    expect(await outcome(jwks(world))).toBe('unavailable');
    expect(await outcome(health(world))).toBe('unavailable');
    world = await createWorld();
    world.calls.failAll('revocations');
    expect(await outcome(jwks(world))).toBe('unavailable');
    expect(await outcome(health(world))).toBe('unavailable');
  });

  test('the document names the issuer as the tokens do, byte by byte, and no flow that does not exist', async () => {
    const document = await discoveryDocument({ issuer: world.tokens.issuer, signingAlgorithm: 'ES256' });
    await registerUser(world);
    const claims = JSON.parse(Buffer.from((await loginUser(world)).accessToken.split('.')[1]!, 'base64url').toString()) as Record<string, unknown>;
    expect(document.issuer).toBe(claims.iss);
    expect(document.jwks_uri).toBe('https://auth.example.com/v1/.well-known/jwks.json');
    expect([...document.claims_supported].sort()).toEqual(Object.keys(claims).sort());
    expect(document).toMatchObject({
      revocation_endpoint: 'https://auth.example.com/v1/token/revoke', revocation_endpoint_auth_methods_supported: ['none'],
    });
    expect(document).toMatchObject({ response_types_supported: [], grant_types_supported: [], id_token_signing_alg_values_supported: ['ES256'] });
  });
});
