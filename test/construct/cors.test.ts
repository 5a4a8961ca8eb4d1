import { Compile, parse } from 'velocityjs';
import type { AuthServiceProps } from '../../src';
import { Firewall, TokenTransport } from '../../src';
import { SECURITY_HEADERS } from '../../src/contract/headers';
import { Routes } from '../../src/contract/routes';
import { defaults, resources, synthesize } from './support/synth';

const ORIGINS = ['https://app.example.com', 'http://localhost:5173'];

const preflights = (transport?: TokenTransport) => Object.values(resources(synthesize({ webApp: { origins: ORIGINS }, tokens: { transport } }).template, 'AWS::ApiGateway::Method'))
  .filter(({ Properties }) => Properties.HttpMethod === 'OPTIONS');

const [preflight] = preflights();
const response = preflight!.Properties.Integration.IntegrationResponses[0];

/** The headers that API Gateway's template sets for an origin. */
function allowed(origin: string | undefined, name = 'Origin', template: string = response.ResponseTemplates['application/json']): Record<string, string> {
  const header: Record<string, string> = {};
  const headers = origin === undefined ? {} : { [name]: origin };
  const input = { params: () => ({ header: { get: (wanted: string) => (headers as Record<string, string>)[wanted] ?? '' } }) };
  new Compile(parse(template)).render({ input, context: { responseOverride: { header } } });
  return header;
}

describe('WB-04: cross-origin calls', () => {
  test.each([
    'https://app.example.com', 'https://app.example.com:8443', 'https://localhost', 'http://localhost', 'http://localhost:5173', 'http://127.0.0.1', 'http://127.0.0.1:8080',
    'capacitor://localhost', 'ionic://localhost', `chrome-extension://${'abcdefghijklmnop'.repeat(2)}`, 'moz-extension://b8d3c1de-12ab-4cde-8000-0123456789ab',
  ])('%s may be listed, and preflights name it back', (origin) => {
    const { template } = synthesize({ webApp: { origins: [origin] }, tokens: { transport: TokenTransport.both() } });
    const [method] = Object.values(resources(template, 'AWS::ApiGateway::Method')).filter(({ Properties }) => Properties.HttpMethod === 'OPTIONS');
    expect(allowed(origin, 'Origin', method!.Properties.Integration.IntegrationResponses[0].ResponseTemplates['application/json'])).toMatchObject({ 'access-control-allow-origin': origin });
  });

  test('without a web app there is no preflight', () => {
    expect(Object.values(resources(defaults().template, 'AWS::ApiGateway::Method')).filter(({ Properties }) => Properties.HttpMethod === 'OPTIONS')).toEqual([]);
  });

  test('every path has one', () => {
    expect(preflights()).toHaveLength(new Set(Routes.map(({ path }) => path)).size);
  });

  test.each(ORIGINS)('%s is named back, with credentials', (origin) => {
    expect(allowed(origin)).toEqual({ 'access-control-allow-origin': origin, 'access-control-allow-credentials': 'true' });
    expect(allowed(origin, 'origin')).toEqual({ 'access-control-allow-origin': origin, 'access-control-allow-credentials': 'true' });
  });

  test.each([
    undefined, 'null', '*', 'https://evil.example', 'https://appXexample.com', 'https://app.example.com.evil.example', 'https://evil.example/https://app.example.com',
    'http://app.example.com', 'https://app.example.com:8443', 'https://sub.app.example.com', 'https://APP.example.com', 'http://localhost:5174', 'https://localhost:5173',
  ])('%s is told nothing', (origin) => {
    expect(allowed(origin)).toEqual({});
  });

  test('credentials only where cookies are', () => {
    const [body] = preflights(TokenTransport.body());
    expect(allowed(ORIGINS[0], 'Origin', body!.Properties.Integration.IntegrationResponses[0].ResponseTemplates['application/json'])).toEqual({ 'access-control-allow-origin': ORIGINS[0] });
  });

  test('nothing is allowed by a constant, and answers vary by origin', () => {
    expect(Object.keys(response.ResponseParameters)).not.toContain('method.response.header.access-control-allow-origin');
    expect(response.ResponseParameters).toMatchObject({
      'method.response.header.vary': "'Origin'",
      'method.response.header.access-control-allow-headers': "'authorization,content-type,x-csrf-protection,x-correlation-id'",
      ...Object.fromEntries(Object.entries(SECURITY_HEADERS).map(([name, value]) => [`method.response.header.${name}`, `'${value}'`])),
    });
  });

  test('each path allows its own methods only', () => {
    const lists = preflights().map(({ Properties }) => Properties.Integration.IntegrationResponses[0].ResponseParameters['method.response.header.access-control-allow-methods']);
    expect(lists).toEqual(expect.arrayContaining(["'GET,PATCH,DELETE'", "'POST'", "'GET'"]));
    expect(lists.every((list) => !list.includes('*'))).toBe(true);
  });
});

describe('CO-01: what API Gateway and the web ACL answer themselves', () => {
  const ALLOW_ORIGIN = 'gatewayresponse.header.access-control-allow-origin';
  const headersOf = (props: AuthServiceProps, type: string): Record<string, string> => Object.values(resources(synthesize(props).template, 'AWS::ApiGateway::GatewayResponse'))
    .find(({ Properties }) => Properties.ResponseType === type)!.Properties.ResponseParameters;
  const aclOf = (props: AuthServiceProps): any => Object.values(resources(synthesize(props).template, 'AWS::WAFv2::WebACL'))[0]!.Properties;

  test('one origin is a constant everywhere', () => {
    const props = { webApp: { origins: ORIGINS.slice(0, 1) } };
    for (const type of ['ACCESS_DENIED', 'UNAUTHORIZED', 'THROTTLED', 'DEFAULT_5XX', 'WAF_FILTERED']) {
      expect(headersOf(props, type)).toMatchObject({ [ALLOW_ORIGIN]: `'${ORIGINS[0]}'`, 'gatewayresponse.header.access-control-allow-credentials': "'true'" });
    }
    expect(aclOf(props).Rules.some(({ Name }: { Name: string }) => Name.startsWith('PageOrigin'))).toBe(false);
  });

  test('of several, whoever compared them names one: the authorizer or the web ACL', () => {
    const props = { webApp: { origins: ORIGINS } };
    expect(headersOf(props, 'ACCESS_DENIED')).toMatchObject({ [ALLOW_ORIGIN]: 'context.authorizer.allowOrigin', 'gatewayresponse.header.www-authenticate': "'Bearer'" });
    expect(headersOf(props, 'THROTTLED')[ALLOW_ORIGIN]).toBe('method.request.header.x-amzn-waf-page-origin');
    const rules = aclOf(props).Rules.filter(({ Name }: { Name: string }) => Name.startsWith('PageOrigin'));
    const told = ({ Statement: { ByteMatchStatement: match }, Action: { Count: count } }: any) =>
      [match.SearchString, match.PositionalConstraint, count.CustomRequestHandling.InsertHeaders];
    expect(rules.map(told)).toEqual(ORIGINS.map((origin) => [origin, 'EXACTLY', [{ Name: 'page-origin', Value: origin }]]));
  });

  test('where nobody compares them everybody may read, but not with cookies', () => {
    const headers = headersOf({ webApp: { origins: ORIGINS }, firewall: Firewall.disabled() }, 'THROTTLED');
    expect(headers).toMatchObject({ [ALLOW_ORIGIN]: "'*'", 'gatewayresponse.header.access-control-expose-headers': expect.stringContaining('retry-after') });
    expect(headers).not.toHaveProperty(['gatewayresponse.header.access-control-allow-credentials']);
  });

  test('without a web app nobody is named', () => {
    expect(headersOf({}, 'THROTTLED')).not.toHaveProperty([ALLOW_ORIGIN]);
    expect(JSON.stringify(aclOf({}))).not.toContain('access-control-allow-credentials');
  });

  test('AWS WAF takes at most ten headers of an answer', () => {
    const { Rules: rules } = aclOf({ webApp: { origins: ORIGINS.slice(0, 1) } });
    for (const { Action } of rules) expect(Action?.Block?.CustomResponse?.ResponseHeaders?.length ?? 0).toBeLessThanOrEqual(10);
  });
});
