/** A mistake of the caller; its message is the answer. */
export class ControlError extends Error {}

export type Kind = 'number' | 'text' | 'flag' | 'text or flag' | 'numbers by name';

export type Members = Readonly<Record<string, Kind>>;

const ACCEPTS: Readonly<Record<Kind, (value: unknown) => boolean>> = {
  'number': (value) => typeof value === 'number' && Number.isFinite(value),
  'text': (value) => typeof value === 'string',
  'flag': (value) => typeof value === 'boolean',
  'text or flag': (value) => typeof value === 'string' || typeof value === 'boolean',
  'numbers by name': (value) => isObject(value) && Object.values(value).every((one) => typeof one === 'number' && Number.isFinite(one)),
};

/** The body of a request. Throws a `ControlError` for what is no object, and for a member that is unknown or of the wrong kind. */
export function bodyMembers(text: string, known: Members): Record<string, unknown> {
  if (text === '') return {};
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new ControlError('the body is not JSON');
  }
  if (!isObject(body)) throw new ControlError('the body must be a JSON object');
  for (const [name, value] of Object.entries(body)) {
    const kind = kindOf('body', name, known);
    if (!ACCEPTS[kind](value)) throw new ControlError(`${name} must be ${kind === 'flag' ? 'true or false' : kind.replace('flag', 'true or false')}, got ${JSON.stringify(value)}`);
  }
  return body;
}

/** The query of a request, numbers as numbers. Throws a `ControlError` like `bodyMembers`, and for a name that is given twice. */
export function queryMembers(text: string, known: Members): Record<string, string | number> {
  const members: Record<string, string | number> = {};
  for (const [name, value] of new URLSearchParams(text)) {
    const kind = kindOf('query', name, known);
    if (Object.hasOwn(members, name)) throw new ControlError(`${name} is given twice`);
    if (kind === 'number' && !/^-?\d+(\.\d+)?$/.test(value)) throw new ControlError(`${name} must be number, got ${JSON.stringify(value)}`);
    members[name] = kind === 'number' ? Number(value) : value;
  }
  return members;
}

function kindOf(where: 'body' | 'query', name: string, known: Members): Kind {
  const names = Object.keys(known);
  if (names.includes(name)) return known[name]!;
  throw new ControlError(`${JSON.stringify(name)} is not known in the ${where}; ${names.length === 0 ? 'it takes nothing' : `known are ${names.join(', ')}`}`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
