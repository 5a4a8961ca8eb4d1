import fc from 'fast-check';
import { ProfileAttributeDefinition } from '../../../src/contract/environment';
import { Limits } from '../../../src/contract/limits';
import { AuthError, FieldError } from '../../../lambda/domain/errors';
import { changedProfile, newProfile, profileBytes } from '../../../lambda/domain/profile';

const definitions: readonly ProfileAttributeDefinition[] = [
  { name: 'displayName', type: 'string', maxLength: 10, required: true },
  { name: 'locale', type: 'string', allowed: ['en', 'de'] },
  { name: 'age', type: 'number', min: 0, max: 150 },
  { name: 'newsletter', type: 'boolean' },
  { name: 'note', type: 'string' },
];

function errors(run: () => unknown): readonly FieldError[] | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    expect((error as AuthError).code).toBe('validation_failed');
    return (error as AuthError).errors;
  }
}

const refusal = (values: Record<string, unknown>): string[] | undefined =>
  errors(() => newProfile(definitions, { displayName: 'Alice', ...values }))?.map(({ pointer }) => pointer);

test('declared values are taken', () => {
  const values = { displayName: 'Alice', locale: 'de', age: 0, newsletter: false };
  expect(newProfile(definitions, values)).toEqual(values);
});

test.each<readonly [string, unknown]>([
  ['displayName', 5],
  ['displayName', '01234567890'],
  ['displayName', 'a\nb'],
  ['displayName', 'a\u2028b'],
  ['displayName', 'a\u0000b'],
  ['displayName', '\uD800'],
  ['displayName', ['x']],
  ['locale', 'fr'],
  ['locale', ''],
  ['age', -1],
  ['age', 151],
  ['age', '5'],
  ['age', Number.NaN],
  ['age', Number.POSITIVE_INFINITY],
  ['newsletter', 'true'],
  ['newsletter', 1],
  ['note', { a: 1 }],
])('%s = %j is refused', (name, value) => {
  expect(refusal({ [name]: value })).toEqual([`/profile/${name}`]);
});

const UNBOUNDED: readonly ProfileAttributeDefinition[] = [{ name: 'age', type: 'number' }];

test.each([0, -0, 1e-130, -1e-130, 0.1, 2 ** 53 - 1, 1 - 2 ** 53])('RS-06 the store holds %p', (age) => {
  expect(newProfile(UNBOUNDED, { age })).toEqual({ age });
});

test.each([2 ** 53, -(2 ** 53), 1e16, 1e126, -1e126, Number.MAX_VALUE, Number.MIN_VALUE, 9.9e-131, -1e-200, 1e-307])('RS-06 it does not hold %p, which is refused before it gets there', (age) => {
  const message = 'must be a number from -9007199254740991 to 9007199254740991, and no closer to 0 than 1e-130';
  expect(errors(() => newProfile(UNBOUNDED, { age }))).toEqual([{ pointer: '/profile/age', message }]);
});

test('length is counted in code points', () => {
  expect(refusal({ displayName: '\u{1F600}'.repeat(10) })).toBeUndefined();
  expect(refusal({ displayName: '\u{1F600}'.repeat(11) })).toEqual(['/profile/displayName']);
});

test('T25 what is not declared is refused without an echo of its name', () => {
  const found = errors(() => newProfile(definitions, { displayName: 'A', isAdmin: true, ...JSON.parse('{"__proto__":{"admin":true},"constructor":1}') }));
  expect(found).toEqual(Array(3).fill({ pointer: '/profile', message: 'has an attribute that is not declared' }));
  expect(({} as Record<string, unknown>).admin).toBeUndefined();
});

test('a required attribute is required and cannot be removed, but who never had it may change the others', () => {
  expect(errors(() => newProfile(definitions, {}))).toEqual([{ pointer: '/profile/displayName', message: 'is required' }]);
  expect(errors(() => newProfile(definitions, { displayName: null, locale: null }))).toEqual([{ pointer: '/profile/displayName', message: 'is required' }]);
  expect(changedProfile(definitions, {}, { locale: 'en' })).toEqual({ locale: 'en' });
  expect(errors(() => changedProfile(definitions, { displayName: 'A' }, { displayName: null }))).toEqual([{ pointer: '/profile/displayName', message: 'is required' }]);
});

test('a change sets, removes by null and leaves the rest', () => {
  const current = { displayName: 'Alice', locale: 'de', age: 30 };
  expect(changedProfile(definitions, current, { locale: null, age: 31 })).toEqual({ displayName: 'Alice', age: 31 });
  expect(changedProfile(definitions, current, {})).toEqual(current);
  expect(current).toEqual({ displayName: 'Alice', locale: 'de', age: 30 });
});

test('the profile stays within its share of the item, whatever is written', () => {
  const wide: ProfileAttributeDefinition[] = ['a', 'b', 'c'].map((name) => ({ name, type: 'string' }));
  expect(errors(() => newProfile(wide, { a: '\u{1F600}'.repeat(128) }))).toEqual([{ pointer: '/profile', message: `is larger than ${Limits.PROFILE_VALUES_BYTES} bytes` }]);
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.string({ unit: 'binary', maxLength: 300 })), (values) => {
      let stored;
      if (errors(() => (stored = newProfile(wide, values))) === undefined) {
        expect(profileBytes(stored ?? {})).toBeLessThanOrEqual(Limits.PROFILE_VALUES_BYTES);
      }
    }),
  );
});
