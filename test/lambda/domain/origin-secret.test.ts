import { acceptedValues, isOriginSecretValue, parseOriginKeyset, rotateOriginKeyset } from '../../../lambda/domain/origin-secret';

const [A, B, C, D] = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(64)) as [string, string, string, string];

test('the first rotation only adds what will be sent next; then each value is sent for one period and accepted for three', () => {
  const first = parseOriginKeyset(JSON.stringify({ version: 1, active: A }));
  expect(acceptedValues(first)).toEqual([A]);
  const second = rotateOriginKeyset(first, B);
  expect(second).toEqual({ version: 1, active: A, next: B });
  const third = rotateOriginKeyset(second, C);
  expect(third).toEqual({ version: 1, active: B, next: C, retired: A });
  expect(rotateOriginKeyset(third, D)).toEqual({ version: 1, active: C, next: D, retired: B });
  expect(acceptedValues(third)).toEqual([B, C, A]);
});

test('what is about to be sent was accepted before', () => {
  let keyset = parseOriginKeyset(JSON.stringify({ version: 1, active: A }));
  for (const fresh of [B, C, D]) {
    const rotated = rotateOriginKeyset(keyset, fresh);
    expect(acceptedValues(keyset)).toContain(rotated.active);
    expect(acceptedValues(rotated)).toContain(keyset.active);
    keyset = rotated;
  }
});

test('KS-01 members of later releases are carried along, where it came from is not', () => {
  const keyset = parseOriginKeyset(JSON.stringify({ version: 1, active: A, rotation: 'r', base: 'b', hint: {} }));
  expect(keyset).toEqual({ version: 1, active: A, hint: {} });
  expect(rotateOriginKeyset(rotateOriginKeyset(keyset, B), A)).toMatchObject({ hint: {} });
});

test.each([
  ['is no JSON object', 'canary'],
  ['is no JSON object', '["canary"]'],
  ['has an unknown version', { active: A }],
  ['has an unknown version', { version: 2, active: A }],
  ['has no active', { version: 1, next: A }],
  ['has a malformed active', { version: 1, active: 'canary' }],
  ['has a malformed next', { version: 1, active: A, next: `${A.slice(1)}-canary` }],
  ['has a malformed retired', { version: 1, active: A, retired: null }],
])('%s: %j', (message, value) => {
  const parse = () => parseOriginKeyset(typeof value === 'string' ? value : JSON.stringify(value));
  expect(parse).toThrow(message);
  expect(parse).not.toThrow(/canary/);
});

test.each(['', A.slice(1), `${A}a`, `${A.slice(1)}-`, `${A.slice(1)}\n`, `${A}, ${A}`])('%j is no value', (text) => {
  expect(isOriginSecretValue(text)).toBe(false);
});
