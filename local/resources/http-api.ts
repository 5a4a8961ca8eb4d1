import { AuthorizerCache } from '../gateway/authorizer-cache';
import { HttpApiDefinition, HttpAuthorizerAnswer, HttpIntegration } from '../gateway/http/definition';
import { functionArnOfUri } from '../lambda/arn';
import { apiGatewayId } from '../template/names';
import { UserError } from '../template/types';
import { flagOf, logGroupOf, mapOf, numberOf, ProviderInput, Providers, textMapOf, textOf, textsOf } from './provider';

const INTEGRATION_TIMEOUT_MS = 30_000;

async function createApi({ resource, place, world }: ProviderInput) {
  const { properties } = resource;
  const id = apiGatewayId(resource.key);
  if (textOf(properties, 'ProtocolType') === 'WEBSOCKET') {
    return { ref: id, attributes: { ApiId: id, ApiEndpoint: `wss://${id}.invalid` }, notEvaluated: ['WebSocket API'] };
  }
  const cors = mapOf(properties, 'CorsConfiguration');
  const maxAge = numberOf(cors, 'MaxAge');
  const definition: HttpApiDefinition = {
    id, logicalId: resource.logicalId,
    name: textOf(properties, 'Name') ?? resource.logicalId,
    closed: flagOf(properties, 'DisableExecuteApiEndpoint'),
    ...(Object.keys(cors).length === 0 ? {} : {
      cors: {
        origins: textsOf(cors, 'AllowOrigins'), methods: textsOf(cors, 'AllowMethods'), headers: textsOf(cors, 'AllowHeaders'),
        exposed: textsOf(cors, 'ExposeHeaders'), credentials: flagOf(cors, 'AllowCredentials'), ...(maxAge === undefined ? {} : { maxAge }),
      },
    }),
    integrations: new Map(), routes: [], authorizers: new Map(), stages: new Map(),
  };
  const url = await world.apis.addHttp(resource.key, definition, place, resource.stackName);
  return { ref: id, attributes: { ApiId: id, ApiEndpoint: url }, notEvaluated: properties.Body === undefined ? [] : ['OpenAPI body'] };
}

function apiOf({ resource, world }: ProviderInput): HttpApiDefinition | undefined {
  return world.apis.http(String(resource.properties.ApiId));
}

function createIntegration(input: ProviderInput) {
  const { properties, key } = input.resource;
  const id = apiGatewayId(key).slice(0, 7);
  const functionArn = functionArnOfUri(textOf(properties, 'IntegrationUri') ?? '');
  const type = textOf(properties, 'IntegrationType');
  const integration: HttpIntegration = type === 'AWS_PROXY' && functionArn !== undefined
    ? {
      type: 'function', functionArn,
      payloadVersion: textOf(properties, 'PayloadFormatVersion') === '2.0' ? '2.0' : '1.0',
      timeoutMs: numberOf(properties, 'TimeoutInMillis') ?? INTEGRATION_TIMEOUT_MS,
    }
    : { type: 'unsupported', what: `${type} integration` };
  apiOf(input)?.integrations.set(id, integration);
  return { ref: id, attributes: { IntegrationId: id }, notEvaluated: integration.type === 'unsupported' ? [integration.what] : [] };
}

function createRoute(input: ProviderInput) {
  const { properties, key, logicalId } = input.resource;
  const id = apiGatewayId(key).slice(0, 7);
  const [, integrationId] = /^integrations\/(.+)$/.exec(textOf(properties, 'Target') ?? '') ?? [];
  const api = apiOf(input);
  const authorizationType = textOf(properties, 'AuthorizationType') ?? 'NONE';
  const authorizerId = textOf(properties, 'AuthorizerId');
  if (api && integrationId === undefined) throw new UserError(`route ${logicalId} has no integration`);
  api?.routes.push({
    key: String(properties.RouteKey), integrationId: integrationId ?? '', authorizationType,
    ...(authorizerId === undefined ? {} : { authorizerId }),
    scopes: textsOf(properties, 'AuthorizationScopes'),
  });
  return { ref: id, attributes: { RouteId: id }, notEvaluated: authorizationType === 'AWS_IAM' ? ['AWS_IAM authorization (always refused)'] : [] };
}

function createAuthorizer(input: ProviderInput) {
  const { place, resource } = input;
  const { properties } = resource;
  const id = apiGatewayId(resource.key).slice(0, 6);
  const sources = textsOf(properties, 'IdentitySource');
  if (textOf(properties, 'AuthorizerType') === 'JWT') {
    const jwt = mapOf(properties, 'JwtConfiguration');
    apiOf(input)?.authorizers.set(id, {
      type: 'JWT', id, logicalId: resource.logicalId,
      identitySource: sources[0] ?? '$request.header.Authorization', issuer: textOf(jwt, 'Issuer') ?? '', audience: textsOf(jwt, 'Audience'),
    });
  } else {
    // AWS's default is no cache when the property is left out of a template for an HTTP API's authorizer.
    const ttlMs = (numberOf(properties, 'AuthorizerResultTtlInSeconds') ?? 0) * 1000;
    apiOf(input)?.authorizers.set(id, {
      type: 'REQUEST', id, logicalId: resource.logicalId, ttlMs,
      functionArn: functionArnOfUri(textOf(properties, 'AuthorizerUri') ?? '') ?? '',
      payloadVersion: textOf(properties, 'AuthorizerPayloadFormatVersion') === '2.0' ? '2.0' : '1.0',
      simple: flagOf(properties, 'EnableSimpleResponses'),
      identitySources: sources,
      cache: new AuthorizerCache<HttpAuthorizerAnswer>(ttlMs, () => place.now()),
    });
  }
  return { ref: id, attributes: { AuthorizerId: id } };
}

function createStage(input: ProviderInput) {
  const { properties } = input.resource;
  const name = String(properties.StageName);
  const format = textOf(mapOf(properties, 'AccessLogSettings'), 'Format');
  const group = logGroupOf(textOf(mapOf(properties, 'AccessLogSettings'), 'DestinationArn'));
  const routeSettings = Object.entries(mapOf(properties, 'RouteSettings')).map(([route, setting]) => [route, limits(setting as Record<string, unknown>)] as const);
  apiOf(input)?.stages.set(name, {
    name,
    variables: textMapOf(properties, 'StageVariables'),
    defaultLimits: limits(mapOf(properties, 'DefaultRouteSettings')),
    routeLimits: new Map(routeSettings),
    ...(format === undefined ? {} : { accessLogFormat: format }),
    ...(group === undefined ? {} : { accessLogGroup: group }),
  });
  return { ref: name, attributes: {} };
}

function limits(setting: Record<string, unknown>): { rate?: number; burst?: number } {
  const rate = numberOf(setting, 'ThrottlingRateLimit');
  const burst = numberOf(setting, 'ThrottlingBurstLimit');
  return { ...(rate === undefined ? {} : { rate }), ...(burst === undefined ? {} : { burst }) };
}

export const httpApiProviders: Providers = {
  'AWS::ApiGatewayV2::Api': createApi,
  'AWS::ApiGatewayV2::Integration': createIntegration,
  'AWS::ApiGatewayV2::Route': createRoute,
  'AWS::ApiGatewayV2::Authorizer': createAuthorizer,
  'AWS::ApiGatewayV2::Stage': createStage,
  'AWS::ApiGatewayV2::Deployment': ({ resource }) => ({ ref: apiGatewayId(resource.key), attributes: { DeploymentId: apiGatewayId(resource.key) } }),
};
