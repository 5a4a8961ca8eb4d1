import { App, Stack } from 'aws-cdk-lib';
import { CfnGatewayResponse, GatewayResponse, MockIntegration, ResponseType, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { GatewayVpcEndpointAwsService, InterfaceVpcEndpoint, InterfaceVpcEndpointAwsService, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import type { AuthServiceProps } from '../../src';
import { AuthNetwork, AuthService } from '../../src';
import { resources } from './support/synth';

const ENDPOINT = 'AWS::EC2::VPCEndpoint';
const RESPONSE = 'AWS::ApiGateway::GatewayResponse';
const ACCOUNT = 'AWS::ApiGateway::Account';

beforeEach(() => {
  jest.spyOn(console, 'error').mockImplementation(() => undefined);
});
afterEach(() => jest.restoreAllMocks());

describe('a gateway response that the owner of an API has given stands, wherever it was made', () => {
  const OUTAGE = { type: ResponseType.AUTHORIZER_FAILURE, statusCode: '502' };

  function withAuthorizer(give: (api: RestApi, stack: Stack) => void): Stack {
    const stack = new Stack(new App(), 'Stack');
    const api = new RestApi(stack, 'Orders', { cloudWatchRole: false });
    give(api, stack);
    api.root.addMethod('GET', new MockIntegration(), { authorizer: new AuthService(stack, 'Auth').restAuthorizer(stack, 'OrdersAuth') });
    return stack;
  }

  test.each<[string, (api: RestApi, stack: Stack) => void]>([
    ['below the API', (api) => api.addGatewayResponse('Own', OUTAGE)],
    ['beside it', (api, stack) => new GatewayResponse(stack, 'Own', { restApi: api, ...OUTAGE })],
    ['by its id', (api, stack) => new CfnGatewayResponse(stack, 'Own', { restApiId: api.restApiId, responseType: 'AUTHORIZER_FAILURE', statusCode: '502' })],
    ['by a reference', (api, stack) => new CfnGatewayResponse(stack, 'Own', {
      restApiId: (api.node.defaultChild as unknown as { ref: string }).ref, responseType: 'AUTHORIZER_FAILURE', statusCode: '502',
    })],
    ['in another stack', (api, stack) => new CfnGatewayResponse(new Stack(stack.node.scope as App, 'Responses'), 'Own', {
      restApiId: api.restApiId, responseType: 'AUTHORIZER_FAILURE', statusCode: '502',
    })],
  ])('%s', (_where, give) => {
    const stack = withAuthorizer(give);
    const stacks = (stack.node.root as App).node.findAll().filter((child): child is Stack => child instanceof Stack);
    const given = stacks.flatMap((one) => Object.values(resources(Template.fromStack(one), RESPONSE)))
      .filter(({ Properties }) => Properties.ResponseType === 'AUTHORIZER_FAILURE' && !JSON.stringify(Properties.RestApiId).includes('AuthApi'));
    expect(given.map(({ Properties }) => Properties.StatusCode)).toEqual(['502']);
  });

  test('of another API it does not count', () => {
    const stack = withAuthorizer((_api, own) => {
      const other = new RestApi(own, 'Other', { cloudWatchRole: false });
      other.addGatewayResponse('Own', OUTAGE);
      other.root.addMethod('GET', new MockIntegration());
    });
    Template.fromStack(stack).hasResourceProperties(RESPONSE, { RestApiId: { Ref: Match.stringLikeRegexp('^Orders') }, ResponseType: 'AUTHORIZER_FAILURE', StatusCode: '503' });
  });

  test.each<[string, (stack: Stack) => ReturnType<typeof RestApi.fromRestApiId>]>([
    ['by attributes', (stack) => RestApi.fromRestApiAttributes(stack, 'Orders', { restApiId: 'abc', rootResourceId: 'def' })],
    ['by attributes of a resource', (stack) => RestApi.fromRestApiAttributes(new Stack(stack.node.scope as App, 'Other'), 'Orders', { restApiId: 'abc', rootResourceId: 'def' })],
  ])('an API imported %s gets none, and a warning', (_how, imported) => {
    const stack = new Stack(new App(), 'Stack');
    imported(stack).root.addMethod('GET', new MockIntegration(), { authorizer: new AuthService(stack, 'Auth').restAuthorizer(stack, 'OrdersAuth') });
    const given = Object.values(resources(Template.fromStack(stack), RESPONSE)).filter(({ Properties }) => Properties.RestApiId === 'abc');
    expect(given).toEqual([]);
    Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp('an imported API keeps its answers'));
  });
});

describe('a VPC gets no endpoint that it has', () => {
  const names = (...stacks: Stack[]) => stacks.flatMap((stack) => Object.values(resources(Template.fromStack(stack), ENDPOINT)))
    .map(({ Properties }) => /\.(\w+)"[\]}]*$/.exec(JSON.stringify(Properties.ServiceName))![1]).sort();
  const isolated = (stack: Stack) => new Vpc(stack, 'Vpc', { subnetConfiguration: [{ name: 'Inside', subnetType: SubnetType.PRIVATE_ISOLATED }] });
  const subnets = { subnetType: SubnetType.PRIVATE_ISOLATED };
  const network = (vpc: Vpc): AuthServiceProps => ({ network: AuthNetwork.existingVpc(vpc, { createEndpoints: true, subnets }) });
  const ALL = ['dynamodb', 's3', 'secretsmanager'];

  test.each<[string, (vpc: Vpc, stack: Stack) => void]>([
    ['nobody has made one', () => undefined],
    ['the VPC has a gateway', (vpc) => vpc.addGatewayEndpoint('Store', { service: GatewayVpcEndpointAwsService.S3 })],
    ['the VPC has an interface', (vpc) => vpc.addInterfaceEndpoint('Secrets', { service: InterfaceVpcEndpointAwsService.SECRETS_MANAGER })],
    ['another construct has made an interface', (vpc, stack) => new InterfaceVpcEndpoint(stack, 'Secrets', { vpc, service: InterfaceVpcEndpointAwsService.SECRETS_MANAGER })],
    ['another service has made all', (vpc, stack) => new AuthService(stack, 'Other', network(vpc))],
  ])('%s', (_what, make) => {
    const stack = new Stack(new App(), 'Stack');
    const vpc = isolated(stack);
    make(vpc, stack);
    new AuthService(stack, 'Auth', network(vpc));
    expect(names(stack)).toEqual(ALL);
  });

  test('nor one that the stack of the VPC has', () => {
    const app = new App();
    const [net, own] = ['Net', 'Own'].map((id) => new Stack(app, id, { env: { account: '111111111111', region: 'eu-central-1' } }));
    const vpc = isolated(net!);
    vpc.addGatewayEndpoint('Store', { service: GatewayVpcEndpointAwsService.DYNAMODB });
    new AuthService(own!, 'Auth', network(vpc));
    expect(names(net!, own!)).toEqual(ALL);
  });

  test('an interface without private DNS does not do', () => {
    const stack = new Stack(new App(), 'Stack');
    const vpc = isolated(stack);
    vpc.addInterfaceEndpoint('Secrets', { service: InterfaceVpcEndpointAwsService.SECRETS_MANAGER, privateDnsEnabled: false });
    new AuthService(stack, 'Auth', network(vpc));
    expect(names(stack)).toEqual([...ALL, 'secretsmanager']);
  });

  test.each<[string, (vpc: Vpc) => void]>([
    ['s3', (vpc) => vpc.addGatewayEndpoint('Later', { service: GatewayVpcEndpointAwsService.S3 })],
    ['secretsmanager', (vpc) => vpc.addInterfaceEndpoint('Later', { service: InterfaceVpcEndpointAwsService.SECRETS_MANAGER })],
  ])('one of %s that is made later is named at synthesis', (name, make) => {
    const app = new App();
    const stack = new Stack(app, 'Stack');
    const vpc = isolated(stack);
    new AuthService(stack, 'Auth', network(vpc));
    make(vpc);
    expect(() => app.synth()).toThrow(new RegExp(`the VPC has two endpoints of ${name} and must have at most one: make that of Stack/Vpc/Later/Resource before the service`));
  });
});

describe('API Gateway\'s log role of the account is set once a stack', () => {
  test.each<[string, (stack: Stack) => void]>([
    ['by another service', (stack) => new AuthService(stack, 'Other')],
    ['by a REST API', (stack) => new RestApi(stack, 'Orders', { cloudWatchRole: true }).root.addMethod('GET')],
  ])('%s', (_by, make) => {
    const stack = new Stack(new App(), 'Stack');
    make(stack);
    new AuthService(stack, 'Auth');
    const template = Template.fromStack(stack);
    template.resourceCountIs(ACCOUNT, 1);
    // AND the stage waits for it
    const [account] = Object.keys(resources(template, ACCOUNT));
    const stages = Object.entries(resources(template, 'AWS::ApiGateway::Stage')).filter(([id]) => id.startsWith('AuthApi'));
    expect(stages.map(([, { DependsOn }]) => DependsOn)).toEqual([expect.arrayContaining([account])]);
    Annotations.fromStack(stack).hasNoWarning('*', Match.stringLikeRegexp('log role'));
  });

  test('one that is made later is warned of', () => {
    const stack = new Stack(new App(), 'Stack');
    new AuthService(stack, 'Auth');
    new RestApi(stack, 'Orders', { cloudWatchRole: true }).root.addMethod('GET');
    Annotations.fromStack(stack).hasWarning('/Stack/Auth/AccessLog', Match.stringLikeRegexp('make the other REST API with cloudWatchRole: false'));
  });
});
