/**
 * The members of a stored object that this release does not know. A later one put them there, and after a rollback they must still be
 * there for it: whoever writes an object anew takes them along (KS-01).
 */
export function otherMembers(value: object | undefined, known: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(value ?? {}).filter(([name]) => !known.includes(name)));
}
