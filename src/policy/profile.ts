import { ProfileAttributeDefinition } from '../contract/environment';
import { Limits } from '../contract/limits';
import { checkFinite, checkInteger, checkLiteral, checkLiteralList, checkPattern, checkUnique, refuse } from './validation';

/** Bounds of a text attribute. */
export interface StringAttributeOptions {
  /**
   * Greatest length in code points, 1 to 256.
   * @default 64
   */
  readonly maxLength?: number;

  /**
   * The closed set of values.
   * @default - any text up to `maxLength`
   */
  readonly allowed?: string[];

  /**
   * Whether registration refuses a user without it.
   * @default false
   */
  readonly required?: boolean;
}

/** Bounds of a numeric attribute. */
export interface NumberAttributeOptions {
  /**
   * Least value.
   * @default - the least whole number that is exact, -9007199254740991
   */
  readonly min?: number;

  /**
   * Greatest value.
   * @default - the greatest whole number that is exact, 9007199254740991
   */
  readonly max?: number;

  /**
   * Whether registration refuses a user without it.
   * @default false
   */
  readonly required?: boolean;
}

/** A yes-or-no attribute. */
export interface FlagAttributeOptions {
  /**
   * Whether registration refuses a user without it.
   * @default false
   */
  readonly required?: boolean;
}

/**
 * An attribute of a user's profile, which the user reads and changes at `/me`. Every attribute is declared and bounded, so that
 * the profile stays within 1 KB: one unit to write.
 */
export class ProfileAttribute {
  /** A text, for example `ProfileAttribute.string('locale', { allowed: ['de', 'en'] })`. */
  public static string(name: string, options: StringAttributeOptions = {}): ProfileAttribute {
    checkLiteral(`profile attribute ${name}: maxLength`, options.maxLength);
    checkLiteralList(`profile attribute ${name}: allowed`, options.allowed);
    checkInteger(`profile attribute ${name}: maxLength`, options.maxLength, 1, 256);
    if (options.allowed?.length === 0) {
      refuse(`profile attribute ${name}: allowed`, 'an empty list', 'a list of at least one value', 'leave it out to allow any text');
    }
    checkUnique(`profile attribute ${name}: allowed`, options.allowed ?? []);
    const longest = Math.max(0, ...(options.allowed ?? []).map((value) => [...value].length));
    const maxLength = options.maxLength ?? Math.max(longest, options.allowed ? 1 : 64);
    if (longest > maxLength) {
      refuse(`profile attribute ${name}: allowed`, `a value of ${longest} code points`, `at most maxLength (${maxLength})`);
    }
    return new ProfileAttribute({ name, type: 'string', maxLength, allowed: options.allowed, required: options.required });
  }

  /** A number, for example `ProfileAttribute.number('seats', { min: 0, max: 1000 })`. */
  public static number(name: string, options: NumberAttributeOptions = {}): ProfileAttribute {
    checkBound(`profile attribute ${name}: min`, options.min);
    checkBound(`profile attribute ${name}: max`, options.max);
    if (options.min !== undefined && options.max !== undefined && options.min > options.max) {
      refuse(`profile attribute ${name}: min`, String(options.min), `at most max (${options.max})`);
    }
    return new ProfileAttribute({ name, type: 'number', min: options.min, max: options.max, required: options.required });
  }

  /** Yes or no, `true` or `false` in JSON, for example `ProfileAttribute.flag('newsletter')`. */
  public static flag(name: string, options: FlagAttributeOptions = {}): ProfileAttribute {
    return new ProfileAttribute({ name, type: 'boolean', required: options.required });
  }

  /** @internal */
  public readonly _definition: ProfileAttributeDefinition;

  private constructor(definition: ProfileAttributeDefinition) {
    checkLiteral('profile attribute name', definition.name);
    checkPattern('profile attribute name', definition.name, /^[a-z][A-Za-z0-9]{0,31}$/, 'lower camel case of 1 to 32 letters and digits');
    if (RESERVED_NAMES.has(definition.name)) {
      refuse('profile attribute name', JSON.stringify(definition.name), 'a name that the service does not use itself', 'choose another one');
    }
    this._definition = definition;
  }
}

/** Members of the answers and requests that carry profile attributes beside them, and names that objects treat specially. */
const RESERVED_NAMES = new Set([
  'uid', 'sub', 'email', 'password', 'status', 'scopes', 'scope', 'sv', 'pv', 'profile', 'createdAt', 'invitation', 'constructor', 'prototype',
  'toString', 'valueOf', 'hasOwnProperty',
]);

/** Beyond these numbers whole ones stop being exact, and no user could set the attribute. */
function checkBound(property: string, value: number | undefined): void {
  checkLiteral(property, value);
  checkFinite(property, value);
  if (value !== undefined && Math.abs(value) > Limits.NUMBER_MAX) {
    refuse(property, String(value), `a number between -${Limits.NUMBER_MAX} and ${Limits.NUMBER_MAX}`);
  }
}

/** Names are unique, and a profile of plain ASCII values fits into what one write unit leaves for it. The functions check each real one. */
export function checkProfile(attributes: ProfileAttribute[]): void {
  checkUnique('profile', attributes.map((attribute) => attribute._definition.name));
  const needed = attributes.reduce((sum, attribute) => sum + greatestSize(attribute._definition), 3);
  if (needed > Limits.PROFILE_VALUES_BYTES) {
    refuse('profile', `a list that needs ${needed} bytes`, `a list that needs at most ${Limits.PROFILE_VALUES_BYTES} bytes with names`,
      'lower maxLength, or keep large values in a table of your own under the user id');
  }
}

/** As DynamoDB counts it: name, value, and one byte of overhead. */
function greatestSize(definition: ProfileAttributeDefinition): number {
  const longest = definition.allowed === undefined
    ? definition.maxLength ?? 0
    : Math.max(...definition.allowed.map((value) => Buffer.byteLength(value)));
  const value = { string: longest, number: 21, boolean: 1 }[definition.type];
  return definition.name.length + value + 1;
}
