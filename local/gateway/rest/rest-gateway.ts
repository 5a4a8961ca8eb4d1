import { FunctionNotFoundError } from '../../services/types';
import { Gateway } from '../listener';
import { executeApiArn, GatewayPlatform, invokeAsGateway } from '../invoker';
import { refuseLargeHeaders } from '../limits';
import { GatewayAnswer, GatewayRequest, headerValue, json, RequestNotes } from '../message';
import { RouteMatch, RouteTree } from '../route-tree';
import { Throttles } from '../token-bucket';
import { WebAclVerdict, withInserted } from '../../firewall/web-acl';
import { authorize } from './authorizer';
import { renderVariables, restContext, RestContext } from './context';
import { Integration, RestApiDefinition, RestMethod, RestStage } from './definition';
import { EventFacts, isBinary, proxyEvent } from './event';
import { gatewayResponse, Refusal } from './gateway-responses';
import { mockAnswer } from './mock';
import { proxyAnswer } from './proxy-response';
import { validateRequest } from './validation';

/** Asks the web ACL of a stage, when it has one. */
export type FirewallOf = (stageName: string) => ((request: GatewayRequest) => WebAclVerdict) | undefined;

interface Resource {
  readonly id: string;
  readonly path: string;
  readonly methods: Map<string, RestMethod>;
}

/** All that is known about a request once its stage is found. */
interface Exchange {
  readonly request: GatewayRequest;
  readonly stage: RestStage;
  readonly path: string;
  readonly context: RestContext;
  readonly notes: RequestNotes;
  readonly facts: EventFacts;
}

/**
 * A REST API: web ACL, route, throttle, authorizer, validator, integration, in API Gateway's order. Whatever refuses a
 * request answers through the API's gateway responses.
 */
export class RestGateway implements Gateway {
  private readonly tree = new RouteTree<Resource>();
  private readonly throttles = new Map<string, Throttles>();

  constructor(private readonly api: RestApiDefinition, private readonly platform: GatewayPlatform, private readonly firewallOf: FirewallOf) {
    for (const { id, path } of api.resources.values()) {
      const methods = api.methods.filter((method) => method.resourceId === id);
      this.tree.add(path, { id, path, methods: new Map(methods.map((method) => [method.httpMethod, method])) });
    }
    for (const stage of api.stages.values()) {
      this.throttles.set(stage.name, new Throttles((route) => limitsOf(stage, route), () => platform.now()));
    }
  }

  async answer(request: GatewayRequest, notes: RequestNotes, oversize: boolean): Promise<GatewayAnswer> {
    const refused = refuseLargeHeaders(request, notes);
    if (refused) return refused;
    const [, stageName = '', path = '/'] = /^\/([^/]*)(\/.*)?$/.exec(request.path) ?? [];
    const stage = this.api.stages.get(stageName);
    if (!stage) {
      notes.refusedBy = `no stage "${stageName}"`;
      return this.withIds(request, json(403, { message: 'Forbidden' }, [['x-amzn-ErrorType', 'ForbiddenException']]));
    }
    const match = this.tree.match(path);
    const exchange = this.exchange(request, stage, path, match, notes);
    const answer = this.withIds(request, await this.process(exchange, match, oversize));
    if (stage.accessLogFormat !== undefined) {
      notes.accessLog = accessLog(stage, exchange, answer);
      if (stage.accessLogGroup !== undefined) notes.accessLogGroup = stage.accessLogGroup;
    }
    return answer;
  }

  private exchange(request: GatewayRequest, stage: RestStage, path: string, match: RouteMatch<Resource> | undefined, notes: RequestNotes): Exchange {
    const resourcePath = match?.value.path ?? path;
    return {
      request, stage, path, notes,
      context: restContext(request, {
        apiId: this.api.id, accountId: this.platform.accountId, stage: stage.name,
        resourceId: match?.value.id ?? '', resourcePath, path: request.sentPath ?? request.path,
      }),
      facts: {
        resourcePath, path: request.sentPath ?? path,
        pathParameters: match?.parameters ?? {},
        stageVariables: stage.variables,
        binaryMediaTypes: this.api.binaryMediaTypes,
      },
    };
  }

  private async process(arrived: Exchange, match: RouteMatch<Resource> | undefined, oversize: boolean): Promise<GatewayAnswer> {
    const { stage, notes, context } = arrived;
    const verdict = this.firewallOf(stage.name)?.(arrived.request);
    if (verdict?.blocked) {
      notes.refusedBy = `firewall rule ${verdict.rule}`;
      return verdict.answer ?? this.refuse(arrived, { type: 'WAF_FILTERED' });
    }
    const exchange = verdict ? { ...arrived, request: withInserted(arrived.request, verdict.inserted) } : arrived;
    const { request } = exchange;
    if (oversize) return this.refuse(exchange, { type: 'REQUEST_TOO_LARGE' });
    const method = match?.value.methods.get(request.method) ?? match?.value.methods.get('ANY');
    if (!match || !method) return this.refuse(exchange, { type: 'MISSING_AUTHENTICATION_TOKEN' });
    notes.route = `${method.httpMethod} ${match.value.path}`;
    if (!this.throttles.get(stage.name)!.admit(`${method.httpMethod} ${match.value.path}`)) return this.refuse(exchange, { type: 'THROTTLED' });
    const refusal = await this.admit(exchange, method);
    if (refusal) return this.refuse(exchange, refusal);
    const invalid = validateRequest(this.api, method, request);
    if (invalid) return this.refuse(exchange, invalid);
    return this.integrate(exchange, method.integration, context);
  }

  private async admit(exchange: Exchange, method: RestMethod): Promise<Refusal | undefined> {
    if (method.authorizationType === 'NONE') return undefined;
    const authorizer = method.authorizerId === undefined ? undefined : this.api.authorizers.get(method.authorizerId);
    // Signed and Cognito requests cannot be verified here, so they are refused rather than let through.
    if (method.authorizationType !== 'CUSTOM' || !authorizer || authorizer.type === 'unsupported') {
      exchange.notes.refusedBy = `${method.authorizationType} authorization is not evaluated here`;
      return { type: 'MISSING_AUTHENTICATION_TOKEN' };
    }
    const { request, facts, context, notes } = exchange;
    const verdict = await authorize(authorizer, this.platform, this.api.id, request, facts, context, notes);
    if (verdict.context) context.authorizer = { ...verdict.context, integrationLatency: 0 };
    return verdict.allowed ? undefined : verdict.refusal;
  }

  private async integrate(exchange: Exchange, integration: Integration, context: RestContext): Promise<GatewayAnswer> {
    const { request, facts, notes, stage } = exchange;
    if (integration.type === 'unsupported') {
      notes.integrationError = `${integration.what} is not evaluated here`;
      return this.refuse(exchange, { type: 'API_CONFIGURATION_ERROR' });
    }
    if (integration.type === 'mock') {
      const answer = mockAnswer(integration, request, context, facts.pathParameters, stage.variables);
      return answer ?? this.refuse(exchange, { type: 'API_CONFIGURATION_ERROR' });
    }
    return this.invoke(exchange, integration.functionArn, integration.timeoutMs);
  }

  private async invoke(exchange: Exchange, functionArn: string, timeoutMs: number): Promise<GatewayAnswer> {
    const { request, facts, context, notes, stage } = exchange;
    // The permission's pattern is matched with the resource's path, parameters as `*`.
    const resource = facts.resourcePath.replace(/^\//, '').replaceAll(/\{[^}]+\}/g, '*');
    const sourceArn = executeApiArn(this.platform, this.api.id, `${stage.name}/${request.method}/${resource}`);
    let outcome;
    try {
      outcome = await withTimeout(invokeAsGateway(this.platform, functionArn, sourceArn, proxyEvent(request, facts, context)), timeoutMs);
    } catch (error) {
      notes.integrationError = (error as Error).message;
      const missing = error instanceof FunctionNotFoundError || (error as Error).name === 'NotPermittedError' || (error as Error).name === 'TooManyRequestsException';
      return this.refuse(exchange, missing ? { type: 'API_CONFIGURATION_ERROR' } : { type: 'INTEGRATION_FAILURE' });
    }
    if (outcome === 'timeout') {
      notes.integrationError = `no answer within ${timeoutMs} ms`;
      return this.refuse(exchange, { type: 'INTEGRATION_TIMEOUT' });
    }
    if (!outcome.ok) {
      notes.integrationError = `function failed: ${(outcome.payload as { errorMessage?: string }).errorMessage}`;
      return this.refuse(exchange, { type: 'DEFAULT_5XX' });
    }
    const answer = proxyAnswer(outcome.payload, isBinary(headerValue(request.headers, 'accept')?.split(',')[0], this.api.binaryMediaTypes));
    if (answer) return answer;
    notes.integrationError = 'the function did not answer in the form of a proxy response';
    return this.refuse(exchange, { type: 'DEFAULT_5XX' });
  }

  private refuse(exchange: Exchange, refusal: Refusal): GatewayAnswer {
    exchange.notes.refusedBy ??= `API Gateway (${refusal.type})`;
    return gatewayResponse(this.api, exchange.stage.variables, exchange.request, exchange.context, refusal);
  }

  private withIds(request: GatewayRequest, answer: GatewayAnswer): GatewayAnswer {
    return {
      ...answer,
      headers: [...answer.headers, ['x-amzn-RequestId', request.requestId], ['x-amz-apigw-id', request.extendedRequestId], ['X-Amzn-Trace-Id', request.traceId]],
    };
  }
}

/** The setting of the very method, else of the whole stage; each method has buckets of its own. */
function limitsOf(stage: RestStage, route: string): { rate?: number; burst?: number } {
  const [method = '', path = ''] = route.split(' ');
  const fitting = stage.methodSettings.filter((setting) =>
    (setting.path === path || setting.path === '/*') && (setting.method === method || setting.method === '*'));
  const specificity = (setting: { path: string; method: string }) => (setting.path === '/*' ? 0 : 2) + (setting.method === '*' ? 0 : 1);
  const merged: { rate?: number; burst?: number } = {};
  for (const setting of fitting.sort((left, right) => specificity(left) - specificity(right))) {
    if (setting.rate !== undefined) merged.rate = setting.rate;
    if (setting.burst !== undefined) merged.burst = setting.burst;
  }
  return merged;
}

function accessLog(stage: RestStage, { context, request }: Exchange, answer: GatewayAnswer): string {
  const length = typeof answer.body === 'string' ? Buffer.byteLength(answer.body) : answer.body.length;
  const logged = { ...context, status: answer.status, responseLength: length, responseLatency: 0, httpMethod: request.method };
  return renderVariables(stage.accessLogFormat ?? '', logged, stage.variables);
}

export async function withTimeout<T>(promise: Promise<T>, timeoutMs: number): Promise<T | 'timeout'> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<'timeout'>((resolve) => {
    timer = setTimeout(() => resolve('timeout'), timeoutMs);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
