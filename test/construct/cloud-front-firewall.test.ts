import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { CloudFrontFirewallProps } from '../../src';
import { AuthApi, AuthService, CloudFrontFirewall, Firewall } from '../../src';
import { concrete, defaults, resource, resources } from './support/synth';

const usEast = { ...concrete, region: 'us-east-1' };

function guard(props: CloudFrontFirewallProps | ((stack: Stack) => CloudFrontFirewallProps) = {}, env = usEast) {
  const stack = new Stack(new App(), 'Edge', { env });
  const firewall = new CloudFrontFirewall(stack, 'Firewall', typeof props === 'function' ? props(stack) : props);
  return { stack, firewall, template: Template.fromStack(stack) };
}

describe('the firewall of CloudFront', () => {
  const { stack, firewall, template } = guard({ serviceName: 'shop' });
  const webAcl = resource(template, 'AWS::WAFv2::WebACL', 'Firewall');

  test('has the rules of the managed firewall of a REST API, at the edge', () => {
    const regional = resource(defaults().template, 'AWS::WAFv2::WebACL', 'AuthFirewall');
    expect(webAcl.Properties.Scope).toBe('CLOUDFRONT');
    expect(webAcl.Properties.Rules).toEqual(regional.Properties.Rules);
    expect(webAcl.Properties.CustomResponseBodies).toEqual(regional.Properties.CustomResponseBodies);
  });

  test('gives what Firewall.cloudFront takes', () => {
    expect(stack.resolve(firewall.webAclArn)).toEqual({ 'Fn::GetAtt': [stack.resolve(firewall.webAcl.logicalId), 'Arn'] });
  });

  test('LG-05: has a log that redacts credentials, kept for a month and after the stack', () => {
    const log = resource(template, 'AWS::Logs::LogGroup', 'Firewall');
    expect(JSON.stringify(log.Properties.LogGroupName)).toContain('"aws-waf-logs-shop"');
    expect([log.Properties.RetentionInDays, log.DeletionPolicy]).toEqual([30, 'RetainExceptOnCreate']);
    const { RedactedFields, LogDestinationConfigs } = resource(template, 'AWS::WAFv2::LoggingConfiguration', 'Firewall').Properties;
    expect(RedactedFields).toEqual([{ SingleHeader: { Name: 'authorization' } }, { SingleHeader: { Name: 'cookie' } }]);
    expect(JSON.stringify(LogDestinationConfigs)).not.toContain(':*');
  });

  test('blocks networks, keeps its log as it is told, and counts as it is told', () => {
    const own = guard((place) => ({
      blockedNetworks: ['192.0.2.0/24', '2001:db8::/32'], authenticationRequestsPerMinute: 10, logRetention: RetentionDays.ONE_YEAR,
      removalPolicy: RemovalPolicy.DESTROY, encryptionKey: new Key(place, 'Key'),
    })).template;
    expect(Object.values(resources(own, 'AWS::WAFv2::IPSet')).map(({ Properties }) => [Properties.Scope, Properties.IPAddressVersion])).toEqual([['CLOUDFRONT', 'IPV4'], ['CLOUDFRONT', 'IPV6']]);
    const rules = resource(own, 'AWS::WAFv2::WebACL', 'Firewall').Properties.Rules as { Name: string; Statement: { RateBasedStatement?: { Limit: number } } }[];
    expect(rules.find(({ Name }) => Name === 'AuthenticationRate')?.Statement.RateBasedStatement?.Limit).toBe(10);
    const log = resource(own, 'AWS::Logs::LogGroup', 'Firewall');
    expect([log.Properties.RetentionInDays, log.DeletionPolicy, log.Properties.KmsKeyId !== undefined]).toEqual([365, 'Delete', true]);
    const users = (resource(own, 'AWS::KMS::Key', 'Key').Properties.KeyPolicy.Statement as { Principal: { Service?: unknown } }[]).map(({ Principal }) => JSON.stringify(Principal.Service ?? ''));
    expect(users).toContainEqual(expect.stringContaining('logs.'));
  });

  test('has a metric of what it blocks, which is in us-east-1 and has no dimension of a Region', () => {
    expect(firewall.metricBlockedRequests()).toMatchObject({
      namespace: 'AWS/WAFV2', metricName: 'BlockedRequests', dimensions: { WebACL: 'shop-firewall', Rule: 'ALL' }, region: 'us-east-1', statistic: 'Sum',
    });
    expect(webAcl.Properties.VisibilityConfig.MetricName).toBe('shop-firewall');
    expect(firewall.metricBlockedRequests({ statistic: 'Maximum' }).statistic).toBe('Maximum');
  });

  test('is handed from its stack in us-east-1 to the service in another Region', () => {
    const app = new App();
    const edge = new CloudFrontFirewall(new Stack(app, 'Edge', { env: usEast, crossRegionReferences: true }), 'Firewall');
    const service = new Stack(app, 'Service', { env: concrete, crossRegionReferences: true });
    new AuthService(service, 'Auth', { api: AuthApi.http(), firewall: Firewall.cloudFront(edge.webAclArn) });
    const { WebACLId } = resource(Template.fromStack(service), 'AWS::CloudFront::Distribution', 'Auth').Properties.DistributionConfig;
    expect(JSON.stringify(WebACLId)).toContain('cdk/exports');
  });

  test('may be in a stack of no certain Region', () => {
    expect(() => new CloudFrontFirewall(new Stack(new App(), 'Stack'), 'Firewall')).not.toThrow();
  });
});

describe('what it refuses', () => {
  test.each<[string, CloudFrontFirewallProps, string, string]>([
    ['a stack in another Region', {}, 'eu-central-1', 'CloudFrontFirewall: Region of the stack must be us-east-1, got eu-central-1: '
      + 'AWS WAF keeps what guards CloudFront there: give it a stack of its own with env.region us-east-1'],
    ['a name with a space', { serviceName: 'my shop' }, 'us-east-1', 'serviceName must be 1 to 48 letters, digits and inner hyphens, got "my shop"'],
    ['a rate below what AWS WAF takes', { requestsPerMinute: 9 }, 'us-east-1', 'firewall: requestsPerMinute must be a whole number between 10 and 2000000000, got 9'],
    ['the whole internet', { blockedNetworks: ['0.0.0.0/0'] }, 'us-east-1',
      'firewall: blockedNetworks must be CIDR notation such as 192.0.2.0/24 or 2001:db8::/32, got "0.0.0.0/0": a single address is /32 or /128; AWS WAF knows no /0'],
  ])('%s', (_name, props, region, message) => {
    expect(() => guard(props, { ...concrete, region })).toThrow(new Error(message));
  });
});
