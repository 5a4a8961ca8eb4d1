import { conditionsHold } from './conditions';
import { Action, listOf, PolicyDocument, Statement } from './model';
import { matchesPattern } from './patterns';

export type Decision = 'allowed' | 'implicit-deny' | 'explicit-deny';

/** Decides by identity policies, and by a permissions boundary when there is one: an explicit Deny wins, then both must allow. */
export function evaluate(policies: readonly PolicyDocument[], boundary: readonly PolicyDocument[] | undefined, request: Action): Decision {
  const own = applicable(policies, request);
  const limit = boundary && applicable(boundary, request);
  if ([...own, ...(limit ?? [])].some((statement) => statement.Effect === 'Deny')) return 'explicit-deny';
  const allowed = own.some(allows) && (limit === undefined || limit.some(allows));
  return allowed ? 'allowed' : 'implicit-deny';
}

const allows = (statement: Statement): boolean => statement.Effect === 'Allow';

const applicable = (policies: readonly PolicyDocument[], request: Action): Statement[] =>
  policies.flatMap((policy) => listOf(policy.Statement)).filter((statement) => applies(statement, request));

function applies(statement: Statement, { action, resource, context }: Action): boolean {
  const onAction = statement.Action === undefined
    ? !listOf(statement.NotAction).some((pattern) => matchesPattern(pattern, action, true))
    : listOf(statement.Action).some((pattern) => matchesPattern(pattern, action, true));
  if (!onAction) return false;
  const onResource = statement.Resource === undefined
    ? !listOf(statement.NotResource).some((pattern) => matchesPattern(pattern, resource))
    : listOf(statement.Resource).some((pattern) => matchesPattern(pattern, resource));
  return onResource && conditionsHold(statement, context);
}
