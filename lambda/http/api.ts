import type * as v from 'valibot';
import { CORRELATION_HEADER } from '../../src/contract/limits';
import { Routes } from '../../src/contract/routes';
import { auditEvent } from '../domain/audit-events';
import { AuthError, UnavailableError } from '../domain/errors';
import { Principal } from '../domain/model';
import { Audit } from '../ports/audit';
import { Log } from '../ports/log';
import { RequestScope } from '../ports/request-scope';
import { BodyKind, readBody } from './body';
import { BrowserPolicy, BrowserSettings, CookieUse } from './browser';
import { Cookies } from './cookies';
import { ApiEvent, ApiResult } from './events';
import { correlationIdOf, SECURITY_HEADERS } from './headers';
import { problemResponse } from './problem';
import { toRequest } from './request';
import { toResult } from './response';
import { HttpRequest, HttpResponse } from './types';
import { validate } from './validation';

export interface HttpSettings extends BrowserSettings {
  /** Whether the local instance runs the function. */
  readonly local: boolean;
}

export interface ApiDeps {
  readonly http: HttpSettings;
  readonly scope: RequestScope;
  readonly audit: Audit;
  readonly log: Log;
}

/** One admitted and validated request. */
export interface Call<Body> {
  readonly request: HttpRequest;
  readonly body: Body;
  /** Whether tokens travel in cookies. */
  readonly browser: boolean;
  readonly cookies: Cookies;
  /** What the refresh cookie holds; only where cookies are used. */
  readonly refreshCookie?: string;
  readonly deviceCookie?: string;
}

/** A call of a route that our authorizer guards. */
export interface BearerCall<Body> extends Call<Body> {
  readonly principal: Principal;
}

export interface Endpoint {
  readonly route: string;
  readonly access: 'public' | 'bearer';
  readonly cookieUse: CookieUse;
  readonly body?: { readonly schema: v.GenericSchema; readonly kind: BodyKind };
  handle(call: Call<unknown>): Promise<HttpResponse>;
}

interface EndpointOptions<S extends v.GenericSchema> {
  readonly body?: S;
  readonly kind?: BodyKind;
  readonly cookies?: CookieUse;
}

export function publicEndpoint<S extends v.GenericSchema>(route: string, options: EndpointOptions<S>, handle: (call: Call<v.InferOutput<S>>) => Promise<HttpResponse>): Endpoint {
  return { ...describe(route, 'public', options), handle: handle as Endpoint['handle'] };
}

export function bearerEndpoint<S extends v.GenericSchema>(route: string, options: EndpointOptions<S>, handle: (call: BearerCall<v.InferOutput<S>>) => Promise<HttpResponse>): Endpoint {
  return {
    ...describe(route, 'bearer', options),
    handle: async (call) => {
      const { principal } = call.request;
      // The route is guarded, so this is a deployment without its authorizer: closed, and an error for whoever is on call.
      if (!principal) throw new Error('a guarded route was called without an authorizer context');
      return handle({ ...(call as Call<v.InferOutput<S>>), principal });
    },
  };
}

function describe<S extends v.GenericSchema>(route: string, access: Endpoint['access'], options: EndpointOptions<S>): Omit<Endpoint, 'handle'> {
  const known = Routes.find(({ method, path }) => `${method} ${path}` === route);
  if (known?.access !== access) throw new Error(`${route} is not a ${access} route of the contract`);
  return { route, access, cookieUse: options.cookies ?? 'none', ...(options.body ? { body: { schema: options.body, kind: options.kind ?? 'json' } } : {}) };
}

/** The function behind some routes: event in, answer out, and never an exception. */
export function createApi(deps: ApiDeps, endpoints: readonly Endpoint[]): (event: ApiEvent) => Promise<ApiResult> {
  const table = new Map(endpoints.map((endpoint) => [endpoint.route, endpoint]));
  const cookies = new Cookies(deps.http.local);
  const browsers = new BrowserPolicy(deps.http, cookies);

  const answer = async (request: HttpRequest, operation: string): Promise<HttpResponse> => {
    const endpoint = table.get(operation);
    if (!endpoint) throw new AuthError('not_found', { reason: 'route' });
    browsers.admit(request, endpoint.cookieUse);
    const browser = endpoint.cookieUse !== 'none' && browsers.usesCookies(request);
    return endpoint.handle({
      request,
      body: endpoint.body ? validate(endpoint.body.schema, readBody(request, endpoint.body.kind)) : undefined,
      browser,
      cookies,
      ...(browser ? { refreshCookie: request.cookies[cookies.refreshName], deviceCookie: request.cookies[cookies.deviceName] } : {}),
    });
  };

  return async (event) => {
    const request = toRequest(event);
    const operation = `${request.method} ${request.route}`;
    const correlationId = correlationIdOf(request.headers, request.requestId);
    const identity = { requestId: request.requestId, correlationId, operation, sourceIp: request.sourceIp, userAgent: request.headers['user-agent'] };
    return deps.scope.run(identity, async () => {
      const response = await answer(request, operation).catch((error: unknown) => problemResponse(lastResort(deps, error), request.requestId));
      return toResult(event, {
        ...response,
        headers: { ...SECURITY_HEADERS, ...browsers.corsHeaders(request), [CORRELATION_HEADER]: correlationId, ...response.headers },
      });
    });
  };
}

/**
 * What the caller may know of an error, after it was recorded. Use cases record the refusals they decide; here come those that
 * never reached one, dependencies that gave no answer, and whatever nobody expected (ASVS 16.5.1, 16.5.4).
 */
export function lastResort(deps: Pick<ApiDeps, 'audit' | 'log' | 'scope'>, error: unknown): AuthError {
  if (error instanceof UnavailableError) {
    deps.log.error('a dependency gave no answer', error, { dependency: error.dependency });
    deps.audit.record(auditEvent('dependency_unavailable', { reason: error.dependency }));
    return error;
  }
  if (error instanceof AuthError) {
    if (!deps.scope.recorded()) deps.audit.record(auditEvent('request_refused', { reason: error.reason ? `${error.code}:${error.reason}` : error.code }));
    return error;
  }
  deps.log.error('unexpected error', error);
  deps.audit.record(auditEvent('unexpected_error'));
  return new AuthError('internal_error', { cause: error });
}
