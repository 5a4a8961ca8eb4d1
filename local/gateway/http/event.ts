import { bodyText, forwardedHeaders } from '../rest/event';
import { commonLogTime, decode, GatewayRequest, grouped, headerValue, queryPairs } from '../message';

export interface HttpEventFacts {
  readonly apiId: string;
  readonly accountId: string;
  readonly stage: string;
  readonly routeKey: string;
  /** With the stage, as `rawPath` has it. */
  readonly path: string;
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly stageVariables: Readonly<Record<string, string>>;
}

/** Payload format 2.0: lower-case header names, repeated values joined by a comma, cookies apart. */
export function httpEvent(request: GatewayRequest, facts: HttpEventFacts, authorizer: Record<string, unknown> | undefined): Record<string, unknown> {
  const cookies = request.headers.filter(([name]) => name.toLowerCase() === 'cookie').flatMap(([, value]) => value.split(/;\s*/)).filter((part) => part !== '');
  const binary = !isText(headerValue(request.headers, 'content-type'));
  return {
    version: '2.0',
    routeKey: facts.routeKey,
    rawPath: decode(facts.path),
    rawQueryString: request.queryString,
    ...(cookies.length > 0 ? { cookies } : {}),
    headers: joinedHeaders(request),
    ...notEmpty('queryStringParameters', joined(queryPairs(request.queryString))),
    requestContext: httpContext(request, facts, authorizer),
    ...notEmpty('pathParameters', facts.pathParameters),
    ...notEmpty('stageVariables', facts.stageVariables),
    ...(request.body.length > 0 ? { body: bodyText(request.body, binary) } : {}),
    isBase64Encoded: binary && request.body.length > 0,
  };
}

export function httpContext(request: GatewayRequest, facts: HttpEventFacts, authorizer: Record<string, unknown> | undefined): Record<string, unknown> {
  const host = headerValue(request.headers, 'host') ?? '';
  return {
    accountId: facts.accountId,
    apiId: facts.apiId,
    ...(authorizer ? { authorizer } : {}),
    domainName: host,
    domainPrefix: host.split('.')[0],
    http: {
      method: request.method,
      path: decode(facts.path),
      protocol: request.protocol,
      sourceIp: request.sourceIp,
      userAgent: headerValue(request.headers, 'user-agent') ?? '',
    },
    requestId: request.extendedRequestId,
    routeKey: facts.routeKey,
    stage: facts.stage,
    time: commonLogTime(request.time),
    timeEpoch: request.time,
  };
}

/** The event of a REQUEST authorizer with payload format 2.0. */
export function httpAuthorizerEvent(
  request: GatewayRequest, facts: HttpEventFacts, routeArn: string, identitySource: readonly string[],
): Record<string, unknown> {
  const event = httpEvent(request, facts, undefined);
  delete event.body;
  delete event.isBase64Encoded;
  return { ...event, type: 'REQUEST', routeArn, identitySource: identitySource.length > 0 ? identitySource : null };
}

function joinedHeaders(request: GatewayRequest): Record<string, string> {
  const headers = forwardedHeaders(request).filter(([name]) => name.toLowerCase() !== 'cookie');
  return joined(headers.map(([name, value]) => [name.toLowerCase(), value]));
}

function joined(pairs: readonly [string, string][]): Record<string, string> {
  return Object.fromEntries(Object.entries(grouped(pairs)).map(([name, values]) => [name, values.join(',')]));
}

function notEmpty(name: string, map: Readonly<Record<string, string>>): Record<string, unknown> {
  return Object.keys(map).length === 0 ? {} : { [name]: map };
}

/** An HTTP API has no list of binary types: what is not known as text goes in base64. */
function isText(contentType: string | undefined): boolean {
  const type = (contentType ?? 'application/json').split(';')[0]!.trim().toLowerCase();
  return type.startsWith('text/') || ['application/json', 'application/javascript', 'application/xml', 'application/x-www-form-urlencoded'].includes(type) || /\+(json|xml)$/.test(type);
}
