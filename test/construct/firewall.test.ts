import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { AuthService, Firewall } from '../../src';
import { Limits } from '../../src/contract/limits';
import { Routes } from '../../src/contract/routes';
import { defaults, resource, resources, synthesize } from './support/synth';

type Rule = { Name: string; Priority: number; Statement: Record<string, any>; Action?: any; OverrideAction?: any };

function rules(template: Template): Record<string, Rule> {
  const acl = resource(template, 'AWS::WAFv2::WebACL', 'Auth');
  return Object.fromEntries((acl.Properties.Rules as Rule[]).map((rule) => [rule.Name, rule]));
}

describe('the managed firewall', () => {
  test('AA-10 guards the stage of the API', () => {
    const { template } = defaults();
    const association = resource(template, 'AWS::WAFv2::WebACLAssociation', 'Auth');
    expect(JSON.stringify(association.Properties.ResourceArn)).toMatch(/apigateway.*\/restapis\/.*\/stages\//);
    expect(resource(template, 'AWS::WAFv2::WebACL', 'Auth').Properties).toMatchObject({ Scope: 'REGIONAL', DefaultAction: { Allow: {} } });
  });

  test('AA-10 AA-12 counts 100 requests a minute by the address of the connection, of every method that changes something, whatever the path', () => {
    const statement = rules(defaults().template).AuthenticationRate!.Statement.RateBasedStatement;
    expect(statement).toMatchObject({ Limit: 100, EvaluationWindowSec: 60, AggregateKeyType: 'IP' });
    const { Statements: reads } = statement.ScopeDownStatement.NotStatement.Statement.OrStatement;
    expect(reads.map(({ ByteMatchStatement: { SearchString, FieldToMatch, PositionalConstraint, TextTransformations } }: any) =>
      [SearchString, FieldToMatch, PositionalConstraint, TextTransformations.map(({ Type }: any) => Type)])).toEqual(
      ['GET', 'HEAD', 'OPTIONS'].map((method) => [method, { Method: {} }, 'EXACTLY', ['NONE']]));
    expect(JSON.stringify(statement)).not.toContain('UriPath');
    expect(new Set(Routes.map(({ method }) => method))).toEqual(new Set(['GET', 'POST', 'PATCH', 'DELETE']));
  });

  test('IN-03 refuses bodies above the limit of the functions, also those too large to be looked at whole', () => {
    expect(rules(defaults().template).BodySize!.Statement.SizeConstraintStatement).toMatchObject({
      ComparisonOperator: 'GT', Size: Limits.BODY_BYTES, FieldToMatch: { Body: { OversizeHandling: 'MATCH' } },
    });
  });

  test('refusals carry the code, the status and the headers of the service', () => {
    const refusal = rules(defaults().template).AuthenticationRate!.Action.Block.CustomResponse;
    expect(refusal).toMatchObject({ ResponseCode: 429, CustomResponseBodyKey: 'rate-limited' });
    expect(refusal.ResponseHeaders).toEqual(expect.arrayContaining([{ Name: 'retry-after', Value: '60' }, { Name: 'cache-control', Value: 'no-store' }]));
    const bodies = resource(defaults().template, 'AWS::WAFv2::WebACL', 'Auth').Properties.CustomResponseBodies;
    expect(JSON.parse(bodies['rate-limited'].Content)).toMatchObject({ code: 'rate_limited', status: 429 });
  });

  test('managed groups override, own rules act, and no priority is used twice', () => {
    const all = Object.values(rules(synthesize({ firewall: Firewall.managed({ blockedNetworks: ['192.0.2.0/24', '2001:db8::/32'] }) }).template));
    expect(new Set(all.map((rule) => rule.Priority)).size).toBe(all.length);
    for (const rule of all) {
      const managed = 'ManagedRuleGroupStatement' in rule.Statement;
      expect([rule.Name, 'OverrideAction' in rule, 'Action' in rule]).toEqual([rule.Name, managed, !managed]);
    }
    expect(all.map((rule) => rule.Name)).toEqual(expect.arrayContaining(['AWSManagedRulesAmazonIpReputationList', 'AWSManagedRulesKnownBadInputsRuleSet', 'BlockedNetworks']));
  });

  test('LG-05 the log redacts credentials and has the name that AWS WAF asks for', () => {
    const logging = resource(defaults().template, 'AWS::WAFv2::LoggingConfiguration', 'Auth').Properties;
    expect(logging.RedactedFields).toEqual([{ SingleHeader: { Name: 'authorization' } }, { SingleHeader: { Name: 'cookie' } }]);
    expect(JSON.stringify(logging.LogDestinationConfigs)).not.toContain(':*');
    const names = Object.values(resources(defaults().template, 'AWS::Logs::LogGroup')).map(({ Properties }) => JSON.stringify(Properties.LogGroupName ?? ''));
    expect(names.filter((name) => name.includes('aws-waf-logs-'))).toHaveLength(1);
  });

  test('blocked networks become a set for each version of IP', () => {
    const { template } = synthesize({ firewall: Firewall.managed({ blockedNetworks: ['192.0.2.0/24', '2001:db8::/32'] }) });
    template.hasResourceProperties('AWS::WAFv2::IPSet', { IPAddressVersion: 'IPV4', Addresses: ['192.0.2.0/24'] });
    template.hasResourceProperties('AWS::WAFv2::IPSet', { IPAddressVersion: 'IPV6', Addresses: ['2001:db8::/32'] });
  });
});

describe('other firewalls', () => {
  test('an existing web ACL is associated, none is made', () => {
    const arn = 'arn:aws:wafv2:eu-central-1:111111111111:regional/webacl/security-team/0000-1111';
    const { template } = synthesize({ firewall: Firewall.existing(arn) });
    template.resourceCountIs('AWS::WAFv2::WebACL', 0);
    template.hasResourceProperties('AWS::WAFv2::WebACLAssociation', { WebACLArn: arn });
  });

  test('a central one is left to its owner, without a warning', () => {
    const { template, stack } = synthesize({ firewall: Firewall.centrallyManaged() });
    template.resourceCountIs('AWS::WAFv2::WebACLAssociation', 0);
    Annotations.fromStack(stack).hasNoWarning('*', Match.stringLikeRegexp('firewall'));
  });

  test('none is warned of', () => {
    const stack = new Stack(new App(), 'Stack');
    new AuthService(stack, 'Auth', { firewall: Firewall.disabled() });
    Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp('without a firewall'));
  });

  test.each([
    [() => Firewall.managed({ authenticationRequestsPerMinute: 5 }), 'firewall: authenticationRequestsPerMinute must be a whole number between 10 and 2000000000, got 5'],
    [() => Firewall.managed({ requestsPerMinute: 10.5 }), /requestsPerMinute must be a whole number .*, got 10.5/],
    [() => Firewall.managed({ blockedNetworks: ['192.0.2.1'] }), /blockedNetworks must be CIDR notation .*, got "192.0.2.1"/],
    [() => Firewall.managed({ blockedNetworks: ['0.0.0.0/0'] }), /AWS WAF knows no \/0/],
    [() => Firewall.existing('arn:aws:wafv2:us-east-1:111111111111:global/webacl/a/b'), /must be the ARN of a regional web ACL/],
  ])('bad options %# are refused', (make, message) => {
    expect(make).toThrow(message);
  });
});
