import { AuthorizerContext, REFUSED_ORIGIN } from '../../src/contract/authorizer';
import type { Principal } from '../domain/model';
import { bearerToken } from './bearer';
import { correlationIdOf } from './headers';

type Headers = Readonly<Record<string, string | undefined>>;

/** What this service reads of the events of Lambda authorizers: of a REST API (TOKEN, REQUEST) and of an HTTP API (payloads 1.0 and 2.0). */
export interface AuthorizerEvent {
  readonly version?: string;
  readonly type?: string;
  /** `arn:aws:execute-api:<region>:<account>:<api>/<stage>/<method>/<path>`; of payload 2.0 `routeArn`. */
  readonly methodArn?: string;
  readonly routeArn?: string;
  /** Only TOKEN. */
  readonly authorizationToken?: string;
  readonly headers?: Headers | null;
  /** Only REQUEST of a REST API. */
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[] | undefined>> | null;
  readonly requestContext?: {
    readonly requestId?: string;
    readonly identity?: { readonly sourceIp?: string };
    readonly http?: { readonly sourceIp?: string };
  };
}

export interface Policy {
  readonly principalId: string;
  readonly policyDocument: {
    readonly Version: '2012-10-17';
    readonly Statement: readonly { readonly Action: 'execute-api:Invoke'; readonly Effect: 'Allow' | 'Deny'; readonly Resource: string }[];
  };
  readonly context?: Readonly<Record<string, string>>;
}

export interface SimpleAnswer {
  readonly isAuthorized: boolean;
  readonly context?: Readonly<Record<string, string>>;
}

/** One call of the authorizer, whatever asks. */
export interface AuthorizerRequest {
  /** `undefined`: there is not exactly one well-formed bearer token. */
  readonly token: string | undefined;
  readonly origin: string | undefined;
  readonly requestId: string | undefined;
  readonly correlationId: string | undefined;
  readonly sourceIp: string | undefined;
  readonly userAgent: string | undefined;
}

export function toAuthorizerRequest(event: AuthorizerEvent): AuthorizerRequest {
  const headers = headersOf(event);
  const requestId = event.requestContext?.requestId;
  return {
    token: bearerToken(event.type === 'TOKEN' ? event.authorizationToken : headers['authorization']),
    origin: headers['origin'],
    requestId,
    correlationId: requestId === undefined ? undefined : correlationIdOf(headers, requestId),
    sourceIp: event.requestContext?.identity?.sourceIp ?? event.requestContext?.http?.sourceIp,
    userAgent: headers['user-agent'],
  };
}

/** Lower-case names; repeated values joined, so that two Authorization headers are no bearer token. */
function headersOf(event: AuthorizerEvent): Readonly<Record<string, string>> {
  const headers = Object.create(null) as Record<string, string>;
  const add = (name: string, value: string): void => {
    const key = name.toLowerCase();
    headers[key] = headers[key] === undefined ? value : `${headers[key]}, ${value}`;
  };
  if (event.multiValueHeaders) {
    for (const [name, values] of Object.entries(event.multiValueHeaders)) values?.forEach((value) => add(name, value));
  } else {
    for (const [name, value] of Object.entries(event.headers ?? {})) if (value !== undefined) add(name, value);
  }
  return headers;
}

/**
 * The answer in the shape that belongs to the event. API Gateway caches it for each token and authorizer and applies it to every
 * route behind that authorizer, so it speaks of the whole stage: what it depends on, token and required scopes, is the same for all.
 */
export function authorizerAnswer(event: AuthorizerEvent, allowed: boolean, principal: Principal): Policy | SimpleAnswer {
  const context = allowed ? { context: contextOf(principal) } : {};
  if (event.version === '2.0') return { isAuthorized: allowed, ...context };
  return {
    principalId: principal.uid,
    policyDocument: {
      Version: '2012-10-17',
      Statement: [{ Action: 'execute-api:Invoke', Effect: allowed ? 'Allow' : 'Deny', Resource: wholeStage(event.methodArn) }],
    },
    ...context,
  };
}

/** Which pages may read why a token was refused, where API Gateway cannot compare their origins. */
export interface ReadableRefusals {
  /** Id of the service's own REST API. Of other APIs the refusals stay what API Gateway makes of them. */
  readonly apiId: string;
  /** Exact. */
  readonly origins: readonly string[];
}

/**
 * The refusal of a token for a page of a listed origin: a denial whose context names the origin, which the API's gateway response makes a 401
 * of. Undefined: there is nobody to name.
 */
export function readableRefusal({ apiId, origins }: ReadableRefusals, event: AuthorizerEvent, origin: string | undefined): Policy | undefined {
  if (origin === undefined || !origins.includes(origin) || apiOf(event.methodArn) !== apiId) return undefined;
  return {
    principalId: 'nobody',
    policyDocument: { Version: '2012-10-17', Statement: [{ Action: 'execute-api:Invoke', Effect: 'Deny', Resource: wholeStage(event.methodArn) }] },
    context: { [REFUSED_ORIGIN]: origin },
  };
}

function apiOf(methodArn: string | undefined): string | undefined {
  return /^arn:(?:[^:]*:){4}([^/:]+)\//.exec(methodArn ?? '')?.[1];
}

/** Context values are scalars; as strings they survive every kind of API unchanged. */
function contextOf(principal: Principal): Readonly<Record<string, string>> {
  return {
    [AuthorizerContext.SUB]: principal.uid,
    [AuthorizerContext.SCOPE]: principal.scope,
    [AuthorizerContext.SID]: principal.sid,
    [AuthorizerContext.SV]: String(principal.sv),
    [AuthorizerContext.JTI]: principal.jti,
    [AuthorizerContext.AUTH_TIME]: String(principal.authTime),
    [AuthorizerContext.AMR]: principal.amr.join(' '),
  };
}

function wholeStage(methodArn: string | undefined): string {
  const match = /^(arn:[^/]+\/[^/]+)\//.exec(methodArn ?? '');
  if (!match) throw new Error('authorizer event without a method ARN');
  return `${match[1]}/*`;
}
