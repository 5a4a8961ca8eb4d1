import { AuthorizerCache } from '../authorizer-cache';
import { AuthorizerPolicy } from '../policy';

/** An HTTP API as its template resources describe it. Filled while they are created. */
export interface HttpApiDefinition {
  readonly id: string;
  readonly logicalId: string;
  readonly name: string;
  /** Its own endpoint is disabled. */
  readonly closed: boolean;
  readonly cors?: CorsConfiguration;
  readonly integrations: Map<string, HttpIntegration>;
  readonly routes: HttpRoute[];
  readonly authorizers: Map<string, HttpAuthorizerDefinition>;
  readonly stages: Map<string, HttpStage>;
}

export interface CorsConfiguration {
  readonly origins: readonly string[];
  readonly methods: readonly string[];
  readonly headers: readonly string[];
  readonly exposed: readonly string[];
  readonly credentials: boolean;
  readonly maxAge?: number;
}

export type HttpIntegration =
  | { readonly type: 'function'; readonly functionArn: string; readonly payloadVersion: '1.0' | '2.0'; readonly timeoutMs: number }
  | { readonly type: 'unsupported'; readonly what: string };

export interface HttpRoute {
  /** `GET /orders/{id}`, `ANY /x/{proxy+}` or `$default`. */
  readonly key: string;
  readonly integrationId: string;
  readonly authorizationType: string;
  readonly authorizerId?: string;
  readonly scopes: readonly string[];
}

export type HttpAuthorizerDefinition = HttpFunctionAuthorizer | HttpJwtAuthorizer;

export interface HttpFunctionAuthorizer {
  readonly type: 'REQUEST';
  readonly id: string;
  readonly logicalId: string;
  readonly functionArn: string;
  readonly payloadVersion: '1.0' | '2.0';
  /** `{isAuthorized, context}` instead of a policy; payload 2.0 only. */
  readonly simple: boolean;
  /** `$request.header.Authorization`, `$context.routeKey` ... */
  readonly identitySources: readonly string[];
  readonly ttlMs: number;
  readonly cache: AuthorizerCache<HttpAuthorizerAnswer>;
}

export interface HttpJwtAuthorizer {
  readonly type: 'JWT';
  readonly id: string;
  readonly logicalId: string;
  readonly identitySource: string;
  readonly issuer: string;
  readonly audience: readonly string[];
}

export type HttpAuthorizerAnswer =
  | { readonly kind: 'simple'; readonly authorized: boolean; readonly context: Readonly<Record<string, unknown>> }
  | { readonly kind: 'policy'; readonly policy: AuthorizerPolicy };

export interface HttpStage {
  readonly name: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly defaultLimits: { readonly rate?: number; readonly burst?: number };
  readonly routeLimits: ReadonlyMap<string, { readonly rate?: number; readonly burst?: number }>;
  readonly accessLogFormat?: string;
  readonly accessLogGroup?: string;
}
