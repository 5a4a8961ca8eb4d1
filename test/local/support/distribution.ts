import path from 'node:path';
import { App, Duration, Fn, SecretValue, Stack } from 'aws-cdk-lib';
import { CfnStage, HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AllowedMethods, CachePolicy, Distribution, Function as ViewerFunction, FunctionCode, FunctionEventType, FunctionRuntime, OriginRequestPolicy,
  ResponseHeadersPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { temporaryDirectory } from './app';

export const ACCOUNT = '123456789012';

/** Answers with its event and what it was told; `/broken` fails, `/hangs` never answers, `/config` calls the CloudFront API, by the method that it is told. */
const ECHO = `exports.handler = async (event) => {
  if (event.rawPath.endsWith('/hangs')) await new Promise(() => setInterval(() => undefined, 1000));
  if (event.rawPath.endsWith('/gone')) return { statusCode: 404, body: 'gone' };
  if (event.rawPath.endsWith('/config')) {
    const answer = await fetch(process.env.AWS_ENDPOINT_URL_CLOUDFRONT + '/2020-05-31/distribution/' + event.queryStringParameters.id + '/config', {
      method: event.queryStringParameters.method,
      headers: { authorization: 'AWS4-HMAC-SHA256 Credential=' + process.env.AWS_ACCESS_KEY_ID + '/20260101/us-east-1/cloudfront/aws4_request' },
    });
    return { statusCode: answer.status, body: await answer.text() };
  }
  return { statusCode: 200, body: JSON.stringify({ event, domain: process.env.DOMAIN, alias: process.env.ALIAS, foreign: process.env.FOREIGN }) };
};`;

const VIEWER = `function handler(event) {
  var request = event.request;
  request.headers['x-viewer'] = { value: event.viewer.ip };
  if (request.uri === '/v1/hello') return { statusCode: 302, statusDescription: 'Found', headers: { location: { value: '/v1/there' } } };
  if (request.uri === '/v1/throws') throw new Error('on purpose');
  if (request.uri === '/v1/wrong') request.headers['host'] = { value: 'evil.example' };
  return request;
}`;

/**
 * An HTTP API behind CloudFront, whose web ACL lives in another Region. The web ACL blocks `/v1/blocked`; `/elsewhere/*` has an origin that
 * the app does not have.
 */
export function distributionApp(): string {
  const app = new App({ outdir: path.join(temporaryDirectory(), 'cdk.out') });
  const global = new Stack(app, 'Global', { env: { account: ACCOUNT, region: 'us-east-1' }, crossRegionReferences: true });
  const visibilityConfig = { sampledRequestsEnabled: false, cloudWatchMetricsEnabled: false, metricName: 'x' };
  const acl = new CfnWebACL(global, 'Acl', {
    scope: 'CLOUDFRONT', defaultAction: { allow: {} }, visibilityConfig,
    rules: [{
      name: 'blocked', priority: 0, action: { block: {} }, visibilityConfig,
      statement: { byteMatchStatement: { fieldToMatch: { uriPath: {} }, positionalConstraint: 'EXACTLY', searchString: '/v1/blocked', textTransformations: [{ priority: 0, type: 'NONE' }] } },
    }],
  });

  const stack = new Stack(app, 'Main', { env: { account: ACCOUNT, region: 'eu-west-1' }, crossRegionReferences: true });
  const echo = new LambdaFunction(stack, 'Echo', {
    runtime: Runtime.NODEJS_24_X, handler: 'index.handler', code: Code.fromInline(ECHO), timeout: Duration.seconds(3),
    environment: { ALIAS: 'https://auth.example.com/v1', FOREIGN: 'https://auth.example.com.evil.io https://auth.example.com:8443' },
  });
  const api = new HttpApi(stack, 'Api', { apiName: 'auth', createDefaultStage: false });
  new CfnStage(stack, 'Stage', { apiId: api.apiId, stageName: 'v1', autoDeploy: true });
  api.addRoutes({ path: '/{proxy+}', methods: [HttpMethod.ANY], integration: new HttpLambdaIntegration('ToEcho', echo) });

  const secret = new Secret(stack, 'Secret', {
    generateSecretString: { secretStringTemplate: '{"version":1}', generateStringKey: 'active', passwordLength: 64, excludePunctuation: true },
  });
  const viewer = new ViewerFunction(stack, 'Viewer', { runtime: FunctionRuntime.JS_2_0, code: FunctionCode.fromInline(VIEWER) });
  const behavior = {
    allowedMethods: AllowedMethods.ALLOW_ALL,
    cachePolicy: CachePolicy.CACHING_DISABLED,
    originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
    responseHeadersPolicy: new ResponseHeadersPolicy(stack, 'Headers', {
      securityHeadersBehavior: {
        strictTransportSecurity: { accessControlMaxAge: Duration.days(1), includeSubdomains: true, override: true },
        contentTypeOptions: { override: false },
      },
      customHeadersBehavior: { customHeaders: [{ header: 'cache-control', value: 'no-store', override: false }] },
    }),
    functionAssociations: [{ function: viewer, eventType: FunctionEventType.VIEWER_REQUEST }],
  };
  const { functionAssociations: _, ...plain } = behavior;
  const origin = new HttpOrigin(Fn.join('.', [api.apiId, 'execute-api', stack.region, stack.urlSuffix]), {
    customHeaders: { 'x-secret': SecretValue.secretsManager(secret.secretArn, { jsonField: 'active' }).unsafeUnwrap() },
    readTimeout: Duration.seconds(1),
  });
  const distribution = new Distribution(stack, 'Distribution', {
    webAclId: acl.attrArn,
    domainNames: ['auth.example.com'],
    certificate: Certificate.fromCertificateArn(stack, 'Certificate', `arn:aws:acm:us-east-1:${ACCOUNT}:certificate/1`),
    defaultBehavior: { origin, ...behavior },
    additionalBehaviors: {
      '/elsewhere/*': { origin: new HttpOrigin('elsewhere.example.com'), ...behavior },
      '/v1/read/*': { origin, ...plain, allowedMethods: AllowedMethods.ALLOW_GET_HEAD },
    },
    errorResponses: [{ httpStatus: 504, ttl: Duration.seconds(0) }],
  });
  new LambdaFunction(stack, 'Knowing', {
    runtime: Runtime.NODEJS_24_X, handler: 'index.handler',
    code: Code.fromInline('exports.handler = async () => ({ domain: process.env.DOMAIN });'), environment: { DOMAIN: `https://${distribution.domainName}/v1` },
  });
  echo.addToRolePolicy(new PolicyStatement({ actions: ['cloudfront:UpdateDistribution'], resources: [`arn:aws:cloudfront::${ACCOUNT}:distribution/*`] }));
  app.synth();
  return app.outdir;
}
