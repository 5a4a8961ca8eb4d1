import type { Environment } from 'aws-cdk-lib';
import { App, Stack } from 'aws-cdk-lib';
import { SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { DeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import { Alias, Key } from 'aws-cdk-lib/aws-kms';
import { CodeSigningConfig } from 'aws-cdk-lib/aws-lambda';
import { PublicHostedZone } from 'aws-cdk-lib/aws-route53';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { AuthServiceProps } from '../../../../src';
import { AccessLogs, AuthApi, AuthNetwork, AuthService, CloudFrontFirewall, SigningKeys } from '../../../../src';
import { domainIn } from '../../support/fronts';
import type { WrongProps, WrongUse } from './wrong';

const HERE: Environment = { account: '111111111111', region: 'eu-central-1' };

/** A service in a stack of a known place, beside one of another account. */
const placed = (props: (stack: Stack, other: Stack) => AuthServiceProps) => () => {
  const app = new App();
  const stack = new Stack(app, 'Placed', { env: HERE });
  return new AuthService(stack, 'Auth', props(stack, new Stack(app, 'Other', { env: { account: '222222222222', region: 'eu-central-1' } })));
};

const REGION = (property: string, what: string) => `${property} must be one in eu-central-1, got ${what} in us-west-2: the service can use those of its own Region only`;
const KEY_ARN = 'arn:aws:kms:us-west-2:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const SECRET_ARN = (region: string) => `arn:aws:secretsmanager:${region}:111111111111:secret:keys-AbCdEf`;
const ALIAS = (property: string, name: string) => `${property} must be a key by its own ARN, got the alias "${name}": IAM matches no key by its alias, so that every function would be refused: `
  + 'use Key.fromKeyArn(), Key.fromLookup({ aliasName }) or an alias that knows its key';
const inside = (stack: Stack, more: object) => AuthNetwork.existingVpc(
  Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-1', availabilityZones: ['a'], isolatedSubnetIds: ['subnet-1'], ...more }),
  { createEndpoints: true, subnets: { subnetType: SubnetType.PRIVATE_ISOLATED } },
);

/** What props refer to and the service cannot use. */
export const WRONG_REFERENCES: readonly WrongProps[] = [
  ['an alias for the key', (stack) => ({ encryptionKey: Alias.fromAliasName(stack, 'Alias', 'alias/auth') }), ALIAS('encryptionKey', 'alias/auth')],
  ['an alias for the key of the team\'s secret', (stack) => ({
    signingKeys: SigningKeys.existingSecret(Secret.fromSecretAttributes(stack, 'Keys', {
      secretCompleteArn: SECRET_ARN('eu-central-1'), encryptionKey: Alias.fromAliasName(stack, 'Alias', 'alias/keys'),
    })),
  }), ALIAS('signingKeys: key of the secret', 'alias/keys')],
  ['endpoints for unknown route tables', (stack) => ({ network: inside(stack, { vpcCidrBlock: '10.0.0.0/16' }) }),
    'network: createEndpoints must be a selection of subnets that know theirs, got true with subnets whose route tables are not known: '
    + 'name them in privateSubnetRouteTableIds of Vpc.fromVpcAttributes(), or make the endpoints yourself'],
  ['endpoints for unknown addresses', (stack) => ({ network: inside(stack, { isolatedSubnetRouteTableIds: ['rtb-1'] }) }),
    'network: createEndpoints must be a VPC with vpcCidrBlock, got true with a VPC whose addresses are not known: name it in Vpc.fromVpcAttributes(), or make the endpoints yourself'],
];

/** The same, where it is a matter of place. */
export const MISPLACED: readonly WrongUse[] = [
  ['a key of another Region', placed((stack) => ({ encryptionKey: Key.fromKeyArn(stack, 'Key', KEY_ARN) })), REGION('encryptionKey', 'a key')],
  ['a key of another account', placed((_stack, other) => ({ encryptionKey: new Key(other, 'Key') })),
    'encryptionKey must be one of the account 111111111111, got a key that this app makes in the account 222222222222: '
    + 'use Key.fromKeyArn() and allow this account in the key\'s own policy'],
  ['a secret of another Region', placed((stack) => ({ signingKeys: SigningKeys.existingSecret(Secret.fromSecretCompleteArn(stack, 'Keys', SECRET_ARN('us-west-2'))) })),
    REGION('signingKeys: secret', 'a secret')],
  ['a secret whose key is of another Region', placed((stack) => ({
    signingKeys: SigningKeys.existingSecret(Secret.fromSecretAttributes(stack, 'Keys', {
      secretCompleteArn: SECRET_ARN('eu-central-1'), encryptionKey: Key.fromKeyArn(stack, 'Key', KEY_ARN),
    })),
  })), REGION('signingKeys: key of the secret', 'a key')],
  ['a VPC of another Region', placed((stack) => ({
    network: AuthNetwork.existingVpc(Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-1', availabilityZones: ['a'], privateSubnetIds: ['subnet-1'], region: 'us-west-2' })),
  })), REGION('network: vpc', 'a VPC')],
  ['a security group of another account', placed((stack, other) => ({
    network: AuthNetwork.existingVpc(new Vpc(stack, 'Vpc'), { securityGroups: [new SecurityGroup(other, 'Group', { vpc: new Vpc(other, 'Vpc') })] }),
  })), 'network: securityGroups must be one of the account 111111111111, got a security group that this app makes in the account 222222222222: make one in this account'],
  ['a signing configuration of another Region', placed((stack) => ({
    functions: { codeSigningConfig: CodeSigningConfig.fromCodeSigningConfigArn(stack, 'Signing', 'arn:aws:lambda:us-west-2:111111111111:code-signing-config:csc-0123456789abcdef0') },
  })), REGION('functions.codeSigningConfig', 'a configuration')],
  ['a stream of another Region', placed((stack) => ({
    api: AuthApi.rest({
      accessLogs: AccessLogs.firehose(DeliveryStream.fromDeliveryStreamArn(stack, 'Stream', 'arn:aws:firehose:us-west-2:111111111111:deliverystream/amazon-apigateway-auth')),
    }),
  })), REGION('api: accessLogs', 'a stream')],
  ['a zone of another account', placed((stack, other) => ({
    api: AuthApi.rest({ customDomain: { ...domainIn(stack, 'eu-central-1'), hostedZone: new PublicHostedZone(other, 'Zone', { zoneName: 'example.com' }) } }),
  })), 'api: customDomain: hostedZone must be one of the account 111111111111, got a zone that this app makes in the account 222222222222: '
    + 'leave it out and make the record there, to customDomainTarget'],
  ['a firewall before an HTTP API with a key of another Region', () => {
    const stack = new Stack(new App(), 'Edge', { env: { account: '111111111111', region: 'us-east-1' } });
    return new CloudFrontFirewall(stack, 'Firewall', { encryptionKey: Key.fromKeyArn(stack, 'Key', KEY_ARN) });
  }, 'CloudFrontFirewall: encryptionKey must be one in us-east-1, got a key in us-west-2: the service can use those of its own Region only'],
];
