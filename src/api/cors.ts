import { ContentHandling, IResource, MockIntegration, PassthroughBehavior } from 'aws-cdk-lib/aws-apigateway';
import { REFUSED_ORIGIN } from '../contract/authorizer';
import { SECURITY_HEADERS } from '../contract/headers';
import { CORRELATION_HEADER, CSRF_HEADER, EXPOSED_HEADERS, PAGE_ORIGIN_HEADER } from '../contract/limits';
import { Findings, acknowledge } from '../policy/findings';
import { constant } from './mapping';

/** Which pages may call. */
export interface CorsProps {
  /** Exact origins. */
  readonly origins: readonly string[];
  /** Whether the browser sends cookies along. */
  readonly credentials: boolean;
}

/** How long a browser keeps the answer to a preflight. */
export const MAX_AGE_SECONDS = 600;
/** Headers that a page may send. */
export const REQUEST_HEADERS = ['authorization', 'content-type', CSRF_HEADER, CORRELATION_HEADER];

/**
 * Answers preflights of one path. CDK's own preflight matches origins as regular expressions, so that `https://appXexample.com` passes for
 * `https://app.example.com`, and names the first origin to everybody else. This one compares whole strings, and tells others nothing.
 */
export function addPreflight(resource: IResource, methods: readonly string[], cors: CorsProps): void {
  const headers: Record<string, string> = {
    ...SECURITY_HEADERS,
    'access-control-allow-methods': methods.join(','),
    'access-control-allow-headers': REQUEST_HEADERS.join(','),
    'access-control-max-age': String(MAX_AGE_SECONDS),
    'vary': 'Origin',
  };
  const parameters = Object.entries(headers).map(([name, value]) => [`method.response.header.${name}`, constant(value)] as const);
  const overridden = ['access-control-allow-origin', ...cors.credentials ? ['access-control-allow-credentials'] : []];
  const integration = new MockIntegration({
    contentHandling: ContentHandling.CONVERT_TO_TEXT,
    passthroughBehavior: PassthroughBehavior.NEVER,
    requestTemplates: { 'application/json': '{"statusCode":204}' },
    integrationResponses: [{
      statusCode: '204',
      responseParameters: Object.fromEntries(parameters),
      responseTemplates: { 'application/json': allowOrigin(cors) },
    }],
  });
  const preflight = resource.addMethod('OPTIONS', integration, {
    methodResponses: [{
      statusCode: '204',
      responseParameters: Object.fromEntries([...parameters.map(([name]) => name), ...overridden.map((name) => `method.response.header.${name}`)]
        .map((name) => [name, true])),
    }],
  });
  acknowledge(preflight, Findings.PUBLIC_ROUTE);
}

/** Names the origin back, and only if it is one of the list. */
function allowOrigin({ origins, credentials }: CorsProps): string {
  const matches = origins.map((origin) => `$origin == "${origin}"`).join(' || ');
  return [
    '#set($origin = $input.params().header.get("Origin"))',
    '#if(!$origin || $origin == "")#set($origin = $input.params().header.get("origin"))#end',
    `#if(${matches})`,
    '#set($context.responseOverride.header.access-control-allow-origin = $origin)',
    ...credentials ? ['#set($context.responseOverride.header.access-control-allow-credentials = "true")'] : [],
    '#end',
  ].join('\n');
}

/** Mapping expressions of gateway responses, by header. */
export interface GatewayCors {
  /** Of a token that the authorizer refused. */
  readonly refusedToken: Readonly<Record<string, string>>;
  /** Of everything else that API Gateway answers itself. */
  readonly others: Readonly<Record<string, string>>;
}

/**
 * What lets a page read the answers that API Gateway makes itself. It can compare nothing for them, only repeat a constant or a header of
 * the request. For one origin a constant will do. For several, somebody else has to have compared the origin: the authorizer for a refused
 * token, the service's own web ACL for the rest. Without that one, everybody may read, but nobody who sends cookies along: such answers
 * depend on no cookie and hold nothing. To name whatever origin asks, with credentials, is no choice.
 */
export function gatewayResponseCors({ origins, credentials }: CorsProps, firewallComparesOrigins: boolean): GatewayCors {
  const exposed = { 'access-control-expose-headers': constant(EXPOSED_HEADERS.join(',')) };
  const exactly = (expression: string) => ({
    'access-control-allow-origin': expression,
    ...credentials ? { 'access-control-allow-credentials': constant('true') } : {},
    ...exposed,
    'vary': constant('Origin'),
  });
  const [origin, ...more] = origins;
  if (origin !== undefined && more.length === 0) {
    return { refusedToken: exactly(constant(origin)), others: exactly(constant(origin)) };
  }
  return {
    refusedToken: exactly(`context.authorizer.${REFUSED_ORIGIN}`),
    others: firewallComparesOrigins ? exactly(`method.request.header.${PAGE_ORIGIN_HEADER}`) : { 'access-control-allow-origin': constant('*'), ...exposed },
  };
}
