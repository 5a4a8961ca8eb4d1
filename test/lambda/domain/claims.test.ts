import { accessTokenClaims, ClaimsInput, isScopeToken, joinScopes, splitScopes } from '../../../lambda/domain/claims';

const NOW = 1_800_000_000_999;

const input: ClaimsInput = {
  issuer: 'https://auth.example.com/v1',
  audience: 'api',
  defaultScopes: ['profile', 'email'],
  ttlSeconds: 900,
  jti: 'jti-1',
  user: { uid: 'uid-1', scopes: ['orders:read', 'email'] },
  session: { sid: 'sid-1', sv: 4, authTime: 1_799_999_000, amr: ['pwd'], expiresAt: NOW + 86_400_000 },
};

test('JT-06 JT-10 the claims are exactly these, and nothing personal', () => {
  expect(accessTokenClaims(input, NOW)).toEqual({
    iss: 'https://auth.example.com/v1',
    aud: 'api',
    sub: 'uid-1',
    sid: 'sid-1',
    jti: 'jti-1',
    sv: 4,
    scope: 'email orders:read profile',
    iat: 1_800_000_000,
    exp: 1_800_000_900,
    auth_time: 1_799_999_000,
    amr: ['pwd'],
  });
});

test('JT-10 a personal field of the user never reaches the claims', () => {
  const user = { ...input.user, email: 'canary@example.com', profile: { name: 'canary' } };
  expect(JSON.stringify(accessTokenClaims({ ...input, user }, NOW))).not.toContain('canary');
});

test('SE-06 a token does not outlive its session', () => {
  const claims = accessTokenClaims({ ...input, session: { ...input.session, expiresAt: NOW + 60_000 } }, NOW);
  expect(claims.exp).toBe(1_800_000_061);
});

test('scopes are joined once each, sorted, and split again', () => {
  expect(joinScopes([], [])).toBe('');
  expect(joinScopes(['b', 'a'], ['a', 'c'])).toBe('a b c');
  expect(splitScopes('a b c')).toEqual(['a', 'b', 'c']);
  expect(splitScopes('')).toEqual([]);
});

test.each([
  ['orders:read', true],
  ['https://example.com/scope', true],
  ['x'.repeat(64), true],
  ['x'.repeat(65), false],
  ['', false],
  ['a b', false],
  ['a"b', false],
  ['a\\b', false],
  ['\u00E9', false],
  ['a\n', false],
])('RFC 6749: %j is a scope: %s', (text, valid) => {
  expect(isScopeToken(text)).toBe(valid);
});
