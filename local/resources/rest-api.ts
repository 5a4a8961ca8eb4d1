import { functionArnOfUri } from '../lambda/arn';
import { Integration, MockResponse, RestApiDefinition } from '../gateway/rest/definition';
import { apiGatewayId } from '../template/names';
import { isRecord, UserError } from '../template/types';
import { flagOf, listOf, logGroupOf, mapOf, numberOf, ProviderInput, Providers, textMapOf, textOf, textsOf } from './provider';

const INTEGRATION_TIMEOUT_MS = 29_000;
const AUTHORIZER_TTL_SECONDS = 300;

async function createApi({ resource, place, world }: ProviderInput) {
  const { properties } = resource;
  const id = apiGatewayId(resource.key);
  const rootResourceId = apiGatewayId(`${resource.key}/root`);
  const definition: RestApiDefinition = {
    id, rootResourceId,
    logicalId: resource.logicalId,
    name: textOf(properties, 'Name') ?? resource.logicalId,
    closed: flagOf(properties, 'DisableExecuteApiEndpoint'),
    binaryMediaTypes: textsOf(properties, 'BinaryMediaTypes'),
    resources: new Map([[rootResourceId, { id: rootResourceId, path: '/' }]]),
    methods: [], authorizers: new Map(), models: new Map(), validators: new Map(), gatewayResponses: new Map(), stages: new Map(),
  };
  await world.apis.addRest(resource.key, definition, place, resource.stackName);
  const partly = [['Body', 'OpenAPI body'], ['BodyS3Location', 'OpenAPI body'], ['Policy', 'resource policy']] as const;
  return {
    ref: id,
    attributes: { RootResourceId: rootResourceId, RestApiId: id },
    notEvaluated: partly.filter(([name]) => properties[name] !== undefined).map(([, label]) => label),
  };
}

function apiOf({ resource, world }: ProviderInput): RestApiDefinition {
  const id = String(resource.properties.RestApiId);
  const api = world.apis.rest(id);
  if (!api) throw new UserError(`${resource.logicalId} belongs to the REST API ${id}, which is not in the app`);
  return api;
}

function createResource(input: ProviderInput) {
  const { resource } = input;
  const api = apiOf(input);
  const parent = api.resources.get(String(resource.properties.ParentId))?.path ?? '/';
  const id = apiGatewayId(resource.key);
  api.resources.set(id, { id, path: `${parent === '/' ? '' : parent}/${String(resource.properties.PathPart)}` });
  return { ref: id, attributes: { ResourceId: id } };
}

function createMethod(input: ProviderInput) {
  const { properties, generatedName } = input.resource;
  const api = apiOf(input);
  const resourceId = String(properties.ResourceId);
  const integration = integrationOf(mapOf(properties, 'Integration'));
  const authorizationType = textOf(properties, 'AuthorizationType') ?? 'NONE';
  const authorizerId = textOf(properties, 'AuthorizerId');
  const validatorId = textOf(properties, 'RequestValidatorId');
  api.methods.push({
    resourceId, authorizationType, integration,
    resourcePath: api.resources.get(resourceId)?.path ?? '/',
    httpMethod: String(properties.HttpMethod).toUpperCase(),
    ...(authorizerId === undefined ? {} : { authorizerId }),
    ...(validatorId === undefined ? {} : { validatorId }),
    requestModels: textMapOf(properties, 'RequestModels'),
    requestParameters: Object.fromEntries(Object.entries(mapOf(properties, 'RequestParameters')).map(([name, value]) => [name, required(value)])),
  });
  const partly: string[] = [];
  if (integration.type === 'unsupported') partly.push(integration.what);
  if (flagOf(properties, 'ApiKeyRequired')) partly.push('API key');
  if (authorizationType !== 'NONE' && authorizationType !== 'CUSTOM') partly.push(`${authorizationType} authorization (always refused)`);
  return { ref: generatedName, attributes: {}, notEvaluated: partly };
}

function required(value: unknown): boolean {
  return value === true || value === 'true';
}

function integrationOf(properties: Record<string, unknown>): Integration {
  const type = textOf(properties, 'Type');
  const functionArn = functionArnOfUri(textOf(properties, 'Uri') ?? '');
  if (type === 'AWS_PROXY' && functionArn) {
    return { type: 'function', functionArn, timeoutMs: numberOf(properties, 'TimeoutInMillis') ?? INTEGRATION_TIMEOUT_MS };
  }
  if (type === 'MOCK') {
    return {
      type: 'mock',
      requestTemplates: textMapOf(properties, 'RequestTemplates'),
      responses: listOf(properties, 'IntegrationResponses').filter(isRecord).map(mockResponse),
    };
  }
  return { type: 'unsupported', what: `${type ?? 'missing'} integration` };
}

function mockResponse(properties: Record<string, unknown>): MockResponse {
  const selectionPattern = textOf(properties, 'SelectionPattern');
  return {
    statusCode: String(properties.StatusCode),
    ...(selectionPattern === undefined ? {} : { selectionPattern }),
    parameters: textMapOf(properties, 'ResponseParameters'),
    templates: textMapOf(properties, 'ResponseTemplates'),
  };
}

function createAuthorizer(input: ProviderInput) {
  const { resource } = input;
  const { properties } = resource;
  const type = textOf(properties, 'Type');
  const functionArn = functionArnOfUri(textOf(properties, 'AuthorizerUri') ?? '');
  const id = apiGatewayId(resource.key);
  const supported = (type === 'TOKEN' || type === 'REQUEST') && functionArn !== undefined;
  const expression = textOf(properties, 'IdentityValidationExpression');
  apiOf(input).authorizers.set(id, {
    id, logicalId: resource.logicalId,
    type: supported ? type : 'unsupported',
    functionArn: functionArn ?? '',
    identitySources: (textOf(properties, 'IdentitySource') ?? '').split(',').map((source) => source.trim()).filter((source) => source !== ''),
    ...(expression === undefined ? {} : { validationExpression: new RegExp(`^(?:${expression})$`) }),
    ttlMs: (numberOf(properties, 'AuthorizerResultTtlInSeconds') ?? AUTHORIZER_TTL_SECONDS) * 1000,
    caches: new Map(),
  });
  return { ref: id, attributes: { AuthorizerId: id }, notEvaluated: supported ? [] : [`${type} authorizer (always refused)`] };
}

function createGatewayResponse(input: ProviderInput) {
  const { properties, generatedName } = input.resource;
  const statusCode = numberOf(properties, 'StatusCode');
  apiOf(input).gatewayResponses.set(String(properties.ResponseType), {
    ...(statusCode === undefined ? {} : { statusCode }),
    parameters: textMapOf(properties, 'ResponseParameters'),
    templates: textMapOf(properties, 'ResponseTemplates'),
  });
  return { ref: generatedName, attributes: { Id: generatedName } };
}

function createStage(input: ProviderInput) {
  const { properties } = input.resource;
  const name = textOf(properties, 'StageName') ?? 'default';
  const format = textOf(mapOf(properties, 'AccessLogSetting'), 'Format');
  const group = logGroupOf(textOf(mapOf(properties, 'AccessLogSetting'), 'DestinationArn'));
  apiOf(input).stages.set(name, {
    name,
    variables: textMapOf(properties, 'Variables'),
    ...(format === undefined ? {} : { accessLogFormat: format }),
    ...(group === undefined ? {} : { accessLogGroup: group }),
    methodSettings: listOf(properties, 'MethodSettings').filter(isRecord).map((setting) => {
      const rate = numberOf(setting, 'ThrottlingRateLimit');
      const burst = numberOf(setting, 'ThrottlingBurstLimit');
      return {
        path: settingPath(textOf(setting, 'ResourcePath') ?? '/*'),
        method: textOf(setting, 'HttpMethod') ?? '*',
        ...(rate === undefined ? {} : { rate }),
        ...(burst === undefined ? {} : { burst }),
      };
    }),
  });
  const cached = flagOf(properties, 'CacheClusterEnabled') ? ['response cache'] : [];
  return { ref: name, attributes: {}, notEvaluated: [...cached, ...(properties.CanarySetting === undefined ? [] : ['canary'])] };
}

/** `/~1login~1mfa` is `/login/mfa`. */
function settingPath(path: string): string {
  return path === '/*' ? path : path.replace(/^\/(?=~1)/, '').replaceAll('~1', '/');
}

export const restApiProviders: Providers = {
  'AWS::ApiGateway::RestApi': createApi,
  'AWS::ApiGateway::Resource': createResource,
  'AWS::ApiGateway::Method': createMethod,
  'AWS::ApiGateway::Authorizer': createAuthorizer,
  'AWS::ApiGateway::GatewayResponse': createGatewayResponse,
  'AWS::ApiGateway::Stage': createStage,
  'AWS::ApiGateway::Model': (input) => {
    const name = textOf(input.resource.properties, 'Name') ?? input.resource.generatedName.replaceAll('-', '');
    const { Schema: schema } = input.resource.properties;
    apiOf(input).models.set(name, typeof schema === 'string' ? JSON.parse(schema) : schema);
    return { ref: name, attributes: {} };
  },
  'AWS::ApiGateway::RequestValidator': (input) => {
    const { properties, key } = input.resource;
    const id = apiGatewayId(key);
    apiOf(input).validators.set(id, { body: flagOf(properties, 'ValidateRequestBody'), parameters: flagOf(properties, 'ValidateRequestParameters') });
    return { ref: id, attributes: { RequestValidatorId: id } };
  },
  'AWS::ApiGateway::Deployment': (input) => {
    const id = apiGatewayId(input.resource.key);
    const stageName = textOf(input.resource.properties, 'StageName');
    if (stageName !== undefined) apiOf(input).stages.set(stageName, { name: stageName, variables: {}, methodSettings: [] });
    return { ref: id, attributes: { DeploymentId: id } };
  },
  'AWS::ApiGateway::Account': ({ resource }) => ({ ref: resource.generatedName, attributes: { Id: resource.generatedName } }),
};
