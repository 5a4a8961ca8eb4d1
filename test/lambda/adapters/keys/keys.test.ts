import { PublishedVerificationKeys, ROTATING_FORM, SecretRefreshKeys, SecretTokenSigner } from '../../../../lambda/adapters/keys';
import { createTokenSigning } from '../../../../lambda/adapters/jose/token-signing';
import { UnavailableError } from '../../../../lambda/domain/errors';
import { parseJws } from '../../../../lambda/domain/jws';
import { SecretReader } from '../../../../lambda/ports/keys';
import { RevocationReader } from '../../../../lambda/ports/revocations';
import { Gate } from '../../support/barrier';
import { KeyWorld, REFRESH, SIGNING } from '../../use-cases/rotate-keys/support/key-world';

/** Counts the reads of secrets and of the published set, and can be down. */
class Sources {
  secretReads = 0;
  setReads = 0;
  secretsDown = false;
  tableDown = false;
  gate: Gate | undefined;

  constructor(readonly world: KeyWorld) {}

  readonly secrets: SecretReader = {
    read: async (secretId, which) => {
      this.secretReads += 1;
      await this.gate?.opened;
      if (this.secretsDown) throw new UnavailableError('secrets');
      return this.world.secrets.read(secretId, which);
    },
  };

  readonly store: Pick<RevocationReader, 'readPublishedKeys'> = {
    readPublishedKeys: async () => {
      this.setReads += 1;
      await this.gate?.opened;
      if (this.tableDown) throw new UnavailableError('revocations');
      return this.world.store.readPublishedKeys();
    },
  };
}

async function setUp() {
  const world = await KeyWorld.deployed();
  const sources = new Sources(world);
  return {
    world,
    sources,
    clock: world.clock,
    refreshKeys: new SecretRefreshKeys(sources.secrets, REFRESH, world.clock),
    signer: new SecretTokenSigner(sources.secrets, SIGNING, ROTATING_FORM, sources.store, createTokenSigning(), world.clock),
    verification: new PublishedVerificationKeys(sources.store, world.clock),
  };
}

const unavailable = (dependency: string) => ({ name: 'UnavailableError', code: 'unavailable', dependency });

describe('RefreshKeys over Secrets Manager', () => {
  test('reads the secret once for many calls', async () => {
    const { refreshKeys, sources, world } = await setUp();
    const [key] = world.refresh().keys;
    expect(await Promise.all([refreshKeys.current(), refreshKeys.find(key!.kv), refreshKeys.current()])).toEqual([key, key, key]);
    expect(sources.secretReads).toBe(1);
  });

  test('reloads when it does not know a key, and finds it', async () => {
    const { refreshKeys, world } = await setUp();
    await refreshKeys.current();
    await world.rotate(REFRESH);
    const [fresh, old] = world.refresh().keys;
    expect(await refreshKeys.find(fresh!.kv)).toEqual(fresh);
    expect(await refreshKeys.find(old!.kv)).toEqual(old);
    expect(await refreshKeys.current()).toEqual(fresh);
  });

  test('reloads for unknown keys at most once in 30 seconds', async () => {
    const { refreshKeys, sources, clock } = await setUp();
    await refreshKeys.current();
    for (let i = 0; i < 100; i += 1) expect(await refreshKeys.find(`nobody${i}`)).toBeUndefined();
    expect(sources.secretReads).toBe(2);
    clock.advance(30);
    await refreshKeys.find('nobody');
    expect(sources.secretReads).toBe(3);
  });

  test('an unknown key while Secrets Manager is down says nothing about the token', async () => {
    const { refreshKeys, sources } = await setUp();
    await refreshKeys.current();
    sources.secretsDown = true;
    await expect(refreshKeys.find('nobody')).rejects.toMatchObject(unavailable('refresh-keys'));
  });

  test('goes on with the cached keys for a day of outage, then refuses (T32)', async () => {
    const { refreshKeys, sources, clock, world } = await setUp();
    const key = await refreshKeys.current();
    sources.secretsDown = true;
    clock.advance(86_399);
    expect(await refreshKeys.current()).toEqual(key);
    expect(await refreshKeys.find(key.kv)).toEqual(key);
    clock.advance(1);
    await expect(refreshKeys.current()).rejects.toMatchObject(unavailable('refresh-keys'));
    await expect(refreshKeys.find(key.kv)).rejects.toMatchObject(unavailable('refresh-keys'));
    sources.secretsDown = false;
    expect(await refreshKeys.current()).toEqual(world.refresh().keys[0]);
  });

  test('asks a source that is down at most once in 30 seconds while the cache serves', async () => {
    const { refreshKeys, sources, clock } = await setUp();
    await refreshKeys.current();
    sources.secretsDown = true;
    clock.advance(600);
    for (let i = 0; i < 50; i += 1) await refreshKeys.current();
    expect(sources.secretReads).toBe(2);
    clock.advance(30);
    await refreshKeys.current();
    expect(sources.secretReads).toBe(3);
  });

  test('cold, with Secrets Manager down or empty', async () => {
    const { refreshKeys, sources } = await setUp();
    sources.secretsDown = true;
    await expect(refreshKeys.current()).rejects.toMatchObject(unavailable('refresh-keys'));
    const empty = new KeyWorld();
    await expect(new SecretRefreshKeys(empty.secrets, REFRESH, empty.clock).current()).rejects.toMatchObject(unavailable('refresh-keys'));
  });

  test('a secret that cannot be read as a keyset is an outage, and its error does not quote it', async () => {
    const { world } = await setUp();
    const secrets = { read: async () => ({ versionId: 'v', value: '{"v":1,"keys":[{"kv":"abcdefgh","key":"canary"}]}' }) };
    const error = await new SecretRefreshKeys(secrets, REFRESH, world.clock).current().catch((e: unknown) => e);
    expect(error).toMatchObject(unavailable('refresh-keys'));
    expect(String((error as Error).cause)).not.toContain('canary');
  });

  test('one load serves all who wait for it (T38)', async () => {
    const { refreshKeys, sources } = await setUp();
    sources.gate = new Gate();
    const waiting = Array.from({ length: 50 }, () => refreshKeys.current());
    sources.gate.open();
    await Promise.all(waiting);
    expect(sources.secretReads).toBe(1);
  });
});

describe('TokenSigner over Secrets Manager', () => {
  test('signs with the active key and reads secret and set once a minute at most', async () => {
    const { signer, sources, world, clock } = await setUp();
    await signer.ready();
    for (let i = 0; i < 59; i += 1) {
      expect(parseJws(await signer.sign({ jti: 'x' })).kid).toBe(world.signing().active.kid);
      clock.advance(1);
    }
    expect([sources.secretReads, sources.setReads]).toEqual([1, 1]);
    clock.advance(1);
    await signer.sign({});
    expect([sources.secretReads, sources.setReads]).toEqual([1, 2]);
  });

  test('reads the secret again when the published set has another version', async () => {
    const { signer, sources, world, clock } = await setUp();
    await signer.ready();
    await world.rotate();
    clock.advance(60);
    await signer.ready();
    expect([sources.secretReads, sources.setReads]).toEqual([2, 2]);
  });

  test('between the two writes of a rotation it reads the secret no more than once a minute', async () => {
    const { signer, sources, world, clock } = await setUp();
    await signer.ready();
    const token = world.secrets.beginRotation(SIGNING);
    await world.step('createSecret', token);
    await world.step('setSecret', token);
    for (let i = 0; i < 120; i += 1) {
      clock.advance(1);
      await signer.sign({});
    }
    expect(sources.secretReads).toBe(3);
  });

  test('tokens are issued for a day of outage of Secrets Manager, then 503 (T32)', async () => {
    const { signer, sources, clock } = await setUp();
    await signer.ready();
    sources.secretsDown = true;
    clock.advance(86_399);
    await signer.sign({});
    clock.advance(1);
    await expect(signer.sign({})).rejects.toMatchObject(unavailable('signing-keys'));
    await expect(signer.ready()).rejects.toMatchObject(unavailable('signing-keys'));
  });

  test('a rotation during an outage of Secrets Manager goes on with keys that are published', async () => {
    const { signer, sources, clock, world } = await setUp();
    await signer.ready();
    const old = world.signing().active.kid;
    await world.rotate();
    sources.secretsDown = true;
    clock.advance(120);
    const { kid } = parseJws(await signer.sign({}));
    expect(kid).toBe(old);
    expect(world.publishedKids()).toContain(kid);
  });

  test('T29 a secret of which nothing is published signs nothing while something is: verifiers would refuse it, and clients drop their sessions', async () => {
    const { signer, world } = await setUp();
    const other = await KeyWorld.deployed();
    const { version } = world.tables.publishedKeys!;
    await world.store.publish({ ...other.tables.publishedKeys!, version: version + 1 });
    await expect(signer.sign({})).rejects.toMatchObject(unavailable('signing-keys'));
  });

  test('cold, with either source down', async () => {
    for (const down of ['secretsDown', 'tableDown'] as const) {
      const { signer, sources } = await setUp();
      sources[down] = true;
      await expect(signer.ready()).rejects.toMatchObject(unavailable('signing-keys'));
      sources[down] = false;
      await signer.ready();
    }
  });
});

describe('VerificationKeys over the published set', () => {
  test('knows all three states of keys, reads once a minute', async () => {
    const { verification, sources, world, clock } = await setUp();
    await world.rotate();
    for (const { kid } of world.tables.publishedKeys!.keys) expect((await verification.find(kid))?.kid).toBe(kid);
    clock.advance(59);
    await verification.find(world.signing().active.kid);
    expect(sources.setReads).toBe(1);
    clock.advance(1);
    await verification.find(world.signing().active.kid);
    expect(sources.setReads).toBe(2);
  });

  test('a thousand unknown kids cause one reload in 30 seconds (T18)', async () => {
    const { verification, sources, clock } = await setUp();
    const odd = ['__proto__', 'constructor', '../../dev/null', "' OR 1=1", 'x'.repeat(10_000)];
    for (let i = 0; i < 1000; i += 1) expect(await verification.find(odd[i % odd.length]! + (i < 5 ? '' : String(i)))).toBeUndefined();
    expect(sources.setReads).toBe(2);
    clock.advance(30);
    await verification.find('unknown');
    await verification.find('unknown');
    expect(sources.setReads).toBe(3);
  });

  test('a kid published a moment ago is found', async () => {
    const { verification, world } = await setUp();
    await verification.find(world.signing().active.kid);
    await world.rotate();
    expect(await verification.find(world.signing().next.kid)).toBeDefined();
  });

  test('a key past its time is none, though it still stands in the set', async () => {
    const { verification, world, clock } = await setUp();
    const { kid } = world.signing().active;
    await world.rotate();
    const { removeAt } = world.signing().retired[0]!;
    clock.advance((removeAt - clock.now()) / 1000 - 1);
    expect(await verification.find(kid)).toBeDefined();
    clock.advance(1);
    expect(await verification.find(kid)).toBeUndefined();
  });

  test('with the table down the last set serves for an hour, and what is not in it is not refused', async () => {
    const { verification, sources, world, clock } = await setUp();
    const { kid } = world.signing().active;
    await verification.find(kid);
    sources.tableDown = true;
    clock.advance(3599);
    expect(await verification.find(kid)).toBeDefined();
    await expect(verification.find('unknown')).rejects.toMatchObject(unavailable('signing-keys'));
    clock.advance(1);
    await expect(verification.find(kid)).rejects.toMatchObject(unavailable('signing-keys'));
    sources.tableDown = false;
    expect(await verification.find(kid)).toBeDefined();
  });

  test('a set that was never published is an outage, not a bad token', async () => {
    const world = new KeyWorld();
    const verification = new PublishedVerificationKeys(world.store, world.clock);
    await expect(verification.find('any')).rejects.toMatchObject(unavailable('signing-keys'));
  });

  test('keeps working while Secrets Manager is down (JT-14)', async () => {
    const { verification, sources, world } = await setUp();
    sources.secretsDown = true;
    expect(await verification.find(world.signing().active.kid)).toBeDefined();
  });

  test('a clock that is set back does not keep a set for longer', async () => {
    const { verification, sources, world, clock } = await setUp();
    const { kid } = world.signing().active;
    await verification.find(kid);
    clock.advance(-3600);
    await verification.find(kid);
    expect(sources.setReads).toBe(2);
  });
});
