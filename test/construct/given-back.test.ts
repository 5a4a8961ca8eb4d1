import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AccountPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { AuthService } from '../../src';
import { AuthFunctionName, AuthMetric, AuthTable } from '../../src';
import { METRIC_NAMESPACE, Metrics } from '../../src/contract/metrics';
import { behindCloudFront } from './support/fronts';
import { construct, defaults, resource, synthesize } from './support/synth';

describe('what the service gives back', () => {
  test.each(Object.values(AuthFunctionName))('function and alias of %s', (name) => {
    const { stack, auth } = defaults();
    expect(stack.resolve(auth.function(name).functionName)).toEqual({ Ref: expect.stringMatching(/^AuthFunctions/) });
    expect(auth.alias(name).aliasName).toBe('live');
  });

  test.each(Object.values(AuthTable))('table %s', (name) => {
    const { stack, auth } = defaults();
    expect(stack.resolve(auth.table(name).tableName)).toEqual({ Ref: expect.stringMatching(new RegExp(`^AuthTables${name}`, 'i')) });
  });

  test('the REST API and every log group', () => {
    const { auth, template } = defaults();
    expect(auth.restApi?.restApiName).toBe(auth.serviceName);
    expect(auth.logGroups).toHaveLength(Object.keys(template.findResources('AWS::Logs::LogGroup')).length);
  });

  test('behind CloudFront the HTTP API, the distribution and every log group of the service\'s own', () => {
    const { auth, stack, template } = synthesize(behindCloudFront());
    expect([auth.restApi, auth.webAcl, auth.customDomainTarget]).toEqual([undefined, undefined, undefined]);
    expect(stack.resolve(auth.httpApi?.httpApiId)).toEqual({ Ref: expect.stringMatching(/^AuthHttpApi/) });
    expect(stack.resolve(auth.distribution?.distributionDomainName)).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^AuthDistribution/), 'DomainName'] });
    expect(auth.logGroups).toHaveLength(Object.keys(template.findResources('AWS::Logs::LogGroup')).length);
  });

  test('a name from the path of the construct, without tokens', () => {
    expect(defaults().auth.serviceName).toMatch(/^Stack-Auth-[0-9A-F]{8}$/);
    expect(construct({ serviceName: 'shop' }).auth.serviceName).toBe('shop');
  });

  test('what the tokens are meant for: the name of the service, or what was chosen', () => {
    expect(construct({ serviceName: 'shop' }).auth.audience).toBe('shop');
    expect(construct({ serviceName: 'shop', tokens: { audience: 'https://api.example.com' } }).auth.audience).toBe('https://api.example.com');
  });
});

describe('metrics', () => {
  test('carry the name of the service, as a sum', () => {
    const { auth } = construct({ serviceName: 'shop' });
    const metric = auth.metric(AuthMetric.LOGIN_FAILED);
    expect(metric).toMatchObject({ namespace: METRIC_NAMESPACE, metricName: 'LoginFailed', dimensions: { Service: 'shop' }, statistic: 'Sum' });
    expect(auth.metricLoginFailures({ statistic: 'Maximum' })).toMatchObject({ metricName: 'LoginFailed', statistic: 'Maximum' });
  });

  test('have a method each for what is watched most', () => {
    const { auth } = defaults();
    expect([
      auth.metricRegistrations(), auth.metricLogins(), auth.metricLoginFailures(), auth.metricLimitedLogins(), auth.metricRefreshReuse(),
      auth.metricRefusedTokens(), auth.metricUnavailable(), auth.metricFailedKeyRotations(),
    ].map(({ metricName }) => metricName)).toEqual([
      Metrics.REGISTRATION_SUCCEEDED, Metrics.LOGIN_SUCCEEDED, Metrics.LOGIN_FAILED, Metrics.LOGIN_LIMITED, Metrics.REFRESH_REUSE, Metrics.TOKEN_REFUSED,
      Metrics.DEPENDENCY_UNAVAILABLE, Metrics.KEYS_ROTATION_FAILED,
    ]);
  });
});

describe('grants', () => {
  const withRole = (use: (role: Role, auth: AuthService) => void, encrypted = false) => {
    const { app, auth } = construct((stack) => ({ encryptionKey: encrypted ? new Key(stack, 'Key') : undefined }));
    const other = new Stack(app, 'Other');
    use(new Role(other, 'Role', { assumedBy: new AccountPrincipal('111111111111') }), auth);
    return resource(Template.fromStack(other), 'AWS::IAM::Policy', 'Role').Properties.PolicyDocument.Statement;
  };

  test('grantAdminister: to invoke the admin function, from another stack', () => {
    expect(withRole((role, auth) => auth.grantAdminister(role))).toEqual([expect.objectContaining({ Action: 'lambda:InvokeFunction', Effect: 'Allow' })]);
  });

  test('grantReadUsers: profiles and the index, never credentials', () => {
    expect(withRole((role, auth) => auth.grantReadUsers(role))).toEqual([
      expect.objectContaining({
        Action: ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'],
        Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['USER#*'] }, 'Null': { 'dynamodb:LeadingKeys': 'false' } },
      }),
      expect.objectContaining({ Action: 'dynamodb:Query' }),
    ]);
  });

  test('grantReadUsers: with a key, to decrypt through DynamoDB', () => {
    expect(withRole((role, auth) => auth.grantReadUsers(role), true)).toContainEqual(expect.objectContaining({ Action: ['kms:Decrypt', 'kms:DescribeKey'] }));
  });
});
