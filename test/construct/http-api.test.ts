import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { AccessLogs, AuthApi, AuthPreset, AuthRoute, Firewall, TokenTransport } from '../../src';
import { answersHead, Routes } from '../../src/contract/routes';
import { bare, behindCloudFront } from './support/fronts';
import type { Resource } from './support/synth';
import { construct, list, logicalId, resource, resources, statementsOf, synthesize } from './support/synth';

const { stack, auth, template } = synthesize(behindCloudFront());
const routes = new Map(Object.values(resources(template, 'AWS::ApiGatewayV2::Route')).map((route) => [route.Properties.RouteKey as string, route]));
const stage = (of = template) => resource(of, 'AWS::ApiGatewayV2::Stage', 'AuthHttpApi');
const variables = (of: typeof template, name: string) => resource(of, 'AWS::Lambda::Function', `AuthFunctions${name}`).Properties.Environment.Variables as Record<string, unknown>;

describe('the HTTP API', () => {
  test('has no REST API beside it, and is given back', () => {
    template.resourceCountIs('AWS::ApiGateway::RestApi', 0);
    template.resourceCountIs('AWS::WAFv2::WebACL', 0);
    expect(auth.restApi).toBeUndefined();
    expect(stack.resolve(auth.httpApi?.apiId)).toEqual({ Ref: logicalId(template, 'AWS::ApiGatewayV2::Api', 'AuthHttpApi') });
  });

  test('IN-06: has the routes of the contract, and neither a default route nor a proxy nor ANY', () => {
    expect([...routes.keys()].sort()).toEqual(Routes.flatMap((route) => [route.method, ...answersHead(route) ? ['HEAD'] : []].map((method) => `${method} ${route.path}`)).sort());
  });

  test.each(Routes.map((route) => [`${route.method} ${route.path}`, route] as const))('%s reaches its function, which verifies tokens itself', (name, { handler }) => {
    const { AuthorizationType, Target } = routes.get(name)!.Properties;
    expect(AuthorizationType).toBe('NONE');
    const integration = (Target['Fn::Join'][1] as [string, { Ref: string }])[1].Ref;
    const { Properties } = resources(template, 'AWS::ApiGatewayV2::Integration')[integration]!;
    expect(Properties).toMatchObject({ IntegrationType: 'AWS_PROXY', PayloadFormatVersion: '2.0' });
    expect(Properties.IntegrationUri.Ref.toLowerCase()).toContain(`authfunctions${handler}alias`);
  });

  test('a function has one integration and one permission, whatever the number of its routes', () => {
    const functions = new Set(Routes.map(({ handler }) => handler)).size;
    template.resourceCountIs('AWS::ApiGatewayV2::Integration', functions);
    const permissions = Object.values(resources(template, 'AWS::Lambda::Permission')).filter(({ Properties }) => JSON.stringify(Properties.SourceArn ?? '').includes('AuthHttpApi'));
    expect(permissions).toHaveLength(functions);
    for (const { Properties } of permissions) expect(Properties.Principal).toBe('apigateway.amazonaws.com');
  });

  test('its stage waits for the first keys and for each route that it has settings of', () => {
    expect(stage().DependsOn).toEqual(expect.arrayContaining([
      logicalId(template, 'Custom::AuthServiceKeys', 'AuthKeyRotation'), ...Object.keys(resources(template, 'AWS::ApiGatewayV2::Route')),
    ]));
    expect(stage().Properties).toMatchObject({ StageName: 'v1', AutoDeploy: true });
  });

  test('AA-01: throttles the stage, and routes more tightly, only login with metrics of its own', () => {
    const { DefaultRouteSettings, RouteSettings } = stage().Properties;
    expect(DefaultRouteSettings).toEqual({ DetailedMetricsEnabled: false, ThrottlingRateLimit: 1000, ThrottlingBurstLimit: 2000 });
    expect(RouteSettings).toEqual(Object.fromEntries(Routes.filter(({ rateLimit }) => rateLimit !== undefined).map(({ method, path, rateLimit, burstLimit }) =>
      [`${method} ${path}`, { DetailedMetricsEnabled: path === '/login', ThrottlingRateLimit: rateLimit, ThrottlingBurstLimit: burstLimit }])));
  });

  test('throttles can be set, for all and for one, over those of a preset', () => {
    const { template: own } = synthesize({
      ...bare({ throttle: { rateLimit: 50 }, routeThrottles: [{ route: AuthRoute.LOGIN, rateLimit: 3 }] }), preset: AuthPreset.highScale(),
    });
    expect(stage(own).Properties).toMatchObject({
      DefaultRouteSettings: { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 },
      RouteSettings: {
        'POST /login': { ThrottlingRateLimit: 3, ThrottlingBurstLimit: 6 },
        'POST /register': { ThrottlingRateLimit: 500, ThrottlingBurstLimit: 1000 },
      },
    });
  });
});

describe('its access log', () => {
  test('LG-05, RC-03: is JSON without headers, query or the ids in paths, and needs no role of the account', () => {
    const { DestinationArn, Format } = stage().Properties.AccessLogSettings;
    expect(DestinationArn).toEqual({ 'Fn::GetAtt': [logicalId(template, 'AWS::Logs::LogGroup', 'AuthAccessLog'), 'Arn'] });
    expect(JSON.parse(Format)).toMatchObject({ requestId: '$context.requestId', resourcePath: '$context.routeKey', status: '$context.status' });
    expect(Format).not.toMatch(/header|userAgent|querystring|\$context\.path|authorization|cookie|authorizer|waf|xray/i);
    template.resourceCountIs('AWS::ApiGateway::Account', 0);
  });

  test('can be left out', () => {
    expect(stage(synthesize(bare({ accessLogs: AccessLogs.none() })).template).Properties.AccessLogSettings).toBeUndefined();
  });
});

describe('WB-04: cross-origin calls', () => {
  const origins = ['https://app.example.com', 'http://localhost:5173'];
  const cors = (props: Parameters<typeof synthesize>[0]) => resource(synthesize(props).template, 'AWS::ApiGatewayV2::Api', 'AuthHttpApi').Properties.CorsConfiguration;

  test('are answered for by API Gateway, for exact origins', () => {
    expect(cors({ ...behindCloudFront(), webApp: { origins } })).toEqual({
      AllowOrigins: origins,
      AllowCredentials: true,
      AllowMethods: expect.arrayContaining(['GET', 'POST', 'PATCH', 'DELETE']),
      AllowHeaders: ['authorization', 'content-type', 'x-csrf-protection', 'x-correlation-id'],
      ExposeHeaders: ['retry-after', 'www-authenticate', 'x-amzn-remapped-www-authenticate', 'x-correlation-id'],
      MaxAge: 600,
    });
  });

  test('carry credentials only where cookies are, and are none of an API without a web application', () => {
    expect(cors({ ...behindCloudFront(), webApp: { origins }, tokens: { transport: TokenTransport.body() } }).AllowCredentials).toBe(false);
    expect(cors(behindCloudFront())).toBeUndefined();
  });
});

describe('the functions behind it', () => {
  test.each(['Logout', 'Profile', 'Credentials'])('%s is told to verify tokens, and given what that takes', (name) => {
    expect(variables(template, name)).toMatchObject({
      AUTH_TOKEN_CHECK: 'function', AUTH_ISSUER: expect.anything(), AUTH_ACCEPTED_ISSUERS: '', AUTH_AUDIENCE: auth.serviceName, AUTH_ACCESS_TOKEN_TTL_SECONDS: '900',
      AUTH_REVOCATIONS_TABLE: expect.anything(),
    });
    const reads = statementsOf(template, name).filter(({ Effect, Action, Resource }) =>
      Effect === 'Allow' && list(Action).includes('dynamodb:GetItem') && JSON.stringify(Resource).includes('AuthTablesRevocations'));
    expect(JSON.stringify(reads)).toContain('KEYS#*');
    expect(JSON.stringify(reads)).toContain('U#*');
  });

  test.each(['Register', 'Login', 'Refresh', 'Discovery', 'Authorizer', 'RotateKeys', 'Admin'])('%s is not', (name) => {
    expect(variables(template, name)).not.toHaveProperty('AUTH_TOKEN_CHECK');
  });

  test('without a distribution they know no origin secret', () => {
    const { template: alone } = synthesize(bare());
    for (const { Properties } of Object.values(resources(alone, 'AWS::Lambda::Function')) as Resource[]) {
      expect(Object.keys(Properties.Environment.Variables).filter((name) => /ORIGIN_SECRET|DISTRIBUTION/.test(name))).toEqual([]);
    }
    alone.resourceCountIs('AWS::SecretsManager::Secret', 3);
    alone.resourceCountIs('AWS::CloudFront::Distribution', 0);
  });
});

describe('what it is called', () => {
  test('without a distribution by the address of the API, from its id', () => {
    const { stack: own, auth: alone } = construct(bare());
    expect(own.resolve(alone.apiUrl)).toEqual({
      'Fn::Join': ['', ['https://', { Ref: expect.stringMatching(/^AuthHttpApi/) }, '.execute-api.', { Ref: 'AWS::Region' }, '.', { Ref: 'AWS::URLSuffix' }, '/v1']],
    });
    expect(alone.distribution).toBeUndefined();
  });

  test('by the issuer that was there before, if one says so', () => {
    const { auth: moved } = construct({ ...behindCloudFront(), tokens: { issuer: 'https://old.example.com/v1' } });
    expect(moved.issuerUrl).toBe('https://old.example.com/v1');
  });
});

describe('its metrics', () => {
  test('are found by its id, under the names that HTTP APIs have', () => {
    const metrics = JSON.stringify(resources(template, 'AWS::CloudWatch::Alarm'));
    expect(metrics).toContain('"MetricName":"5xx"');
    expect(metrics).not.toMatch(/5XXError|"ApiName"/);
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: `${auth.serviceName}-login-latency-p99`,
      Namespace: 'AWS/ApiGateway',
      MetricName: 'Latency',
      Dimensions: [
        { Name: 'ApiId', Value: { Ref: logicalId(template, 'AWS::ApiGatewayV2::Api', 'AuthHttpApi') } },
        { Name: 'Method', Value: 'POST' }, { Name: 'Resource', Value: '/login' }, { Name: 'Stage', Value: 'v1' },
      ],
    });
  });

  test('the dashboard and the objectives look at the same', () => {
    const { template: watched } = synthesize({ ...behindCloudFront(), monitoring: { serviceLevels: {} } });
    const dashboard = JSON.stringify(resource(watched, 'AWS::CloudWatch::Dashboard', 'AuthMonitoring').Properties.DashboardBody);
    expect(dashboard).toContain('\\"4xx\\"');
    expect(dashboard).not.toMatch(/[45]XXError|ApiName/);
    expect(JSON.stringify(resources(watched, 'AWS::ApplicationSignals::ServiceLevelObjective'))).not.toMatch(/5XXError|ApiName/);
  });

  test('no alarm of the firewall: its metrics are in us-east-1', () => {
    expect(auth.alarms.map(({ node }) => node.id)).not.toContain('FirewallBlocks');
  });
});

describe('weakenings are warned of', () => {
  test.each([
    ['no firewall', bare(), /without a firewall .*before an HTTP API Firewall\.cloudFront\(\)/],
    ['the certificate of CloudFront', behindCloudFront(), /under its own address CloudFront lets clients speak TLS 1\.0/],
    ['no access log', bare({ accessLogs: AccessLogs.none() }), /without access logs/],
  ])('%s', (_name, props, message) => {
    Annotations.fromStack(construct(props).stack).hasWarning('*', Match.stringLikeRegexp(message.source));
  });

  test('not a distribution that somebody else guards', () => {
    const central = construct({ api: AuthApi.http(), firewall: Firewall.centrallyManaged() });
    expect(central.auth.distribution).toBeDefined();
    Annotations.fromStack(central.stack).hasNoWarning('*', Match.stringLikeRegexp('firewall'));
  });
});
