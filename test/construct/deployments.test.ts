import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { CodeSigningConfig } from 'aws-cdk-lib/aws-lambda';
import { AuthFunctionName, FunctionDeployment, ProvisionedConcurrency } from '../../src';
import { construct, defaults, list, resource, resources, synthesize } from './support/synth';

const ALIAS = 'AWS::Lambda::Alias';
const GROUP = 'AWS::CodeDeploy::DeploymentGroup';
const BEHIND_THE_API = 8;

describe('deployments at once', () => {
  test('are the default: CodeDeploy has nothing to do', () => {
    defaults().template.resourceCountIs(GROUP, 0);
    defaults().template.resourceCountIs('AWS::CodeDeploy::Application', 0);
    for (const alias of Object.values(resources(defaults().template, ALIAS))) expect(alias).not.toHaveProperty('UpdatePolicy');
  });
});

describe('a canary for all functions', () => {
  const deployment = FunctionDeployment.canary({ percentage: 20, interval: Duration.minutes(10) });
  const { template } = synthesize({ functions: { deployment }, removalPolicy: RemovalPolicy.DESTROY });

  test('moves every function behind the API, not rotate-keys and admin', () => {
    template.resourceCountIs(GROUP, BEHIND_THE_API);
    template.resourceCountIs('AWS::CodeDeploy::Application', 1);
    template.resourceCountIs('AWS::CodeDeploy::DeploymentConfig', 1);
    template.hasResourceProperties('AWS::CodeDeploy::DeploymentConfig', {
      TrafficRoutingConfig: { Type: 'TimeBasedCanary', TimeBasedCanary: { CanaryInterval: 10, CanaryPercentage: 20 } },
    });
    for (const [id, alias] of Object.entries(resources(template, ALIAS))) {
      const moved = (alias as { UpdatePolicy?: { CodeDeployLambdaAliasUpdate: unknown } }).UpdatePolicy?.CodeDeployLambdaAliasUpdate !== undefined;
      expect([id, moved]).toEqual([id, !/RotateKeys|Admin/.test(id)]);
    }
  });

  test('goes back when the alarm on the function\'s own errors says so', () => {
    const login = resource(template, GROUP, 'AuthFunctionsLogin').Properties;
    expect(login.AutoRollbackConfiguration).toEqual({ Enabled: true, Events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM', 'DEPLOYMENT_STOP_ON_REQUEST'] });
    expect(login.AlarmConfiguration).toEqual({ Enabled: true, Alarms: [{ Name: { Ref: expect.stringMatching(/^AuthFunctionsLoginAliasErrors/) } }] });
    const alarm = resource(template, 'AWS::CloudWatch::Alarm', 'AuthFunctionsLogin').Properties;
    expect(alarm).toMatchObject({ MetricName: 'Errors', Namespace: 'AWS/Lambda', Threshold: 3, Period: 60, TreatMissingData: 'notBreaching' });
    // By name: an alarm that referred to the alias would wait for what waits for it.
    expect(JSON.stringify(alarm.Dimensions)).not.toContain('Alias');
  });

  test('of the authorizer goes back on answers of 5xx: each refused token is an error of the function too', () => {
    const { auth } = construct();
    const alarm = resource(template, 'AWS::CloudWatch::Alarm', 'AuthFunctionsAuthorizer').Properties;
    expect(alarm).toMatchObject({ MetricName: '5XXError', Namespace: 'AWS/ApiGateway', Dimensions: [{ Name: 'ApiName', Value: auth.serviceName }] });
  });

  test('keeps the versions to go back to, whatever else is deleted', () => {
    for (const [id, { DeletionPolicy }] of Object.entries(resources(template, 'AWS::Lambda::Version'))) {
      expect([id, DeletionPolicy]).toEqual([id, /RotateKeys|Admin/.test(id) ? 'Delete' : 'Retain']);
    }
  });

  test('CodeDeploy may move these functions\' aliases and read alarms, no more', () => {
    const policy = resource(template, 'AWS::IAM::Policy', 'AuthFunctionsDeploymentsRole').Properties.PolicyDocument.Statement as { Action: string | string[]; Resource: unknown }[];
    expect([...new Set(policy.flatMap(({ Action }) => list(Action)))].sort()).toEqual([
      'cloudwatch:DescribeAlarms', 'lambda:GetAlias', 'lambda:GetProvisionedConcurrencyConfig', 'lambda:UpdateAlias',
    ]);
    for (const { Action, Resource } of policy) expect(Resource === '*').toBe(Action === 'cloudwatch:DescribeAlarms');
    // AND each is named as a function and by its alias, of which the provisioned concurrency is
    for (const { Resource } of policy.filter(({ Resource }) => Resource !== '*')) {
      expect(Resource).toEqual([{ 'Fn::GetAtt': [expect.any(String), 'Arn'] }, { 'Fn::Join': ['', [{ 'Fn::GetAtt': [expect.any(String), 'Arn'] }, ':live']] }]);
    }
    expect(resource(template, 'AWS::IAM::Role', 'AuthFunctionsDeploymentsRole').Properties.ManagedPolicyArns).toBeUndefined();
  });
});

describe('deployments by function', () => {
  test('linear, with errors and alarms of one\'s own', () => {
    const deployment = FunctionDeployment.linear({ percentage: 25, interval: Duration.minutes(2), rollbackErrors: 10, rollbackAlarmNames: ['shop-checkout-fails'] });
    const { template } = synthesize({ functions: { overrides: [{ name: AuthFunctionName.ADMIN, deployment }] } });
    template.hasResourceProperties('AWS::CodeDeploy::DeploymentConfig', {
      TrafficRoutingConfig: { Type: 'TimeBasedLinear', TimeBasedLinear: { LinearInterval: 2, LinearPercentage: 25 } },
    });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', { Threshold: 10 });
    template.hasResourceProperties(GROUP, { AlarmConfiguration: { Alarms: [Match.anyValue(), { Name: 'shop-checkout-fails' }] } });
    template.resourceCountIs(GROUP, 1);
  });

  test('what holds for all yields to provisioned concurrency', () => {
    const override = { name: AuthFunctionName.LOGIN, provisionedConcurrency: ProvisionedConcurrency.fixed(2) };
    const { template } = synthesize({ functions: { deployment: FunctionDeployment.canary(), overrides: [override] } });
    template.resourceCountIs(GROUP, BEHIND_THE_API - 1);
    expect(Object.keys(resources(template, GROUP)).filter((id) => id.includes('Login'))).toEqual([]);
  });

  test('every alias of the authorizer moves', () => {
    const { auth, stack } = construct({ functions: { overrides: [{ name: AuthFunctionName.AUTHORIZER, deployment: FunctionDeployment.canary() }] } });
    auth.declareRequiredScopes(['orders:read']);
    Template.fromStack(stack).resourceCountIs(GROUP, 2);
  });

  test('allAtOnce() makes an exception', () => {
    const { template } = synthesize({
      functions: { deployment: FunctionDeployment.canary(), overrides: [{ name: AuthFunctionName.AUTHORIZER, deployment: FunctionDeployment.allAtOnce() }] },
    });
    template.resourceCountIs(GROUP, BEHIND_THE_API - 1);
  });
});

test('a code signing configuration reaches every function', () => {
  const arn = 'arn:aws:lambda:eu-central-1:111111111111:code-signing-config:csc-0123456789abcdef0';
  const { template } = synthesize((stack) => ({ functions: { codeSigningConfig: CodeSigningConfig.fromCodeSigningConfigArn(stack, 'Signing', arn) } }));
  template.allResourcesProperties('AWS::Lambda::Function', { CodeSigningConfigArn: arn });
});
