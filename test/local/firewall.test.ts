import { FirewallRegistry } from '../../local/firewall/firewall';
import { GatewayRequest } from '../../local/gateway/message';

const STAGE = 'arn:aws:apigateway:us-east-1::/restapis/abc/stages/v1';

function request(path: string, sourceIp = '10.0.0.1', more: Partial<GatewayRequest> = {}): GatewayRequest {
  return {
    method: 'POST', path, queryString: '', headers: [], body: Buffer.alloc(0), sourceIp, requestId: 'r', extendedRequestId: 'e',
    traceId: 't', protocol: 'HTTP/1.1', time: 0, ...more,
  };
}

function firewallWith(rules: unknown[], clock = { now: 0 }, more: Record<string, unknown> = {}) {
  const registry = new FirewallRegistry(() => clock.now);
  registry.addIpSet('arn:ips', ['192.0.2.0/24', '2001:db8::/32']);
  const notEvaluated = registry.addWebAcl('arn:acl', { DefaultAction: { Allow: {} }, Rules: rules, ...more });
  registry.associate(STAGE, 'arn:acl');
  return { check: registry.of(STAGE)!, notEvaluated };
}

const transformations = [{ Priority: 0, Type: 'NORMALIZE_PATH' }, { Priority: 1, Type: 'LOWERCASE' }];
const loginPath = { ByteMatchStatement: { FieldToMatch: { UriPath: {} }, PositionalConstraint: 'EXACTLY', SearchString: '/v1/login', TextTransformations: transformations } };
const isPost = { ByteMatchStatement: { FieldToMatch: { Method: {} }, PositionalConstraint: 'EXACTLY', SearchString: 'post', TextTransformations: [{ Priority: 0, Type: 'LOWERCASE' }] } };

function rateRule(limit: number): unknown {
  return {
    Name: 'login-rate', Priority: 1, Action: { Block: { CustomResponse: { ResponseCode: 429, CustomResponseBodyKey: 'slow', ResponseHeaders: [{ Name: 'Retry-After', Value: '60' }] } } },
    Statement: { RateBasedStatement: { Limit: limit, AggregateKeyType: 'IP', EvaluationWindowSec: 60, ScopeDownStatement: { AndStatement: { Statements: [loginPath, isPost] } } } },
  };
}
const bodies = { CustomResponseBodies: { slow: { ContentType: 'APPLICATION_JSON', Content: '{"code":"rate_limited"}' } } };

describe('rate-based rule', () => {
  test('GIVEN a limit of 3 WHEN one address sends a fourth request to the path THEN that one gets the custom answer and others do not', () => {
    const { check } = firewallWith([rateRule(3)], undefined, bodies);
    for (let count = 0; count < 3; count += 1) expect(check(request('/v1/login')).blocked).toBe(false);
    expect(check(request('/v1/login'))).toEqual({
      blocked: true, rule: 'login-rate',
      answer: { status: 429, headers: [['Content-Type', 'application/json'], ['Retry-After', '60']], body: '{"code":"rate_limited"}' },
    });
    expect(check(request('/v1/login', '10.0.0.2')).blocked).toBe(false);
    expect(check(request('/v1/me')).blocked).toBe(false);
    expect(check(request('/v1/login', '10.0.0.1', { method: 'GET' })).blocked).toBe(false);
  });

  test('other spellings of the path count for the same rule', () => {
    const { check } = firewallWith([rateRule(2)]);
    check(request('/v1//LOGIN'));
    check(request('/v1/x/../login'));
    expect(check(request('/v1/./Login')).blocked).toBe(true);
  });

  test('the window moves with the clock of the instance', () => {
    const clock = { now: 1_000_000 };
    const { check } = firewallWith([rateRule(1)], clock);
    check(request('/v1/login'));
    expect(check(request('/v1/login')).blocked).toBe(true);
    clock.now += 61_000;
    expect(check(request('/v1/login')).blocked).toBe(false);
  });
});

describe('other rules', () => {
  test('an IP set blocks its addresses, of both families', () => {
    const { check } = firewallWith([{ Name: 'list', Priority: 0, Action: { Block: {} }, Statement: { IPSetReferenceStatement: { Arn: 'arn:ips' } } }]);
    expect(check(request('/', '192.0.2.77'))).toEqual({ blocked: true, rule: 'list' });
    expect(check(request('/', '2001:db8::1')).blocked).toBe(true);
    expect(check(request('/', '198.51.100.1')).blocked).toBe(false);
  });

  test('a size rule blocks a body over its limit, also one longer than WAF looks at', () => {
    const { check } = firewallWith([{
      Name: 'size', Priority: 0, Action: { Block: {} },
      Statement: { SizeConstraintStatement: { FieldToMatch: { Body: { OversizeHandling: 'MATCH' } }, ComparisonOperator: 'GT', Size: 8192, TextTransformations: [{ Priority: 0, Type: 'NONE' }] } },
    }]);
    expect(check(request('/', '10.0.0.1', { body: Buffer.alloc(8192) })).blocked).toBe(false);
    expect(check(request('/', '10.0.0.1', { body: Buffer.alloc(8193) })).blocked).toBe(true);
    expect(check(request('/', '10.0.0.1', { body: Buffer.alloc(1_000_000) })).blocked).toBe(true);
  });

  test('an earlier Allow ends the evaluation, Count does not', () => {
    const matchAll = { NotStatement: { Statement: { ByteMatchStatement: { FieldToMatch: { UriPath: {} }, PositionalConstraint: 'STARTS_WITH', SearchString: '/never', TextTransformations: [] } } } };
    const { check } = firewallWith([
      { Name: 'block', Priority: 3, Action: { Block: {} }, Statement: matchAll },
      { Name: 'allow', Priority: 2, Action: { Allow: {} }, Statement: loginPath },
      { Name: 'count', Priority: 1, Action: { Count: {} }, Statement: matchAll },
    ]);
    expect(check(request('/v1/login')).blocked).toBe(false);
    expect(check(request('/v1/me'))).toEqual({ blocked: true, rule: 'block' });
  });

  test('what it cannot evaluate is named and blocks nobody', () => {
    const { check, notEvaluated } = firewallWith([
      { Name: 'reputation', Priority: 0, OverrideAction: { None: {} }, Statement: { ManagedRuleGroupStatement: { VendorName: 'AWS', Name: 'AWSManagedRulesAmazonIpReputationList' } } },
      { Name: 'robots', Priority: 1, Action: { Captcha: {} }, Statement: loginPath },
      { Name: 'geo', Priority: 2, Action: { Block: {} }, Statement: { NotStatement: { Statement: { GeoMatchStatement: { CountryCodes: ['DE'] } } } } },
    ]);
    expect(notEvaluated).toEqual([
      'rule reputation (managed rule group AWSManagedRulesAmazonIpReputationList)', 'rule robots (action Captcha)', 'rule geo (GeoMatchStatement)',
    ]);
    expect(check(request('/v1/login')).blocked).toBe(false);
  });
});
