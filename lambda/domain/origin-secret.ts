import { parseJsonObject } from './encoding';
import { otherMembers } from './other-members';

/** The origin secret's value: what CloudFront sends, what it will send after the next rotation, what it sent before the last. */
export interface OriginKeyset {
  readonly version: 1;
  readonly active: string;
  /** Absent until the first rotation: CloudFormation makes only the active one. */
  readonly next?: string;
  readonly retired?: string;
}

/** The last two beside the keyset say where it came from, and nothing of the next one. */
const MEMBERS = ['version', 'active', 'next', 'retired', 'rotation', 'base'];
const VALUE = /^[A-Za-z0-9]{64}$/;

export function isOriginSecretValue(text: string): boolean {
  return VALUE.test(text);
}

/** Throws an `Error` when it is none; its text never quotes the value. Members that a later release added are carried along. */
export function parseOriginKeyset(json: string): OriginKeyset {
  const value = parseJsonObject(json);
  if (!value) throw malformed('is no JSON object');
  if (value.version !== 1) throw malformed('has an unknown version');
  const active = secretOf(value, 'active');
  if (active === undefined) throw malformed('has no active');
  const next = secretOf(value, 'next');
  const retired = secretOf(value, 'retired');
  return { ...otherMembers(value, MEMBERS), version: 1, active, ...(next === undefined ? {} : { next }), ...(retired === undefined ? {} : { retired }) };
}

/** Every value that is let in. */
export function acceptedValues({ active, next, retired }: OriginKeyset): readonly string[] {
  return [active, next, retired].filter((value) => value !== undefined);
}

/**
 * `next` becomes active: whoever checks has known it for a whole period. A set without one, the first, only gains it.
 */
export function rotateOriginKeyset(keyset: OriginKeyset, newNext: string): OriginKeyset {
  if (keyset.next === undefined) return { ...keyset, next: newNext };
  return { ...keyset, active: keyset.next, next: newNext, retired: keyset.active };
}

function secretOf(from: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = from[name];
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || !isOriginSecretValue(value)) throw malformed(`has a malformed ${name}`);
  return value;
}

function malformed(what: string): Error {
  return new Error(`origin secret: ${what}`);
}
