import { executeApiArn, GatewayPlatform, invokeAsGateway } from '../invoker';
import { refuseLargeHeaders } from '../limits';
import { Gateway } from '../listener';
import { GatewayAnswer, GatewayRequest, json, RequestNotes } from '../message';
import { renderVariables, restContext } from '../rest/context';
import { proxyEvent } from '../rest/event';
import { withTimeout } from '../rest/rest-gateway';
import { RouteTree } from '../route-tree';
import { Throttles } from '../token-bucket';
import { authorizeHttp, HttpVerdict } from './authorizer';
import { preflight, withCors } from './cors';
import { HttpApiDefinition, HttpIntegration, HttpRoute, HttpStage } from './definition';
import { httpContext, httpEvent, HttpEventFacts } from './event';
import { authorizeJwt } from './jwt-authorizer';
import { httpAnswer } from './response';

interface Exchange {
  readonly request: GatewayRequest;
  readonly notes: RequestNotes;
  readonly stage: HttpStage;
  readonly route: HttpRoute;
  readonly facts: HttpEventFacts;
  authorizer?: Record<string, unknown>;
}

/** An HTTP API: stage, CORS, route, throttle, authorizer, integration. It has no gateway responses and no firewall. */
export class HttpGateway implements Gateway {
  private readonly trees = new Map<string, RouteTree<HttpRoute>>();
  private readonly fallback: HttpRoute | undefined;
  private readonly throttles = new Map<string, Throttles>();

  constructor(private readonly api: HttpApiDefinition, private readonly platform: GatewayPlatform) {
    this.fallback = api.routes.find(({ key }) => key === '$default');
    for (const route of api.routes) {
      const [method = '', path] = route.key.split(' ');
      if (path === undefined) continue;
      const tree = this.trees.get(method) ?? new RouteTree<HttpRoute>();
      this.trees.set(method, tree);
      tree.add(path, route);
    }
    for (const stage of api.stages.values()) {
      this.throttles.set(stage.name, new Throttles((route) => ({ ...stage.defaultLimits, ...stage.routeLimits.get(route) }), () => platform.now()));
    }
  }

  async answer(request: GatewayRequest, notes: RequestNotes, oversize: boolean): Promise<GatewayAnswer> {
    const refused = refuseLargeHeaders(request, notes);
    if (refused) return refused;
    const { cors } = this.api;
    const complete = (cors && preflight(cors, request)) ?? await this.withoutPreflight(request, notes, oversize);
    return { ...complete, headers: [...complete.headers, ['apigw-requestid', request.extendedRequestId]] };
  }

  private async withoutPreflight(request: GatewayRequest, notes: RequestNotes, oversize: boolean): Promise<GatewayAnswer> {
    const answer = await this.process(request, notes, oversize);
    return this.api.cors ? withCors(this.api.cors, request, answer) : answer;
  }

  private async process(request: GatewayRequest, notes: RequestNotes, oversize: boolean): Promise<GatewayAnswer> {
    if (oversize) return this.refuse(notes, 413, 'Request Entity Too Large');
    const { stage, path } = this.stageOf(request.path);
    const found = stage && this.routeOf(request.method, path);
    if (!stage || !found) return this.refuse(notes, 404, 'Not Found');
    const { route, parameters } = found;
    notes.route = route.key;
    const exchange: Exchange = {
      request, notes, stage, route,
      facts: {
        apiId: this.api.id, accountId: this.platform.accountId, stage: stage.name, routeKey: route.key,
        path: request.sentPath ?? request.path, pathParameters: parameters, stageVariables: stage.variables,
      },
    };
    const answer = await this.serve(exchange);
    if (stage.accessLogFormat !== undefined) {
      const known = httpContext(request, exchange.facts, exchange.authorizer);
      const context = { ...known, ...flat(exchange, answer), requestId: request.extendedRequestId, stage: stage.name };
      notes.accessLog = renderVariables(stage.accessLogFormat, context, stage.variables);
      if (stage.accessLogGroup !== undefined) notes.accessLogGroup = stage.accessLogGroup;
    }
    return answer;
  }

  private async serve(exchange: Exchange): Promise<GatewayAnswer> {
    const { notes, route, stage } = exchange;
    if (!this.throttles.get(stage.name)!.admit(route.key)) return this.refuse(notes, 429, 'Too Many Requests');
    const verdict = await this.admit(exchange);
    if (verdict.kind === 'forbidden') return this.refuse(notes, 403, 'Forbidden');
    if (verdict.kind === 'unauthorized') return this.refuse(notes, 401, 'Unauthorized');
    if (verdict.kind === 'error') return this.refuse(notes, 500, 'Internal Server Error');
    if (Object.keys(verdict.context).length > 0) exchange.authorizer = verdict.context;
    const integration = this.api.integrations.get(route.integrationId);
    if (!integration || integration.type === 'unsupported') {
      notes.integrationError = `${integration?.what ?? 'a route without an integration'} is not evaluated here`;
      return this.refuse(notes, 500, 'Internal Server Error');
    }
    return this.invoke(exchange, integration);
  }

  /** `$default` has no prefix, any other stage its name as the first segment of the path; the longer name wins. */
  private stageOf(path: string): { stage: HttpStage | undefined; path: string } {
    const [, first = '', rest] = /^\/([^/]*)(\/.*)?$/.exec(path) ?? [];
    const named = this.api.stages.get(first);
    if (named && first !== '$default') return { stage: named, path: rest ?? '/' };
    return { stage: this.api.stages.get('$default'), path };
  }

  private routeOf(method: string, path: string): { route: HttpRoute; parameters: Record<string, string> } | undefined {
    const match = this.trees.get(method)?.match(path) ?? this.trees.get('ANY')?.match(path);
    if (match) return { route: match.value, parameters: match.parameters };
    return this.fallback && { route: this.fallback, parameters: {} };
  }

  private async admit({ request, notes, route, facts }: Exchange): Promise<HttpVerdict> {
    if (route.authorizationType === 'NONE') return { kind: 'allow', context: {} };
    const authorizer = route.authorizerId === undefined ? undefined : this.api.authorizers.get(route.authorizerId);
    if (!authorizer) {
      notes.refusedBy = `${route.authorizationType} authorization is not evaluated here`;
      return { kind: 'forbidden' };
    }
    if (authorizer.type === 'JWT') return authorizeJwt(authorizer, route.scopes, this.platform, request, facts, notes);
    const verdict = await authorizeHttp(authorizer, this.platform, request, facts, notes);
    return verdict.kind === 'allow' ? { kind: 'allow', context: { lambda: verdict.context } } : verdict;
  }

  private async invoke(exchange: Exchange, integration: Extract<HttpIntegration, { type: 'function' }>): Promise<GatewayAnswer> {
    const { request, notes, facts, route, stage } = exchange;
    const [, routePath = ''] = route.key.split(' ');
    const sourceArn = executeApiArn(this.platform, this.api.id, `${stage.name}/${route.key === '$default' ? '$default' : `${request.method}${routePath}`}`);
    const event = integration.payloadVersion === '2.0' ? httpEvent(request, facts, exchange.authorizer) : this.oldEvent(exchange);
    let outcome;
    try {
      outcome = await withTimeout(invokeAsGateway(this.platform, integration.functionArn, sourceArn, event), integration.timeoutMs);
    } catch (error) {
      notes.integrationError = (error as Error).message;
      return this.refuse(notes, 500, 'Internal Server Error');
    }
    if (outcome === 'timeout') {
      notes.integrationError = `no answer within ${integration.timeoutMs} ms`;
      return this.refuse(notes, 503, 'Service Unavailable');
    }
    const answer = outcome.ok ? httpAnswer(outcome.payload, integration.payloadVersion) : undefined;
    if (answer) return answer;
    notes.integrationError = outcome.ok ? 'the function did not answer in the form of a proxy response' : `function failed: ${(outcome.payload as { errorMessage?: string }).errorMessage}`;
    return this.refuse(notes, 500, 'Internal Server Error');
  }

  /** Payload format 1.0 has the event shape of a REST API. */
  private oldEvent({ request, facts, authorizer }: Exchange): Record<string, unknown> {
    const resourcePath = facts.routeKey.split(' ')[1] ?? facts.routeKey;
    const context = restContext(request, { ...facts, resourceId: facts.routeKey, resourcePath });
    if (authorizer) context.authorizer = (authorizer.lambda as Record<string, unknown> | undefined) ?? (authorizer.jwt as Record<string, unknown>);
    const event = proxyEvent(request, {
      resourcePath, path: facts.path, pathParameters: facts.pathParameters, stageVariables: facts.stageVariables, binaryMediaTypes: [],
    }, context);
    return { version: '1.0', ...event };
  }

  private refuse(notes: RequestNotes, status: number, message: string): GatewayAnswer {
    notes.refusedBy ??= `API Gateway (${status})`;
    return json(status, { message });
  }
}

/** Names that access logs of HTTP APIs use beside those of the request context. */
function flat({ request, facts, authorizer }: Exchange, answer: GatewayAnswer): Record<string, unknown> {
  return {
    httpMethod: request.method,
    path: facts.path,
    protocol: request.protocol,
    status: answer.status,
    requestTime: new Date(request.time).toISOString(),
    responseLength: typeof answer.body === 'string' ? Buffer.byteLength(answer.body) : answer.body.length,
    identity: { sourceIp: request.sourceIp, userAgent: '' },
    authorizer: (authorizer?.lambda as Record<string, unknown> | undefined) ?? {},
  };
}
