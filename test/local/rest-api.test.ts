import { call, inlineFunction, lambdaUri, permission, startApp, stopApps, TemplateJson } from './support/app';
import { LocalInstance } from '../../local/instance';

afterAll(stopApps);

const echo = 'exports.handler = async (event) => ({ statusCode: 200, headers: { "X-Own": "1", Date: "then", "WWW-Authenticate": "Bearer" }, body: JSON.stringify(event) });';

/** Allows exactly the resource that the token names; counts its calls in its log. */
const authorizerCode = `exports.handler = async (event) => {
  const token = event.headers ? event.headers.Authorization : event.authorizationToken;
  console.log('authorizer called ' + token);
  if (token === 'bad') throw new Error('Unauthorized');
  if (token === 'outage') throw new Error('store is down');
  if (token === 'malformed') return { isAuthorized: true };
  if (token === 'nested') return { principalId: 'u', policyDocument: { Statement: { Effect: 'Allow', Action: 'execute-api:Invoke', Resource: '*' } }, context: { roles: ['a'] } };
  const [arn, stage] = event.methodArn.split('/');
  return {
    principalId: 'user-1',
    policyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: arn + '/' + stage + '/GET/' + token }] },
    context: { sub: 'user-1', level: 3, admin: true },
  };
};`;

const api = { RestApiId: { Ref: 'Api' } };

function resource(part: string, parent: unknown = { 'Fn::GetAtt': ['Api', 'RootResourceId'] }): TemplateJson {
  return { Type: 'AWS::ApiGateway::Resource', Properties: { ...api, ParentId: parent, PathPart: part } };
}

function method(resourceId: string, more: Record<string, unknown> = {}, functionId = 'Echo'): TemplateJson {
  return {
    Type: 'AWS::ApiGateway::Method',
    Properties: {
      ...api, ResourceId: { Ref: resourceId }, HttpMethod: 'GET', AuthorizationType: 'NONE',
      Integration: { Type: 'AWS_PROXY', IntegrationHttpMethod: 'POST', Uri: lambdaUri(functionId) }, ...more,
    },
  };
}

const guarded = { AuthorizationType: 'CUSTOM', AuthorizerId: { Ref: 'Guard' } };
const corsTemplate = `#set($origin = $input.params().header.get("Origin"))
#if($origin == "") #set($origin = $input.params().header.get("origin")) #end
#if($origin.matches("https://app.example.com") || $origin.matches("https://admin.example.com"))
  #set($context.responseOverride.header.Access-Control-Allow-Origin = $origin)
#end`;

const template: TemplateJson = {
  Resources: {
    Echo: inlineFunction(echo),
    EchoPermission: permission('Echo'),
    Authorizer: inlineFunction(authorizerCode),
    AuthorizerPermission: permission('Authorizer'),
    Broken: inlineFunction('exports.handler = async (event) => { if (event.queryStringParameters?.how === "throw") throw new Error("secret text"); return "not a response"; };'),
    BrokenPermission: permission('Broken'),
    Forbidden: inlineFunction(echo),
    Slow: inlineFunction('exports.handler = () => new Promise(() => setInterval(() => {}, 1000));', { Timeout: 1 }),
    SlowPermission: permission('Slow'),
    Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: 'api' } },
    Guard: {
      Type: 'AWS::ApiGateway::Authorizer',
      Properties: { ...api, Type: 'REQUEST', AuthorizerUri: lambdaUri('Authorizer'), IdentitySource: 'method.request.header.Authorization', AuthorizerResultTtlInSeconds: 60 },
    },
    Items: resource('items'), Item: resource('{id}', { Ref: 'Items' }), GetItem: method('Item'),
    Special: resource('special', { Ref: 'Items' }), GetSpecial: method('Special'),
    Profile: resource('profile'), GetProfile: method('Profile', guarded),
    Admin: resource('admin'), GetAdmin: method('Admin', guarded),
    Signed: resource('signed'), GetSigned: method('Signed', { AuthorizationType: 'AWS_IAM' }),
    BrokenPath: resource('broken'), GetBroken: method('BrokenPath', {}, 'Broken'),
    SlowPath: resource('slow'), GetSlow: method('SlowPath', {}, 'Slow'),
    ForbiddenPath: resource('unpermitted'), GetForbidden: method('ForbiddenPath', {}, 'Forbidden'),
    Limited: resource('limited'), GetLimited: method('Limited'),
    Files: resource('files'), AnyFile: resource('{proxy+}', { Ref: 'Files' }), AnyFiles: method('AnyFile', { HttpMethod: 'ANY' }),
    PostItems: method('Items', {
      HttpMethod: 'POST', RequestValidatorId: { Ref: 'Validator' }, RequestModels: { 'application/json': { Ref: 'ItemModel' } }, RequestParameters: { 'method.request.header.x-key': true },
    }),
    CorsItems: method('Items', {
      HttpMethod: 'OPTIONS',
      Integration: {
        Type: 'MOCK', RequestTemplates: { 'application/json': '{ statusCode: 204 }' },
        IntegrationResponses: [{
          StatusCode: '204',
          ResponseParameters: { 'method.response.header.Access-Control-Allow-Methods': "'GET,POST'", 'method.response.header.Access-Control-Allow-Origin': "'https://app.example.com'", 'method.response.header.Vary': "'Origin'" },
          ResponseTemplates: { 'application/json': corsTemplate },
        }],
      },
    }),
    Validator: { Type: 'AWS::ApiGateway::RequestValidator', Properties: { ...api, ValidateRequestBody: true, ValidateRequestParameters: true } },
    ItemModel: {
      Type: 'AWS::ApiGateway::Model',
      Properties: { ...api, Name: 'Item', Schema: { type: 'object', required: ['name'], additionalProperties: false, properties: { name: { type: 'string', minLength: 2 } } } },
    },
    Outage: {
      Type: 'AWS::ApiGateway::GatewayResponse',
      Properties: {
        ...api, ResponseType: 'AUTHORIZER_FAILURE', StatusCode: '503',
        ResponseParameters: { 'gatewayresponse.header.Retry-After': "'5'", 'gatewayresponse.header.Content-Type': "'application/problem+json'" },
        ResponseTemplates: { 'application/json': '{"code":"unavailable","requestId":"$context.requestId"}' },
      },
    },
    Fallback: {
      Type: 'AWS::ApiGateway::GatewayResponse',
      Properties: { ...api, ResponseType: 'DEFAULT_4XX', ResponseParameters: { 'gatewayresponse.header.X-Default': "'4'" }, ResponseTemplates: { 'application/json': '{"type":"$context.error.responseType","message":$context.error.messageString}' } },
    },
    Deployment: { Type: 'AWS::ApiGateway::Deployment', Properties: api, DependsOn: ['GetItem'] },
    V1: {
      Type: 'AWS::ApiGateway::Stage',
      Properties: {
        ...api, StageName: 'v1', DeploymentId: { Ref: 'Deployment' },
        MethodSettings: [
          { ResourcePath: '/*', HttpMethod: '*', ThrottlingRateLimit: 1000, ThrottlingBurstLimit: 1000 },
          { ResourcePath: '/~1limited', HttpMethod: 'GET', ThrottlingRateLimit: 1, ThrottlingBurstLimit: 2 },
        ],
        AccessLogSetting: { Format: '{"id":"$context.requestId","status":$context.status,"path":"$context.resourcePath","sub":"$context.authorizer.sub"}' },
      },
    },
    V2: { Type: 'AWS::ApiGateway::Stage', Properties: { ...api, StageName: 'v2', DeploymentId: { Ref: 'Deployment' } } },
  },
  Outputs: { Url: { Value: { 'Fn::Join': ['', ['https://', { Ref: 'Api' }, '.execute-api.', { Ref: 'AWS::Region' }, '.', { Ref: 'AWS::URLSuffix' }, '/v1']] } } },
};

let instance: LocalInstance;
let url: string;

beforeAll(async () => {
  instance = await startApp({ Rest: template });
  url = instance.url('Api');
});

function authorizerCalls(): number {
  return instance.logs({ source: 'Authorizer' }).filter(({ text }) => text.includes('authorizer called')).length;
}

describe('the event', () => {
  test('its URL in the template is the URL of its port', () => {
    expect(instance.outputs.Rest?.Url).toBe(url);
    expect(url).toMatch(/^http:\/\/localhost:\d+\/v1$/);
  });

  test('has headers as the UTF-8 that they are, and U+FFFD for bytes that are none', async () => {
    const bytes = (text: string) => Buffer.from(text, 'utf8').toString('latin1');
    const { json } = await call(`${url}/items/a`, { headers: { 'X-Text': bytes('\u2003caf\u00e9\u00a0'), 'X-Bytes': 'caf\u00e9', 'Cookie': bytes('\u00a0rt=1') } });
    expect(json.headers).toMatchObject({ 'X-Text': '\u2003caf\u00e9\u00a0', 'X-Bytes': 'caf\ufffd', 'Cookie': '\u00a0rt=1' });
  });

  test('has the shape of a proxy event, with the address of the TCP peer', async () => {
    const answer = await call(`${url}/items/a%20b?x=1&x=2&y=%C3%A9`, { headers: { 'X-Forwarded-For': '1.2.3.4', 'X-Twice': ['a', 'b'] }, from: '127.0.0.9' });
    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({
      resource: '/items/{id}', path: '/items/a%20b', httpMethod: 'GET', pathParameters: { id: 'a b' }, body: null, isBase64Encoded: false,
      queryStringParameters: { x: '2', y: 'é' }, multiValueQueryStringParameters: { x: ['1', '2'], y: ['é'] },
      multiValueHeaders: { 'X-Twice': ['a', 'b'] },
      requestContext: { stage: 'v1', path: '/v1/items/a%20b', resourcePath: '/items/{id}', identity: { sourceIp: '127.0.0.9' } },
    });
    expect(answer.json.headers['X-Forwarded-For']).toBe('1.2.3.4, 127.0.0.9');
  });

  test('a fixed segment wins over a parameter, a greedy parameter takes the rest', async () => {
    expect((await call(`${url}/items/special`)).json.resource).toBe('/items/special');
    expect((await call(`${url}/files/a/b`, { method: 'PUT', body: 'x' })).json).toMatchObject({ resource: '/files/{proxy+}', pathParameters: { proxy: 'a/b' }, body: 'x' });
  });

  test('bytes that are not UTF-8 become replacement characters', async () => {
    const answer = await call(`${url}/files/x`, { method: 'POST', body: Buffer.from([0x61, 0xff, 0x62]) });
    expect(answer.json.body).toBe('a\ufffdb');
  });

  test("headers that are API Gateway's own come under another name", async () => {
    const { headers } = await call(`${url}/items/1`);
    expect(headers).toMatchObject({ 'x-own': '1', 'x-amzn-remapped-date': 'then', 'x-amzn-remapped-www-authenticate': 'Bearer' });
    expect(headers['x-amzn-requestid']).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('authorizer', () => {
  test('GIVEN a cached policy for one route WHEN another is called with the same token THEN the policy is evaluated again and denies, without a call', async () => {
    const before = authorizerCalls();
    const first = await call(`${url}/profile`, { headers: { Authorization: 'profile' } });
    expect(first.status).toBe(200);
    expect(first.json.requestContext.authorizer).toMatchObject({ principalId: 'user-1', sub: 'user-1', level: '3', admin: 'true' });
    expect((await call(`${url}/profile`, { headers: { Authorization: 'profile' } })).status).toBe(200);
    const denied = await call(`${url}/admin`, { headers: { Authorization: 'profile' } });
    expect(denied.status).toBe(403);
    expect(denied.json).toEqual({ type: 'ACCESS_DENIED', message: 'User is not authorized to access this resource' });
    expect(authorizerCalls() - before).toBe(1);
  });

  test('a policy cached for one stage is not used on another, and expires on the clock of the instance', async () => {
    await call(`${url}/profile`, { headers: { Authorization: 'profile' } });
    const before = authorizerCalls();
    expect((await call(`${url.replace('/v1', '/v2')}/profile`, { headers: { Authorization: 'profile' } })).status).toBe(200);
    expect(authorizerCalls() - before).toBe(1);
    instance.clock.advance(61_000);
    await call(`${url}/profile`, { headers: { Authorization: 'profile' } });
    expect(authorizerCalls() - before).toBe(2);
  });

  test.each([
    ['no identity', undefined, 401, 0],
    ['Unauthorized', 'bad', 401, 1],
    ['another error', 'outage', 503, 1],
    ['an answer that is no policy', 'malformed', 500, 1],
    ['a context with a list', 'nested', 500, 1],
  ])('%s', async (_, token, status, calls) => {
    const before = authorizerCalls();
    const answer = await call(`${url}/profile`, { headers: token === undefined ? {} : { Authorization: token } });
    expect(answer.status).toBe(status);
    expect(authorizerCalls() - before).toBe(calls);
    if (status === 503) {
      expect(answer.headers).toMatchObject({ 'retry-after': '5', 'content-type': 'application/problem+json' });
      expect(answer.json).toEqual({ code: 'unavailable', requestId: answer.headers['x-amzn-requestid'] });
    }
  });

  test('signed requests cannot be verified here and are refused', async () => {
    expect((await call(`${url}/signed`)).status).toBe(403);
  });
});

describe('answers of API Gateway itself', () => {
  test('unknown paths, methods and stages', async () => {
    const missing = await call(`${url}/nowhere`);
    expect([missing.status, missing.json.type, missing.headers['x-default']]).toEqual([403, 'MISSING_AUTHENTICATION_TOKEN', '4']);
    expect((await call(`${url}/profile`, { method: 'DELETE' })).status).toBe(403);
    expect((await call(`${url.replace('/v1', '/none')}/profile`)).json).toEqual({ message: 'Forbidden' });
  });

  test('the throttle of one method: a burst of 2, then 429, then one a second', async () => {
    const statuses = [];
    for (let count = 0; count < 3; count += 1) statuses.push((await call(`${url}/limited`)).status);
    expect(statuses).toEqual([200, 200, 429]);
    expect((await call(`${url}/items/1`)).status).toBe(200);
    instance.clock.advance(1000);
    expect((await call(`${url}/limited`)).status).toBe(200);
  });

  test('request validator: parameters, then the body against its model', async () => {
    const post = (body: string, headers = {}) => call(`${url}/items`, { method: 'POST', body, headers: { 'Content-Type': 'application/json', ...headers } });
    expect((await post('{"name":"abc"}')).json.message).toBe('Missing required request parameters: [x-key]');
    for (const body of ['{"name":"a"}', '{"name":"abc","more":1}', '{}', 'no json', '']) {
      const answer = await post(body, { 'x-key': '1' });
      expect([answer.status, answer.json.type]).toEqual([400, 'BAD_REQUEST_BODY']);
    }
    expect((await post('{"name":"abc"}', { 'x-key': '1' })).status).toBe(200);
  });

  test('a body over 10 MB and headers over 10,240 bytes', async () => {
    expect((await call(`${url}/files/x`, { method: 'POST', body: Buffer.alloc(10 * 1024 * 1024 + 1) })).status).toBe(413);
    expect((await call(`${url}/items/1`, { headers: { 'X-Long': 'x'.repeat(10_300) } })).status).toBe(431);
  });

  test('a function that throws or answers in another form is a 502 that tells nothing', async () => {
    for (const path of ['/broken', '/broken?how=throw']) {
      const answer = await call(`${url}${path}`);
      expect([answer.status, answer.text]).toEqual([502, '{"message":"Internal server error"}']);
    }
  });

  test('a function over its time-out ends with its process, the next call starts a new one', async () => {
    const answer = await call(`${url}/slow`);
    expect(answer.status).toBe(502);
    expect(instance.logs({ source: 'Slow', stream: 'platform' })[0]?.text).toMatch(/Task timed out after 1\.00 seconds/);
  });

  test('a function that API Gateway has no permission for is a 500, named in the log', async () => {
    expect((await call(`${url}/unpermitted`)).status).toBe(500);
    expect(instance.requests().at(-1)?.integrationError).toContain('no permission to invoke');
  });

  test("CDK's CORS preflight for several origins", async () => {
    const preflight = (origin: string) => call(`${url}/items`, { method: 'OPTIONS', headers: { Origin: origin, 'Access-Control-Request-Method': 'POST' } });
    const known = await preflight('https://admin.example.com');
    expect([known.status, known.headers['access-control-allow-origin'], known.headers['access-control-allow-methods'], known.text]).toEqual([204, 'https://admin.example.com', 'GET,POST', '']);
    expect((await preflight('https://evil.example')).headers['access-control-allow-origin']).toBe('https://app.example.com');
  });

  test('the access log is rendered from its format', async () => {
    const answer = await call(`${url}/items/7`);
    const line = instance.logs({ source: 'Api', stream: 'access', requestId: String(answer.headers['x-amzn-requestid']) })[0];
    expect(line?.document).toEqual({ id: answer.headers['x-amzn-requestid'], status: 200, path: '/items/{id}', sub: '-' });
  });
});
