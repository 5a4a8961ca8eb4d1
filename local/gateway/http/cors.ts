import { GatewayAnswer, GatewayRequest, HeaderList, headerValue } from '../message';
import { CorsConfiguration } from './definition';

/** Answers a preflight in place of any route, as an HTTP API with a CORS configuration does; undefined when it is none. */
export function preflight(cors: CorsConfiguration, request: GatewayRequest): GatewayAnswer | undefined {
  if (request.method !== 'OPTIONS' || headerValue(request.headers, 'access-control-request-method') === undefined) return undefined;
  const origin = allowedOrigin(cors, request);
  if (origin === undefined) return { status: 204, headers: [], body: '' };
  const headers: HeaderList = [['access-control-allow-origin', origin]];
  if (cors.methods.length > 0) headers.push(['access-control-allow-methods', cors.methods.join(',')]);
  if (cors.headers.length > 0) headers.push(['access-control-allow-headers', cors.headers.join(',')]);
  if (cors.maxAge !== undefined) headers.push(['access-control-max-age', String(cors.maxAge)]);
  if (cors.credentials) headers.push(['access-control-allow-credentials', 'true']);
  return { status: 204, headers, body: '' };
}

/** The API's CORS configuration replaces whatever CORS headers the integration sent. */
export function withCors(cors: CorsConfiguration, request: GatewayRequest, answer: GatewayAnswer): GatewayAnswer {
  const own = answer.headers.filter(([name]) => !name.toLowerCase().startsWith('access-control-'));
  const origin = allowedOrigin(cors, request);
  if (origin === undefined) return { ...answer, headers: own };
  const added: HeaderList = [['access-control-allow-origin', origin]];
  if (cors.credentials) added.push(['access-control-allow-credentials', 'true']);
  if (cors.exposed.length > 0) added.push(['access-control-expose-headers', cors.exposed.join(',')]);
  return { ...answer, headers: [...own, ...added] };
}

function allowedOrigin(cors: CorsConfiguration, request: GatewayRequest): string | undefined {
  const origin = headerValue(request.headers, 'origin');
  if (origin === undefined) return undefined;
  if (cors.origins.includes('*')) return cors.credentials ? origin : '*';
  const scheme = origin.slice(0, origin.indexOf('://') + 3);
  return cors.origins.includes(origin) || cors.origins.includes(`${scheme}*`) ? origin : undefined;
}
