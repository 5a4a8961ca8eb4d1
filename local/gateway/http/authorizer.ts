import { executeApiArn, GatewayPlatform, invokeAsGateway } from '../invoker';
import { GatewayRequest, headerValue, queryPairs, RequestNotes } from '../message';
import { evaluatePolicy, parseAuthorizerPolicy, parseContext } from '../policy';
import { isRecord } from '../../template/types';
import { authorizerEvent } from '../rest/event';
import { HttpAuthorizerAnswer, HttpFunctionAuthorizer } from './definition';
import { httpAuthorizerEvent, httpContext, HttpEventFacts } from './event';

export type HttpVerdict =
  | { readonly kind: 'allow'; readonly context: Record<string, unknown> }
  | { readonly kind: 'unauthorized' }
  | { readonly kind: 'forbidden' }
  | { readonly kind: 'error' };

/**
 * A Lambda authorizer of an HTTP API. With simple answers the *decision* is cached for all routes of the identity (as
 * AWS does), with policies the policy, evaluated for each route.
 */
export async function authorizeHttp(
  authorizer: HttpFunctionAuthorizer, platform: GatewayPlatform, request: GatewayRequest, facts: HttpEventFacts, notes: RequestNotes,
): Promise<HttpVerdict> {
  const identity = authorizer.identitySources.map((source) => identityValue(source, request, facts));
  if (identity.some((value) => value === undefined || value === '')) {
    notes.authorizer = 'missing identity';
    return { kind: 'unauthorized' };
  }
  const path = request.path.startsWith(`/${facts.stage}/`) ? request.path.slice(facts.stage.length + 1) : request.path;
  const routeArn = executeApiArn(platform, facts.apiId, `${facts.stage}/${request.method}${path}`);
  const key = JSON.stringify(identity);
  let answer = identity.length > 0 ? authorizer.cache.get(key) : undefined;
  notes.authorizer = answer ? 'cached' : 'called';
  if (!answer) {
    const asked = await ask(authorizer, platform, request, facts, routeArn, identity as string[], notes);
    if (asked === 'unauthorized' || asked === 'error') return asked === 'error' ? { kind: 'error' } : { kind: 'unauthorized' };
    answer = asked;
    if (identity.length > 0) authorizer.cache.set(key, answer);
  }
  if (answer.kind === 'simple') return answer.authorized ? { kind: 'allow', context: { ...answer.context } } : { kind: 'forbidden' };
  if (evaluatePolicy(answer.policy, routeArn) !== 'allow') return { kind: 'forbidden' };
  return { kind: 'allow', context: { principalId: answer.policy.principalId, ...answer.policy.context } };
}

async function ask(
  authorizer: HttpFunctionAuthorizer, platform: GatewayPlatform, request: GatewayRequest, facts: HttpEventFacts,
  routeArn: string, identity: readonly string[], notes: RequestNotes,
): Promise<HttpAuthorizerAnswer | 'unauthorized' | 'error'> {
  const event = authorizer.payloadVersion === '2.0'
    ? httpAuthorizerEvent(request, facts, routeArn, identity)
    : oldEvent(request, facts, routeArn);
  let outcome;
  try {
    outcome = await invokeAsGateway(platform, authorizer.functionArn, executeApiArn(platform, facts.apiId, `authorizers/${authorizer.id}`), event);
  } catch (error) {
    notes.integrationError = (error as Error).message;
    return 'error';
  }
  if (!outcome.ok) {
    const message = (outcome.payload as { errorMessage?: string } | null)?.errorMessage;
    if (message === 'Unauthorized') return 'unauthorized';
    notes.integrationError = `authorizer ${authorizer.logicalId} failed: ${message}`;
    return 'error';
  }
  const answer = parseAnswer(authorizer, outcome.payload);
  if (!answer) notes.integrationError = `authorizer ${authorizer.logicalId} did not answer in its format`;
  return answer ?? 'error';
}

function parseAnswer(authorizer: HttpFunctionAuthorizer, payload: unknown): HttpAuthorizerAnswer | undefined {
  if (!authorizer.simple) {
    const policy = parseAuthorizerPolicy(payload);
    return policy && { kind: 'policy', policy };
  }
  if (!isRecord(payload) || typeof payload.isAuthorized !== 'boolean') return undefined;
  const context = isRecord(payload.context) ? payload.context : parseContext(payload.context);
  return context && { kind: 'simple', authorized: payload.isAuthorized, context };
}

function oldEvent(request: GatewayRequest, facts: HttpEventFacts, methodArn: string): Record<string, unknown> {
  const context = { ...httpContext(request, facts, undefined), requestId: request.extendedRequestId, stage: facts.stage };
  return {
    version: '1.0',
    ...authorizerEvent(request, {
      resourcePath: facts.routeKey.split(' ')[1] ?? facts.path, path: facts.path, pathParameters: facts.pathParameters,
      stageVariables: facts.stageVariables, binaryMediaTypes: [],
    }, context, methodArn),
    identitySource: headerValue(request.headers, 'authorization') ?? '',
    authorizationToken: headerValue(request.headers, 'authorization') ?? '',
  };
}

export function identityValue(source: string, request: GatewayRequest, facts: HttpEventFacts): string | undefined {
  const [, place, name = ''] = /^\$(request\.header|request\.querystring|context|stageVariables)\.(.+)$/.exec(source) ?? [];
  switch (place) {
    case 'request.header': return headerValue(request.headers, name);
    case 'request.querystring': return queryPairs(request.queryString).filter(([other]) => other === name).at(-1)?.[1];
    case 'stageVariables': return facts.stageVariables[name];
    case 'context': {
      const flat: Record<string, string> = {
        routeKey: facts.routeKey, stage: facts.stage, apiId: facts.apiId, httpMethod: request.method, path: facts.path, 'identity.sourceIp': request.sourceIp,
      };
      return flat[name];
    }
    default: return undefined;
  }
}
