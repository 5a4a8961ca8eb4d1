import { App, Aws, Stack } from 'aws-cdk-lib';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpUrlIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { MockIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { AuthServiceAttributes, IAuthService } from '../../../../src';
import { AuthFunctionName, AuthService } from '../../../../src';
import type { WrongUse } from './wrong';

const HERE = { account: '111111111111', region: 'eu-central-1' };
const ELSEWHERE = { ...HERE, region: 'us-west-2' };
const OTHER_ACCOUNT = { ...HERE, account: '222222222222' };
const ARN = 'arn:aws:lambda:eu-central-1:111111111111:function:authorizer';

const imported = (stack: Stack, attributes: Partial<AuthServiceAttributes> = {}) => AuthService.fromAuthServiceAttributes(stack, 'Imported', {
  serviceName: 'auth', apiUrl: 'https://auth.example.com/v1', authorizerFunctionArn: ARN, adminFunctionArn: ARN, ...attributes,
});

/** A service of eu-central-1 that is used in a stack of another place. */
const used = (env: typeof HERE, use: (auth: IAuthService, stack: Stack, own: Stack) => unknown) => () => {
  const app = new App();
  const own = new Stack(app, 'Own', { env: HERE, crossRegionReferences: true });
  return use(new AuthService(own, 'Auth'), new Stack(app, 'Consumer', { env, crossRegionReferences: true }), own);
};

const onRestApi = (auth: IAuthService, stack: Stack, at: Stack = stack) =>
  new RestApi(at, 'Orders', { cloudWatchRole: false }).root.addMethod('GET', new MockIntegration(), { authorizer: auth.restAuthorizer(stack, 'A') });
const onHttpApi = (auth: IAuthService, stack: Stack, at: Stack = stack) => new HttpApi(at, 'Http').addRoutes({
  path: '/orders', integration: new HttpUrlIntegration('Orders', 'https://example.com'), authorizer: auth.httpAuthorizer(stack, 'A'),
});

const REGION = 'authorizer must be in a stack of eu-central-1, got one in a stack of us-west-2 for a service in eu-central-1: '
  + 'API Gateway invokes no authorizer of another Region: verify the tokens there by the keys at jwksUrl, or give that Region a service of its own';
const ACCOUNT = 'authorizer must be an authorizer of AuthService.fromAuthServiceAttributes(), with the ARN of the authorizer function, '
  + 'got one in a stack of the account 222222222222 for a service that this app makes in 111111111111: '
  + 'deploy the service first, with allowAuthorizersFrom("222222222222") and, for required scopes, declareRequiredScopes()';
const QUALIFIED = (property: string, what: string) => `${property} must be the ARN of the function itself, got the ARN of a version or alias${what}: `
  + 'the alias follows from the scopes that an authorizer asks for: leave it out';

/** Authorizers that could never work, and names that stand for something else. */
export const WRONG_AUTHORIZERS: readonly WrongUse[] = [
  ['a REST authorizer of another Region', used(ELSEWHERE, (auth, stack) => auth.restAuthorizer(stack, 'A')), REGION],
  ['an HTTP authorizer of another Region', used(ELSEWHERE, (auth, stack) => auth.httpAuthorizer(stack, 'A')), REGION],
  ['a REST API of another Region', used(ELSEWHERE, (auth, stack, own) => onRestApi(auth, own, stack)), REGION],
  ['an HTTP API of another Region', used(ELSEWHERE, (auth, stack, own) => onHttpApi(auth, own, stack)), REGION],
  ['a REST authorizer of an imported service of another Region', used(ELSEWHERE, (_auth, stack) => imported(stack).restAuthorizer(stack, 'A')), REGION],
  ['an HTTP authorizer of an imported service of another Region', used(ELSEWHERE, (_auth, stack) => imported(stack).httpAuthorizer(stack, 'A')), REGION],
  ['a REST authorizer of another account', used(OTHER_ACCOUNT, (auth, stack) => auth.restAuthorizer(stack, 'A')), ACCOUNT],
  ['an HTTP authorizer of another account', used(OTHER_ACCOUNT, (auth, stack) => auth.httpAuthorizer(stack, 'A')), ACCOUNT],
  ['an alias for the authorizer', (_auth, stack) => imported(stack, { authorizerFunctionArn: `${ARN}:live` }), QUALIFIED('authorizerFunctionArn', ', "live"')],
  ['a version for admin', (_auth, stack) => imported(stack, { adminFunctionArn: `${ARN}:3` }), QUALIFIED('adminFunctionArn', ', "3"')],
  ['an alias in this account', (_auth, stack) => imported(stack, { authorizerFunctionArn: `arn:aws:lambda:${Aws.REGION}:${Aws.ACCOUNT_ID}:function:authorizer:live` }),
    QUALIFIED('authorizerFunctionArn', ', "live"')],
  ['the alias of a service of this app', (auth, stack) => imported(stack, { authorizerFunctionArn: auth.alias(AuthFunctionName.AUTHORIZER).functionArn }),
    QUALIFIED('authorizerFunctionArn', '')],
  ['a name for an ARN', (_auth, stack) => imported(stack, { authorizerFunctionArn: 'authorizer' }), 'authorizerFunctionArn must be the ARN of a Lambda function, got "authorizer"'],
  ['a URL with a slash', (_auth, stack) => imported(stack, { apiUrl: 'https://auth.example.com/v1/' }),
    'apiUrl must be an https URL without query, fragment and trailing slash, got "https://auth.example.com/v1/"'],
  ['one prefix twice', (auth) => {
    auth.publishTo('/auth');
    auth.publishTo('/auth');
  }, 'prefix must be one that is not published yet, got "/auth" a second time'],
  ['a prefix that this stack publishes', (auth, stack) => {
    auth.publishTo('/auth');
    AuthService.fromParameters(stack, 'Reader', '/auth');
  }, 'prefix must be one of another stack, got "/auth", which Stack/Auth publishes in the same stack: '
    + 'its parameters are read before anything of the stack is made: use the service itself'],
  ['a prefix of a stack that waits', (_auth, stack) => {
    const other = new Stack(stack.node.scope as App, 'Other');
    other.addDependency(stack);
    new AuthService(other, 'Auth').publishTo('/other');
    AuthService.fromParameters(stack, 'Reader', '/other');
  }, 'prefix must be one of a stack that can be deployed first, got "/other", which Other/Auth publishes in a stack that waits for this one: '
    + 'two stacks of one app cannot wait for each other: read it in a third stack, or name the service by fromAuthServiceAttributes() with literal values'],
];
