import { isRevoked, revocationLifeSeconds, revocationTtl } from '../../../lambda/domain/revocation';

const times = { accessTtlSeconds: 900, longestTimeoutSeconds: 10 };

test('T15 a revocation stands for a token\'s life, the leeway both ways and the longest call', () => {
  expect(revocationLifeSeconds(times)).toBe(970);
  expect(revocationTtl(times, 1_800_000_000_000)).toBe(1_800_000_970);
  expect(revocationTtl(times, 1_800_000_000_001)).toBe(1_800_000_971);
});

test('JT-09 a token is dead by its session or by its version', () => {
  const revocations = { minSv: 3, sids: new Set(['gone']) };
  expect(isRevoked(revocations, { sid: 'here', sv: 3 })).toBe(false);
  expect(isRevoked(revocations, { sid: 'here', sv: 4 })).toBe(false);
  expect(isRevoked(revocations, { sid: 'here', sv: 2 })).toBe(true);
  expect(isRevoked(revocations, { sid: 'gone', sv: 9 })).toBe(true);
});

test('T41 both set together: the stricter wins', () => {
  expect(isRevoked({ minSv: 3, sids: new Set(['gone']) }, { sid: 'gone', sv: 1 })).toBe(true);
  expect(isRevoked({ minSv: 0, sids: new Set() }, { sid: 'any', sv: 0 })).toBe(false);
});
