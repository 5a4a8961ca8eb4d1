import { runInNewContext } from 'node:vm';
import type { Template } from 'aws-cdk-lib/assertions';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { AuthApi, AuthNetwork, Firewall } from '../../src';
import { SECURITY_HEADERS } from '../../src/contract/headers';
import { ORIGIN_SECRET_HEADER, VIEWER_ADDRESS_HEADER } from '../../src/contract/limits';
import { Routes } from '../../src/contract/routes';
import { GLOBAL_WEB_ACL, behindCloudFront, domainIn } from './support/fronts';
import { construct, defaults, list, logicalId, resource, resources, statementsOf, synthesize } from './support/synth';

const { stack, auth, template } = synthesize(behindCloudFront());
const config = (of = template) => resource(of, 'AWS::CloudFront::Distribution', 'AuthDistribution').Properties.DistributionConfig;
const originSecret = { Ref: logicalId(template, 'AWS::SecretsManager::Secret', 'AuthOriginSecret') };
const distribution = { Ref: logicalId(template, 'AWS::CloudFront::Distribution', 'AuthDistribution') };

describe('the distribution before the HTTP API', () => {
  test('passes every method on over TLS 1.2 and keeps nothing', () => {
    expect(config()).toMatchObject({
      Enabled: true,
      HttpVersion: 'http2and3',
      WebACLId: GLOBAL_WEB_ACL,
      DefaultCacheBehavior: {
        AllowedMethods: expect.arrayContaining(Routes.map(({ method }) => method)),
        ViewerProtocolPolicy: 'https-only',
        // Caching disabled, and all of the request but its host: the managed policies of CloudFront, by the ids that its documentation lists.
        CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
        OriginRequestPolicyId: 'b689b0a8-53d0-40ab-baf2-68738e2966ac',
      },
    });
    expect(config().CacheBehaviors).toBeUndefined();
    expect(config().Origins).toHaveLength(1);
    expect(config().Origins[0].CustomOriginConfig).toEqual({ OriginProtocolPolicy: 'https-only', OriginSSLProtocols: ['TLSv1.2'] });
    expect(JSON.stringify(config().Origins[0].DomainName)).toContain('.execute-api.');
  });

  test('proves itself by a secret that stands in no template', () => {
    expect(config().Origins[0].OriginCustomHeaders).toEqual([{
      HeaderName: ORIGIN_SECRET_HEADER,
      HeaderValue: { 'Fn::Join': ['', ['{{resolve:secretsmanager:', originSecret, ':SecretString:active::}}']] },
    }]);
  });

  test('AA-07: writes the address of the client over whatever the client wrote there', () => {
    const { FunctionCode, FunctionConfig } = resource(template, 'AWS::CloudFront::Function', 'AuthDistribution').Properties;
    expect(FunctionConfig.Runtime).toBe('cloudfront-js-2.0');
    expect(config().DefaultCacheBehavior.FunctionAssociations).toEqual([{ EventType: 'viewer-request', FunctionARN: expect.anything() }]);
    const event = {
      viewer: { ip: '2001:db8::1' },
      request: {
        method: 'POST', uri: '/v1/login',
        headers: { [VIEWER_ADDRESS_HEADER]: { value: '192.0.2.1', multiValue: [{ value: '192.0.2.1' }, { value: '192.0.2.2' }] }, authorization: { value: 'Bearer x' } },
      },
    };
    const request = runInNewContext(`${FunctionCode}; handler(event)`, { event });
    expect(request).toEqual({
      method: 'POST', uri: '/v1/login', headers: { [VIEWER_ADDRESS_HEADER]: { value: '2001:db8::1' }, authorization: { value: 'Bearer x' } },
    });
  });

  test('keeps no error of the API for the next client', () => {
    const kept = [404, 414, 500, 501, 502, 503, 504];
    expect(config(template).CustomErrorResponses).toEqual(kept.map((ErrorCode) => ({ ErrorCode, ErrorCachingMinTTL: 0 })));
  });

  test('WB-05: gives the security headers of the service to answers that have none', () => {
    const { SecurityHeadersConfig, CustomHeadersConfig } = resource(template, 'AWS::CloudFront::ResponseHeadersPolicy', 'AuthDistribution').Properties.ResponseHeadersPolicyConfig;
    const { StrictTransportSecurity, ContentTypeOptions, ContentSecurityPolicy, ReferrerPolicy } = SecurityHeadersConfig;
    expect({
      'strict-transport-security': `max-age=${StrictTransportSecurity.AccessControlMaxAgeSec}${StrictTransportSecurity.IncludeSubdomains ? '; includeSubDomains' : ''}`,
      'x-content-type-options': 'nosniff',
      'content-security-policy': ContentSecurityPolicy.ContentSecurityPolicy,
      'referrer-policy': ReferrerPolicy.ReferrerPolicy,
      ...Object.fromEntries(CustomHeadersConfig.Items.map(({ Header, Value }: { Header: string; Value: string }) => [Header, Value])),
    }).toEqual(SECURITY_HEADERS);
    const all = [StrictTransportSecurity, ContentTypeOptions, ContentSecurityPolicy, ReferrerPolicy, ...CustomHeadersConfig.Items];
    expect(all.map(({ Override }) => Override)).toEqual(all.map(() => false));
  });

  test('is given back, and is what the service is called by', () => {
    expect(stack.resolve(auth.distribution?.distributionId)).toEqual(distribution);
    const url = { 'Fn::Join': ['', ['https://', { 'Fn::GetAtt': [distribution.Ref, 'DomainName'] }, '/v1']] };
    expect(stack.resolve(auth.apiUrl)).toEqual(url);
    expect(stack.resolve(auth.issuerUrl)).toEqual(url);
  });

  test('is left to its web ACL\'s owner where that is central', () => {
    expect(config(synthesize({ api: AuthApi.http(), firewall: Firewall.centrallyManaged() }).template).WebACLId).toBeUndefined();
  });

  test('with a custom domain asks for TLS 1.2 and nothing older (IC-03)', () => {
    const { template: named } = synthesize((own) => behindCloudFront({ customDomain: domainIn(own, 'us-east-1') }));
    expect(config(named)).toMatchObject({
      Aliases: ['auth.example.com'],
      ViewerCertificate: { MinimumProtocolVersion: 'TLSv1.2_2025', SslSupportMethod: 'sni-only', AcmCertificateArn: expect.stringContaining(':us-east-1:') },
    });
    Annotations.fromStack(construct((own) => behindCloudFront({ customDomain: domainIn(own, 'us-east-1') })).stack).hasNoWarning('*', Match.stringLikeRegexp('TLS'));
  });
});

describe('the origin secret', () => {
  const variables = (name: string) => resource(template, 'AWS::Lambda::Function', `AuthFunctions${name}`).Properties.Environment.Variables;
  const actions = (name: string) => statementsOf(template, name)
    .filter(({ Resource }) => JSON.stringify(Resource) === JSON.stringify(originSecret)).flatMap(({ Action }) => list(Action)).sort();
  const behindApi = ['Register', 'Login', 'Refresh', 'Logout', 'Profile', 'Credentials', 'Discovery'];

  test('gets its first value from CloudFormation, long and without signs that a header could not carry', () => {
    expect(resource(template, 'AWS::SecretsManager::Secret', 'AuthOriginSecret')).toMatchObject({
      DeletionPolicy: 'RetainExceptOnCreate',
      Properties: { GenerateSecretString: { SecretStringTemplate: '{"version":1}', GenerateStringKey: 'active', PasswordLength: 64, ExcludePunctuation: true } },
    });
  });

  test('rotates every month by rotate-keys, which may change that distribution and no other', () => {
    expect(resource(template, 'AWS::SecretsManager::RotationSchedule', 'AuthOriginSecret')).toMatchObject({
      DependsOn: expect.arrayContaining([logicalId(template, 'Custom::AuthServiceKeys', 'AuthKeyRotation')]),
      Properties: { RotationRules: { ScheduleExpression: 'cron(0 3 1 * ? *)', Duration: '1h' }, RotateImmediatelyOnUpdate: false },
    });
    expect(actions('RotateKeys')).toEqual([
      'secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue', 'secretsmanager:PutSecretValue', 'secretsmanager:UpdateSecretVersionStage',
    ]);
    expect(variables('RotateKeys')).toMatchObject({ AUTH_ORIGIN_SECRET: originSecret, AUTH_DISTRIBUTION_ID: distribution });
    const onDistributions = statementsOf(template, 'RotateKeys').filter(({ Action }) => list(Action).some((action) => action.startsWith('cloudfront:')));
    expect(onDistributions).toEqual([{
      Effect: 'Allow',
      Action: ['cloudfront:GetDistributionConfig', 'cloudfront:UpdateDistribution'],
      Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':cloudfront::', { Ref: 'AWS::AccountId' }, ':distribution/', distribution]] },
    }]);
  });

  test('CloudFront lets only those change a distribution who can read its web ACL, so that rotate-keys can', () => {
    const readable = (from: Template) => statementsOf(from, 'RotateKeys').filter(({ Action }) => Action === 'wafv2:GetWebACL').map(({ Resource }) => JSON.stringify(Resource));
    expect(readable(template)).toEqual([JSON.stringify(GLOBAL_WEB_ACL)]);
    expect(readable(synthesize({ api: AuthApi.http(), firewall: Firewall.centrallyManaged() }).template)).toEqual([expect.stringMatching(/:wafv2:us-east-1:.*:global\/webacl\/\*/)]);
    expect(readable(defaults().template)).toEqual([]);
  });

  test.each(behindApi)('%s reads it', (name) => {
    expect(actions(name)).toEqual(['secretsmanager:GetSecretValue']);
    expect(variables(name)).toMatchObject({ AUTH_ORIGIN_SECRET: originSecret });
    expect(variables(name)).not.toHaveProperty('AUTH_DISTRIBUTION_ID');
  });

  test('admin may have it rotated, but not read it', () => {
    expect(actions('Admin')).toEqual(['secretsmanager:DescribeSecret', 'secretsmanager:RotateSecret']);
    expect(variables('Admin')).toMatchObject({ AUTH_ORIGIN_SECRET: originSecret });
  });

  test('the authorizer, which no request of the API reaches, does not know of it', () => {
    expect(actions('Authorizer')).toEqual([]);
    expect(variables('Authorizer')).not.toHaveProperty('AUTH_ORIGIN_SECRET');
  });

  test('under a key of one\'s own whoever reads it may decrypt it, through Secrets Manager', () => {
    const { template: encrypted } = synthesize((own) => ({ ...behindCloudFront(), encryptionKey: new Key(own, 'Key') }));
    for (const name of behindApi) {
      const onKey = statementsOf(encrypted, name).filter(({ Action }) => list(Action).includes('kms:Decrypt'));
      expect(JSON.stringify(onKey[0]!.Condition)).toContain('secretsmanager.');
    }
    expect(Object.values(resources(encrypted, 'AWS::SecretsManager::Secret')).every(({ Properties }) => Properties.KmsKeyId !== undefined)).toBe(true);
  });

  test('in a VPC without a way out cannot be renewed, which is warned of', () => {
    const inVpc = (createEndpoints: boolean) => Annotations.fromStack(construct((own) => ({
      ...behindCloudFront(), network: AuthNetwork.existingVpc(new Vpc(own, 'Vpc'), { createEndpoints }),
    })).stack);
    inVpc(true).hasWarning('*', Match.stringLikeRegexp('CloudFront has no VPC endpoint'));
    inVpc(false).hasNoWarning('*', Match.stringLikeRegexp('CloudFront has no VPC endpoint'));
  });
});
