import { ProfileAttributeDefinition } from '../../src/contract/environment';
import { Limits } from '../../src/contract/limits';
import { codePoints, utf8Bytes } from './encoding';
import { AuthError, FieldError } from './errors';
import { ProfileValues } from './model';

/** A change of the profile: `null` removes an attribute. */
export type ProfileChange = Readonly<Record<string, string | number | boolean | null>>;

const STRING_MAX = 256;

/** Values of a new profile. Throws `AuthError('validation_failed')` with pointers under `/profile`. */
export function newProfile(definitions: readonly ProfileAttributeDefinition[], values: Readonly<Record<string, unknown>>): ProfileValues {
  const missing = definitions.filter(({ name, required }) => required && (!Object.hasOwn(values, name) || values[name] === undefined));
  return merged(definitions, {}, { ...values, ...Object.fromEntries(missing.map(({ name }) => [name, null])) });
}

/**
 * The profile after a change: `null` removes, what is not named stays. A required attribute cannot be removed, but a user from before
 * it was required may change the others. Throws `AuthError('validation_failed')` with pointers under `/profile`.
 */
export function changedProfile(
  definitions: readonly ProfileAttributeDefinition[],
  current: ProfileValues,
  change: Readonly<Record<string, unknown>>,
): ProfileValues {
  return merged(definitions, current, change);
}

/** Size as DynamoDB counts it: names, values, and the overhead of a map. */
export function profileBytes(values: ProfileValues): number {
  return Object.entries(values).reduce((sum, [name, value]) => sum + utf8Bytes(name) + valueBytes(value) + 1, 3);
}

function merged(
  definitions: readonly ProfileAttributeDefinition[],
  current: ProfileValues,
  change: Readonly<Record<string, unknown>>,
): ProfileValues {
  const errors: FieldError[] = [];
  const result = new Map(Object.entries(current));
  const declared = new Map(definitions.map((definition) => [definition.name, definition]));
  for (const [name, value] of Object.entries(change)) {
    const definition = declared.get(name);
    if (!definition) {
      // The name came from the caller: not echoed.
      errors.push({ pointer: '/profile', message: 'has an attribute that is not declared' });
    } else if (value !== null && isAllowed(definition, value)) {
      result.set(name, value);
    } else if (value !== null) {
      errors.push({ pointer: `/profile/${name}`, message: expectation(definition) });
    } else if (definition.required) {
      errors.push({ pointer: `/profile/${name}`, message: 'is required' });
    } else {
      result.delete(name);
    }
  }
  const values: ProfileValues = Object.fromEntries(result);
  if (errors.length === 0 && profileBytes(values) > Limits.PROFILE_VALUES_BYTES) {
    errors.push({ pointer: '/profile', message: `is larger than ${Limits.PROFILE_VALUES_BYTES} bytes` });
  }
  if (errors.length > 0) {
    throw new AuthError('validation_failed', { errors });
  }
  return values;
}

function isAllowed(definition: ProfileAttributeDefinition, value: unknown): value is string | number | boolean {
  switch (definition.type) {
    case 'string':
      return typeof value === 'string' && isAllowedString(definition, value);
    case 'number':
      return typeof value === 'number' && isStorable(value) && value >= leastOf(definition) && value <= greatestOf(definition);
    case 'boolean':
      return typeof value === 'boolean';
  }
}

/** DynamoDB holds nothing between zero and its least magnitude; whole numbers beyond the safe ones would come back as others. */
function isStorable(value: number): boolean {
  return Number.isFinite(value) && (value === 0 || Math.abs(value) >= Limits.NUMBER_LEAST_MAGNITUDE);
}

function leastOf({ min }: ProfileAttributeDefinition): number {
  return Math.max(min ?? -Infinity, -Limits.NUMBER_MAX);
}

function greatestOf({ max }: ProfileAttributeDefinition): number {
  return Math.min(max ?? Infinity, Limits.NUMBER_MAX);
}

function isAllowedString(definition: ProfileAttributeDefinition, value: string): boolean {
  if (definition.allowed) {
    return definition.allowed.includes(value);
  }
  // Control characters and lone surrogates have no use in an attribute and do harm where it is printed.
  return codePoints(value) <= (definition.maxLength ?? STRING_MAX) && !/[\p{Cc}\p{Surrogate}\u2028\u2029]/u.test(value);
}

function expectation(definition: ProfileAttributeDefinition): string {
  switch (definition.type) {
    case 'string':
      return definition.allowed ? 'is not one of the allowed values' : `must be a string of at most ${definition.maxLength ?? STRING_MAX} characters without control characters`;
    case 'number':
      return `must be a number from ${leastOf(definition)} to ${greatestOf(definition)}, and no closer to 0 than ${Limits.NUMBER_LEAST_MAGNITUDE}`;
    case 'boolean':
      return 'must be true or false';
  }
}

function valueBytes(value: string | number | boolean): number {
  // DynamoDB takes at most 21 bytes for a number.
  return typeof value === 'string' ? utf8Bytes(value) : typeof value === 'number' ? 21 : 1;
}
