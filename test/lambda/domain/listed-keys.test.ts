import { listedKeys, listedSet, signingOrder, withdrawnFrom, withFormerKeys } from '../../../lambda/domain/listed-keys';
import { ListedKey, PublishedKeySet } from '../../../lambda/domain/model';

const NOW = Date.UTC(2026, 10, 1);
const TTL = 900;
const GONE = NOW + (TTL + 30 + 86_400) * 1000;
const key = (kid: string, x = kid): ListedKey => ({ kid, alg: 'ES256', jwk: { kty: 'EC', crv: 'P-256', x, y: 'y' }, keyArn: `arn:aws:kms:eu-west-1:123456789012:key/${kid}` });
const publish = (keys: ListedKey[], previous?: PublishedKeySet, now = NOW) => listedSet(keys, 'kms', previous, { accessTtlSeconds: TTL, now });
const states = (set: PublishedKeySet | undefined) => set?.keys.map(({ kid, state }) => `${state} ${kid}`);

describe('the published set of a list', () => {
  const first = publish([key('a')])!;

  test('names the newest first, each with the time of its first publication', () => {
    const second = publish([key('a'), key('b')], first, NOW + 5000)!;
    expect(states(second)).toEqual(['active b', 'active a']);
    expect(second.keys.map(({ publishedAt }) => publishedAt)).toEqual([NOW + 5000, NOW]);
    expect([first.version, second.version]).toEqual([1, 2]);
  });

  test('is undefined when it is published already', () => {
    expect(publish([key('a')], first, NOW + 5000)).toBeUndefined();
  });

  test('keeps what was taken off until its tokens have expired, and knows it again when it comes back', () => {
    const shrunk = publish([key('b')], publish([key('a'), key('b')])!)!;
    expect(shrunk.keys).toEqual([expect.objectContaining({ kid: 'b', state: 'active' }), expect.objectContaining({ kid: 'a', state: 'retired', removeAt: GONE })]);
    expect(states(publish([key('b'), key('c')], shrunk, GONE - 1))).toEqual(['active c', 'active b', 'retired a']);
    expect(states(publish([key('b'), key('c')], shrunk, GONE))).toEqual(['active c', 'active b']);
    const back = publish([key('a'), key('b')], shrunk, NOW + 1000)!;
    expect(states(back)).toEqual(['active b', 'active a']);
    expect(back.keys[1]).not.toHaveProperty('removeAt');
    expect(back.keys[1]!.publishedAt).toBe(NOW);
  });

  test('keeps the keys of the keeper before', () => {
    const rotating: PublishedKeySet = { version: 7, updatedAt: NOW, keys: ['x', 'y'].map((kid) => ({ ...key(kid), keyArn: undefined, publishedAt: 0, state: 'active' })) };
    expect(states(publish([key('a')], rotating))).toEqual(['active a', 'retired x', 'retired y']);
    expect(publish([key('a')], rotating)!.version).toBe(8);
    const back = withFormerKeys({ version: 9, updatedAt: NOW, keys: rotating.keys }, publish([key('a')], rotating), { accessTtlSeconds: TTL, now: NOW });
    expect(states(back)).toEqual(['active x', 'active y', 'retired a']);
  });

  test('never holds again what an emergency took out, whatever list names it', () => {
    const without = withdrawnFrom(publish([key('a'), key('b')])!, 'b', NOW);
    expect(states(without)).toEqual(['active a']);
    const next = publish([key('a'), key('b'), key('c')], without)!;
    expect(states(next)).toEqual(['active c', 'active a']);
    expect(next.withdrawn).toEqual(['b']);
    expect(() => publish([key('b')], without)).toThrow('every key of the list was retired in an emergency: add another one');
  });

  test('a kid never stands for another key', () => {
    expect(() => publish([key('a', 'another')], first)).toThrow('the kid a was published for another key: a key that changes needs a kid of its own');
  });
});

describe('who signs', () => {
  const at = (kid: string, publishedAt: number) => ({ ...key(kid), publishedAt, state: 'active' as const, keeper: 'kms' as const });

  test('the newest that was published a cache age ago, then older ones', () => {
    const keys = [at('c', NOW - 59_999), at('b', NOW - 60_000), at('a', 0)];
    expect(signingOrder(keys, NOW).map(({ kid }) => kid)).toEqual(['b', 'a']);
    expect(signingOrder(keys, NOW + 1).map(({ kid }) => kid)).toEqual(['c', 'b', 'a']);
  });

  test('while none was, the one published first; of those published at once the oldest', () => {
    expect(signingOrder([at('c', NOW - 5), at('b', NOW - 9), at('a', NOW - 9)], NOW).map(({ kid }) => kid)).toEqual(['a']);
    expect(signingOrder([], NOW)).toEqual([]);
  });

  test('only keys of the keeper that the service has now, and none that was taken off', () => {
    const set: PublishedKeySet = { version: 1, updatedAt: 0, keys: [at('a', 0), { ...at('b', 0), state: 'retired', removeAt: GONE }, { ...at('c', 0), keeper: undefined }, { ...at('d', 0), keeper: 'existing-secret' }] };
    expect(listedKeys(set, 'kms').map(({ kid }) => kid)).toEqual(['a']);
  });
});
