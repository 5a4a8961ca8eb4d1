import { generateKeyPairSync, sign } from 'node:crypto';
import { call, inlineFunction, lambdaUri, permission, startApp, stopApps, TemplateJson } from './support/app';
import { LocalInstance } from '../../local/instance';

afterAll(stopApps);

const echo = 'exports.handler = async (event) => ({ statusCode: 200, headers: { "Access-Control-Allow-Origin": "*", "x-own": "1" }, ...(event.version === "2.0" ? { cookies: ["a=1", "b=2"] } : {}), body: JSON.stringify(event) });';
const simpleAuthorizer = `exports.handler = async (event) => {
  console.log('simple called');
  const token = event.identitySource[0];
  if (token === 'bad') throw new Error('Unauthorized');
  if (token === 'outage') throw new Error('down');
  return { isAuthorized: token === 'yes', context: { sub: 'user-1', nested: { a: 1 } } };
};`;
const policyAuthorizer = `exports.handler = async (event) => ({
  principalId: 'p', policyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: event.methodArn || event.routeArn }] }, context: { sub: 'user-2' },
});`;

const api = { ApiId: { Ref: 'Api' } };
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'k1', use: 'sig', alg: 'RS256' };
const issuerCode = `exports.handler = async (event) => {
  const issuer = 'http://' + event.requestContext.domainName;
  const body = event.rawPath.endsWith('jwks.json') ? { keys: [${JSON.stringify(jwk)}] } : { issuer, jwks_uri: issuer + '/jwks.json' };
  return body;
};`;

function integration(functionId: string, version = '2.0'): TemplateJson {
  return { Type: 'AWS::ApiGatewayV2::Integration', Properties: { ...api, IntegrationType: 'AWS_PROXY', IntegrationUri: { 'Fn::GetAtt': [functionId, 'Arn'] }, PayloadFormatVersion: version } };
}

function route(key: string, integrationId = 'ToEcho', more: Record<string, unknown> = {}): TemplateJson {
  return { Type: 'AWS::ApiGatewayV2::Route', Properties: { ...api, RouteKey: key, Target: { 'Fn::Join': ['', ['integrations/', { Ref: integrationId }]] }, ...more } };
}

function authorizer(functionId: string, more: Record<string, unknown>): TemplateJson {
  return {
    Type: 'AWS::ApiGatewayV2::Authorizer',
    Properties: { ...api, Name: functionId, AuthorizerType: 'REQUEST', AuthorizerUri: lambdaUri(functionId), AuthorizerPayloadFormatVersion: '2.0', IdentitySource: ['$request.header.Authorization'], AuthorizerResultTtlInSeconds: 60, ...more },
  };
}

const custom = (authorizerId: string) => ({ AuthorizationType: 'CUSTOM', AuthorizerId: { Ref: authorizerId } });

const template: TemplateJson = {
  Resources: {
    Echo: inlineFunction(echo), EchoPermission: permission('Echo'),
    Simple: inlineFunction(simpleAuthorizer), SimplePermission: permission('Simple'),
    Policy: inlineFunction(policyAuthorizer), PolicyPermission: permission('Policy'),
    Issuer: inlineFunction(issuerCode), IssuerPermission: permission('Issuer'),
    Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'orders', ProtocolType: 'HTTP', CorsConfiguration: { AllowOrigins: ['https://app.example.com'], AllowMethods: ['GET'], AllowHeaders: ['authorization'], AllowCredentials: true, MaxAge: 60 } } },
    IssuerApi: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'issuer', ProtocolType: 'HTTP' } },
    IssuerStage: { Type: 'AWS::ApiGatewayV2::Stage', Properties: { ApiId: { Ref: 'IssuerApi' }, StageName: '$default', AutoDeploy: true } },
    ToIssuer: { Type: 'AWS::ApiGatewayV2::Integration', Properties: { ApiId: { Ref: 'IssuerApi' }, IntegrationType: 'AWS_PROXY', IntegrationUri: { 'Fn::GetAtt': ['Issuer', 'Arn'] }, PayloadFormatVersion: '2.0' } },
    IssuerRoute: { Type: 'AWS::ApiGatewayV2::Route', Properties: { ApiId: { Ref: 'IssuerApi' }, RouteKey: '$default', Target: { 'Fn::Sub': 'integrations/${ToIssuer}' } } },
    ToEcho: integration('Echo'), ToEchoOld: integration('Echo', '1.0'),
    GetOrder: route('GET /orders/{id}'),
    AnyOld: route('ANY /old', 'ToEchoOld'),
    Guarded: route('GET /guarded', 'ToEcho', custom('SimpleAuthorizer')),
    Other: route('GET /other', 'ToEcho', custom('SimpleAuthorizer')),
    ByPolicy: route('GET /policy', 'ToEcho', custom('PolicyAuthorizer')),
    ByPolicyToo: route('GET /policy-too', 'ToEcho', custom('PolicyAuthorizer')),
    ByJwt: route('GET /jwt', 'ToEcho', { AuthorizationType: 'JWT', AuthorizerId: { Ref: 'JwtAuthorizer' }, AuthorizationScopes: ['read'] }),
    Limited: route('GET /limited'),
    SimpleAuthorizer: authorizer('Simple', { EnableSimpleResponses: true }),
    PolicyAuthorizer: authorizer('Policy', {}),
    JwtAuthorizer: { Type: 'AWS::ApiGatewayV2::Authorizer', Properties: { ...api, Name: 'jwt', AuthorizerType: 'JWT', IdentitySource: ['$request.header.Authorization'], JwtConfiguration: { Issuer: { 'Fn::GetAtt': ['IssuerApi', 'ApiEndpoint'] }, Audience: ['me'] } } },
    Stage: { Type: 'AWS::ApiGatewayV2::Stage', Properties: { ...api, StageName: '$default', AutoDeploy: true, RouteSettings: { 'GET /limited': { ThrottlingRateLimit: 1, ThrottlingBurstLimit: 1 } } } },
    Named: { Type: 'AWS::ApiGatewayV2::Stage', Properties: { ...api, StageName: 'beta', AutoDeploy: true, DefaultRouteSettings: { ThrottlingRateLimit: 1, ThrottlingBurstLimit: 2 } } },
  },
};

let instance: LocalInstance;
let url: string;

beforeAll(async () => {
  instance = await startApp({ Http: template });
  url = instance.url('Api');
});

const simpleCalls = () => instance.logs({ source: 'Simple' }).filter(({ text }) => text.includes('simple called')).length;
const withToken = (path: string, token: string) => call(`${url}${path}`, { headers: { Authorization: token } });

test('payload format 2.0: lower-case headers, joined values, cookies apart', async () => {
  const answer = await call(`${url}/orders/7?a=1&a=2`, { headers: { 'X-Two': ['1', '2'], Cookie: 'x=1; y=2' }, from: '127.0.0.8' });
  expect(answer.headers['set-cookie']).toEqual(['a=1', 'b=2']);
  expect(answer.json).toMatchObject({
    version: '2.0', routeKey: 'GET /orders/{id}', rawPath: '/orders/7', rawQueryString: 'a=1&a=2', cookies: ['x=1', 'y=2'],
    queryStringParameters: { a: '1,2' }, pathParameters: { id: '7' }, isBase64Encoded: false,
    requestContext: { stage: '$default', http: { method: 'GET', path: '/orders/7', sourceIp: '127.0.0.8' } },
  });
  expect(answer.json.headers['x-two']).toBe('1,2');
  expect(answer.json).not.toHaveProperty('body');
});

test('payload format 1.0, and a named stage with its prefix', async () => {
  const answer = await call(`${url}/beta/old`, { method: 'POST', body: 'text', headers: { 'Content-Type': 'text/plain' } });
  expect(answer.json).toMatchObject({ version: '1.0', resource: '/old', httpMethod: 'POST', body: 'text', requestContext: { stage: 'beta', path: '/beta/old' } });
});

test('a path without a route is 404', async () => {
  expect((await call(`${url}/nowhere`)).json).toEqual({ message: 'Not Found' });
});

test('CORS configuration answers preflights and replaces the headers of the function', async () => {
  const preflight = await call(`${url}/orders/1`, { method: 'OPTIONS', headers: { Origin: 'https://app.example.com', 'Access-Control-Request-Method': 'GET' } });
  expect([preflight.status, preflight.headers['access-control-allow-origin'], preflight.headers['access-control-allow-credentials']]).toEqual([204, 'https://app.example.com', 'true']);
  expect(preflight.headers).toMatchObject({ 'access-control-allow-methods': 'GET', 'access-control-allow-headers': 'authorization', 'access-control-max-age': '60' });
  const evil = await call(`${url}/orders/1`, { headers: { Origin: 'https://evil.example' } });
  expect(evil.headers['access-control-allow-origin']).toBeUndefined();
});

test('simple authorizer: decision and context, cached for every route of the same identity', async () => {
  const before = simpleCalls();
  const first = await withToken('/guarded', 'yes');
  expect(first.json.requestContext.authorizer).toEqual({ lambda: { sub: 'user-1', nested: { a: 1 } } });
  expect((await withToken('/other', 'yes')).status).toBe(200);
  expect(simpleCalls() - before).toBe(1);
  expect((await withToken('/guarded', 'no')).status).toBe(403);
  expect((await withToken('/guarded', 'bad')).status).toBe(401);
  expect((await withToken('/guarded', 'outage')).status).toBe(500);
  expect((await call(`${url}/guarded`)).status).toBe(401);
});

test('policy authorizer: the cached policy is evaluated for each route', async () => {
  expect((await withToken('/policy', 't')).status).toBe(200);
  expect((await withToken('/policy-too', 't')).status).toBe(403);
});

test('per-route throttle', async () => {
  expect((await call(`${url}/limited`)).status).toBe(200);
  expect((await call(`${url}/limited`)).json).toEqual({ message: 'Too Many Requests' });
});

test('the default throttle of a stage holds for each of its routes by itself', async () => {
  const statuses = async (path: string) => [(await call(`${url}/beta${path}`)).status, (await call(`${url}/beta${path}`)).status, (await call(`${url}/beta${path}`)).status];
  expect(await statuses('/orders/1')).toEqual([200, 200, 429]);
  expect(await statuses('/limited')).toEqual([200, 200, 429]);
});

test('native JWT authorizer: RS256 of the issuer, audience, expiry, scope', async () => {
  const issuer = instance.url('IssuerApi');
  const token = (claims: object) => {
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const input = `${encode({ alg: 'RS256', kid: 'k1' })}.${encode({ iss: issuer, aud: 'me', exp: Math.floor(instance.clock.now() / 1000) + 60, scope: 'read', sub: 's', ...claims })}`;
    return `Bearer ${input}.${sign('RSA-SHA256', Buffer.from(input), privateKey).toString('base64url')}`;
  };
  const answer = await withToken('/jwt', token({}));
  expect(answer.json.requestContext.authorizer.jwt).toMatchObject({ claims: { sub: 's' }, scopes: ['read'] });
  expect((await withToken('/jwt', token({ aud: 'you' }))).status).toBe(401);
  expect((await withToken('/jwt', token({ exp: 1 }))).status).toBe(401);
  expect((await withToken('/jwt', `${token({})}x`)).status).toBe(401);
  expect((await withToken('/jwt', token({ scope: 'write' }))).status).toBe(403);
});
