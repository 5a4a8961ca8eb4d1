import { GatewayResponseOptions, ResponseType, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { ErrorCode, ErrorCodes } from '../contract/error-codes';
import { SECURITY_HEADERS } from '../contract/headers';
import { GatewayCors } from './cors';
import { constant } from './mapping';

interface GatewayError {
  readonly code: ErrorCode;
  readonly retryAfter?: number;
}

const INVALID_TOKEN: GatewayError = { code: 'invalid_token' };

/**
 * What API Gateway refuses by itself, in the service's own terms.
 *
 * An authorizer that fails is an outage, not a bad credential: 401 or 403 would make clients drop a session that is still good, so
 * it is 503 with Retry-After. The same holds for each error on the way to a function, since the functions answer for their own ones.
 * A path that does not exist is 404, where API Gateway would say 403 "Missing Authentication Token".
 */
const RESPONSES: readonly [ResponseType, GatewayError][] = [
  [ResponseType.ACCESS_DENIED, { code: 'forbidden' }],
  [ResponseType.AUTHORIZER_CONFIGURATION_ERROR, { code: 'unavailable', retryAfter: 1 }],
  [ResponseType.AUTHORIZER_FAILURE, { code: 'unavailable', retryAfter: 1 }],
  [ResponseType.BAD_REQUEST_BODY, { code: 'validation_failed' }],
  [ResponseType.BAD_REQUEST_PARAMETERS, { code: 'validation_failed' }],
  [ResponseType.DEFAULT_4XX, { code: 'forbidden' }],
  [ResponseType.DEFAULT_5XX, { code: 'unavailable', retryAfter: 1 }],
  [ResponseType.MISSING_AUTHENTICATION_TOKEN, { code: 'not_found' }],
  [ResponseType.REQUEST_TOO_LARGE, { code: 'payload_too_large' }],
  [ResponseType.RESOURCE_NOT_FOUND, { code: 'not_found' }],
  [ResponseType.THROTTLED, { code: 'rate_limited', retryAfter: 1 }],
  [ResponseType.UNAUTHORIZED, INVALID_TOKEN],
  [ResponseType.UNSUPPORTED_MEDIA_TYPE, { code: 'unsupported_media_type' }],
  [ResponseType.WAF_FILTERED, { code: 'forbidden' }],
];

/** Gives every answer of API Gateway itself the shape and the headers of the service's answers. */
export function addGatewayResponses(api: RestApi, cors: GatewayCors | undefined, authorizerNamesOrigins: boolean): void {
  for (const [type, error] of RESPONSES) {
    const refusesToken = authorizerNamesOrigins && type === ResponseType.ACCESS_DENIED;
    const headers = { ...constants(SECURITY_HEADERS), ...refusesToken ? cors?.refusedToken : cors?.others };
    api.addGatewayResponse(type.responseType, gatewayResponse(type, refusesToken ? INVALID_TOKEN : error, headers));
  }
}

/** The answer of another API whose authorizer cannot be asked. */
export function outageResponse(type: ResponseType): GatewayResponseOptions {
  return gatewayResponse(type, { code: 'unavailable', retryAfter: 1 }, {});
}

function gatewayResponse(type: ResponseType, error: GatewayError, headers: Readonly<Record<string, string>>): GatewayResponseOptions {
  const { status, title } = ErrorCodes[error.code];
  const body = JSON.stringify({ type: 'about:blank', title, status, code: error.code, requestId: '$context.requestId' });
  return {
    type,
    statusCode: String(status),
    // The template's key is matched against Accept; this one is the fallback. The header says what it really is.
    templates: { 'application/json': body },
    responseHeaders: {
      'content-type': constant('application/problem+json'),
      ...headers,
      ...constants({
        ...error.retryAfter === undefined ? {} : { 'retry-after': String(error.retryAfter) },
        // RFC 6750 section 3.
        ...status === 401 ? { 'www-authenticate': 'Bearer' } : {},
      }),
    },
  };
}

function constants(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, constant(value)]));
}
