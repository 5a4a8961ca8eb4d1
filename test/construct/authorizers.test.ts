import { App, Duration, Stack } from 'aws-cdk-lib';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IAuthorizer } from 'aws-cdk-lib/aws-apigateway';
import { GatewayResponse, LambdaIntegration, MockIntegration, ResponseType, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import type { AuthorizerOptions } from '../../src';
import { AuthService } from '../../src';
import { recommendedFlags, resources } from './support/synth';

function restApi(stack: Stack, id: string, authorizer: IAuthorizer | undefined): RestApi {
  const api = new RestApi(stack, id, { cloudWatchRole: false });
  api.root.addMethod('GET', new MockIntegration(), { authorizer });
  return api;
}

function aliasNames(template: Template): string[] {
  return Object.values(resources(template, 'AWS::Lambda::Alias')).map(({ Properties }) => Properties.Name).filter((name) => name !== 'live');
}

describe.each([['no feature flags', {}], ['the recommended feature flags', recommendedFlags()]])('authorizers for other APIs with %s', (_, context) => {
  test('in the stack of the service', () => {
    const stack = new Stack(new App({ context }), 'Stack');
    const auth = new AuthService(stack, 'Auth');
    restApi(stack, 'Orders', auth.restAuthorizer(stack, 'OrdersAuth'));
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::ApiGateway::Authorizer', {
      Name: Match.stringLikeRegexp('OrdersAuth'), Type: 'REQUEST', IdentitySource: 'method.request.header.Authorization', AuthorizerResultTtlInSeconds: 0,
    });
  });

  test('in a stack that is made after it: the consumer depends on the service, not the other way round', () => {
    const app = new App({ context });
    const authStack = new Stack(app, 'AuthStack');
    const auth = new AuthService(authStack, 'Auth');
    const consumer = new Stack(app, 'Consumer');
    restApi(consumer, 'Orders', auth.restAuthorizer(consumer, 'OrdersAuth', { requiredScopes: ['orders:read'] }));
    app.synth();
    expect(consumer.dependencies).toContain(authStack);
    expect(authStack.dependencies).toEqual([]);
    expect(aliasNames(Template.fromStack(authStack))).toEqual(['scopes_b3JkZXJzOnJlYWQ']);
    Template.fromStack(consumer).resourceCountIs('AWS::Lambda::Permission', 0);
  });

  test('in a stack that is made before it', () => {
    const app = new App({ context });
    const consumer = new Stack(app, 'Consumer');
    const api = new RestApi(consumer, 'Orders', { cloudWatchRole: false });
    const authStack = new Stack(app, 'AuthStack');
    const auth = new AuthService(authStack, 'Auth');
    api.root.addMethod('GET', new MockIntegration(), { authorizer: auth.restAuthorizer(consumer, 'OrdersAuth') });
    app.synth();
    expect(consumer.dependencies).toContain(authStack);
    expect(authStack.dependencies).toEqual([]);
  });

  test('on two APIs and with two sets of scopes on one of them', () => {
    const app = new App({ context });
    const authStack = new Stack(app, 'AuthStack');
    const auth = new AuthService(authStack, 'Auth');
    const consumer = new Stack(app, 'Consumer');
    const orders = restApi(consumer, 'Orders', auth.restAuthorizer(consumer, 'OrdersAuth'));
    orders.root.addResource('admin').addMethod('GET', new MockIntegration(), { authorizer: auth.restAuthorizer(consumer, 'AdminAuth', { requiredScopes: ['b', 'a'] }) });
    restApi(consumer, 'Bills', auth.restAuthorizer(consumer, 'BillsAuth', { requiredScopes: ['a', 'b'] }));
    app.synth();
    // THEN the order of the scopes makes no second alias, and each API answers outages once
    expect(aliasNames(Template.fromStack(authStack))).toHaveLength(1);
    Template.fromStack(consumer).resourcePropertiesCountIs('AWS::ApiGateway::GatewayResponse', { StatusCode: '503' }, 4);
  });

  test('on an HTTP API', () => {
    const app = new App({ context });
    const auth = new AuthService(new Stack(app, 'AuthStack'), 'Auth');
    const consumer = new Stack(app, 'Consumer');
    const handler = new Function(consumer, 'Handler', { runtime: Runtime.NODEJS_24_X, handler: 'index.handler', code: Code.fromInline('exports.handler = async () => ({})') });
    new HttpApi(consumer, 'Http').addRoutes({ path: '/orders', integration: new HttpLambdaIntegration('Orders', handler), authorizer: auth.httpAuthorizer(consumer, 'HttpAuth') });
    app.synth();
    Template.fromStack(consumer).hasResourceProperties('AWS::ApiGatewayV2::Authorizer', {
      AuthorizerType: 'REQUEST', AuthorizerPayloadFormatVersion: '2.0', EnableSimpleResponses: true, AuthorizerResultTtlInSeconds: 0, IdentitySource: ['$request.header.Authorization'],
    });
  });
});

describe('what other APIs may do', () => {
  test('RS-02 JT-12 an authorizer that is out of order is 503 with Retry-After on the consumer API', () => {
    const stack = new Stack(new App(), 'Stack');
    restApi(stack, 'Orders', new AuthService(stack, 'Auth').restAuthorizer(stack, 'OrdersAuth'));
    for (const ResponseTypeName of ['AUTHORIZER_FAILURE', 'AUTHORIZER_CONFIGURATION_ERROR']) {
      Template.fromStack(stack).hasResourceProperties('AWS::ApiGateway::GatewayResponse', {
        RestApiId: { Ref: Match.stringLikeRegexp('^Orders') }, ResponseType: ResponseTypeName, StatusCode: '503',
        ResponseParameters: Match.objectLike({ 'gatewayresponse.header.retry-after': "'1'" }),
      });
    }
  });

  test('CO-01 it is as readable for the pages of that API as its other errors, wherever those are made', () => {
    for (const within of ['api', 'stack'] as const) {
      const stack = new Stack(new App(), 'Stack');
      const api = restApi(stack, 'Orders', new AuthService(stack, 'Auth', { webApp: { origins: ['https://app.example.com'] } }).restAuthorizer(stack, 'OrdersAuth'));
      const own = { type: ResponseType.DEFAULT_5XX, responseHeaders: { 'Access-Control-Allow-Origin': 'method.request.header.Origin', 'vary': "'Origin'", 'x-other': "'1'" } };
      if (within === 'api') api.addGatewayResponse('Errors', own);
      else new GatewayResponse(stack, 'Errors', { restApi: api, ...own });
      restApi(stack, 'Another', undefined).addGatewayResponse('Errors', { ...own, responseHeaders: { 'access-control-max-age': "'1'" } });
      Template.fromStack(stack).hasResourceProperties('AWS::ApiGateway::GatewayResponse', {
        RestApiId: { Ref: Match.stringLikeRegexp('^Orders') }, ResponseType: 'AUTHORIZER_FAILURE',
        ResponseParameters: {
          'gatewayresponse.header.Access-Control-Allow-Origin': 'method.request.header.Origin', 'gatewayresponse.header.vary': "'Origin'",
          'gatewayresponse.header.content-type': "'application/problem+json'", 'gatewayresponse.header.retry-after': "'1'",
        },
      });
    }
  });

  test('a gateway response that the owner of the API gave stands', () => {
    const stack = new Stack(new App(), 'Stack');
    const api = new RestApi(stack, 'Orders', { cloudWatchRole: false });
    api.addGatewayResponse('Own', { type: ResponseType.AUTHORIZER_FAILURE, statusCode: '502' });
    api.root.addMethod('GET', new MockIntegration(), { authorizer: new AuthService(stack, 'Auth').restAuthorizer(stack, 'OrdersAuth') });
    Template.fromStack(stack).resourcePropertiesCountIs('AWS::ApiGateway::GatewayResponse', { RestApiId: { Ref: Match.stringLikeRegexp('^Orders') }, ResponseType: 'AUTHORIZER_FAILURE' }, 1);
  });

  test('a gateway response that clashes is named at synthesis', () => {
    const app = new App();
    const stack = new Stack(app, 'Stack');
    const api = restApi(stack, 'Orders', new AuthService(stack, 'Auth').restAuthorizer(stack, 'OrdersAuth'));
    api.addGatewayResponse('Own', { type: ResponseType.AUTHORIZER_FAILURE, statusCode: '502' });
    expect(() => app.synth()).toThrow(/must have one gateway response AUTHORIZER_FAILURE, got two: /);
  });

  test('one permission an alias serves every API of the account, none of another', () => {
    const stack = new Stack(new App(), 'Stack');
    const auth = new AuthService(stack, 'Auth');
    auth.declareRequiredScopes(['orders:read']);
    const wildcard = { Action: 'lambda:InvokeFunction', Principal: 'apigateway.amazonaws.com', SourceAccount: { Ref: 'AWS::AccountId' }, SourceArn: Match.objectLike({ 'Fn::Join': Match.anyValue() }) };
    Template.fromStack(stack).resourcePropertiesCountIs('AWS::Lambda::Permission', wildcard, 2);
  });

  test('another account is let in on every alias, also on those made later', () => {
    const stack = new Stack(new App(), 'Stack');
    const auth = new AuthService(stack, 'Auth');
    auth.allowAuthorizersFrom('222222222222');
    auth.allowAuthorizersFrom('222222222222');
    auth.declareRequiredScopes(['orders:read']);
    Template.fromStack(stack).resourcePropertiesCountIs('AWS::Lambda::Permission', { SourceAccount: '222222222222' }, 2);
  });

  test('a cache of results is warned of', () => {
    const stack = new Stack(new App(), 'Stack');
    restApi(stack, 'Orders', new AuthService(stack, 'Auth').restAuthorizer(stack, 'OrdersAuth', { resultsCacheTtl: Duration.minutes(1) }));
    Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp('sessions that have ended and tokens that have expired through for up to 1 minute'));
  });

  test('one object of options serves a REST API and an HTTP API; what an HTTP API cannot do is warned of where it is asked for', () => {
    const warnings = (answerOutages: boolean | undefined) => {
      const stack = new Stack(new App(), 'Stack');
      const auth = new AuthService(stack, 'Auth');
      const options: AuthorizerOptions = { requiredScopes: ['orders:read'], answerOutages };
      restApi(stack, 'Orders', auth.restAuthorizer(stack, 'OrdersAuth', options));
      auth.httpAuthorizer(stack, 'BillsAuth', options);
      return Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('answerOutages')).map(({ entry }) => entry.data);
    };
    expect(warnings(true)).toEqual([
      'answerOutages has no effect: an HTTP API answers 500 while its authorizer is out of order, and lets nobody change it; a REST API answers 503 '
      + '[ack: cdk-auth-service:noEffect:answerOutages]',
    ]);
    expect([...warnings(false), ...warnings(undefined)]).toEqual([]);
  });

  test.each([
    [{ requiredScopes: [] }, 'authorizer: requiredScopes must be a list of at least one scope, got an empty list: leave it out to accept any valid token'],
    [{ requiredScopes: ['a b'] }, /requiredScopes must be scopes of 1 to 64 printable .*, got "a b"/],
    [{ requiredScopes: ['a', 'a'] }, /requiredScopes must be a list of different values, got a list with "a" twice/],
    [{ requiredScopes: ['x'.repeat(60), 'y'.repeat(60)] }, /requiredScopes must be a set of at most 90 characters, spaces between them included, got a set of 121 characters/],
    [{ resultsCacheTtl: Duration.hours(2) }, /resultsCacheTtl must be between 0 seconds and 1 hour in whole seconds, got 2 hours/],
  ])('%j is refused', (options, message) => {
    const stack = new Stack(new App(), 'Stack');
    const auth = new AuthService(stack, 'Auth');
    expect(() => auth.restAuthorizer(stack, 'OrdersAuth', options)).toThrow(message);
  });
});

describe('a service of another app', () => {
  test('found by parameters', () => {
    const app = new App();
    const owner = new Stack(app, 'Owner');
    new AuthService(owner, 'Auth').publishTo('/platform/auth');
    const consumer = new Stack(app, 'Consumer');
    const auth = AuthService.fromParameters(consumer, 'Auth', '/platform/auth');
    const handler = new Function(consumer, 'Handler', { runtime: Runtime.NODEJS_24_X, handler: 'index.handler', code: Code.fromInline('exports.handler = async () => ({})') });
    const api = new RestApi(consumer, 'Orders', { cloudWatchRole: false });
    api.root.addMethod('GET', new LambdaIntegration(handler), { authorizer: auth.restAuthorizer(consumer, 'OrdersAuth', { requiredScopes: ['orders:read'] }) });
    auth.grantAdminister(handler);
    app.synth();
    // THEN the parameters are there before they are read
    expect(consumer.dependencies).toEqual([owner]);
    const published = Object.values(resources(Template.fromStack(owner), 'AWS::SSM::Parameter')).map(({ Properties }) => Properties.Name).sort();
    expect(published).toEqual(['admin-function-arn', 'api-url', 'audience', 'authorizer-function-arn', 'issuer-url', 'service-name'].map((name) => `/platform/auth/${name}`));
    const read = Object.values(Template.fromStack(consumer).toJSON().Parameters as Record<string, { Default: string }>).map((parameter) => parameter.Default);
    expect(read.filter((name) => published.includes(name)).sort()).toEqual(['admin', 'authorizer'].map((name) => `/platform/auth/${name}-function-arn`));
    expect(JSON.stringify(resources(Template.fromStack(consumer), 'AWS::ApiGateway::Authorizer'))).toContain(':scopes_b3JkZXJzOnJlYWQ');
  });

  test('published under prefixes that read alike, each with its own parameters; the first keeps its logical ids', () => {
    const published = (...prefixes: string[]) => {
      const stack = new Stack(new App(), 'Owner');
      const auth = new AuthService(stack, 'Auth');
      prefixes.forEach((prefix) => auth.publishTo(prefix));
      return resources(Template.fromStack(stack), 'AWS::SSM::Parameter');
    };
    const both = published('/a/b', '/a-b', '/a_b', '/a.b');
    expect(new Set(Object.values(both).map(({ Properties }) => Properties.Name)).size).toBe(24);
    expect(Object.keys(both)).toEqual(expect.arrayContaining(Object.keys(published('/a/b'))));
  });

  test('in another account, by its ARN: an authorizer for an API there', () => {
    const stack = new Stack(new App(), 'Consumer', { env: { account: '222222222222', region: 'eu-central-1' } });
    const auth = AuthService.fromAuthServiceAttributes(stack, 'Auth', {
      serviceName: 'auth', apiUrl: 'https://auth.example.com/v1',
      authorizerFunctionArn: 'arn:aws:lambda:eu-central-1:111111111111:function:authorizer', adminFunctionArn: 'arn:aws:lambda:eu-central-1:111111111111:function:admin',
    });
    restApi(stack, 'Orders', auth.restAuthorizer(stack, 'OrdersAuth'));
    expect(JSON.stringify(resources(Template.fromStack(stack), 'AWS::ApiGateway::Authorizer'))).toContain('111111111111:function:authorizer:live/invocations');
  });

  test('beside a function of the consumer that is named like the authorizer', () => {
    const stack = new Stack(new App(), 'Stack');
    const auth = new AuthService(stack, 'Auth');
    new Function(stack, 'OrdersFunction', { runtime: Runtime.NODEJS_24_X, handler: 'index.handler', code: Code.fromInline('exports.handler = async () => ({})') });
    expect(() => restApi(stack, 'OrdersApi', auth.restAuthorizer(stack, 'Orders'))).not.toThrow();
  });

  test('found by attributes', () => {
    const stack = new Stack(new App(), 'Consumer');
    const auth = AuthService.fromAuthServiceAttributes(stack, 'Auth', {
      serviceName: 'auth', apiUrl: 'https://auth.example.com/v1',
      authorizerFunctionArn: 'arn:aws:lambda:eu-central-1:111111111111:function:authorizer', adminFunctionArn: 'arn:aws:lambda:eu-central-1:111111111111:function:admin',
    });
    restApi(stack, 'Orders', auth.restAuthorizer(stack, 'OrdersAuth'));
    expect(auth.issuerUrl).toBe('https://auth.example.com/v1');
    expect(auth.audience).toBe('auth');
    expect(auth.jwksUrl).toBe('https://auth.example.com/v1/.well-known/jwks.json');
    expect(JSON.stringify(resources(Template.fromStack(stack), 'AWS::ApiGateway::Authorizer'))).toContain('function:authorizer:live/invocations');
  });

  test.each(['auth', '/auth/', '/aws/auth', '/a b'])('the prefix %j is refused', (prefix) => {
    const stack = new Stack(new App(), 'Stack');
    expect(() => AuthService.fromParameters(stack, 'Auth', prefix)).toThrow(/prefix must be a path such as \/auth or \/platform\/auth, got /);
  });
});
