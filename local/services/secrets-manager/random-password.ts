import { randomInt } from 'node:crypto';
import { isTrue } from '../account';
import { AwsError } from '../errors';

export interface PasswordRules {
  readonly PasswordLength?: number | string;
  readonly ExcludeCharacters?: string;
  readonly ExcludeNumbers?: boolean | string;
  readonly ExcludePunctuation?: boolean | string;
  readonly ExcludeUppercase?: boolean | string;
  readonly ExcludeLowercase?: boolean | string;
  readonly IncludeSpace?: boolean | string;
  readonly RequireEachIncludedType?: boolean | string;
}

export interface GenerateSecretString extends PasswordRules {
  readonly SecretStringTemplate?: string;
  readonly GenerateStringKey?: string;
}

const lower = 'abcdefghijklmnopqrstuvwxyz';
const punctuation = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';

/** GetRandomPassword: 32 characters with one of each included kind, unless told otherwise. */
export function randomPassword(rules: PasswordRules): string {
  const length = Number(rules.PasswordLength ?? 32);
  const excluded = new Set(rules.ExcludeCharacters ?? '');
  const kinds = [
    isTrue(rules.ExcludeLowercase) ? '' : lower,
    isTrue(rules.ExcludeUppercase) ? '' : lower.toUpperCase(),
    isTrue(rules.ExcludeNumbers) ? '' : '0123456789',
    isTrue(rules.ExcludePunctuation) ? '' : punctuation,
    isTrue(rules.IncludeSpace) ? ' ' : '',
  ].map((kind) => [...kind].filter((character) => !excluded.has(character))).filter((kind) => kind.length > 0);
  const all = kinds.flat();
  const each = rules.RequireEachIncludedType === undefined || isTrue(rules.RequireEachIncludedType);
  if (!Number.isInteger(length) || length < 1 || length > 4096 || all.length === 0 || (each && length < kinds.length)) {
    throw new AwsError('InvalidParameterException', 'The password length or the excluded characters leave no password');
  }
  const characters = each ? kinds.map(pick) : [];
  while (characters.length < length) characters.push(pick(all));
  return shuffled(characters).join('');
}

/** `GenerateSecretString` of a template: a password, or a JSON object with the password as one more member. */
export function generatedSecret(rules: GenerateSecretString): string {
  const password = randomPassword(rules);
  if (rules.GenerateStringKey === undefined) return password;
  const template = JSON.parse(rules.SecretStringTemplate ?? '{}') as Record<string, unknown>;
  return JSON.stringify({ ...template, [rules.GenerateStringKey]: password });
}

const pick = (characters: readonly string[]): string => characters[randomInt(characters.length)]!;

function shuffled(characters: readonly string[]): string[] {
  const left = [...characters];
  const result: string[] = [];
  while (left.length > 0) result.push(...left.splice(randomInt(left.length), 1));
  return result;
}
