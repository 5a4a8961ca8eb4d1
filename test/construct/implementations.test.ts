import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from 'aws-cdk-lib';
import { App, CfnParameter, Fn, Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { SecurityGroup, Subnet, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { CfnDeliveryStream, DeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import { Alias, CfnKey, Key } from 'aws-cdk-lib/aws-kms';
import { CodeSigningConfig, type ICodeSigningConfig } from 'aws-cdk-lib/aws-lambda';
import { HostedZone, PrivateHostedZone, PublicHostedZone } from 'aws-cdk-lib/aws-route53';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Platform, SigningProfile } from 'aws-cdk-lib/aws-signer';
import type { AuthServiceProps, ExistingVpcOptions } from '../../src';
import { AccessLogs, AuthApi, AuthNetwork, AuthService, CloudFrontFirewall, SigningKeys } from '../../src';
import type { ApiType } from '../package/support/public-api';
import { recommendedFlags } from './support/synth';

const HERE: Environment = { account: '111111111111', region: 'eu-central-1' };
const ELSEWHERE: Environment = { account: '111111111111', region: 'us-west-2' };
const OTHER_ACCOUNT: Environment = { account: '222222222222', region: 'eu-central-1' };

interface Place {
  /** The service's. */
  readonly stack: Stack;
  /** Another one of the same app. */
  readonly beside: (env?: Environment) => Stack;
  /** A value that CloudFormation alone knows. */
  readonly parameter: (type?: string) => CfnParameter;
}

type Row = readonly [implementation: string, props: (place: Place) => AuthServiceProps, refusal?: string];

const key = (given: (place: Place) => AuthServiceProps['encryptionKey']) => (place: Place): AuthServiceProps => ({ encryptionKey: given(place) });
const secret = (given: (place: Place) => Parameters<typeof SigningKeys.existingSecret>[0]) => (place: Place): AuthServiceProps =>
  ({ signingKeys: SigningKeys.existingSecret(given(place)) });
const vpc = (given: (place: Place) => Parameters<typeof AuthNetwork.existingVpc>[0], options?: ExistingVpcOptions) => (place: Place): AuthServiceProps =>
  ({ network: AuthNetwork.existingVpc(given(place), options) });
const groups = (given: (place: Place, own: Vpc) => NonNullable<ExistingVpcOptions['securityGroups']>[0]) => (place: Place): AuthServiceProps => {
  const own = new Vpc(place.stack, 'Vpc');
  return { network: AuthNetwork.existingVpc(own, { securityGroups: [given(place, own)] }) };
};
const signing = (given: (place: Place) => ICodeSigningConfig) => (place: Place): AuthServiceProps => ({ functions: { codeSigningConfig: given(place) } });
const stream = (given: (place: Place) => Parameters<typeof AccessLogs.firehose>[0]) => (place: Place): AuthServiceProps =>
  ({ api: AuthApi.rest({ accessLogs: AccessLogs.firehose(given(place)) }) });
const certificateOf = (stack: Stack, region: string = 'eu-central-1') => Certificate.fromCertificateArn(stack, 'Imported', `arn:aws:acm:${region}:111111111111:certificate/id`);
const certificate = (given: (place: Place) => ReturnType<typeof certificateOf>) => (place: Place): AuthServiceProps =>
  ({ api: AuthApi.rest({ customDomain: { domainName: 'auth.example.com', certificate: given(place) } }) });
const zone = (given: (place: Place) => ReturnType<typeof HostedZone.fromHostedZoneId>) => (place: Place): AuthServiceProps =>
  ({ api: AuthApi.rest({ customDomain: { domainName: 'auth.example.com', certificate: certificateOf(place.stack), hostedZone: given(place) } }) });

const KEY_ARN = (region = 'eu-central-1', account = '111111111111') => `arn:aws:kms:${region}:${account}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
const SECRET_ARN = (region = 'eu-central-1', account = '111111111111') => `arn:aws:secretsmanager:${region}:${account}:secret:keys-AbCdEf`;
const SIGNING_ARN = (region: string) => `arn:aws:lambda:${region}:111111111111:code-signing-config:csc-0123456789abcdef0`;
const STREAM = 'amazon-apigateway-auth';
const attributesOf = (stack: Stack, more: object = {}) =>
  Vpc.fromVpcAttributes(stack, 'Imported', { vpcId: 'vpc-1', availabilityZones: ['a', 'b'], privateSubnetIds: ['subnet-1', 'subnet-2'], ...more });

const ALIAS = (name: string) => `encryptionKey must be a key by its own ARN, got the alias ${name}: IAM matches no key by its alias, so that every function would be refused: `
  + 'use Key.fromKeyArn(), Key.fromLookup({ aliasName }) or an alias that knows its key';
const REGION = (property: string, what: string) => `${property} must be one in eu-central-1, got ${what} in us-west-2: the service can use those of its own Region only`;
const ACCOUNT = (property: string, what: string, remedy: string) =>
  `${property} must be one of the account 111111111111, got ${what} that this app makes in the account 222222222222: ${remedy}`;

/** Each interface that a prop asks for, with everything that the CDK has to offer for it. */
const IMPLEMENTATIONS: Readonly<Record<string, readonly Row[]>> = {
  'aws_kms.IKey': [
    ['made here', key(({ stack }) => new Key(stack, 'Key'))],
    ['made in another stack', key(({ beside }) => new Key(beside(), 'Key'))],
    ['by ARN', key(({ stack }) => Key.fromKeyArn(stack, 'Key', KEY_ARN()))],
    ['by ARN, of another account', key(({ stack }) => Key.fromKeyArn(stack, 'Key', KEY_ARN('eu-central-1', '222222222222')))],
    ['by ARN, of another Region', key(({ stack }) => Key.fromKeyArn(stack, 'Key', KEY_ARN('us-west-2'))), REGION('encryptionKey', 'a key')],
    ['by an ARN that CloudFormation knows', key(({ stack, parameter }) => Key.fromKeyArn(stack, 'Key', parameter().valueAsString))],
    ['by an export', key(({ stack }) => Key.fromKeyArn(stack, 'Key', Fn.importValue('Key')))],
    ['by its resource', key(({ stack }) => Key.fromCfnKey(new CfnKey(stack, 'Key', { keyPolicy: { Version: '2012-10-17', Statement: [] } })))],
    ['looked up', key(({ stack }) => Key.fromLookup(stack, 'Key', { aliasName: 'alias/auth' }))],
    ['an alias that this app makes', key(({ stack }) => new Alias(stack, 'Alias', { aliasName: 'alias/auth', targetKey: new Key(stack, 'Key') }))],
    ['an alias with its key', key(({ stack }) => Alias.fromAliasAttributes(stack, 'Alias', { aliasName: 'alias/auth', aliasTargetKey: new Key(stack, 'Key') }))],
    ['an alias by name', key(({ stack }) => Alias.fromAliasName(stack, 'Alias', 'alias/auth')), ALIAS('"alias/auth"')],
    ['an alias by ARN', key(({ stack }) => Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-central-1:111111111111:alias/auth')), ALIAS('"alias/auth"')],
    ['made in another Region', key(({ beside }) => new Key(beside(ELSEWHERE), 'Key')), REGION('encryptionKey', 'a key')],
    ['made in another account', key(({ beside }) => new Key(beside(OTHER_ACCOUNT), 'Key')),
      ACCOUNT('encryptionKey', 'a key', 'use Key.fromKeyArn() and allow this account in the key\'s own policy')],
  ],
  'aws_secretsmanager.ISecret': [
    ['made here', secret(({ stack }) => new Secret(stack, 'Keys'))],
    ['made in another stack', secret(({ beside }) => new Secret(beside(), 'Keys'))],
    ['by name', secret(({ stack }) => Secret.fromSecretNameV2(stack, 'Keys', 'team/keys'))],
    ['by its complete ARN', secret(({ stack }) => Secret.fromSecretCompleteArn(stack, 'Keys', SECRET_ARN()))],
    ['by a part of its ARN', secret(({ stack }) => Secret.fromSecretPartialArn(stack, 'Keys', SECRET_ARN().slice(0, -7)))],
    ['by an ARN that CloudFormation knows', secret(({ stack, parameter }) => Secret.fromSecretCompleteArn(stack, 'Keys', parameter().valueAsString))],
    ['with a key', secret(({ stack }) => Secret.fromSecretAttributes(stack, 'Keys', { secretCompleteArn: SECRET_ARN(), encryptionKey: new Key(stack, 'Key') }))],
    ['with an alias that knows its key', secret(({ stack }) => Secret.fromSecretAttributes(stack, 'Keys', {
      secretCompleteArn: SECRET_ARN(), encryptionKey: new Alias(stack, 'Alias', { aliasName: 'alias/keys', targetKey: new Key(stack, 'Key') }),
    }))],
    ['with an alias by name', secret(({ stack }) => Secret.fromSecretAttributes(stack, 'Keys', {
      secretCompleteArn: SECRET_ARN(), encryptionKey: Alias.fromAliasName(stack, 'Alias', 'alias/keys'),
    })), ALIAS('"alias/keys"').replace(/^encryptionKey/, 'signingKeys: key of the secret')],
    ['of another account', secret(({ stack }) => Secret.fromSecretCompleteArn(stack, 'Keys', SECRET_ARN('eu-central-1', '222222222222')))],
    ['of another Region', secret(({ stack }) => Secret.fromSecretCompleteArn(stack, 'Keys', SECRET_ARN('us-west-2'))), REGION('signingKeys: secret', 'a secret')],
    ['made in another Region', secret(({ beside }) => new Secret(beside(ELSEWHERE), 'Keys')), REGION('signingKeys: secret', 'a secret')],
    ['made in another account', secret(({ beside }) => new Secret(beside(OTHER_ACCOUNT), 'Keys')),
      ACCOUNT('signingKeys: secret', 'a secret', 'use Secret.fromSecretAttributes() with its complete ARN, and allow this account in its policy and in that of its key')],
  ],
  'aws_ec2.IVpc': [
    ['made here', vpc(({ stack }) => new Vpc(stack, 'Vpc'))],
    ['made in another stack', vpc(({ beside }) => new Vpc(beside(), 'Vpc'))],
    ['by attributes', vpc(({ stack }) => attributesOf(stack))],
    ['by attributes of another Region', vpc(({ stack }) => attributesOf(stack, { region: 'us-west-2' })), REGION('network: vpc', 'a VPC')],
    ['by lists that CloudFormation knows', vpc(({ stack, parameter }) => attributesOf(stack, { vpcId: 'vpc-1', privateSubnetIds: Fn.split(',', parameter().valueAsString, 2) }))],
    ['looked up', vpc(({ stack }) => Vpc.fromLookup(stack, 'Vpc', { vpcId: 'vpc-1' }))],
    ['with endpoints', vpc(({ stack }) => new Vpc(stack, 'Vpc'), { createEndpoints: true })],
    ['by attributes, with endpoints', vpc(({ stack }) => attributesOf(stack, { vpcCidrBlock: '10.0.0.0/16', privateSubnetRouteTableIds: ['rtb-1', 'rtb-2'] }), { createEndpoints: true })],
    ['by attributes without addresses, with endpoints', vpc(({ stack }) => attributesOf(stack, { privateSubnetRouteTableIds: ['rtb-1', 'rtb-2'] }), { createEndpoints: true }),
      'network: createEndpoints must be a VPC with vpcCidrBlock, got true with a VPC whose addresses are not known: name it in Vpc.fromVpcAttributes(), or make the endpoints yourself'],
    ['looked up, with endpoints', vpc(({ stack }) => Vpc.fromLookup(stack, 'Vpc', { vpcId: 'vpc-1' }), { createEndpoints: true })],
    ['by attributes without route tables, with endpoints', vpc(({ stack }) => attributesOf(stack), { createEndpoints: true }),
      'network: createEndpoints must be a selection of subnets that know theirs, got true with subnets whose route tables are not known: '
      + 'name them in privateSubnetRouteTableIds of Vpc.fromVpcAttributes(), or make the endpoints yourself'],
    ['made in another Region', vpc(({ beside }) => new Vpc(beside(ELSEWHERE), 'Vpc')), REGION('network: vpc', 'a VPC')],
    ['made in another account', vpc(({ beside }) => new Vpc(beside(OTHER_ACCOUNT), 'Vpc')),
      ACCOUNT('network: vpc', 'a VPC', 'share its subnets by AWS Resource Access Manager and use Vpc.fromVpcAttributes()')],
  ],
  'aws_ec2.ISecurityGroup': [
    ['made here', groups(({ stack }, own) => new SecurityGroup(stack, 'Group', { vpc: own }))],
    ['made in another stack', ({ beside }) => {
      const other = beside();
      const shared = new Vpc(other, 'Vpc');
      return { network: AuthNetwork.existingVpc(shared, { securityGroups: [new SecurityGroup(other, 'Group', { vpc: shared })] }) };
    }],
    ['by id', groups(({ stack }) => SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-1'))],
    ['by an id that CloudFormation knows', groups(({ stack, parameter }) => SecurityGroup.fromSecurityGroupId(stack, 'Group', parameter().valueAsString))],
    ['looked up', groups(({ stack }, own) => SecurityGroup.fromLookupByName(stack, 'Group', 'auth', Vpc.fromVpcAttributes(stack, 'OfGroup', { vpcId: 'vpc-1', availabilityZones: own.availabilityZones })))],
    ['made in another Region', groups(({ beside }) => {
      const other = beside(ELSEWHERE);
      return new SecurityGroup(other, 'Group', { vpc: Vpc.fromVpcAttributes(other, 'OfGroup', { vpcId: 'vpc-2', availabilityZones: ['a'] }) });
    }), REGION('network: securityGroups', 'a security group')],
  ],
  'aws_ec2.SubnetSelection': [
    ['by type', vpc(({ stack }) => new Vpc(stack, 'Vpc'), { subnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS } })],
    ['by group', vpc(({ stack }) => new Vpc(stack, 'Vpc'), { subnets: { subnetGroupName: 'Private' } })],
    ['one in each zone', vpc(({ stack }) => new Vpc(stack, 'Vpc'), { subnets: { onePerAz: true } })],
    ['by ids', (place) => vpc(({ stack }) => attributesOf(stack), {
      subnets: { subnets: [Subnet.fromSubnetId(place.stack, 'One', 'subnet-1'), Subnet.fromSubnetAttributes(place.stack, 'Two', { subnetId: 'subnet-2', availabilityZone: 'b' })] },
    })(place)],
  ],
  'aws_lambda.ICodeSigningConfig': [
    ['made here', signing(({ stack }) => new CodeSigningConfig(stack, 'Signing', {
      signingProfiles: [new SigningProfile(stack, 'Profile', { platform: Platform.AWS_LAMBDA_SHA384_ECDSA })],
    }))],
    ['by ARN', signing(({ stack }) => CodeSigningConfig.fromCodeSigningConfigArn(stack, 'Signing', SIGNING_ARN('eu-central-1')))],
    ['of another Region', signing(({ stack }) => CodeSigningConfig.fromCodeSigningConfigArn(stack, 'Signing', SIGNING_ARN('us-west-2'))),
      REGION('functions.codeSigningConfig', 'a configuration')],
  ],
  'aws_kinesisfirehose.IDeliveryStream': [
    ['by name', stream(({ stack }) => DeliveryStream.fromDeliveryStreamName(stack, 'Stream', STREAM))],
    ['by ARN', stream(({ stack }) => DeliveryStream.fromDeliveryStreamArn(stack, 'Stream', `arn:aws:firehose:eu-central-1:111111111111:deliverystream/${STREAM}`))],
    ['by a reference', stream(({ stack }) => DeliveryStream.fromDeliveryStreamAttributes(stack, 'Stream', {
      deliveryStreamArn: new CfnDeliveryStream(stack, 'Own', { deliveryStreamName: STREAM }).attrArn, deliveryStreamName: STREAM,
    }))],
    ['of another Region', stream(({ stack }) => DeliveryStream.fromDeliveryStreamArn(stack, 'Stream', `arn:aws:firehose:us-west-2:111111111111:deliverystream/${STREAM}`)),
      REGION('api: accessLogs', 'a stream')],
  ],
  'aws_certificatemanager.ICertificate': [
    ['by ARN', certificate(({ stack }) => certificateOf(stack))],
    ['made here', certificate(({ stack }) => new Certificate(stack, 'Certificate', { domainName: 'auth.example.com' }))],
    ['made in another stack', certificate(({ beside }) => new Certificate(beside(), 'Certificate', { domainName: 'auth.example.com' }))],
    ['by an ARN that CloudFormation knows', certificate(({ stack, parameter }) => Certificate.fromCertificateArn(stack, 'Certificate', parameter().valueAsString))],
    ['of another Region', certificate(({ stack }) => certificateOf(stack, 'us-east-1')),
      'api: customDomain: certificate must be one in eu-central-1, got a certificate in us-east-1: API Gateway takes those of its own Region only'],
    ['made in another Region', certificate(({ beside }) => new Certificate(beside(ELSEWHERE), 'Certificate', { domainName: 'auth.example.com' })),
      'api: customDomain: certificate must be one in eu-central-1, got a certificate in us-west-2: API Gateway takes those of its own Region only'],
  ],
  'aws_route53.IHostedZone': [
    ['by attributes', zone(({ stack }) => HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z1', zoneName: 'example.com' }))],
    ['by id', zone(({ stack }) => HostedZone.fromHostedZoneId(stack, 'Zone', 'Z1'))],
    ['looked up', zone(({ stack }) => HostedZone.fromLookup(stack, 'Zone', { domainName: 'example.com' }))],
    ['made here', zone(({ stack }) => new PublicHostedZone(stack, 'Zone', { zoneName: 'example.com' }))],
    ['made in another stack', zone(({ beside }) => new PublicHostedZone(beside(), 'Zone', { zoneName: 'example.com' }))],
    ['private', zone(({ stack }) => new PrivateHostedZone(stack, 'Zone', { zoneName: 'example.com', vpc: new Vpc(stack, 'Vpc') }))],
    ['made in another account', zone(({ beside }) => new PublicHostedZone(beside(OTHER_ACCOUNT), 'Zone', { zoneName: 'example.com' })),
      ACCOUNT('api: customDomain: hostedZone', 'a zone', 'leave it out and make the record there, to customDomainTarget')],
  ],
};

const ROWS = Object.entries(IMPLEMENTATIONS)
  .flatMap(([what, rows]) => rows.map(([implementation, props, refusal]) => [what, implementation, props, refusal] as const));

function placeIn(env: Environment): Place {
  const app = new App({ context: recommendedFlags() });
  const stack = new Stack(app, 'Service', { env });
  return { stack, beside: (other = env) => new Stack(app, 'Beside', { env: other }), parameter: (type = 'String') => new CfnParameter(stack, 'Parameter', { type }) };
}

beforeEach(() => {
  // What the CDK says of subnets without route tables is for people.
  jest.spyOn(console, 'error').mockImplementation(() => undefined);
});

afterEach(() => jest.restoreAllMocks());

describe('DP-02 whatever implements what a prop asks for works, or is refused before anything is made', () => {
  test.each(ROWS)('%s: %s', (_what, _implementation, props, refusal) => {
    const place = placeIn(HERE);
    const make = () => new AuthService(place.stack, 'Auth', props(place));
    if (refusal !== undefined) {
      expect(make).toThrow(new Error(refusal));
      expect(place.stack.node.tryFindChild('Auth')?.node.children ?? []).toEqual([]);
      return;
    }
    make();
    const templates = (place.stack.node.root as App).synth().stacks.map(({ template }) => JSON.stringify(template));
    // IAM matches no key by an alias.
    for (const template of templates) expect(template).not.toMatch(/"Resource":(?:"[^"]*|\{"Fn::Join":\["",\[[^\]]*):?alias\//);
  });

  test('the firewall before an HTTP API takes no alias either, nor a key of another Region', () => {
    const stack = new Stack(new App(), 'Edge', { env: { account: '111111111111', region: 'us-east-1' } });
    expect(() => new CloudFrontFirewall(stack, 'One', { encryptionKey: Alias.fromAliasName(stack, 'Alias', 'alias/auth') })).toThrow(/^CloudFrontFirewall: encryptionKey must be a key by its own ARN, got the alias "alias\/auth"/);
    expect(() => new CloudFrontFirewall(stack, 'Two', { encryptionKey: Key.fromKeyArn(stack, 'Key', KEY_ARN()) })).toThrow(/^CloudFrontFirewall: encryptionKey must be one in us-east-1, got a key in eu-central-1/);
  });

  test('every interface that the public API asks for is one of these', () => {
    // Whoever receives something or acts on an alarm is asked by the CDK alone.
    const passedOn = ['aws_cloudwatch.IAlarmAction', 'aws_iam.IGrantable'];
    const assembly = readFileSync(join(__dirname, '..', '..', '.jsii'), 'utf8');
    const { types } = JSON.parse(assembly) as { types: Record<string, ApiType> };
    const asked = Object.values(types).flatMap(({ methods = [], properties = [], datatype, initializer }) =>
      [...methods.map(({ parameters = [] }) => parameters), initializer?.parameters ?? [], datatype ? properties : []]);
    const interfaces = [...JSON.stringify(asked).matchAll(/"aws-cdk-lib\.([a-z0-9_]+\.(?:I[A-Z]\w+|SubnetSelection))"/g)].map(([, name]) => name!);
    expect([...new Set(interfaces)].filter((name) => !passedOn.includes(name)).sort()).toEqual(Object.keys(IMPLEMENTATIONS).sort());
  });
});
