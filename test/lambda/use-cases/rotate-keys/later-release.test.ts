import { MemoryRevocationStore } from '../../../../lambda/adapters/memory';
import { createKeyFactory } from '../../../../lambda/adapters/jose/key-factory';
import { ListedKey, PublishedKeySet } from '../../../../lambda/domain/model';
import { ensureFirstKeys, KeyListDeps, publishList, retireKey } from '../../../../lambda/use-cases/rotate-keys';
import { KeyWorld, ORIGIN, REFRESH, SIGNING } from './support/key-world';

/** A later release ran, was rolled back, and will come again: what it wrote and this one does not know must still be there. */
const OF_SET = { ep: 3, later: { restored: true } };
const OF_KEY = { home: 'eu-west-1', uses: ['sign'] };

type Members = Record<string, any>;

/** The later release rewrites everything it finds. */
async function runLaterRelease(world: KeyWorld): Promise<void> {
  const rewrite = async (secretId: string, change: (value: Members) => Members): Promise<void> => {
    const { secrets, deps } = world;
    const id = deps.crypto.randomUuid();
    const before = secrets.withLabel(secretId, 'AWSCURRENT');
    await secrets.put(secretId, id, JSON.stringify(change(secrets.json<Members>(secretId))), ['LATER']);
    await secrets.moveStage(secretId, 'AWSCURRENT', id, before);
  };
  const withMembers = (key: Members): Members => ({ ...key, ...OF_KEY });
  await rewrite(SIGNING, (set) => ({ ...set, ...OF_SET, active: withMembers(set.active), next: withMembers(set.next), retired: set.retired.map(withMembers) }));
  await rewrite(REFRESH, (set) => ({ ...set, ...OF_SET, keys: set.keys.map(withMembers) }));
  await rewrite(ORIGIN, (set) => ({ ...set, ...OF_SET }));
  const published = world.tables.publishedKeys!;
  world.tables.publishedKeys = { ...published, ...OF_SET, keys: published.keys.map((key) => ({ ...key, ...OF_KEY })) };
}

const marked = (keys: readonly object[]): boolean[] => keys.map((key) => Object.keys(OF_KEY).every((name) => name in key));

describe('KS-01 what a later release wrote into key sets survives', () => {
  let world: KeyWorld;
  let known: readonly string[];
  beforeEach(async () => {
    world = await KeyWorld.deployed();
    await runLaterRelease(world);
    known = world.publishedKids();
  });

  /** Of set and keys that the later release saw, in the secret and in public; nothing of it moves from the secret to the public. */
  function expectCarried(): void {
    const signing = world.signing();
    const published = world.tables.publishedKeys!;
    for (const set of [signing, published]) expect(set).toMatchObject(OF_SET);
    const inSecret = [signing.active, signing.next, ...signing.retired].filter(({ kid }) => known.includes(kid));
    expect(inSecret.length).toBeGreaterThan(0);
    expect(marked(inSecret)).toEqual(inSecret.map(() => true));
    const inPublic = published.keys.filter(({ kid }) => known.includes(kid));
    expect(marked(inPublic)).toEqual(inPublic.map(() => true));
    expect(marked(published.keys.filter(({ kid }) => !known.includes(kid)))).not.toContain(true);
  }

  test('a rotation of the signing keys, and another one', async () => {
    await world.rotate();
    expectCarried();
    await world.rotate();
    expectCarried();
  });

  test('where a keyset came from is not carried: it belongs to the one before', async () => {
    await world.rotate();
    await world.rotate();
    const { rotation, base } = world.secrets.json<Members>(SIGNING);
    expect([rotation, base]).toEqual([world.secrets.withLabel(SIGNING, 'AWSCURRENT'), world.secrets.withLabel(SIGNING, 'AWSPREVIOUS')]);
  });

  test.each(['active', 'next'] as const)('an emergency that takes away the %s key', async (state) => {
    expect(await retireKey(world.deps, world.signing()[state].kid)).toBe('retired');
    expectCarried();
  });

  test('an update of the stack, also one after the table was lost', async () => {
    await ensureFirstKeys(world.deps);
    expectCarried();
    world.tables.publishedKeys = undefined;
    await ensureFirstKeys(world.deps);
    expect(world.signing()).toMatchObject(OF_SET);
  });

  test('rotations of the refresh keys and of the origin secret', async () => {
    for (const secretId of [REFRESH, ORIGIN]) await world.rotate(secretId);
    expect(world.refresh()).toMatchObject(OF_SET);
    expect(marked(world.refresh().keys)).toEqual([false, true]);
    await world.rotate(ORIGIN);
    expect(world.origin()).toMatchObject(OF_SET);
  });

  test('a list of keys that others keep, and an emergency in it', async () => {
    const factory = createKeyFactory();
    const listed = async (): Promise<ListedKey> => {
      const key = await factory.signingKey('ES256', world.clock.now());
      return { kid: key.kid, alg: key.alg, jwk: factory.publicJwk(key) };
    };
    const keys = [await listed(), await listed()];
    const { originHeader: _, ...rest } = world.deps;
    const deps: KeyListDeps = { ...rest, published: new MemoryRevocationStore(world.tables), keeper: 'kms', list: { read: async () => keys } };
    await publishList(deps);
    const set = (): PublishedKeySet => world.tables.publishedKeys!;
    expect(set()).toMatchObject(OF_SET);
    expect(marked(set().keys.filter(({ kid }) => known.includes(kid)))).toEqual([true, true]);
    // AND of the keys on the list themselves
    world.tables.publishedKeys = { ...set(), keys: set().keys.map((key) => ({ ...key, ...OF_KEY })) };
    keys.push(await listed());
    await publishList(deps);
    expect(await retireKey(deps, keys[0]!.kid)).toBe('retired');
    expect(set()).toMatchObject(OF_SET);
    expect(marked(set().keys.filter(({ kid }) => kid === keys[1]!.kid))).toEqual([true]);
  });
});
