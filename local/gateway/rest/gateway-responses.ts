import { GatewayAnswer, GatewayRequest, HeaderList, headerValue, queryPairs } from '../message';
import { RestApiDefinition } from './definition';
import { renderVariables, RestContext } from './context';

/** Gateway response types with status and message as AWS has them. */
const DEFAULTS = {
  ACCESS_DENIED: [403, 'User is not authorized to access this resource'],
  API_CONFIGURATION_ERROR: [500, 'Internal server error'],
  AUTHORIZER_CONFIGURATION_ERROR: [500, null],
  AUTHORIZER_FAILURE: [500, null],
  BAD_REQUEST_BODY: [400, 'Invalid request body'],
  BAD_REQUEST_PARAMETERS: [400, 'Missing required request parameters'],
  INTEGRATION_FAILURE: [504, 'Internal server error'],
  INTEGRATION_TIMEOUT: [504, 'Endpoint request timed out'],
  INVALID_SIGNATURE: [403, 'The request signature we calculated does not match the signature you provided'],
  MISSING_AUTHENTICATION_TOKEN: [403, 'Missing Authentication Token'],
  REQUEST_TOO_LARGE: [413, 'Request Too Long'],
  THROTTLED: [429, 'Too Many Requests'],
  UNAUTHORIZED: [401, 'Unauthorized'],
  UNSUPPORTED_MEDIA_TYPE: [415, 'Unsupported Media Type'],
  WAF_FILTERED: [403, 'Forbidden'],
  /** A function that failed or whose answer has not the form of a proxy response: only DEFAULT_5XX can shape it. */
  DEFAULT_5XX: [502, 'Internal server error'],
} as const satisfies Record<string, readonly [number, string | null]>;

export type GatewayResponseType = keyof typeof DEFAULTS;

export interface Refusal {
  readonly type: GatewayResponseType;
  /** In place of the type's own message. */
  readonly message?: string;
  /** In place of the type's own status, for answers that only DEFAULT_5XX shapes. */
  readonly status?: number;
  readonly validationError?: string;
}

/** Answers in place of the integration, shaped by the API's AWS::ApiGateway::GatewayResponse resources. */
export function gatewayResponse(
  api: RestApiDefinition, stageVariables: Readonly<Record<string, string>>, request: GatewayRequest, context: RestContext, refusal: Refusal,
): GatewayAnswer {
  const [typeStatus, typeMessage] = DEFAULTS[refusal.type];
  const message = refusal.message ?? typeMessage;
  const status = refusal.status ?? typeStatus;
  context.error = {
    message,
    messageString: JSON.stringify(message),
    responseType: refusal.type,
    validationErrorString: refusal.validationError === undefined ? undefined : JSON.stringify(refusal.validationError),
  };
  const definition = api.gatewayResponses.get(refusal.type) ?? api.gatewayResponses.get(status < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX');
  const [contentType, template] = Object.entries(definition?.templates ?? {})[0] ?? ['application/json', '{"message":$context.error.messageString}'];
  const headers: HeaderList = [
    ['Content-Type', contentType],
    ['x-amzn-ErrorType', ERROR_TYPES[refusal.type] ?? 'InternalServerErrorException'],
  ];
  for (const [name, expression] of Object.entries(definition?.parameters ?? {})) {
    const value = parameterValue(expression, request, context, stageVariables);
    if (value !== undefined) setHeader(headers, name.replace(/^gatewayresponse\.header\./, ''), value);
  }
  return {
    status: definition?.statusCode ?? status,
    headers,
    body: renderVariables(template, context, stageVariables, 'null'),
  };
}

const ERROR_TYPES: Partial<Record<GatewayResponseType, string>> = {
  ACCESS_DENIED: 'AccessDeniedException',
  BAD_REQUEST_BODY: 'BadRequestException',
  BAD_REQUEST_PARAMETERS: 'BadRequestException',
  MISSING_AUTHENTICATION_TOKEN: 'MissingAuthenticationTokenException',
  REQUEST_TOO_LARGE: 'RequestTooLargeException',
  THROTTLED: 'TooManyRequestsException',
  UNAUTHORIZED: 'UnauthorizedException',
  WAF_FILTERED: 'ForbiddenException',
  AUTHORIZER_FAILURE: 'AuthorizerFailureException',
  AUTHORIZER_CONFIGURATION_ERROR: 'AuthorizerConfigurationException',
};

/** A mapping expression: `'literal'`, `method.request.header.X`, `context.x` or `stageVariables.x`. */
export function parameterValue(
  expression: string, request: GatewayRequest, context: RestContext, stageVariables: Readonly<Record<string, string>>,
): string | undefined {
  const literal = /^'(.*)'$/s.exec(expression);
  if (literal) return literal[1];
  const [, place, name] = /^method\.request\.(header|querystring)\.(.+)$/.exec(expression) ?? [];
  if (place === 'header') return headerValue(request.headers, name!);
  if (place === 'querystring') return queryPairs(request.queryString).filter(([other]) => other === name).at(-1)?.[1];
  if (/^(context|stageVariables)\./.test(expression)) return renderVariables(`$${expression}`, context, stageVariables, '') || undefined;
  return undefined;
}

export function setHeader(headers: HeaderList, name: string, value: string): void {
  const known = headers.find(([other]) => other.toLowerCase() === name.toLowerCase());
  if (known) known[1] = value;
  else headers.push([name, value]);
}
