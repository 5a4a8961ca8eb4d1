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
    const { keys } = await jwks(world);
    expect(keys).toHaveLength(2);
    for (const key of keys) expect(Object.keys(key).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
    expect(keys.map((key) => key.kid)).toContain(world.signingKey.kid);
  });

  test('the key set drops a retired key when its time is over, whoever writes the next set', async () => {
    const set = world.tables.publishedKeys!;
    world.tables.publishedKeys = { ...set, keys: set.keys.map((key, index) => (index === 1 ? { ...key, state: 'retired' as const, removeAt: NOW + 1000 } : key)) };
    expect((await jwks(world)).keys).toHaveLength(2);
    world.clock.advance(1);
    expect((await jwks(world)).keys).toHaveLength(1);
  });

  test('key set and verification work while the secret store is down (T32)', async () => {
    await registerUser(world);
    const tokens = await loginUser(world);
    world.calls.failAll('signer');
    world.calls.failAll('refreshKeys');
    expect((await jwks(world)).keys).toHaveLength(2);
    expect(await health(world)).toEqual({ status: 'ok' });
    expect((await principalOf(world, tokens)).sv).toBe(1);
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
    expect(document).toMatchObject({ response_types_supported: [], grant_types_supported: [], id_token_signing_alg_values_supported: ['ES256'] });
  });
});
