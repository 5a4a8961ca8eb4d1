import type * as v from 'valibot';
import type { RouteAccess } from '../../src/contract/routes';
import type { Principal } from '../domain/model';
import type { BodyKind } from './body';
import type { CookieUse, Readers } from './browser';
import type { Cookies } from './cookies';
import type { HttpRequest, HttpResponse } from './types';

/** One admitted and validated request. */
export interface Call<Body> {
  readonly request: HttpRequest;
  readonly body: Body;
  /** Whether tokens travel in cookies. */
  readonly browser: boolean;
  readonly cookies: Cookies;
  /** Only on guarded routes. */
  readonly principal?: Principal;
  /** What the refresh cookie holds; only where cookies are used. */
  readonly refreshCookie?: string;
  readonly deviceCookie?: string;
}

/** A call of a route that the access token guards. */
export interface BearerCall<Body> extends Call<Body> {
  readonly principal: Principal;
}

/** One route with what stands before its use case. */
export interface Endpoint {
  /** `POST /login`. */
  readonly route: string;
  /** As the contract tells API Gateway to guard it; a test compares the two. */
  readonly access: RouteAccess;
  readonly cookieUse: CookieUse;
  readonly readers: Readers;
  readonly body?: { readonly schema: v.GenericSchema; readonly kind: BodyKind };
  handle(call: Call<unknown>): Promise<HttpResponse>;
}

export interface EndpointOptions<S extends v.GenericSchema> {
  /** Absent: a body is not looked at. */
  readonly body?: S;
  /** @default 'json' */
  readonly kind?: BodyKind;
  /** @default 'none' */
  readonly cookies?: CookieUse;
  /** @default 'listed' */
  readonly readers?: Readers;
}

type Handle<C> = (call: C) => Promise<HttpResponse>;

export function publicEndpoint<S extends v.GenericSchema>(
  route: string,
  options: EndpointOptions<S>,
  handle: Handle<Call<v.InferOutput<S>>>,
): Endpoint {
  return { ...describe(route, 'public', options), handle: handle as Handle<Call<unknown>> };
}

export function bearerEndpoint<S extends v.GenericSchema>(
  route: string,
  options: EndpointOptions<S>,
  handle: Handle<BearerCall<v.InferOutput<S>>>,
): Endpoint {
  return {
    ...describe(route, 'bearer', options),
    handle: async (call) => {
      const { principal } = call;
      // The route is guarded, so this is a deployment without its authorizer: closed, and an error for whoever is on call.
      if (!principal) throw new Error('a guarded route was called without an authorizer context');
      return handle({ ...(call as Call<v.InferOutput<S>>), principal });
    },
  };
}

function describe<S extends v.GenericSchema>(route: string, access: RouteAccess, options: EndpointOptions<S>): Omit<Endpoint, 'handle'> {
  return {
    route,
    access,
    cookieUse: options.cookies ?? 'none',
    readers: options.readers ?? 'listed',
    ...(options.body ? { body: { schema: options.body, kind: options.kind ?? 'json' } } : {}),
  };
}
