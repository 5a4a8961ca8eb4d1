import { signingKeyAt } from '../../../../lambda/domain/keyset';
import { ensureFirstKeys, retireKey, rotateNow } from '../../../../lambda/use-cases/rotate-keys';
import { seededPause } from '../../support/barrier';
import { expectSettled, KeyWorld, REFRESH, SIGNING } from './support/key-world';

function expectGone(world: KeyWorld, kid: string): void {
  expectSettled(world);
  expect(world.publishedKids()).not.toContain(kid);
  expect(JSON.stringify(world.signing())).not.toContain(kid);
}

describe('emergency retirement of a signing key', () => {
  test('KR-06 a second one right after it waits until verifiers know the key that would sign, and says for how long', async () => {
    const world = await KeyWorld.deployed();
    world.clock.advance(3600);
    const { active, next } = world.signing();
    expect(await retireKey(world.deps, active.kid)).toBe('retired');
    world.clock.advance(10);
    const before = [world.signing(), world.tables.publishedKeys];
    expect(await retireKey(world.deps, next.kid)).toEqual({ tooSoon: 50 });
    expect([world.signing(), world.tables.publishedKeys]).toEqual(before);
    world.clock.advance(50);
    expect(await retireKey(world.deps, next.kid)).toBe('retired');
    expectSettled(world);
    // Whatever signs now, verifiers have known for a cache age.
    const signer = signingKeyAt(world.signing(), world.tables.publishedKeys, world.clock.now());
    expect(world.tables.publishedKeys!.keys.find(({ kid }) => kid === signer?.kid)!.publishedAt).toBeLessThanOrEqual(world.clock.now() - 60_000);
  });

  test('KR-06 one of a key that does not sign need not wait, nor one that goes on where it broke off', async () => {
    const world = await KeyWorld.deployed();
    world.clock.advance(3600);
    const { active, next } = world.signing();
    expect(await retireKey(world.deps, next.kid)).toBe('retired');
    expect(await retireKey(world.deps, world.signing().next.kid)).toBe('retired');
    world.clock.advance(60);
    world.dieAfter(2);
    await retireKey(world.deps, active.kid).catch(() => undefined);
    world.revive();
    expect(await retireKey(world.deps, active.kid)).toBe('retired');
    expectSettled(world);
  });

  test('the active key: next signs at once, a new next is published', async () => {
    const world = await KeyWorld.deployed();
    const before = world.signing();
    expect(await retireKey(world.deps, before.active.kid)).toBe('retired');
    expectGone(world, before.active.kid);
    expect(world.signing().active).toEqual(before.next);
    expect(world.signing().retired).toEqual([]);
    expect(world.audit.count('keys_retired')).toBe(1);
  });

  test('the next key: the active one stays', async () => {
    const world = await KeyWorld.deployed();
    const before = world.signing();
    expect(await retireKey(world.deps, before.next.kid)).toBe('retired');
    expectGone(world, before.next.kid);
    expect(world.signing().active).toEqual(before.active);
  });

  test('a key that retired before', async () => {
    const world = await KeyWorld.deployed();
    const { kid } = world.signing().active;
    await world.rotate();
    expect(await retireKey(world.deps, kid)).toBe('retired');
    expectGone(world, kid);
  });

  test('is published before the secret changes', async () => {
    const world = await KeyWorld.deployed();
    const { kid } = world.signing().active;
    // The replacement is stored under a label of its own, then published; then the process dies.
    world.dieAfter(2);
    await retireKey(world.deps, kid).catch(() => undefined);
    expect(world.publishedKids()).not.toContain(kid);
    expect(world.signing().active.kid).toBe(kid);
  });

  test('an unknown key changes nothing', async () => {
    const world = await KeyWorld.deployed();
    world.dieAfter(1);
    expect(await retireKey(world.deps, 'no-such-key')).toBe('unknown_key');
    expect(world.writes).toBe(0);
    expect(world.audit.count('keys_retired')).toBe(0);
  });

  test('a crash after each write heals when it is tried again', async () => {
    for (const role of ['active', 'next'] as const) {
      for (let write = 0; write <= 5; write += 1) {
        const world = await KeyWorld.deployed();
        const { kid } = world.signing()[role];
        world.dieAfter(write);
        await retireKey(world.deps, kid).catch(() => undefined);
        world.revive();
        // Where the first try got through, the second is told so.
        expect(['retired', 'retired_before']).toContain(await retireKey(world.deps, kid));
        expectGone(world, kid);
        await world.rotate();
        expectGone(world, kid);
      }
    }
  });

  test('KR-06 one that is repeated after its answer was lost is told that it was done, also after rotations', async () => {
    const world = await KeyWorld.deployed();
    const { kid } = world.signing().active;
    expect(await retireKey(world.deps, kid)).toBe('retired');
    await world.rotate();
    const before = [world.signing(), world.tables.publishedKeys];
    expect(await retireKey(world.deps, kid)).toBe('retired_before');
    expect([world.signing(), world.tables.publishedKeys]).toEqual(before);
    expect(world.audit.count('keys_retired')).toBe(1);
  });

  test('KR-06 a former version of the secret brings no retired key back', async () => {
    const world = await KeyWorld.deployed();
    const former = world.secrets.withLabel(SIGNING, 'AWSCURRENT')!;
    const { active: { kid }, next } = world.signing();
    await retireKey(world.deps, kid);
    await retireKey(world.deps, next.kid);
    await world.secrets.moveStage(SIGNING, 'AWSCURRENT', former, world.secrets.withLabel(SIGNING, 'AWSCURRENT'));
    await ensureFirstKeys(world.deps);
    expectGone(world, kid);
    expectGone(world, next.kid);
  });

  test('two administrators at once, in many interleavings', async () => {
    for (let seed = 1; seed <= 30; seed += 1) {
      const world = await KeyWorld.deployed(seededPause(seed, 12));
      const { active, next } = world.signing();
      await Promise.all([retireKey(world.deps, active.kid), retireKey(world.deps, next.kid), retireKey(world.deps, active.kid)]);
      expectGone(world, active.kid);
      expectGone(world, next.kid);
    }
  });

  test('leaves a rotation possible, also when the last one left its label behind', async () => {
    const world = await KeyWorld.deployed();
    const token = world.secrets.beginRotation(SIGNING);
    for (const step of ['createSecret', 'setSecret']) await world.step(step, token);
    // finishSecret moves AWSCURRENT and dies before it takes AWSPENDING off.
    world.dieAfter(1);
    await world.step('finishSecret', token).catch(() => undefined);
    world.revive();
    expect(world.secrets.labels(SIGNING, token)).toEqual(expect.arrayContaining(['AWSCURRENT', 'AWSPENDING']));
    await retireKey(world.deps, world.signing().active.kid);
    await world.rotate();
    expectSettled(world);
  });

  test('takes a key out of the published set that the secret does not hold', async () => {
    const world = await KeyWorld.deployed();
    const published = world.tables.publishedKeys!;
    const stray = { ...published.keys[0]!, kid: 'stray' };
    await world.store.publish({ ...published, version: published.version + 1, keys: [...published.keys, stray] });
    expect(await retireKey(world.deps, 'stray')).toBe('retired');
    expectGone(world, 'stray');
  });
});

describe('rotation now', () => {
  test.each([['signing', SIGNING], ['refresh', REFRESH]] as const)('begins one of the %s keys', async (keys, secretId) => {
    const world = await KeyWorld.deployed();
    expect(await rotateNow(world.deps, keys)).toBe('started');
    const token = world.secrets.withLabel(secretId, 'AWSPENDING')!;
    await world.allSteps(token, secretId);
    expectSettled(world);
  });

  test('goes on with one that broke off, also when its pending version was replaced', async () => {
    const world = await KeyWorld.deployed();
    const broken = world.secrets.beginRotation(SIGNING);
    await world.step('createSecret', broken);
    await retireKey(world.deps, world.signing().next.kid);
    await world.step('setSecret', broken);
    const before = world.signing();
    expect(await rotateNow(world.deps, 'signing')).toBe('resumed');
    // Secrets Manager invokes with the version that is pending, which is ours by now.
    await world.allSteps(world.secrets.withLabel(SIGNING, 'AWSPENDING')!);
    expect(world.signing().active.kid).toBe(before.next.kid);
    expectSettled(world);
  });
});
