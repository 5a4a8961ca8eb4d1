import { Match } from 'aws-cdk-lib/assertions';
import { AuthApi, AuthRoute, TokenTransport } from '../../src';
import { ErrorCodes } from '../../src/contract/error-codes';
import { SECURITY_HEADERS } from '../../src/contract/headers';
import { answersHead, Routes } from '../../src/contract/routes';
import type { Resource } from './support/synth';
import { defaults, logicalId, resource, resources, synthesize } from './support/synth';

/** `METHOD /path` of every method in a template, with the method. */
function methods(template = defaults().template): Map<string, Resource> {
  const parts = resources(template, 'AWS::ApiGateway::Resource');
  const pathOf = (id: string | undefined): string => {
    const part = id === undefined ? undefined : parts[id];
    return part === undefined ? '' : `${pathOf(part.Properties.ParentId.Ref)}/${part.Properties.PathPart}`;
  };
  return new Map(Object.values(resources(template, 'AWS::ApiGateway::Method')).map((method) => [`${method.Properties.HttpMethod} ${pathOf(method.Properties.ResourceId.Ref)}`, method]));
}

describe('the REST API', () => {
  test('is regional and speaks TLS 1.2 and 1.3 only (IC-03)', () => {
    defaults().template.hasResourceProperties('AWS::ApiGateway::RestApi', {
      EndpointConfiguration: { Types: ['REGIONAL'] },
      SecurityPolicy: 'SecurityPolicy_TLS13_1_2_PQ_2025_09',
      EndpointAccessMode: 'STRICT',
      Name: defaults().auth.serviceName,
    });
  });

  test('IN-06: has the methods of the contract, and no proxy or ANY', () => {
    expect([...methods().keys()].sort()).toEqual(Routes.flatMap((route) => [route.method, ...answersHead(route) ? ['HEAD'] : []].map((method) => `${method} ${route.path}`)).sort());
  });

  test('the routes that throttles can name are those of the contract', () => {
    expect(Object.values(AuthRoute).sort()).toEqual(Routes.map(({ method, path }) => `${method} ${path}`).sort());
  });

  test.each(Routes.map((route) => [`${route.method} ${route.path}`, route] as const))('%s is guarded as it should be and reaches its function', (name, route) => {
    const { Properties } = methods().get(name)!;
    expect(Properties.AuthorizationType).toBe(route.access === 'bearer' ? 'CUSTOM' : 'NONE');
    expect(Properties.AuthorizerId !== undefined).toBe(route.access === 'bearer');
    expect(JSON.stringify(Properties.Integration.Uri).toLowerCase()).toContain(`authfunctions${route.handler}alias`);
    expect(Properties.Integration.Type).toBe('AWS_PROXY');
  });

  test('JT-09: no decision of the authorizer is cached', () => {
    defaults().template.allResourcesProperties('AWS::ApiGateway::Authorizer', {
      Type: 'REQUEST',
      IdentitySource: 'method.request.header.Authorization',
      AuthorizerResultTtlInSeconds: 0,
    });
  });

  test('LG-05: bodies are never logged, answers are not cached', () => {
    const stage = resource(defaults().template, 'AWS::ApiGateway::Stage', 'AuthApi');
    expect(stage.Properties.StageName).toBe('v1');
    expect(stage.Properties.TracingEnabled).toBe(true);
    for (const setting of stage.Properties.MethodSettings) {
      expect(setting).toMatchObject({ DataTraceEnabled: false, LoggingLevel: 'OFF', CachingEnabled: false });
    }
  });

  test('AA-01: throttles the stage, and routes more tightly', () => {
    const { MethodSettings } = resource(defaults().template, 'AWS::ApiGateway::Stage', 'AuthApi').Properties;
    const throttle = (path: string, method: string) => {
      const found = MethodSettings.filter((setting: Record<string, unknown>) => setting.ResourcePath === path && setting.HttpMethod === method);
      return found.map((setting: Record<string, unknown>) => [setting.ThrottlingRateLimit, setting.ThrottlingBurstLimit]);
    };
    expect(throttle('/*', '*')).toEqual([[1000, 2000]]);
    for (const { method, path, rateLimit, burstLimit } of Routes) {
      expect(throttle(`/${path.replaceAll('/', '~1')}`, method)).toEqual(rateLimit === undefined ? [] : [[rateLimit, burstLimit]]);
    }
  });

  test('throttles can be set, for all and for one', () => {
    const { template } = synthesize({
      api: AuthApi.rest({ throttle: { rateLimit: 50 }, routeThrottles: [{ route: AuthRoute.END_SESSION, rateLimit: 3, burstLimit: 4 }] }),
    });
    template.hasResourceProperties('AWS::ApiGateway::Stage', {
      MethodSettings: Match.arrayWith([
        Match.objectLike({ ResourcePath: '/*', ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 }),
        Match.objectLike({ ResourcePath: '/~1me~1sessions~1{sid}', HttpMethod: 'DELETE', ThrottlingRateLimit: 3, ThrottlingBurstLimit: 4 }),
      ]),
    });
  });

  test('each function that answers has one permission for it, whatever the number of its routes', () => {
    const permissions = Object.values(resources(defaults().template, 'AWS::Lambda::Permission'))
      .filter(({ Properties }) => Properties.Principal === 'apigateway.amazonaws.com' && JSON.stringify(Properties.SourceArn).includes('/*/*/*'));
    expect(permissions).toHaveLength(new Set(Routes.map(({ handler }) => handler)).size);
  });
});

describe('URLs', () => {
  test('come from the id of the API, so that no function depends on the stage', () => {
    const { stack, auth, template } = defaults();
    const url = (path: string) => ({
      'Fn::Join': ['', ['https://', { Ref: logicalId(template, 'AWS::ApiGateway::RestApi', 'AuthApi') }, '.execute-api.', { Ref: 'AWS::Region' }, '.', { Ref: 'AWS::URLSuffix' }, `/v1${path}`]],
    });
    expect(stack.resolve(auth.apiUrl)).toEqual(url(''));
    expect(stack.resolve(auth.issuerUrl)).toEqual(url(''));
    expect(stack.resolve(auth.jwksUrl)).toEqual(url('/.well-known/jwks.json'));
    expect(resource(template, 'AWS::Lambda::Function', 'AuthFunctionsLogin').Properties.Environment.Variables.AUTH_ISSUER).toEqual(url(''));
  });

  test('an issuer of one\'s own stands in tokens; the API stays where it is', () => {
    const { auth, template } = synthesize({ tokens: { issuer: 'https://auth.example.com/v1', acceptedIssuers: ['https://old.example.com'] } });
    expect(auth.issuerUrl).toBe('https://auth.example.com/v1');
    expect(auth.apiUrl).toContain('execute-api');
    expect(resource(template, 'AWS::Lambda::Function', 'AuthFunctionsAuthorizer').Properties.Environment.Variables).toMatchObject({
      AUTH_ISSUER: 'https://auth.example.com/v1', AUTH_ACCEPTED_ISSUERS: 'https://old.example.com',
    });
  });

  test('no output that nobody asked for', () => {
    expect(defaults().template.toJSON().Outputs).toBeUndefined();
  });
});

describe('answers that API Gateway makes itself', () => {
  const responses = new Map(Object.values(resources(defaults().template, 'AWS::ApiGateway::GatewayResponse')).map(({ Properties }) => [Properties.ResponseType as string, Properties]));

  test.each([...responses.keys()])('%s is problem+json with the security headers (WB-05)', (type) => {
    const { ResponseParameters, ResponseTemplates, StatusCode } = responses.get(type)!;
    const body = JSON.parse(ResponseTemplates['application/json']);
    expect(ResponseParameters['gatewayresponse.header.content-type']).toBe("'application/problem+json'");
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) expect(ResponseParameters[`gatewayresponse.header.${name}`]).toBe(`'${value}'`);
    expect(body).toEqual({ type: 'about:blank', title: expect.any(String), status: Number(StatusCode), code: expect.any(String), requestId: '$context.requestId' });
    expect(ErrorCodes[body.code as keyof typeof ErrorCodes]).toEqual({ status: body.status, title: body.title });
  });

  test.each([
    ['JT-12: an authorizer that fails', 'AUTHORIZER_FAILURE', 503],
    ['JT-12: an authorizer that answers nonsense', 'AUTHORIZER_CONFIGURATION_ERROR', 503],
    ['RS-02: a function that cannot be reached', 'DEFAULT_5XX', 503],
    ['AA-09: too many requests', 'THROTTLED', 429],
  ])('%s says when to come again', (_what, type, status) => {
    expect(responses.get(type)).toMatchObject({ StatusCode: String(status), ResponseParameters: { 'gatewayresponse.header.retry-after': "'1'" } });
  });

  test('a bad token is 401 with a challenge, an unknown path 404', () => {
    expect(responses.get('UNAUTHORIZED')).toMatchObject({ StatusCode: '401', ResponseParameters: { 'gatewayresponse.header.www-authenticate': "'Bearer'" } });
    expect(responses.get('MISSING_AUTHENTICATION_TOKEN')).toMatchObject({ StatusCode: '404' });
  });

  test('everything else falls back to one of the two defaults', () => {
    expect([...responses.keys()]).toEqual(expect.arrayContaining(['DEFAULT_4XX', 'DEFAULT_5XX']));
  });

  test('WB-04 one origin may read them with its cookies; cors.test.ts has several', () => {
    const origin = (origins: string[], transport?: TokenTransport) => Object.values(resources(synthesize({ webApp: { origins }, tokens: { transport } }).template, 'AWS::ApiGateway::GatewayResponse'))
      .map(({ Properties }) => [Properties.ResponseParameters['gatewayresponse.header.access-control-allow-origin'], Properties.ResponseParameters['gatewayresponse.header.access-control-allow-credentials']]);
    expect(new Set(origin(['https://app.example.com']).flat())).toEqual(new Set(["'https://app.example.com'", "'true'"]));
    expect(new Set(origin(['https://app.example.com'], TokenTransport.body()).flat())).toEqual(new Set(["'https://app.example.com'", undefined]));
  });
});
