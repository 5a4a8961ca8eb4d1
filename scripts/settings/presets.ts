import { Duration, Size } from 'aws-cdk-lib';
import { type AuthPreset } from 'cdk-auth-service';

/** Members by which the entries of a list are told apart. */
const KEYS = ['name', 'route', 'alarm'];

/** What a preset sets, by path. */
export function settingsOf(preset: AuthPreset): Map<string, string> {
  const found = new Map<string, string>();
  collect('', (preset as unknown as { _defaults: object })._defaults, found);
  return found;
}

function collect(path: string, value: unknown, found: Map<string, string>): void {
  if (Array.isArray(value) && value.every((entry) => keyOf(entry) !== undefined)) {
    for (const entry of value as Record<string, unknown>[]) {
      const key = keyOf(entry)!;
      collect(`${path}[${entry[key]}]`, Object.fromEntries(Object.entries(entry).filter(([name]) => name !== key)), found);
    }
  } else if (isStruct(value) && !('rateLimit' in value) && !('readUnitsPerSecond' in value)) {
    for (const [name, member] of Object.entries(value)) collect(path === '' ? name : `${path}.${name}`, member, found);
  } else if (value !== undefined) {
    found.set(path, path.endsWith('logRetention') ? `${String(value)} days` : textOf(value));
  }
}

function keyOf(entry: unknown): string | undefined {
  return KEYS.find((key) => isStruct(entry) && key in entry);
}

function isStruct(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** A value in words: of a class with variants, what the variant holds. */
function textOf(value: unknown): string {
  if (value instanceof Duration) return value.toHumanString();
  if (value instanceof Size) return `${value.toMebibytes()} MB`;
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(textOf).join(', ');
  if (typeof value !== 'object' || value === null) return String(value);
  const members = Object.entries(value).filter(([, member]) => member !== undefined && !(Array.isArray(member) && member.length === 0));
  const text = members.map(([name, member]) => `${name.replace(/^_/, '')} ${textOf(member)}`).join(', ');
  return text === '' ? 'none' : text;
}
