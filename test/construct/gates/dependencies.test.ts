import type { Environment } from 'aws-cdk-lib';
import { App, Stack, Stage } from 'aws-cdk-lib';
import { LambdaIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { QuickStart } from '../../../examples/quickstart/quickstart';
import type { AuthServiceProps, IAuthService } from '../../../src';
import { AuthNetwork, AuthPreset, AuthService } from '../../../src';
import type { TemplateJson } from '../support/cycles';
import { cycleOf, referencesOf, stackReferencesOf } from '../support/cycles';
import { concrete, recommendedFlags } from '../support/synth';

/** No cycle between resources, and none between stacks. The examples are held to the same in test/examples. */
function expectNoCycle(assembly: CloudAssembly): void {
  const templates = Object.fromEntries(assembly.stacksRecursively.map((stack) => [stack.stackName, stack.template as TemplateJson]));
  const dependencies = Object.fromEntries(assembly.stacksRecursively.map((stack) => [
    stack.stackName, stack.dependencies.filter(({ id }) => assembly.stacksRecursively.some((other) => other.id === id)).map(({ id }) => id),
  ]));
  const graph = referencesOf(templates);
  expect(graph.size).toBeGreaterThan(0);
  expect(cycleOf(graph)).toBeUndefined();
  expect(cycleOf(stackReferencesOf(graph, dependencies))).toBeUndefined();
}

/** A consumer with everything it can ask of a service. */
function consume(stack: Stack, auth: IAuthService): void {
  const handler = new Function(stack, 'Handler', { runtime: Runtime.NODEJS_24_X, handler: 'index.handler', code: Code.fromInline('exports.handler = async () => ({})') });
  handler.addEnvironment('AUTH_URL', auth.apiUrl);
  handler.addEnvironment('ISSUER', auth.issuerUrl);
  auth.grantAdminister(handler);
  const api = new RestApi(stack, 'Orders', { cloudWatchRole: false });
  api.root.addMethod('GET', new LambdaIntegration(handler), { authorizer: auth.restAuthorizer(stack, 'Rest') });
  api.root.addMethod('DELETE', new LambdaIntegration(handler), { authorizer: auth.restAuthorizer(stack, 'RestAdmin', { requiredScopes: ['orders:delete'] }) });
  const http = new HttpApi(stack, 'Http');
  http.addRoutes({ path: '/orders', integration: new HttpLambdaIntegration('Orders', handler), authorizer: auth.httpAuthorizer(stack, 'HttpAuth') });
}

const full = (stack: Stack): AuthServiceProps => ({
  webApp: { origins: ['https://app.example.com'] }, encryptionKey: new Key(stack, 'Key'), network: AuthNetwork.existingVpc(new Vpc(stack, 'Vpc'), { createEndpoints: true }),
});

describe('dependency law', () => {
  test('the finder finds: Ref, GetAtt, Sub, DependsOn and exports', () => {
    const resource = (properties: unknown, dependsOn?: string | string[]) => ({ Properties: properties, DependsOn: dependsOn });
    const inOne = (second: unknown) => cycleOf(referencesOf({ S: { Resources: { A: resource({ X: { Ref: 'B' } }), B: second } } }));
    expect(inOne(resource({ Y: [{ 'Fn::GetAtt': ['A', 'Arn'] }] }))).toEqual(['S/A', 'S/B', 'S/A']);
    expect(inOne(resource({ Y: { 'Fn::Sub': 'arn:${AWS::Partition}:${A.Name}' } }))).toBeDefined();
    expect(inOne(resource({ Y: { 'Fn::Sub': ['${Z}', { Z: { Ref: 'A' } }] } }))).toBeDefined();
    expect(inOne(resource({}, 'A'))).toBeDefined();
    expect(inOne(resource({}, ['A']))).toBeDefined();
    expect(inOne(resource({ Y: { 'Fn::Sub': '${!A}' } }))).toBeUndefined();
    const across = referencesOf({
      S: { Resources: { A: resource({ X: { 'Fn::ImportValue': 'T:B' } }), C: resource({}) }, Outputs: { O: { Value: { Ref: 'C' }, Export: { Name: 'S:C' } } } },
      T: { Resources: { B: resource({}), D: resource({ X: { 'Fn::ImportValue': 'S:C' } }) }, Outputs: { O: { Value: { Ref: 'B' }, Export: { Name: 'T:B' } } } },
    });
    expect(cycleOf(across)).toBeUndefined();
    expect(cycleOf(stackReferencesOf(across))).toEqual(['S', 'T', 'S']);
  });

  test.each<[string, Record<string, unknown>, Environment | undefined]>([
    ['without feature flags', {}, undefined],
    ['with the recommended feature flags', recommendedFlags(), concrete],
  ])('quick start %s', (_name, context, env) => {
    const app = new App({ postCliContext: context });
    new QuickStart(app, 'QuickStart', { env });
    expectNoCycle(app.synth());
  });

  test.each<[string, (stack: Stack) => AuthServiceProps]>([
    ['the defaults', () => ({})], ['everything on', full], ['the development preset', () => ({ preset: AuthPreset.development() })],
  ])('one stack, consumer beside the service: %s', (_name, props) => {
    const app = new App();
    const stack = new Stack(app, 'Stack');
    consume(stack, new AuthService(stack, 'Auth', props(stack)));
    expectNoCycle(app.synth());
  });

  test('consumer in a stack made after the service, key and network in one made before', () => {
    const app = new App();
    const base = new Stack(app, 'Base');
    const authStack = new Stack(app, 'AuthStack');
    const auth = new AuthService(authStack, 'Auth', full(base));
    auth.publishTo('/auth');
    consume(new Stack(app, 'Consumer'), auth);
    expectNoCycle(app.synth());
  });

  test('consumer in a stack made before the service', () => {
    const app = new App();
    const consumer = new Stack(app, 'Consumer');
    const authStack = new Stack(app, 'AuthStack');
    consume(consumer, new AuthService(authStack, 'Auth'));
    expectNoCycle(app.synth());
  });

  test('two services that protect an API each in the stack of the other would wait for each other: CDK says so', () => {
    const app = new App();
    const [left, right] = [new Stack(app, 'Left'), new Stack(app, 'Right')];
    consume(right, new AuthService(left, 'Auth'));
    expect(() => {
      consume(left, new AuthService(right, 'Auth'));
      app.synth();
    }).toThrow(/[Cc]yclic/);
  });

  test('consumer that finds the service by parameters, in a stack made before it', () => {
    const app = new App();
    const [consumer, owner] = [new Stack(app, 'Consumer'), new Stack(app, 'Owner')];
    consume(consumer, AuthService.fromParameters(consumer, 'Auth', '/auth'));
    new AuthService(owner, 'Auth').publishTo('/auth');
    expectNoCycle(app.synth());
  });

  test('two services in one stack, and one in a stage', () => {
    const app = new App();
    const stack = new Stack(app, 'Stack');
    consume(stack, new AuthService(stack, 'Customers'));
    new AuthService(stack, 'Staff');
    const stage = new Stage(app, 'Prod');
    consume(new Stack(stage, 'Consumer'), new AuthService(new Stack(stage, 'AuthStack'), 'Auth'));
    expectNoCycle(app.synth());
  });
});
