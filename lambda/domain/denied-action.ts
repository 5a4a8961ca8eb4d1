const CAUSES = 6;
/** `User: arn:... is not authorized to perform: secretsmanager:PutSecretValue on resource: ...` */
const DENIAL = /not authorized to perform: ([a-z0-9-]+:[A-Za-z]+)/;

/** The action that AWS denied, as its refusal names it; undefined where something else went wrong, or where a refusal names none. */
export function deniedAction(error: unknown): string | undefined {
  let current = error;
  for (let depth = 0; depth < CAUSES && current instanceof Error; depth += 1) {
    const action = DENIAL.exec(current.message)?.[1];
    if (action !== undefined) return action;
    current = current.cause;
  }
  return undefined;
}
