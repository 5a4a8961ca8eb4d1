/** How API Gateway guards a route: `bearer` by the service's own authorizer, `public` not at all. */
export type RouteAccess = 'public' | 'bearer';

/** One route of the HTTP API, relative to the stage or base path `v1`. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  /** Bundle that answers, a value of `AuthFunctionName`. */
  readonly handler: string;
  readonly access: RouteAccess;
  /** Default throttle of the route, requests a second. Absent: the stage's. */
  readonly rateLimit?: number;
  /** Default burst of the route. */
  readonly burstLimit?: number;
}

/** Every route, in the order of the documentation. The handlers dispatch on `method path`. */
export const Routes: readonly Route[] = [
  { method: 'POST', path: '/register', handler: 'register', access: 'public', rateLimit: 100, burstLimit: 200 },
  { method: 'POST', path: '/login', handler: 'login', access: 'public', rateLimit: 300, burstLimit: 600 },
  { method: 'POST', path: '/token/refresh', handler: 'refresh', access: 'public', rateLimit: 500, burstLimit: 1000 },
  { method: 'POST', path: '/token/revoke', handler: 'logout', access: 'public', rateLimit: 300, burstLimit: 600 },
  { method: 'POST', path: '/logout', handler: 'logout', access: 'public', rateLimit: 300, burstLimit: 600 },
  { method: 'POST', path: '/logout/all', handler: 'logout', access: 'bearer', rateLimit: 100, burstLimit: 200 },
  { method: 'GET', path: '/me', handler: 'profile', access: 'bearer' },
  { method: 'PATCH', path: '/me', handler: 'profile', access: 'bearer', rateLimit: 200, burstLimit: 400 },
  { method: 'DELETE', path: '/me', handler: 'credentials', access: 'bearer', rateLimit: 50, burstLimit: 100 },
  { method: 'POST', path: '/me/password', handler: 'credentials', access: 'bearer', rateLimit: 100, burstLimit: 200 },
  { method: 'GET', path: '/me/sessions', handler: 'logout', access: 'bearer', rateLimit: 200, burstLimit: 400 },
  { method: 'DELETE', path: '/me/sessions/{sid}', handler: 'logout', access: 'bearer', rateLimit: 200, burstLimit: 400 },
  { method: 'GET', path: '/.well-known/jwks.json', handler: 'discovery', access: 'public' },
  { method: 'GET', path: '/.well-known/openid-configuration', handler: 'discovery', access: 'public' },
  { method: 'GET', path: '/health', handler: 'discovery', access: 'public' },
];

/** Whether HEAD is answered beside GET: on what everybody may read (RFC 9110 section 9.3.2). */
export function answersHead({ method, access }: Route): boolean {
  return method === 'GET' && access === 'public';
}
