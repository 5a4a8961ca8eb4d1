import { nodeCrypto } from '../../../../lambda/adapters/node-crypto/crypto';
import { acceptedValues, isOriginSecretValue, OriginKeyset } from '../../../../lambda/domain/origin-secret';
import { rotateKeys, rotateNow } from '../../../../lambda/use-cases/rotate-keys';
import { seededPause } from '../../support/barrier';
import { Crash, FIRST_ORIGIN_VALUE, KeyWorld, ORIGIN, STEPS } from './support/key-world';

/** No rotation is under way, and CloudFront sends what is active. */
function expectSettled(world: KeyWorld): void {
  expect(world.secrets.withLabel(ORIGIN, 'AWSPENDING')).toBeUndefined();
  expect(world.distribution.value).toBe(world.origin().active);
  expect(acceptedValues(world.origin()).every(isOriginSecretValue)).toBe(true);
}

/** Whatever edge locations may send, functions let in: those that know the current set, and those that cache the one before. */
function expectNobodyLockedOut(world: KeyWorld, cached: OriginKeyset): void {
  const sending = world.distribution.sent.slice(-2);
  for (const keyset of [cached, world.origin()]) expect(acceptedValues(keyset)).toEqual(expect.arrayContaining(sending));
}

/** A service whose first rotation is behind it. */
async function settled(pause?: () => Promise<void>): Promise<KeyWorld> {
  const world = await KeyWorld.deployed(pause);
  await world.rotate(ORIGIN);
  return world;
}

/** The one rotation from `before` was done. */
function expectRotatedOnce(world: KeyWorld, before: OriginKeyset): void {
  expectSettled(world);
  expect(world.origin()).toMatchObject({ version: 1, active: before.next, retired: before.active });
  expect(acceptedValues(before)).not.toContain(world.origin().next);
}

describe('rotation of the origin secret (T28)', () => {
  test('the first only adds what will be sent next; CloudFront is left alone', async () => {
    const world = await KeyWorld.deployed();
    await world.rotate(ORIGIN);
    expectSettled(world);
    expect(world.origin()).toMatchObject({ version: 1, active: FIRST_ORIGIN_VALUE, next: expect.stringMatching(/^[A-Za-z0-9]{64}$/) });
    expect(world.origin().retired).toBeUndefined();
    expect(world.distribution.sent).toEqual([FIRST_ORIGIN_VALUE]);
    expect(world.audit.last).toMatchObject({ event: 'keys_rotated', reason: 'origin_secret' });
  });

  test('T28 CloudFront sends the next value before it becomes active; nobody is locked out at any step', async () => {
    const world = await settled();
    for (let round = 0; round < 4; round += 1) {
      const before = world.origin();
      const token = world.secrets.beginRotation(ORIGIN);
      for (const step of STEPS) {
        await world.step(step, token, ORIGIN);
        expect(world.distribution.value).toBe(step === 'createSecret' ? before.active : before.next);
        expectNobodyLockedOut(world, before);
      }
      expectRotatedOnce(world, before);
    }
  });

  test('each step twice', async () => {
    const world = await settled();
    const before = world.origin();
    const token = world.secrets.beginRotation(ORIGIN);
    for (const step of STEPS) {
      await world.step(step, token, ORIGIN);
      await world.step(step, token, ORIGIN);
    }
    expectRotatedOnce(world, before);
  });

  test('T28 a crash after each write locks nobody out, and heals when the rotation is tried again', async () => {
    let died = 0;
    for (let write = 0; ; write += 1) {
      const world = await settled();
      const before = world.origin();
      const token = world.secrets.beginRotation(ORIGIN);
      world.dieAfter(write);
      const error = await world.allSteps(token, ORIGIN).then(() => undefined, (e: unknown) => e);
      if (error === undefined) break;
      expect(error).toBeInstanceOf(Crash);
      expectNobodyLockedOut(world, before);
      died += 1;
      world.revive();
      await world.allSteps(token, ORIGIN);
      expectRotatedOnce(world, before);
    }
    // The pending version, CloudFront in two steps, AWSCURRENT, AWSPENDING taken off; and before the first of them.
    expect(died).toBe(6);
  });

  test('concurrent invocations of every step, in many interleavings', async () => {
    for (let seed = 1; seed <= 40; seed += 1) {
      const world = await settled(seededPause(seed));
      const before = world.origin();
      const token = world.secrets.beginRotation(ORIGIN);
      for (const step of STEPS) {
        const results = await Promise.allSettled([world.step(step, token, ORIGIN), world.step(step, token, ORIGIN), world.step(step, token, ORIGIN)]);
        expect(results.map((result) => result.status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled']);
        expectNobodyLockedOut(world, before);
      }
      expectRotatedOnce(world, before);
    }
  });

  test('two rotations in a row put an end to a value that leaked, and to no other', async () => {
    const world = await settled();
    const { active: leaked, next } = world.origin();
    await world.rotate(ORIGIN);
    expect(acceptedValues(world.origin())).toContain(leaked);
    await world.rotate(ORIGIN);
    expect(acceptedValues(world.origin())).not.toContain(leaked);
    expect(world.origin().retired).toBe(next);
  });

  test('a deployment that put an older value back at the wrong moment: the active one first, and the rotation when it has spread', async () => {
    const world = await settled();
    const stale = world.origin().active;
    await world.rotate(ORIGIN);
    world.distribution.sent.push(stale);
    const before = world.origin();
    const token = world.secrets.beginRotation(ORIGIN);
    await world.step('createSecret', token, ORIGIN);
    await expect(world.step('setSecret', token, ORIGIN)).rejects.toThrow('older value');
    expect(world.origin()).toEqual(before);
    expectNobodyLockedOut(world, before);
    await world.allSteps(token, ORIGIN);
    expectRotatedOnce(world, before);
  });

  test('neither published nor current while CloudFront gives no answer', async () => {
    const world = await settled();
    const before = world.origin();
    const token = world.secrets.beginRotation(ORIGIN);
    const send = jest.spyOn(world.distribution, 'send').mockRejectedValue(new Error('no answer'));
    await world.step('createSecret', token, ORIGIN);
    for (const step of ['setSecret', 'finishSecret'] as const) await expect(world.step(step, token, ORIGIN)).rejects.toThrow('no answer');
    expect(world.origin()).toEqual(before);
    expect(world.audit.last).toMatchObject({ event: 'keys_rotation_failed', reason: 'finishSecret' });
    send.mockRestore();
    await world.allSteps(token, ORIGIN);
    expectRotatedOnce(world, before);
  });

  test('no value in an event or an error', async () => {
    const world = await settled();
    const written: string[] = [];
    world.distribution.sent.push('f'.repeat(64));
    const token = world.secrets.beginRotation(ORIGIN);
    for (const step of [...STEPS, 'nonsense']) await world.step(step, token, ORIGIN).catch((error: Error) => written.push(error.stack ?? '', String(error.cause)));
    expect(written.length).toBeGreaterThan(0);
    const log = JSON.stringify(world.audit.events) + written.join('\n');
    for (const value of [...acceptedValues(world.origin()), ...world.distribution.sent]) expect(log).not.toContain(value);
  });
});

describe('testSecret', () => {
  test('alone, on a version that createSecret never filled, passes and changes nothing', async () => {
    const world = await settled();
    const token = nodeCrypto.randomUuid();
    world.secrets.addEmptyPending(ORIGIN, token);
    const [before, sent] = [world.origin(), [...world.distribution.sent]];
    world.dieAfter(1);
    await world.step('testSecret', token, ORIGIN);
    expect([world.writes, world.origin(), world.distribution.sent]).toEqual([0, before, sent]);
  });

  test('fails when CloudFront sends what the set would not let in', async () => {
    const world = await settled();
    const token = world.secrets.beginRotation(ORIGIN);
    await world.step('createSecret', token, ORIGIN);
    world.distribution.sent.push('f'.repeat(64));
    await expect(world.step('testSecret', token, ORIGIN)).rejects.toThrow('failed its test');
  });
});

test('a service without CloudFront has no such secret', async () => {
  const { deps, secrets } = await settled();
  const { originHeader: _, ...others } = deps;
  const { originSecret: __, ...settings } = deps.settings;
  const without = { ...others, settings };
  const token = secrets.beginRotation(ORIGIN);
  await expect(rotateKeys(without, { step: 'createSecret', secretId: ORIGIN, token })).rejects.toThrow('not a secret of this service');
  await expect(rotateNow(without, 'origin')).rejects.toMatchObject({ code: 'not_found', reason: 'no_such_secret' });
  expect(await rotateNow(deps, 'origin')).toBe('resumed');
});
