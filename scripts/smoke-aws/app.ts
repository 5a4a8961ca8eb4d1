// The CDK app that the smoke test deploys. Which of its stacks, and how it differs from a plain one, the environment says: see Variant.
import { App, CfnOutput, CfnResource, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { EndpointType, LambdaIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Architecture, type CfnFunction, Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { AuthApi, AuthFunctionName, AuthPreset, AuthService, Firewall, FunctionDeployment, type AuthServiceProps } from 'cdk-auth-service';
import type { Construct } from 'constructs';
import { SCENARIOS, VARIANTS, type Scenario, type Variant } from './scenarios.ts';

const PROPS: Readonly<Record<Scenario, AuthServiceProps>> = {
  quickstart: {},
  production: { preset: AuthPreset.production(), functions: { deployment: FunctionDeployment.canary({ interval: Duration.minutes(5), rollbackErrors: 1 }) } },
  'http-api': { api: AuthApi.http(), firewall: Firewall.disabled() },
};

/** Says which runtime the functions really get. */
const PROBE = `
  const crypto = require('node:crypto');
  exports.handler = async () => {
    let argon2 = 'absent';
    try {
      const tag = crypto.argon2Sync('argon2id', { message: 'probe', nonce: Buffer.alloc(16, 1), parallelism: 1, tagLength: 32, memory: 19456, passes: 2 });
      argon2 = tag.toString('hex');
    } catch (error) { argon2 = String(error.code ?? error); }
    return { versions: process.versions, arch: process.arch, argon2 };
  };`;

class Smoke extends Stack {
  constructor(scope: Construct, id: string, scenario: Scenario, variant: Variant, props?: StackProps) {
    super(scope, id, props);
    const auth = new AuthService(this, 'Auth', { ...PROPS[scenario], removalPolicy: RemovalPolicy.DESTROY });
    const probe = new Function(this, 'Probe', {
      runtime: Runtime.NODEJS_24_X, architecture: Architecture.ARM_64, handler: 'index.handler', code: Code.fromInline(PROBE), timeout: Duration.seconds(20), memorySize: 512,
    });
    const orders = new Function(this, 'Orders', {
      runtime: Runtime.NODEJS_24_X, architecture: Architecture.ARM_64, handler: 'index.handler',
      code: Code.fromInline('exports.handler = async (event) => ({ statusCode: 200, body: JSON.stringify({ owner: event.requestContext.authorizer.sub }) });'),
    });
    const api = new RestApi(this, 'OrdersApi', { endpointTypes: [EndpointType.REGIONAL], cloudWatchRole: false });
    api.root.addResource('orders').addMethod('GET', new LambdaIntegration(orders), { authorizer: auth.restAuthorizer(this, 'OrdersAuthorizer') });

    if (variant === 'broken-login') breakLogin(auth);
    if (variant === 'failing-update') failAfter(this, auth);

    new CfnOutput(this, 'AuthUrl', { value: auth.apiUrl });
    new CfnOutput(this, 'OrdersUrl', { value: api.urlForPath('/orders') });
    new CfnOutput(this, 'ProbeFunction', { value: probe.functionName });
    new CfnOutput(this, 'AdminFunction', { value: auth.function(AuthFunctionName.ADMIN).functionName });
    new CfnOutput(this, 'LoginFunction', { value: auth.function(AuthFunctionName.LOGIN).functionName });
    new CfnOutput(this, 'SigningSecret', { value: auth.signingSecret!.secretArn });
  }
}

/** A version of login whose every invocation fails: what a canary has to take back. */
function breakLogin(auth: AuthService): void {
  (auth.function(AuthFunctionName.LOGIN).node.defaultChild as CfnFunction).addPropertyOverride('Handler', 'index.absent');
}

/** Fails once everything of the service exists, keys included. */
function failAfter(stack: Stack, auth: AuthService): void {
  const impossible = new CfnResource(stack, 'Impossible', {
    type: 'AWS::SSM::Parameter', properties: { Type: 'String', Value: 'b', AllowedPattern: '^a$' },
  });
  impossible.node.addDependency(auth);
}

const { SMOKE_SCENARIO: scenario = 'quickstart', SMOKE_VARIANT: variant = 'plain', SMOKE_STACK: name = 'AuthSmoke', CDK_DEFAULT_ACCOUNT: account, CDK_DEFAULT_REGION: region } = process.env;
if (!SCENARIOS.includes(scenario as Scenario)) throw new Error(`SMOKE_SCENARIO must be one of ${SCENARIOS.join(', ')}, got ${scenario}`);
if (!VARIANTS.includes(variant as Variant)) throw new Error(`SMOKE_VARIANT must be one of ${VARIANTS.join(', ')}, got ${variant}`);
const app = new App();
new Smoke(app, name, scenario as Scenario, variant as Variant, account === undefined || region === undefined ? {} : { env: { account, region } });
