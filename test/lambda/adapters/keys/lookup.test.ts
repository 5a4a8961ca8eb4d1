import { hkdfSync, createHmac } from 'node:crypto';
import { SecretLookup } from '../../../../lambda/adapters/keys/lookup';
import { UnavailableError } from '../../../../lambda/domain/errors';
import { firstLookupSecret, parseLookupSecret } from '../../../../lambda/domain/lookup-secret';
import { SecretReader } from '../../../../lambda/ports/keys';
import { FixedClock } from '../../support/fixed-clock';

const KEY = Buffer.alloc(32, 7).toString('base64url');
const NOW = Date.UTC(2026, 10, 1);

function setUp(value = JSON.stringify(firstLookupSecret(KEY, NOW, false))) {
  const source: { reads: number; down: boolean; value?: string } = { reads: 0, down: false, value };
  const secrets: SecretReader = {
    read: async () => {
      source.reads += 1;
      if (source.down) throw new UnavailableError('secrets');
      return source.value === undefined ? undefined : { versionId: 'v', value: source.value };
    },
  };
  const clock = new FixedClock(NOW);
  return { source, clock, lookup: new SecretLookup(secrets, 'arn:lookup', clock) };
}

const unavailable = { name: 'UnavailableError', code: 'unavailable', dependency: 'lookup-secret' };

describe('the lookup secret', () => {
  test('AA-06 a digest is HMAC-SHA-256 under the sub-key of its label (HKDF), over the length-prefixed fields', async () => {
    const { lookup } = setUp();
    const subKey = Buffer.from(hkdfSync('sha256', Buffer.alloc(32, 7), '', 'cdk-auth-service lookup v1 attempts', 32));
    const input = Buffer.from([0, 0, 0, 7, ...Buffer.from('account'), 0, 0, 0, 1, ...Buffer.from('a')]);
    expect(await lookup.digest('attempts', ['account', 'a'])).toBe(createHmac('sha256', subKey).update(input).digest('base64url'));
  });

  test('no two lists of fields have the same digest, and no two secrets', async () => {
    const { lookup } = setUp();
    const other = setUp(JSON.stringify(firstLookupSecret(Buffer.alloc(32, 8).toString('base64url'), NOW, false))).lookup;
    const digests = [
      await lookup.digest('attempts', ['ab', 'c']), await lookup.digest('attempts', ['a', 'bc']), await lookup.digest('attempts', ['abc']),
      await other.digest('attempts', ['ab', 'c']),
    ];
    expect(new Set(digests).size).toBe(4);
  });

  test('is read once for many calls', async () => {
    const { lookup, source } = setUp();
    await Promise.all([lookup.ready(), lookup.digest('attempts', ['a']), lookup.unkeyedBefore(), lookup.digest('attempts', ['b'])]);
    expect(source.reads).toBe(1);
  });

  test('T32 serves from the cache for a day of outage; a container that never read it answers 503', async () => {
    const { lookup, source, clock } = setUp();
    const before = await lookup.digest('attempts', ['a']);
    source.down = true;
    clock.advance(86_399);
    expect(await lookup.digest('attempts', ['a'])).toBe(before);
    clock.advance(1);
    await expect(lookup.digest('attempts', ['a'])).rejects.toMatchObject(unavailable);
    const cold = setUp();
    cold.source.down = true;
    await expect(cold.lookup.digest('attempts', ['a'])).rejects.toMatchObject(unavailable);
    delete cold.source.value;
    cold.source.down = false;
    await expect(cold.lookup.ready()).rejects.toMatchObject(unavailable);
  });

  test('says whether the service ran before it had one', async () => {
    expect(await setUp().lookup.unkeyedBefore()).toBe(false);
    expect(await setUp(JSON.stringify(firstLookupSecret(KEY, NOW, true))).lookup.unkeyedBefore()).toBe(true);
  });

  test.each(['', 'null', '[]', '{}', '{"v":2,"key":"canary","createdAt":1}', '{"v":1,"key":"canary","createdAt":1}', `{"v":1,"key":"${KEY}"}`])(
    '%j is none: an outage, whose error does not quote it', async (value) => {
      const error = await setUp(value).lookup.ready().catch((e: unknown) => e);
      expect(error).toMatchObject(unavailable);
      expect(String((error as Error).cause)).not.toContain('canary');
    });

  test('KS-01 what a later release adds is passed over', () => {
    const secret = firstLookupSecret(KEY, NOW, true);
    expect(parseLookupSecret(JSON.stringify({ ...secret, later: { more: true } }))).toEqual(secret);
  });
});
