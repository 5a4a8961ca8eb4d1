import { nodeCrypto } from '../../../../lambda/adapters/node-crypto/crypto';
import { signingKeyAt } from '../../../../lambda/domain/keyset';
import { SigningKeyset } from '../../../../lambda/domain/model';
import { rotateRefreshKeyset } from '../../../../lambda/domain/refresh-keyset';
import { retireKey } from '../../../../lambda/use-cases/rotate-keys';
import { seededPause } from '../../support/barrier';
import { Crash, expectSettled, KeyWorld, REFRESH, SIGNING, Step, STEPS } from './support/key-world';

/** The one rotation from `before` was done: its next key signs, its active key is retired. */
function expectRotatedOnce(world: KeyWorld, before: SigningKeyset): void {
  expectSettled(world);
  const after = world.signing();
  expect(after.active.kid).toBe(before.next.kid);
  expect(after.retired.map((key) => key.kid)).toContain(before.active.kid);
  expect([before.active.kid, before.next.kid]).not.toContain(after.next.kid);
  expect(world.secrets.withLabel(SIGNING, 'AWSPENDING')).toBeUndefined();
}

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, i) => permutations([...items.slice(0, i), ...items.slice(i + 1)]).map((rest) => [item, ...rest]));
}

describe('rotation of the signing keys (T28)', () => {
  test('four steps: published before current, next signs, active is retired', async () => {
    const world = await KeyWorld.deployed();
    const before = world.signing();
    const current = world.secrets.withLabel(SIGNING, 'AWSCURRENT');
    const token = world.secrets.beginRotation(SIGNING);
    await world.step('createSecret', token);
    expect(world.publishedKids()).toEqual([before.active.kid, before.next.kid]);
    await world.step('setSecret', token);
    const pending = world.signing('AWSPENDING');
    expect(world.publishedKids()).toEqual([pending.active.kid, pending.next.kid, before.active.kid]);
    expect(world.secrets.withLabel(SIGNING, 'AWSCURRENT')).toBe(current);
    await world.step('testSecret', token);
    await world.step('finishSecret', token);
    expectRotatedOnce(world, before);
    expect(world.secrets.withLabel(SIGNING, 'AWSCURRENT')).toBe(token);
    expect(world.secrets.withLabel(SIGNING, 'AWSPREVIOUS')).toBe(current);
    expect(world.audit.count('keys_rotated')).toBe(1);
  });

  test('each step twice', async () => {
    const world = await KeyWorld.deployed();
    const before = world.signing();
    const token = world.secrets.beginRotation(SIGNING);
    for (const step of STEPS) {
      await world.step(step, token);
      await world.step(step, token);
    }
    expectRotatedOnce(world, before);
  });

  test.each(permutations<Step>(STEPS).map((order) => [order.join(' '), order] as const))('in the order %s, then properly', async (_, order) => {
    const world = await KeyWorld.deployed();
    const before = world.signing();
    const token = world.secrets.beginRotation(SIGNING);
    for (const step of order) await world.step(step, token).catch(() => undefined);
    await world.allSteps(token);
    expectRotatedOnce(world, before);
  });

  test.each(permutations<Step>(STEPS).map((order) => [order.join(' '), order] as const))('repeated in the order %s after it is done', async (_, order) => {
    const world = await KeyWorld.deployed();
    const before = world.signing();
    const token = world.secrets.beginRotation(SIGNING);
    await world.allSteps(token);
    for (const step of order) await world.step(step, token);
    expectRotatedOnce(world, before);
  });

  test.each([1, 2, 3])('KR-02 a rotation that hung for three days after step %i fails no token: whoever signs does so with a published key, and what is retired stays on', async (done) => {
    const world = await KeyWorld.deployed();
    const before = world.signing();
    const token = world.secrets.beginRotation(SIGNING);
    for (const step of STEPS.slice(0, done)) await world.step(step, token);
    const hours = 3 * 24;
    for (let hour = 0; hour <= hours; hour += 1) {
      const signer = signingKeyAt(world.signing(), world.tables.publishedKeys, world.clock.now());
      const entry = world.tables.publishedKeys!.keys.find(({ kid }) => kid === signer?.kid)!;
      expect([hour, entry.removeAt === undefined || entry.removeAt >= world.clock.now() + 930_000]).toEqual([hour, true]);
      world.clock.advance(3600);
    }
    await world.allSteps(token);
    expectRotatedOnce(world, before);
    const retired = world.tables.publishedKeys!.keys.find(({ kid }) => kid === before.active.kid)!;
    expect(retired.removeAt).toBe(world.clock.now() + (900 + 30 + 86_400) * 1000);
  });

  test('a rotation of the refresh keys that hung for three days keeps the old key a whole session life from its end on', async () => {
    const world = await KeyWorld.deployed();
    const before = world.refresh();
    const token = world.secrets.beginRotation(REFRESH);
    await world.step('createSecret', token, REFRESH);
    world.clock.advance(3 * 86_400);
    await world.allSteps(token, REFRESH);
    const afresh = rotateRefreshKeyset(before, world.refresh().keys[0]!, 30 * 86_400, world.clock.now());
    expect(world.refresh().keys).toEqual(afresh.keys);
    expectSettled(world);
  });

  test('a crash after each write heals when the rotation is tried again', async () => {
    let died = 0;
    for (let write = 0; ; write += 1) {
      const world = await KeyWorld.deployed();
      const before = world.signing();
      const token = world.secrets.beginRotation(SIGNING);
      world.dieAfter(write);
      const error = await world.allSteps(token).then(() => undefined, (e: unknown) => e);
      if (error === undefined) break;
      expect(error).toBeInstanceOf(Crash);
      died += 1;
      world.revive();
      await world.allSteps(token);
      expectRotatedOnce(world, before);
    }
    // Four writes: the pending version, the published set, AWSCURRENT, AWSPENDING taken off.
    expect(died).toBe(5);
  });

  test('a crash after each write, with a key retired before the next try', async () => {
    for (const role of ['active', 'next'] as const) {
      for (let write = 0; write <= 4; write += 1) {
        const world = await KeyWorld.deployed();
        const token = world.secrets.beginRotation(SIGNING);
        world.dieAfter(write);
        await world.allSteps(token).catch(() => undefined);
        world.revive();
        const { kid } = world.signing()[role];
        expect(await retireKey(world.deps, kid)).toBe('retired');
        await world.allSteps(token).catch(() => undefined);
        await settle(world, token);
        expectSettled(world);
        expect(world.publishedKids()).not.toContain(kid);
        expect(JSON.stringify(world.signing())).not.toContain(kid);
      }
    }
  });

  test('concurrent invocations of every step, in many interleavings', async () => {
    for (let seed = 1; seed <= 40; seed += 1) {
      const world = await KeyWorld.deployed(seededPause(seed));
      const before = world.signing();
      const token = world.secrets.beginRotation(SIGNING);
      for (const step of STEPS) {
        const results = await Promise.allSettled([world.step(step, token), world.step(step, token), world.step(step, token)]);
        expect(results.map((result) => result.status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled']);
      }
      expectRotatedOnce(world, before);
    }
  });

  test('whole rotations side by side, in many interleavings', async () => {
    for (let seed = 1; seed <= 40; seed += 1) {
      const world = await KeyWorld.deployed(seededPause(seed));
      const before = world.signing();
      const token = world.secrets.beginRotation(SIGNING);
      await Promise.allSettled([world.allSteps(token), world.allSteps(token)]);
      await world.allSteps(token);
      expectRotatedOnce(world, before);
    }
  });

  test('a retirement in the middle of a rotation, in many interleavings, leaves the key nowhere', async () => {
    for (const role of ['active', 'next'] as const) {
      for (let seed = 1; seed <= 40; seed += 1) {
        const world = await KeyWorld.deployed(seededPause(seed, 20));
        const { kid } = world.signing()[role];
        const token = world.secrets.beginRotation(SIGNING);
        const [retired] = await Promise.allSettled([retireKey(world.deps, kid), world.allSteps(token)]);
        expect(retired).toEqual({ status: 'fulfilled', value: 'retired' });
        await settle(world, token);
        expectSettled(world);
        expect(world.publishedKids()).not.toContain(kid);
        expect(JSON.stringify(world.signing())).not.toContain(kid);
      }
    }
  });

  test('two rotations in a row keep every key that may have signed', async () => {
    const world = await KeyWorld.deployed();
    const first = world.signing();
    await world.rotate();
    await world.rotate();
    expectSettled(world);
    expect(world.publishedKids()).toEqual(expect.arrayContaining([first.active.kid, first.next.kid]));
  });

  test('retired keys leave the set when their last token and a day are over', async () => {
    const world = await KeyWorld.deployed();
    const first = world.signing();
    await world.rotate();
    world.clock.advance(900 + 30 + 86400);
    await world.rotate();
    expect(world.publishedKids()).not.toContain(first.active.kid);
    expectSettled(world);
  });

  test('PENDING made from an old base is made again', async () => {
    const world = await KeyWorld.deployed();
    const token = world.secrets.beginRotation(SIGNING);
    await world.step('createSecret', token);
    const stale = world.signing('AWSPENDING');
    const { kid } = world.signing().next;
    await retireKey(world.deps, kid);
    await world.step('setSecret', token);
    await world.step('testSecret', token);
    await world.step('finishSecret', token);
    await world.step('finishSecret', token);
    expectSettled(world);
    expect(stale.active.kid).toBe(kid);
    expect(JSON.stringify(world.signing())).not.toContain(kid);
    expect(world.publishedKids()).not.toContain(kid);
  });

  test('a key is not brought back by a rotation while its retirement has only been published', async () => {
    const world = await KeyWorld.deployed();
    const { kid } = world.signing().active;
    world.dieAfter(2);
    await expect(retireKey(world.deps, kid)).rejects.toBeInstanceOf(Crash);
    world.revive();
    expect(world.publishedKids()).not.toContain(kid);
    expect(world.signing().active.kid).toBe(kid);
    await world.rotate();
    expectSettled(world);
    expect(world.publishedKids()).not.toContain(kid);
    expect(JSON.stringify(world.signing())).not.toContain(kid);
  });

  test('a pending keyset that such a retirement has overtaken is made again', async () => {
    const world = await KeyWorld.deployed();
    const { kid } = world.signing().active;
    const token = world.secrets.beginRotation(SIGNING);
    await world.step('createSecret', token);
    world.dieAfter(2);
    await expect(retireKey(world.deps, kid)).rejects.toBeInstanceOf(Crash);
    world.revive();
    for (const step of STEPS) await world.step(step, token);
    expectSettled(world);
    expect(world.publishedKids()).not.toContain(kid);
    expect(JSON.stringify(world.signing())).not.toContain(kid);
  });

  test('a lost table is published again by the next rotation', async () => {
    const world = await KeyWorld.deployed();
    const before = world.signing();
    world.tables.publishedKeys = undefined;
    await world.rotate();
    expectRotatedOnce(world, before);
  });

  test('never logs a private key', async () => {
    const written: string[] = [];
    const world = await KeyWorld.deployed();
    const token = world.secrets.beginRotation(SIGNING);
    for (const step of [...STEPS, 'nonsense']) await world.step(step, token).catch((error: Error) => written.push(error.message, error.stack ?? '', String(error.cause)));
    await world.step('finishSecret', nodeCrypto.randomUuid()).catch((error: Error) => written.push(error.message));
    const privateParts = [world.signing().active, world.signing().next].map((key) => key.privateJwk.d!);
    const log = JSON.stringify(world.audit.events) + written.join('\n');
    for (const d of privateParts) expect(log).not.toContain(d);
    for (const d of privateParts) expect(JSON.stringify(world.tables.publishedKeys)).not.toContain(d);
  });
});

describe('rotation of the refresh keys (T28)', () => {
  test('a new key is current, the old one stays; nothing is published', async () => {
    const world = await KeyWorld.deployed();
    const [old] = world.refresh().keys;
    const published = world.tables.publishedKeys;
    await world.rotate(REFRESH);
    const [current, retired] = world.refresh().keys;
    expect(current!.kv).not.toBe(old!.kv);
    expect(retired).toEqual({ ...old, retiredAt: world.clock.now() });
    expect(world.tables.publishedKeys).toBe(published);
    expectSettled(world);
  });

  test('each step twice and a crash after each write', async () => {
    for (let write = 0; write <= 3; write += 1) {
      const world = await KeyWorld.deployed();
      const token = world.secrets.beginRotation(REFRESH);
      world.dieAfter(write);
      await world.allSteps(token, REFRESH).catch(() => undefined);
      world.revive();
      for (const step of STEPS) {
        await world.step(step, token, REFRESH);
        await world.step(step, token, REFRESH);
      }
      expect(world.refresh().keys).toHaveLength(2);
      expectSettled(world);
    }
  });

  test('PENDING made from an old base is made again: no key that came in between is lost', async () => {
    const world = await KeyWorld.deployed();
    const token = world.secrets.beginRotation(REFRESH);
    await world.step('createSecret', token, REFRESH);
    const between = rotateRefreshKeyset(world.refresh(), world.deps.factory.refreshKey(world.clock.now()), 86400, world.clock.now());
    await world.secrets.put(REFRESH, nodeCrypto.randomUuid(), JSON.stringify(between), ['AWSCURRENT']);
    for (const step of STEPS) await world.step(step, token, REFRESH);
    for (const step of STEPS) await world.step(step, token, REFRESH);
    expect(world.refresh().keys.slice(1).map(({ kv }) => kv)).toEqual(between.keys.map(({ kv }) => kv));
    expectSettled(world);
  });

  test('two rotations in a row lose no key', async () => {
    const world = await KeyWorld.deployed();
    const [first] = world.refresh().keys;
    await world.rotate(REFRESH);
    await world.rotate(REFRESH);
    expect(world.refresh().keys.map((key) => key.kv)).toContain(first!.kv);
    expect(world.refresh().keys).toHaveLength(3);
  });
});

describe('what a rotation refuses', () => {
  test('a secret whose rotation is switched off', async () => {
    const world = await KeyWorld.deployed();
    const token = world.secrets.beginRotation(SIGNING);
    world.secrets.switchRotation(SIGNING, false);
    for (const step of STEPS) await expect(world.step(step, token)).rejects.toThrow('not enabled');
    expect(world.audit.count('keys_rotation_failed')).toBe(4);
  });

  test('a token that is no version, or one that is not pending', async () => {
    const world = await KeyWorld.deployed();
    await world.rotate();
    const previous = world.secrets.withLabel(SIGNING, 'AWSPREVIOUS')!;
    const token = world.secrets.beginRotation(SIGNING);
    for (const wrong of [nodeCrypto.randomUuid(), previous]) {
      for (const step of STEPS) await expect(world.step(step, wrong)).rejects.toThrow('not pending');
    }
    await world.allSteps(token);
    expectSettled(world);
  });

  test('another secret, another step', async () => {
    const world = await KeyWorld.deployed();
    const token = world.secrets.beginRotation(SIGNING);
    await expect(world.step('createSecret', token, `${SIGNING}x`)).rejects.toThrow('not a secret of this service');
    await expect(world.step('dropSecret', token)).rejects.toThrow('unknown step');
    await expect(world.step('constructor', token)).rejects.toThrow('unknown step');
  });

  test('an empty pending version, in the steps that need a filled one', async () => {
    const world = await KeyWorld.deployed();
    const current = world.secrets.withLabel(SIGNING, 'AWSCURRENT');
    const token = world.secrets.beginRotation(SIGNING);
    for (const step of ['setSecret', 'finishSecret']) await expect(world.step(step, token)).rejects.toThrow('is empty');
    expect(world.secrets.withLabel(SIGNING, 'AWSCURRENT')).toBe(current);
  });
});

test('testSecret alone, on a version that createSecret never filled, passes and changes nothing', async () => {
  const world = await KeyWorld.deployed();
  const token = nodeCrypto.randomUuid();
  world.secrets.addEmptyPending(SIGNING, token);
  const before = world.signing();
  world.dieAfter(1);
  await world.step('testSecret', token);
  expect(world.writes).toBe(0);
  expect(world.signing()).toEqual(before);
});

test('testSecret refuses a keyset whose key does not fit its id', async () => {
  const world = await KeyWorld.deployed();
  const token = world.secrets.beginRotation(SIGNING);
  const { active, next, ...rest } = world.signing();
  const value = { ...rest, version: 2, active: { ...active, privateJwk: next.privateJwk }, next, retired: [] };
  await world.secrets.put(SIGNING, token, JSON.stringify(value), ['AWSPENDING']);
  await expect(world.step('testSecret', token)).rejects.toThrow('failed its test');
});

/** What Secrets Manager does: it tries the same rotation again as long as its version is pending. */
async function settle(world: KeyWorld, token: string): Promise<void> {
  const pending = world.secrets.withLabel(SIGNING, 'AWSPENDING');
  if (pending !== undefined && !world.secrets.labels(SIGNING, pending).includes('AWSCURRENT')) await world.allSteps(token);
}
