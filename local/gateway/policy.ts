import { matchesPattern } from '../lambda/arn';
import { isRecord } from '../template/types';

interface Statement {
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

/** What an authorizer answered, checked: the policy that API Gateway caches and evaluates for each request. */
export interface AuthorizerPolicy {
  readonly principalId: string;
  readonly statements: readonly Statement[];
  readonly context: Readonly<Record<string, string | number | boolean>>;
}

export type PolicyDecision = 'allow' | 'explicit deny' | 'implicit deny';

/** Undefined when it is not what API Gateway accepts: then the answer is AUTHORIZER_CONFIGURATION_ERROR. */
export function parseAuthorizerPolicy(output: unknown): AuthorizerPolicy | undefined {
  if (!isRecord(output) || typeof output.principalId !== 'string' || !isRecord(output.policyDocument)) return undefined;
  const list = output.policyDocument.Statement;
  const statements = (Array.isArray(list) ? list : [list]).map(parseStatement);
  if (statements.length === 0 || statements.includes(undefined)) return undefined;
  const context = parseContext(output.context);
  if (!context) return undefined;
  return { principalId: output.principalId, statements: statements as Statement[], context };
}

/** Values are scalars only: objects and lists make the whole answer invalid. */
export function parseContext(context: unknown): Record<string, string | number | boolean> | undefined {
  if (context === undefined || context === null) return {};
  if (!isRecord(context)) return undefined;
  const result: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(context)) {
    if (value === null) continue;
    if (typeof value === 'object') return undefined;
    result[name] = value as string | number | boolean;
  }
  return result;
}

function parseStatement(statement: unknown): Statement | undefined {
  if (!isRecord(statement) || (statement.Effect !== 'Allow' && statement.Effect !== 'Deny')) return undefined;
  const actions = strings(statement.Action);
  const resources = strings(statement.Resource);
  return actions && resources ? { effect: statement.Effect, actions, resources } : undefined;
}

function strings(value: unknown): string[] | undefined {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) && value.length > 0 && value.every((element) => typeof element === 'string') ? (value as string[]) : undefined;
}

/** IAM's order: an explicit deny wins, then an allow, else denied. */
export function evaluatePolicy(policy: AuthorizerPolicy, methodArn: string): PolicyDecision {
  const fitting = policy.statements.filter((statement) =>
    statement.actions.some((action) => matchesPattern(action.toLowerCase(), 'execute-api:invoke')) &&
    statement.resources.some((resource) => matchesPattern(resource, methodArn)));
  if (fitting.some((statement) => statement.effect === 'Deny')) return 'explicit deny';
  return fitting.length > 0 ? 'allow' : 'implicit deny';
}
