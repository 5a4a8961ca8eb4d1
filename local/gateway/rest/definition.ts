import { AuthorizerCache } from '../authorizer-cache';
import { AuthorizerPolicy } from '../policy';

/** A REST API as its template resources describe it. Filled while they are created. */
export interface RestApiDefinition {
  readonly id: string;
  readonly logicalId: string;
  readonly name: string;
  /** Its own endpoint is disabled. */
  readonly closed: boolean;
  readonly binaryMediaTypes: readonly string[];
  readonly rootResourceId: string;
  readonly resources: Map<string, { readonly id: string; readonly path: string }>;
  readonly methods: RestMethod[];
  readonly authorizers: Map<string, RestAuthorizerDefinition>;
  /** JSON schemas by model name. */
  readonly models: Map<string, unknown>;
  readonly validators: Map<string, { readonly body: boolean; readonly parameters: boolean }>;
  readonly gatewayResponses: Map<string, GatewayResponseDefinition>;
  readonly stages: Map<string, RestStage>;
}

export interface RestMethod {
  readonly resourceId: string;
  readonly resourcePath: string;
  /** `ANY` for all. */
  readonly httpMethod: string;
  readonly authorizationType: string;
  readonly authorizerId?: string;
  readonly validatorId?: string;
  /** Model name by content type. */
  readonly requestModels: Readonly<Record<string, string>>;
  /** `method.request.querystring.x` to whether it is required. */
  readonly requestParameters: Readonly<Record<string, boolean>>;
  readonly integration: Integration;
}

export type Integration =
  | { readonly type: 'function'; readonly functionArn: string; readonly timeoutMs: number }
  | { readonly type: 'mock'; readonly requestTemplates: Readonly<Record<string, string>>; readonly responses: readonly MockResponse[] }
  | { readonly type: 'unsupported'; readonly what: string };

export interface MockResponse {
  readonly statusCode: string;
  readonly selectionPattern?: string;
  /** `method.response.header.X` to `'literal'` or a mapping expression. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly templates: Readonly<Record<string, string>>;
}

export interface RestAuthorizerDefinition {
  readonly id: string;
  readonly logicalId: string;
  readonly type: 'TOKEN' | 'REQUEST' | 'unsupported';
  readonly functionArn: string;
  /** `method.request.header.Authorization`, `context.identity.sourceIp` ... */
  readonly identitySources: readonly string[];
  readonly validationExpression?: RegExp;
  /** Caches the policy, not the decision; one cache per stage. */
  readonly caches: Map<string, AuthorizerCache<AuthorizerPolicy>>;
  readonly ttlMs: number;
}

export interface GatewayResponseDefinition {
  readonly statusCode?: number;
  /** `gatewayresponse.header.X` to `'literal'` or a mapping expression. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly templates: Readonly<Record<string, string>>;
}

export interface RestStage {
  readonly name: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly methodSettings: readonly MethodSetting[];
  readonly accessLogFormat?: string;
  readonly accessLogGroup?: string;
}

export interface MethodSetting {
  /** `/*` or an absolute path. */
  readonly path: string;
  /** `*` or a method. */
  readonly method: string;
  readonly rate?: number;
  readonly burst?: number;
}
