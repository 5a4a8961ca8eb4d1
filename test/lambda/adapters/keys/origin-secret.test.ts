import { CachedOriginSecret } from '../../../../lambda/adapters/keys';
import { nodeCrypto } from '../../../../lambda/adapters/node-crypto/crypto';
import { UnavailableError } from '../../../../lambda/domain/errors';
import type { OriginKeyset } from '../../../../lambda/domain/origin-secret';
import { Gate } from '../../support/barrier';
import { FixedClock } from '../../support/fixed-clock';

const [A, B, C, D] = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(64)) as [string, string, string, string];
const MINUTE = 60;

/** What Secrets Manager holds and how it is. */
interface Source {
  keyset: OriginKeyset | undefined;
  /** Instead of the keyset. */
  value: string | undefined;
  down: boolean;
  reads: number;
  gate: Gate | undefined;
}

function start(keyset: OriginKeyset = { version: 1, active: B, next: C, retired: A }) {
  const clock = new FixedClock(1_800_000_000_000);
  const compared: [string, string][] = [];
  const source: Source = { keyset, value: undefined, down: false, reads: 0, gate: undefined };
  const secrets = {
    read: async () => {
      source.reads += 1;
      await source.gate?.opened;
      if (source.down) throw new UnavailableError('secrets', new Error('no answer'));
      return source.keyset && { versionId: 'v', value: source.value ?? JSON.stringify(source.keyset) };
    },
  };
  const crypto = {
    equal: (a: string, b: string) => {
      compared.push([a, b]);
      return nodeCrypto.equal(a, b);
    },
  };
  return { clock, source, compared, secret: new CachedOriginSecret(secrets, 'arn:origin', crypto, clock) };
}

const unavailable = { name: 'UnavailableError', dependency: 'origin-secret', status: 503 };

test('accepts what is sent, what will be and what was, from one reading', async () => {
  const { secret, source } = start();
  expect(await Promise.all([A, B, C].map((value) => secret.accepts(value)))).toEqual([true, true, true]);
  expect(source.reads).toBe(1);
});

test('a comparison takes all values, whichever fits', async () => {
  for (const value of [A, B, C, D]) {
    const { secret, compared } = start();
    await secret.ready();
    await secret.accepts(value);
    expect(compared.slice(0, 3).map(([one]) => one)).toEqual([B, C, A]);
  }
});

describe('an unknown value', () => {
  test('causes one reload, and no other until the cooldown is over', async () => {
    const { secret, source, clock } = start();
    await secret.ready();
    for (let n = 0; n < 50; n += 1) expect(await secret.accepts(D)).toBe(false);
    expect(source.reads).toBe(2);
    clock.advance(30);
    expect(await secret.accepts(D)).toBe(false);
    expect(source.reads).toBe(3);
  });

  test('is let in when two rotations in a row have made it known', async () => {
    const { secret, source } = start();
    await secret.ready();
    source.keyset = { version: 1, active: D, next: A, retired: C };
    expect(await secret.accepts(D)).toBe(true);
    expect(await secret.accepts(B)).toBe(false);
  });

  test('is not judged while the secret cannot be read again', async () => {
    const { secret, source } = start();
    await secret.ready();
    source.down = true;
    await expect(secret.accepts(D)).rejects.toMatchObject(unavailable);
    expect(await secret.accepts(B)).toBe(true);
  });

  test('asked for by many at once is one reload', async () => {
    const { secret, source } = start();
    await secret.ready();
    source.gate = new Gate();
    const answers = Promise.all(Array.from({ length: 20 }, () => secret.accepts(D)));
    source.gate.open();
    expect(new Set(await answers)).toEqual(new Set([false]));
    expect(source.reads).toBe(2);
  });
});

describe('RS-02 the secret cannot be read', () => {
  test.each<[string, (source: Source) => void]>([
    ['Secrets Manager is down', (source) => { source.down = true; }],
    ['there is no value', (source) => { source.keyset = undefined; }],
    ['it is no set', (source) => { source.value = `{"version":1,"active":"${A}canary"}`; }],
  ])('%s: neither in nor out, and nothing of it in the error', async (_, change) => {
    const { secret, source } = start();
    change(source);
    const error: unknown = await secret.accepts(B).catch((e: unknown) => e);
    expect(error).toMatchObject(unavailable);
    expect(`${(error as Error).stack}${String((error as Error).cause)}`).not.toMatch(/canary|a{64}/);
  });

  test('a cached set serves for a day, then no longer', async () => {
    const { secret, source, clock } = start();
    await secret.ready();
    source.down = true;
    clock.advance(23 * 60 * MINUTE);
    expect(await secret.accepts(B)).toBe(true);
    clock.advance(60 * MINUTE);
    await expect(secret.accepts(B)).rejects.toMatchObject(unavailable);
  });

  test('a rotation is noticed within five minutes', async () => {
    const { secret, source, clock } = start();
    await secret.ready();
    source.keyset = { version: 1, active: C, next: D, retired: B };
    expect(await secret.accepts(A)).toBe(true);
    clock.advance(5 * MINUTE);
    expect(await secret.accepts(A)).toBe(false);
  });
});
