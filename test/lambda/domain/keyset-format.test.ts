import { parsePublishedKeySet, parseRefreshKeyset, parseSigningKeyset } from '../../../lambda/domain/keyset-format';
import { RefreshKey } from '../../../lambda/domain/model';
import { firstRefreshKeyset, rotateRefreshKeyset } from '../../../lambda/domain/refresh-keyset';

const NOW = 1_800_000_000_000;
const DAY = 86_400_000;

const signing = {
  v: 1,
  version: 4,
  active: { kid: 'a', alg: 'ES256', privateJwk: { d: 'private' }, createdAt: 1 },
  next: { kid: 'n', alg: 'EdDSA', privateJwk: { d: 'private' }, createdAt: 2 },
  retired: [{ kid: 'r', alg: 'RS256', publicJwk: { n: 'n' }, createdAt: 0, retiredAt: 1, removeAt: 9 }],
};
const refresh = {
  v: 1,
  keys: [
    { kv: 'aaaaaaa1', key: 'k'.repeat(43), createdAt: 5 },
    { kv: 'aaaaaaa0', key: 'j'.repeat(43), createdAt: 1, retiredAt: 5 },
  ],
};
const published = {
  version: 4,
  updatedAt: 7,
  keys: [
    { kid: 'a', alg: 'ES256', jwk: { x: 'x' }, publishedAt: 1, state: 'active' },
    { kid: 'r', alg: 'RS256', jwk: { n: 'n' }, publishedAt: 0, state: 'retired', removeAt: 9 },
  ],
};

describe('signing keyset', () => {
  test('KS-01 is read with the members of a later release, without where it came from', () => {
    expect(parseSigningKeyset(JSON.stringify(signing))).toEqual(signing);
    const newer = { ...signing, ep: 1, active: { ...signing.active, usage: 'y' }, retired: [{ ...signing.retired[0], why: { z: 1 } }] };
    expect(parseSigningKeyset(JSON.stringify({ ...newer, rotation: 'token', base: 'version' }))).toEqual(newer);
  });

  test.each<readonly [string, unknown]>([
    ['an unknown version', { ...signing, v: 2 }],
    ['no version', { ...signing, v: undefined }],
    ['a version as text', { ...signing, v: '1' }],
    ['no active key', { ...signing, active: undefined }],
    ['no next key', { ...signing, next: null }],
    ['no retired list', { ...signing, retired: undefined }],
    ['a retired key that is none', { ...signing, retired: ['r'] }],
    ['a kid twice', { ...signing, next: signing.active }],
    ['an unknown algorithm', { ...signing, active: { ...signing.active, alg: 'HS256' } }],
    ['a JWK with a member that is no text', { ...signing, active: { ...signing.active, privateJwk: { d: 1 } } }],
    ['a key without private part', { ...signing, active: { ...signing.active, privateJwk: undefined } }],
    ['a kid with other characters', { ...signing, active: { ...signing.active, kid: '../x' } }],
    ['a time as text', { ...signing, active: { ...signing.active, createdAt: '1' } }],
    ['a version that is no whole number', { ...signing, version: 1.5 }],
    ['an array', [signing]],
  ])('T28 with %s is an error that quotes nothing', (_, value) => {
    expect(() => parseSigningKeyset(JSON.stringify(value))).toThrow(/^signing keyset: (?!.*private")/);
    expect(() => parseSigningKeyset(JSON.stringify(value))).not.toThrow(/private.*:/);
  });

  test('T28 what is no JSON is an error that quotes nothing', () => {
    expect(() => parseSigningKeyset('{"d":"private')).toThrow(/^signing keyset: is no JSON object$/);
    expect(() => parseSigningKeyset('')).toThrow('is no JSON object');
  });
});

describe('refresh keyset', () => {
  const made = (kv: string, createdAt: number): RefreshKey => ({ kv, key: 'k'.repeat(43), createdAt });

  test('KS-01 is read with the members of a later release, without where it came from', () => {
    const newer = { ...refresh, ep: 2, extra: 1, keys: refresh.keys.map((key) => ({ ...key, more: [] })) };
    expect(parseRefreshKeyset(JSON.stringify({ ...newer, rotation: 'token', base: 'version' }))).toEqual(newer);
  });

  test('KS-01 a rotation takes them along', () => {
    const newer = { v: 1 as const, ep: 2, extra: 1, keys: [{ kv: 'aaaaaaa0', key: 'k'.repeat(43), createdAt: NOW, more: 'x' }] };
    expect(rotateRefreshKeyset(newer, made('aaaaaaa1', NOW), 60, NOW)).toEqual({ ...newer, keys: [made('aaaaaaa1', NOW), { ...newer.keys[0], retiredAt: NOW }] });
  });

  test.each<readonly [string, unknown]>([
    ['an unknown version', { ...refresh, v: 3 }],
    ['no keys', { ...refresh, keys: [] }],
    ['no current key', { ...refresh, keys: [refresh.keys[1]] }],
    ['a kv twice', { ...refresh, keys: [refresh.keys[0], refresh.keys[0]] }],
    ['a malformed kv', { ...refresh, keys: [{ ...refresh.keys[0], kv: 'AAAAAAAA' }] }],
    ['a short key', { ...refresh, keys: [{ ...refresh.keys[0], key: 'k' }] }],
    ['a retirement as text', { ...refresh, keys: [refresh.keys[0], { ...refresh.keys[1], retiredAt: '5' }] }],
  ])('T28 with %s is an error that quotes nothing', (_, value) => {
    expect(() => parseRefreshKeyset(JSON.stringify(value))).toThrow(/^refresh keyset: (?!.*kkk)/);
  });

  test('a retired key stays for a session\'s whole life and the time a container may miss the rotation', () => {
    const first = firstRefreshKeyset(made('aaaaaaa0', NOW));
    const second = rotateRefreshKeyset(first, made('aaaaaaa1', NOW + 30 * DAY), (30 * DAY) / 1000, NOW + 30 * DAY);
    expect(second.keys.map(({ kv, retiredAt }) => [kv, retiredAt])).toEqual([['aaaaaaa1', undefined], ['aaaaaaa0', NOW + 30 * DAY]]);
    const kept = rotateRefreshKeyset(second, made('aaaaaaa2', 0), (30 * DAY) / 1000, NOW + 61 * DAY);
    expect(kept.keys.map(({ kv }) => kv)).toEqual(['aaaaaaa2', 'aaaaaaa1', 'aaaaaaa0']);
    const dropped = rotateRefreshKeyset(second, made('aaaaaaa2', 0), (30 * DAY) / 1000, NOW + 61 * DAY + 31_000);
    expect(dropped.keys.map(({ kv }) => kv)).toEqual(['aaaaaaa2', 'aaaaaaa1']);
    expect(parseRefreshKeyset(JSON.stringify(kept))).toEqual(kept);
  });
});

describe('published key set', () => {
  test('KS-01 is read with the members of a later release', () => {
    const newer = { ...published, ep: 1, keys: published.keys.map((key) => ({ ...key, home: 'eu-west-1' })) };
    expect(parsePublishedKeySet(newer)).toEqual(newer);
  });

  test.each<readonly [string, unknown]>([
    ['nothing', undefined],
    ['a text', 'x'],
    ['no keys', { ...published, keys: undefined }],
    ['an unknown state', { ...published, keys: [{ ...published.keys[0], state: 'gone' }] }],
    ['a text as time', { ...published, keys: [{ ...published.keys[0], publishedAt: '1' }] }],
  ])('T28 with %s is an error', (_, value) => {
    expect(() => parsePublishedKeySet(value)).toThrow(/^published key set: /);
  });
});
