import { Duration, Token } from 'aws-cdk-lib';

/**
 * Refuses a property: what it must be, what was got, what to do. Thrown before any resource exists.
 */
export function refuse(property: string, got: string, allowed: string, remedy?: string): never {
  throw new Error(`${property} must be ${allowed}, got ${got}${remedy === undefined ? '' : `: ${remedy}`}`);
}

/** A value for a message: what is not set, and what is of another kind than was asked for. */
export function described(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}

/** A duration of whole seconds, or of another unit, within bounds; tokens pass, since their value is known only to CloudFormation. */
export function checkDuration(
  property: string, value: Duration | undefined, min: Duration, max: Duration, remedy?: string, unit: Duration = Duration.seconds(1),
): void {
  if (value === undefined) {
    return;
  }
  if (!isDuration(value)) {
    refuse(property, described(value), 'a Duration', 'such as Duration.minutes(15)');
  }
  if (value.isUnresolved()) {
    checkSeconds(property, value);
    return;
  }
  const milliseconds = value.toMilliseconds();
  if (milliseconds % unit.toMilliseconds() !== 0 || milliseconds < min.toMilliseconds() || milliseconds > max.toMilliseconds()) {
    const units = unit.toHumanString().replace(/^1 (\w+)$/, '$1s');
    refuse(property, value.toHumanString(), `between ${min.toHumanString()} and ${max.toHumanString()} in whole ${units}`, remedy);
  }
}

/** A number that only CloudFormation knows cannot be converted to the seconds that the functions are told. */
function checkSeconds(property: string, value: Duration): void {
  try {
    value.toSeconds();
  } catch {
    refuse(property, 'a number known only at deployment in another unit', 'in seconds', 'write Duration.seconds()');
  }
}

/** By its methods: an app may have two copies of the CDK. */
function isDuration(value: unknown): value is Duration {
  return typeof (value as Duration | null)?.toMilliseconds === 'function';
}

/** A whole number within bounds; tokens pass. */
export function checkInteger(property: string, value: number | undefined, min: number, max: number, remedy?: string): void {
  if (value === undefined || Token.isUnresolved(value)) {
    return;
  }
  if (!Number.isInteger(value) || value < min || value > max) {
    refuse(property, String(value), `a whole number between ${min} and ${max}`, remedy);
  }
}

/** A finite number above zero; tokens pass. */
export function checkPositive(property: string, value: number | undefined, remedy?: string): void {
  if (value === undefined || Token.isUnresolved(value)) {
    return;
  }
  if (!Number.isFinite(value) || value <= 0) {
    refuse(property, String(value), 'a number above 0', remedy);
  }
}

/** A finite number: JSON has no other. */
export function checkFinite(property: string, value: number | undefined): void {
  if (value !== undefined && !Number.isFinite(value)) {
    refuse(property, String(value), 'a finite number');
  }
}

/** A string of a shape; tokens pass. */
export function checkPattern(property: string, value: string | undefined, pattern: RegExp, allowed: string, remedy?: string): void {
  if (value === undefined || Token.isUnresolved(value)) {
    return;
  }
  if (typeof value !== 'string' || !pattern.test(value)) {
    refuse(property, described(value), allowed, remedy);
  }
}

/** A list that is worked on at synthesis. One that only CloudFormation knows looks like a list of one strange text, and would pass for it. */
export function checkLiteralList(property: string, list: string[] | undefined): void {
  if (Token.isUnresolved(list)) {
    refuse(property, 'a list known only at deployment', 'a list that is written out', 'read it from context, or from a file of the app');
  }
  if (list !== undefined && !Array.isArray(list)) {
    refuse(property, described(list), 'a list');
  }
}

/** A value that is worked on at synthesis. */
export function checkLiteral(property: string, value: unknown): void {
  if (Token.isUnresolved(value) || (value instanceof Duration && value.isUnresolved())) {
    refuse(property, 'a value known only at deployment', 'a literal value', 'it is needed at synthesis');
  }
}

/** Refuses the first repeated value of a list. */
export function checkUnique(property: string, values: string[], remedy?: string): void {
  const repeated = values.find((value, index) => values.indexOf(value) !== index);
  if (repeated !== undefined) {
    refuse(property, `a list with ${JSON.stringify(repeated)} twice`, 'a list of different values', remedy);
  }
}
