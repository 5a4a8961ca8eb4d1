import * as v from 'valibot';
import { AuthError, FieldError } from '../domain/errors';

const MOST_ERRORS = 10;

/** The value as the schema describes it, or `validation_failed` with a pointer a field and fixed texts: no input is echoed. */
export function validate<const S extends v.GenericSchema>(schema: S, value: unknown): v.InferOutput<S> {
  // Every body is an object; valibot takes an array for one.
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new AuthError('validation_failed', { errors: [{ pointer: '', message: 'must be an object' }], reason: 'schema' });
  }
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  throw new AuthError('validation_failed', { errors: result.issues.slice(0, MOST_ERRORS).map(toFieldError), reason: 'schema' });
}

function toFieldError(issue: v.BaseIssue<unknown>): FieldError {
  return { pointer: pointerOf(issue), message: messageOf(issue) };
}

/** RFC 6901. A name that is no plain identifier is not repeated; its parent is named instead. */
function pointerOf(issue: v.BaseIssue<unknown>): string {
  let pointer = '';
  for (const { key } of issue.path ?? []) {
    const name = String(key);
    if (!/^\w{1,64}$/.test(name)) break;
    pointer += `/${name}`;
  }
  return pointer;
}

/** Fixed texts by kind of issue: valibot's own messages quote what was received. */
function messageOf(issue: v.BaseIssue<unknown>): string {
  switch (issue.type) {
    case 'strict_object':
      return issue.expected === 'never' ? 'is not known here' : 'is required';
    case 'max_length':
    case 'max_entries':
      return 'is too long';
    case 'min_length':
      return 'is too short';
    default:
      return 'has the wrong type or form';
  }
}
