import { GatewayRequest, grouped, HeaderList, headerValue, lastOfEach, queryPairs } from '../message';
import { RestContext } from './context';

export interface EventFacts {
  readonly resourcePath: string;
  /** Without the stage. */
  readonly path: string;
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly stageVariables: Readonly<Record<string, string>>;
  readonly binaryMediaTypes: readonly string[];
}

/** The event that AWS_PROXY integrations of a REST API (and of an HTTP API with payload format 1.0) send. */
export function proxyEvent(request: GatewayRequest, facts: EventFacts, context: RestContext): Record<string, unknown> {
  const headers = forwardedHeaders(request);
  const multiValueHeaders = grouped(headers);
  const query = grouped(queryPairs(request.queryString));
  const binary = isBinary(headerValue(request.headers, 'content-type'), facts.binaryMediaTypes);
  return {
    resource: facts.resourcePath,
    path: facts.path,
    httpMethod: request.method,
    headers: lastOfEach(multiValueHeaders),
    multiValueHeaders,
    queryStringParameters: orNull(lastOfEach(query)),
    multiValueQueryStringParameters: orNull(query),
    pathParameters: orNull(facts.pathParameters),
    stageVariables: orNull(facts.stageVariables),
    requestContext: context,
    body: bodyText(request.body, binary),
    isBase64Encoded: binary && request.body.length > 0,
  };
}

/** The event of a REQUEST authorizer: the same facts, empty maps instead of null, no body. */
export function authorizerEvent(request: GatewayRequest, facts: EventFacts, context: RestContext, methodArn: string): Record<string, unknown> {
  const event = proxyEvent(request, facts, context);
  delete event.body;
  delete event.isBase64Encoded;
  for (const name of ['queryStringParameters', 'multiValueQueryStringParameters', 'pathParameters', 'stageVariables']) event[name] ??= {};
  return { type: 'REQUEST', methodArn, ...event };
}

/** API Gateway appends the peer to X-Forwarded-For, so the client's own value stays in front of it. */
export function forwardedHeaders(request: GatewayRequest): HeaderList {
  const replaced = ['x-forwarded-for', 'x-forwarded-port', 'x-forwarded-proto', 'x-amzn-trace-id', 'connection', 'transfer-encoding'];
  const kept = request.headers.filter(([name]) => !replaced.includes(name.toLowerCase()));
  const forwarded = request.headers.filter(([name]) => name.toLowerCase() === 'x-forwarded-for').map(([, value]) => value);
  return [
    ...kept,
    ['X-Forwarded-For', [...forwarded, request.sourceIp].join(', ')],
    ['X-Forwarded-Port', '443'],
    ['X-Forwarded-Proto', 'https'],
    ['X-Amzn-Trace-Id', request.traceId],
  ];
}

/** Text bodies are decoded as UTF-8; what is not valid becomes U+FFFD, as on AWS. */
export function bodyText(body: Buffer, binary: boolean): string | null {
  if (body.length === 0) return null;
  return body.toString(binary ? 'base64' : 'utf8');
}

export function isBinary(contentType: string | undefined, binaryMediaTypes: readonly string[]): boolean {
  const type = (contentType ?? 'application/json').split(';')[0]!.trim().toLowerCase();
  return binaryMediaTypes.some((binary) => {
    const wanted = binary.toLowerCase();
    if (wanted === '*/*') return true;
    return wanted.endsWith('/*') ? type.startsWith(wanted.slice(0, -1)) : type === wanted;
  });
}

function orNull<T extends object>(map: T): T | null {
  return Object.keys(map).length === 0 ? null : map;
}
