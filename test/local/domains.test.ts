import path from 'node:path';
import { App, CfnOutput, CfnParameter, Stack } from 'aws-cdk-lib';
import { BasePathMapping, DomainName, EndpointType, LambdaIntegration, RestApi, SecurityPolicy } from 'aws-cdk-lib/aws-apigateway';
import { ApiMapping, DomainName as HttpDomainName, HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { ARecord, HostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { ApiGatewayDomain } from 'aws-cdk-lib/aws-route53-targets';
import { call, startApp, stopApps, temporaryDirectory } from './support/app';
import { LocalInstance } from '../../local/instance';

const ECHO = 'exports.handler = async (event) => ({ statusCode: 200, body: JSON.stringify({ event, issuer: process.env.ISSUER }) });';

/** A REST API that only `auth.example.com/v1` leads to, and an HTTP API at two paths of a domain whose name is a parameter. */
function domainsApp(): string {
  const app = new App({ outdir: path.join(temporaryDirectory(), 'cdk.out') });
  const stack = new Stack(app, 'Main');
  const certificate = new Certificate(stack, 'Certificate', { domainName: '*.example.com' });
  const echo = new LambdaFunction(stack, 'Echo', {
    runtime: Runtime.NODEJS_24_X, handler: 'index.handler', code: Code.fromInline(ECHO),
    environment: { ISSUER: 'https://auth.example.com/v1' },
  });
  const rest = new RestApi(stack, 'Rest', {
    restApiName: 'closed', deployOptions: { stageName: 'v1' }, cloudWatchRole: false, endpointTypes: [EndpointType.REGIONAL], disableExecuteApiEndpoint: true,
  });
  rest.root.addResource('things').addResource('{id}').addMethod('GET', new LambdaIntegration(echo));
  const domain = new DomainName(stack, 'Domain', { domainName: 'auth.example.com', certificate, endpointType: EndpointType.REGIONAL, securityPolicy: SecurityPolicy.TLS_1_2 });
  new BasePathMapping(stack, 'Mapping', { domainName: domain, restApi: rest, basePath: 'v1' });
  const zone = HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z1', zoneName: 'example.com' });
  new ARecord(stack, 'Record', { zone, recordName: 'auth', target: RecordTarget.fromAlias(new ApiGatewayDomain(domain)) });

  const http = new HttpApi(stack, 'Http', { apiName: 'open', defaultIntegration: new HttpLambdaIntegration('ToEcho', echo) });
  const host = new CfnParameter(stack, 'Host', { default: 'orders' });
  const orders = new HttpDomainName(stack, 'Orders', { domainName: `${host.valueAsString}.example.com`, certificate });
  new ApiMapping(stack, 'All', { api: http, domainName: orders });
  new ApiMapping(stack, 'Deep', { api: http, domainName: orders, apiMappingKey: 'deep/er', stage: http.addStage('Beta', { stageName: 'beta', autoDeploy: true }) });
  new CfnOutput(stack, 'Address', { value: `https://${orders.name}/x` });
  app.synth();
  return app.outdir;
}

let instance: LocalInstance;
let auth: string;
let orders: string;

beforeAll(async () => {
  instance = await startApp(domainsApp());
  auth = instance.apis.find(({ name }) => name === 'auth.example.com')!.urls[0]!;
  orders = instance.apis.find(({ name }) => name === 'orders.example.com')!.urls[0]!;
});
afterAll(stopApps);

test('a custom domain has a port of its own, and texts with its name lead there', async () => {
  const answer = await call(`${auth}/things/7`);
  expect(answer.json).toMatchObject({
    issuer: auth,
    event: { path: '/v1/things/7', resource: '/things/{id}', pathParameters: { id: '7' }, requestContext: { stage: 'v1', path: '/v1/things/7' } },
  });
  expect(instance.outputs.Main!.Address).toBe(`${orders}/x`);
});

test('an API whose own endpoint is disabled answers only behind its domain, and that is its URL', async () => {
  expect(instance.url('Rest')).toBe(auth);
  const own = Object.values(instance.outputs.Main!).find((output) => String(output) !== `${orders}/x`);
  const refused = await call(`${String(own)}things/7`);
  expect([refused.status, refused.json]).toEqual([403, { message: 'Forbidden' }]);
});

test('a path that no mapping has is refused', async () => {
  expect((await call(auth.replace(/v1$/, 'v2/things/7'))).status).toBe(403);
  expect((await call(`${auth}0/things/7`)).status).toBe(403);
});

test('the longest base path decides, and the function sees the path as it was sent', async () => {
  expect((await call(`${orders}/deep/x`)).json.event).toMatchObject({ rawPath: '/deep/x', requestContext: { stage: '$default' } });
  expect((await call(`${orders}/deep/er/x`)).json.event).toMatchObject({ rawPath: '/deep/er/x', requestContext: { stage: 'beta' } });
  expect((await call(`${instance.url('Http')}/y`)).json.event).toMatchObject({ rawPath: '/y' });
});

test('records and certificates are named as not evaluated', () => {
  const types = instance.notEvaluated.map(({ type }) => type);
  expect(types).toEqual(expect.arrayContaining(['AWS::Route53::RecordSet', 'AWS::CertificateManager::Certificate']));
  expect(types).not.toContain('AWS::ApiGateway::BasePathMapping');
});
