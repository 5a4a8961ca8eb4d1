import { AuthorizerCache } from '../authorizer-cache';
import { GatewayPlatform, executeApiArn, invokeAsGateway } from '../invoker';
import { GatewayRequest, headerValue, queryPairs, RequestNotes } from '../message';
import { AuthorizerPolicy, evaluatePolicy, parseAuthorizerPolicy } from '../policy';
import { RestContext } from './context';
import { RestAuthorizerDefinition } from './definition';
import { authorizerEvent, EventFacts } from './event';
import { Refusal } from './gateway-responses';

export type Verdict =
  | { readonly allowed: true; readonly context: Record<string, string> }
  | { readonly allowed: false; readonly refusal: Refusal; readonly context?: Record<string, string> };

/**
 * Asks a Lambda authorizer the way API Gateway does: the policy of one set of identity values is cached per stage and
 * evaluated anew against each method's ARN, so a policy that names one route denies the others out of the cache.
 */
export async function authorize(
  authorizer: RestAuthorizerDefinition, platform: GatewayPlatform, apiId: string,
  request: GatewayRequest, facts: EventFacts, context: RestContext, notes: RequestNotes,
): Promise<Verdict> {
  const identity = identityValues(authorizer, request, facts, context);
  if (!identity) {
    notes.authorizer = 'missing identity';
    return { allowed: false, refusal: { type: 'UNAUTHORIZED' } };
  }
  const methodArn = executeApiArn(platform, apiId, `${context.stage}/${request.method}/${facts.path.replace(/^\//, '')}`);
  const cache = cacheOf(authorizer, context.stage, platform);
  const key = JSON.stringify(identity);
  let policy = identity.length > 0 ? cache.get(key) : undefined;
  notes.authorizer = policy ? 'cached' : 'called';
  if (!policy) {
    const event = authorizer.type === 'TOKEN'
      ? { type: 'TOKEN', methodArn, authorizationToken: identity[0] }
      : authorizerEvent(request, facts, context, methodArn);
    const asked = await ask(authorizer, platform, apiId, event, notes);
    if ('type' in asked) return { allowed: false, refusal: asked };
    policy = asked;
    if (identity.length > 0) cache.set(key, policy);
  }
  return decide(policy, methodArn);
}

function decide(policy: AuthorizerPolicy, methodArn: string): Verdict {
  const context = { principalId: policy.principalId, ...stringified(policy.context) };
  const decision = evaluatePolicy(policy, methodArn);
  if (decision === 'allow') return { allowed: true, context };
  const explicit = decision === 'explicit deny' ? ' with an explicit deny' : '';
  return { allowed: false, context, refusal: { type: 'ACCESS_DENIED', message: `User is not authorized to access this resource${explicit}` } };
}

async function ask(
  authorizer: RestAuthorizerDefinition, platform: GatewayPlatform, apiId: string, event: object, notes: RequestNotes,
): Promise<AuthorizerPolicy | Refusal> {
  let outcome;
  try {
    outcome = await invokeAsGateway(platform, authorizer.functionArn, executeApiArn(platform, apiId, `authorizers/${authorizer.id}`), event);
  } catch (error) {
    notes.integrationError = (error as Error).message;
    return { type: 'AUTHORIZER_CONFIGURATION_ERROR' };
  }
  if (!outcome.ok) {
    const message = (outcome.payload as { errorMessage?: string } | null)?.errorMessage;
    if (message === 'Unauthorized') return { type: 'UNAUTHORIZED' };
    notes.integrationError = `authorizer ${authorizer.logicalId} failed: ${message}`;
    return { type: 'AUTHORIZER_FAILURE' };
  }
  const policy = parseAuthorizerPolicy(outcome.payload);
  if (!policy) notes.integrationError = `authorizer ${authorizer.logicalId} did not answer with a policy`;
  return policy ?? { type: 'AUTHORIZER_CONFIGURATION_ERROR' };
}

/** Undefined when one of the identity sources is missing or empty: API Gateway then answers 401 without a call. */
function identityValues(authorizer: RestAuthorizerDefinition, request: GatewayRequest, facts: EventFacts, context: RestContext): string[] | undefined {
  const values = authorizer.identitySources.map((source) => identityValue(source, request, facts, context));
  if (values.some((value) => value === undefined || value === '')) return undefined;
  const { validationExpression } = authorizer;
  if (validationExpression && !validationExpression.test(values[0] ?? '')) return undefined;
  return values as string[];
}

function identityValue(source: string, request: GatewayRequest, facts: EventFacts, context: RestContext): string | undefined {
  const [, place, name = ''] = /^(method\.request\.header|method\.request\.querystring|stageVariables|context)\.(.+)$/.exec(source) ?? [];
  switch (place) {
    case 'method.request.header': return headerValue(request.headers, name);
    case 'method.request.querystring': return queryPairs(request.queryString).filter(([other]) => other === name).at(-1)?.[1];
    case 'stageVariables': return facts.stageVariables[name];
    case 'context': {
      let value: unknown = context;
      for (const part of name.split('.')) value = (value as Record<string, unknown> | null | undefined)?.[part];
      return value === undefined || value === null ? undefined : String(value);
    }
    default: return undefined;
  }
}

function cacheOf(authorizer: RestAuthorizerDefinition, stage: string, platform: GatewayPlatform): AuthorizerCache<AuthorizerPolicy> {
  const known = authorizer.caches.get(stage);
  if (known) return known;
  const created = new AuthorizerCache<AuthorizerPolicy>(authorizer.ttlMs, () => platform.now());
  authorizer.caches.set(stage, created);
  return created;
}

/** A REST API hands the context on as strings. */
function stringified(context: AuthorizerPolicy['context']): Record<string, string> {
  return Object.fromEntries(Object.entries(context).map(([name, value]) => [name, String(value)]));
}
