import { App, Stack } from 'aws-cdk-lib';
import type { Template } from 'aws-cdk-lib/assertions';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import type { AuthServiceProps, CustomDomainOptions } from '../../src';
import { AuthApi, AuthService } from '../../src';
import { bare, behindCloudFront, domainIn } from './support/fronts';
import { concrete, logicalId, resource, resources, synthesize } from './support/synth';

const rest = (customDomain: CustomDomainOptions): AuthServiceProps => ({ api: AuthApi.rest({ customDomain }) });
const restNamed = synthesize((stack) => rest(domainIn(stack, 'eu-central-1')), { env: concrete });
const bareNamed = synthesize((stack) => bare({ customDomain: domainIn(stack, 'eu-central-1') }), { env: concrete });
const cloudNamed = synthesize((stack) => behindCloudFront({ customDomain: domainIn(stack, 'us-east-1') }), { env: concrete });

const records = (template: Template) => Object.values(resources(template, 'AWS::Route53::RecordSet')).map(({ Properties }) => Properties);

describe('a custom domain', () => {
  test.each([['a REST API', restNamed], ['an HTTP API', bareNamed], ['CloudFront', cloudNamed]])('of %s names API, issuer and keys', (_name, { auth }) => {
    expect([auth.apiUrl, auth.issuerUrl, auth.jwksUrl]).toEqual([
      'https://auth.example.com/v1', 'https://auth.example.com/v1', 'https://auth.example.com/v1/.well-known/jwks.json',
    ]);
  });

  test('leaves an issuer that was frozen', () => {
    const { auth } = synthesize((stack) => ({ ...rest(domainIn(stack, 'eu-central-1')), tokens: { issuer: 'https://old.example.com' } }));
    expect([auth.apiUrl, auth.issuerUrl]).toEqual(['https://auth.example.com/v1', 'https://old.example.com']);
  });

  test.each([['a REST API', restNamed], ['an HTTP API', bareNamed], ['CloudFront', cloudNamed]])('of %s has alias records for both versions of IP', (_name, { template }) => {
    expect(records(template).map(({ Name, Type, HostedZoneId }) => [Name, Type, HostedZoneId]).sort()).toEqual([
      ['auth.example.com.', 'A', 'Z1'], ['auth.example.com.', 'AAAA', 'Z1'],
    ]);
    expect(Object.keys(resources(template, 'AWS::Route53::RecordSet')).sort()).toEqual(Object.keys(resources(restNamed.template, 'AWS::Route53::RecordSet')).sort());
  });

  test('without a hosted zone says where a record has to point', () => {
    const { stack, auth, template } = synthesize((own) => {
      const { hostedZone: _none, ...domain } = domainIn(own, 'eu-central-1');
      return rest(domain);
    });
    expect(records(template)).toEqual([]);
    expect(stack.resolve(auth.customDomainTarget)).toEqual({ 'Fn::GetAtt': [logicalId(template, 'AWS::ApiGateway::DomainName', 'AuthDomain'), 'RegionalDomainName'] });
    expect(synthesize().auth.customDomainTarget).toBeUndefined();
  });

  test('can be known at deployment only, also in a zone that is known by its id', () => {
    const { template } = synthesize((stack) => rest({
      ...domainIn(stack, 'eu-central-1'), domainName: stack.formatArn({ service: 'x', resource: 'y' }), hostedZone: HostedZone.fromHostedZoneId(stack, 'ById', 'Z2'),
    }));
    for (const { Name, HostedZoneId } of records(template)) {
      expect(Name['Fn::Join'][1].at(-1)).toMatch(/\.$/);
      expect(HostedZoneId).toBe('Z2');
    }
  });
});

describe('IC-03: of a REST API', () => {
  test('speaks TLS as the API does, is regional and reached by IPv4 and IPv6', () => {
    restNamed.template.hasResourceProperties('AWS::ApiGateway::DomainName', {
      DomainName: 'auth.example.com',
      EndpointConfiguration: { Types: ['REGIONAL'], IpAddressType: 'dualstack' },
      SecurityPolicy: 'SecurityPolicy_TLS13_1_2_PQ_2025_09',
      EndpointAccessMode: 'STRICT',
      RegionalCertificateArn: 'arn:aws:acm:eu-central-1:111111111111:certificate/id',
    });
  });

  test('closes the address that every API has, and keeps the paths', () => {
    expect(resource(restNamed.template, 'AWS::ApiGateway::RestApi', 'AuthApi').Properties.DisableExecuteApiEndpoint).toBe(true);
    const { BasePath, Stage: stage } = resource(restNamed.template, 'AWS::ApiGateway::BasePathMapping', 'AuthDomain').Properties;
    expect([BasePath, stage]).toEqual(['v1', { Ref: logicalId(restNamed.template, 'AWS::ApiGateway::Stage', 'AuthApi') }]);
  });
});

describe('IC-03: of an HTTP API', () => {
  test('speaks TLS 1.2, the newest that can be had there, and is reached by IPv4 and IPv6', () => {
    bareNamed.template.hasResourceProperties('AWS::ApiGatewayV2::DomainName', {
      DomainName: 'auth.example.com',
      DomainNameConfigurations: [{
        CertificateArn: 'arn:aws:acm:eu-central-1:111111111111:certificate/id', EndpointType: 'REGIONAL', IpAddressType: 'dualstack', SecurityPolicy: 'TLS_1_2',
      }],
    });
  });

  test('closes the address that every API has, and keeps the paths', () => {
    expect(resource(bareNamed.template, 'AWS::ApiGatewayV2::Api', 'AuthHttpApi').Properties.DisableExecuteApiEndpoint).toBe(true);
    expect(resource(bareNamed.template, 'AWS::ApiGatewayV2::ApiMapping', 'AuthHttpDomain').Properties).toMatchObject({
      ApiMappingKey: 'v1', Stage: { Ref: logicalId(bareNamed.template, 'AWS::ApiGatewayV2::Stage', 'AuthHttpApi') },
    });
  });

  test('behind CloudFront is the distribution\'s, which goes on to the address of the API', () => {
    const { template } = cloudNamed;
    template.resourceCountIs('AWS::ApiGatewayV2::DomainName', 0);
    expect(resource(template, 'AWS::ApiGatewayV2::Api', 'AuthHttpApi').Properties.DisableExecuteApiEndpoint).toBe(false);
    const { AliasTarget } = records(template)[0]!;
    expect(AliasTarget.DNSName).toEqual({ 'Fn::GetAtt': [logicalId(template, 'AWS::CloudFront::Distribution', 'AuthDistribution'), 'DomainName'] });
  });
});

describe('the certificate', () => {
  const refusal = (props: (stack: Stack) => AuthServiceProps) => () => new AuthService(new Stack(new App(), 'Stack', { env: concrete }), 'Auth', props(new Stack(new App(), 'Props')));
  const made = (region: string | undefined) => new Certificate(new Stack(new App(), 'Certificates', { env: { ...concrete, region } }), 'Certificate', { domainName: 'auth.example.com' });

  test.each<[string, (stack: Stack) => AuthServiceProps]>([
    ['of another Region', (stack) => rest(domainIn(stack, 'eu-central-1'))],
    ['made in a stack of another Region', () => rest({ domainName: 'auth.example.com', certificate: made('eu-central-1') })],
  ])('%s is refused by API Gateway', (_name, props) => {
    const inUsEast = () => new AuthService(new Stack(new App(), 'Stack', { env: { ...concrete, region: 'us-east-1' } }), 'Auth', props(new Stack(new App(), 'Props')));
    expect(inUsEast).toThrow('api: customDomain: certificate must be one in us-east-1, got a certificate in eu-central-1: API Gateway takes those of its own Region only');
    expect(refusal(props)).not.toThrow();
  });

  test('of the service\'s own Region is refused by CloudFront', () => {
    expect(refusal(() => behindCloudFront({ customDomain: { domainName: 'auth.example.com', certificate: made('eu-central-1') } })))
      .toThrow('api: customDomain: certificate must be one in us-east-1, got a certificate in eu-central-1: CloudFront takes no others');
  });

  test.each<[string, (stack: Stack) => Certificate | ReturnType<typeof Certificate.fromCertificateArn>]>([
    ['known at deployment', (stack) => Certificate.fromCertificateArn(stack, 'Late', stack.formatArn({ service: 'acm', resource: 'certificate/id' }))],
    ['made in a stack of no certain Region', () => made(undefined)],
  ])('%s passes', (_name, certificate) => {
    expect(refusal((stack) => behindCloudFront({ customDomain: { domainName: 'auth.example.com', certificate: certificate(stack) } }))).not.toThrow();
  });
});

test.each(['auth.example.com', 'example.com', 'a-1.b.example.com'])('the host name %s lies in the zone example.com, however that is written', (domainName) => {
  const stack = new Stack(new App(), 'Stack');
  const hostedZone = HostedZone.fromHostedZoneAttributes(stack, 'Dotted', { hostedZoneId: 'Z1', zoneName: 'example.com.' });
  expect(() => new AuthService(stack, 'Auth', rest({ ...domainIn(stack, 'eu-central-1'), domainName, hostedZone }))).not.toThrow();
});

test.each(['us-gov-west-1', 'cn-north-1'])('an HTTP API that CloudFront does not stand before is had in %s too', (region) => {
  expect(() => new AuthService(new Stack(new App(), 'Stack', { env: { ...concrete, region } }), 'Auth', bare())).not.toThrow();
});
