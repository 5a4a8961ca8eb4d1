import { App, Stack } from 'aws-cdk-lib';
import type { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { AuthServiceProps } from '../../../src';
import { AuthApi, AuthNetwork, AuthPreset, AuthService, AuthTable, Firewall, PasswordHashing, SigningAlgorithm, SigningKeys } from '../../../src';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { behindCloudFront, domainIn } from '../support/fronts';
import { concrete, recommendedFlags, resources, synthesize } from '../support/synth';

/**
 * A logical id is the identity of a deployed resource. One that changes means, for whoever updates: a second, empty table of users, a
 * second secret without keys. So these never change; whoever moves a construct overrides its logical id.
 */
const DATA: Record<string, string> = {
  AuthTablesUsersA60D3FC6: 'AWS::DynamoDB::GlobalTable',
  AuthTablesSessions6465201C: 'AWS::DynamoDB::GlobalTable',
  AuthTablesRevocations1160050B: 'AWS::DynamoDB::GlobalTable',
  AuthTablesAttempts7082DD42: 'AWS::DynamoDB::GlobalTable',
  AuthTablesTickets4261A68C: 'AWS::DynamoDB::GlobalTable',
  AuthSigningKeysSecret653EEDCE: 'AWS::SecretsManager::Secret',
  AuthRefreshKeysSecret6229A788: 'AWS::SecretsManager::Secret',
  AuthLookupSecretE25D63F9: 'AWS::SecretsManager::Secret',
};
/** A change of one of these makes the first keys once more, or gives the API another URL and thereby another issuer. */
const IDENTITY: Record<string, string> = {
  AuthKeyRotationFirstKeys4058C151: 'Custom::AuthServiceKeys',
  AuthApi1261E811: 'AWS::ApiGateway::RestApi',
};

const typesOf = (template: Template): Record<string, string> =>
  Object.fromEntries(Object.entries(template.toJSON().Resources as Record<string, { Type: string }>).map(([id, { Type }]) => [id, Type]));

const everything = (stack: Stack): AuthServiceProps => ({
  serviceName: 'shop',
  webApp: { origins: ['https://app.example.com'] },
  encryptionKey: new Key(stack, 'Key'),
  firewall: Firewall.disabled(),
  network: AuthNetwork.existingVpc(new Vpc(stack, 'Vpc')),
  signingKeys: SigningKeys.rotating({ algorithm: SigningAlgorithm.EDDSA }),
  passwords: { hashing: PasswordHashing.scrypt() },
});

describe('logical ids', () => {
  test.each<[string, Parameters<typeof synthesize>]>([
    ['the defaults', []],
    ['the development preset', [{ preset: AuthPreset.development() }]],
    ['every prop that can be set', [everything]],
    ['the recommended feature flags in a concrete environment', [{}, { app: { postCliContext: recommendedFlags() }, env: concrete }]],
  ])('of what holds data and identity are frozen: %s', (_name, args) => {
    const { template } = synthesize(...args);
    expect(typesOf(template)).toMatchObject({ ...DATA, ...IDENTITY });
    // AND there is nothing else that holds data
    const inStack = new Set(['AWS::DynamoDB::GlobalTable', 'AWS::DynamoDB::Table', 'AWS::SecretsManager::Secret']);
    expect(Object.entries(typesOf(template)).filter(([, type]) => inStack.has(type)).map(([id]) => id).sort()).toEqual(Object.keys(DATA).sort());
  });

  test('of an HTTP API behind CloudFront too: what holds data keeps its identity when the front changes', () => {
    const { template } = synthesize((stack) => behindCloudFront({ customDomain: domainIn(stack, 'us-east-1') }));
    const { AuthApi1261E811: _restApi, ...kept } = { ...DATA, ...IDENTITY };
    expect(typesOf(template)).toMatchObject({
      ...kept,
      AuthOriginSecret14702044: 'AWS::SecretsManager::Secret',
      AuthHttpApiE66BAA51: 'AWS::ApiGatewayV2::Api',
      AuthDistribution6DCB8B95: 'AWS::CloudFront::Distribution',
    });
    expect(typesOf(template)).not.toHaveProperty('AuthApi1261E811');
    const records = (of: Template) => Object.keys(resources(of, 'AWS::Route53::RecordSet'));
    expect(records(template)).toEqual(records(synthesize((stack) => ({ api: AuthApi.rest({ customDomain: domainIn(stack, 'us-east-1') }) })).template));
  });

  test('every table is one of them', () => {
    expect(Object.values(AuthTable).map((name) => Object.keys(DATA).filter((id) => id.toLowerCase().startsWith(`authtables${name}`)).length)).toEqual([1, 1, 1, 1, 1]);
  });

  test('of a second service beside it do not touch the first one\'s', () => {
    const app = new App();
    const stack = new Stack(app, 'Stack');
    new AuthService(stack, 'Staff');
    new AuthService(stack, 'Auth');
    expect(typesOf(synthesize().template)).toMatchObject(DATA);
    expect(Object.keys(app.synth().getStackByName('Stack').template.Resources)).toEqual(expect.arrayContaining(Object.keys(DATA)));
  });

  test('an existing key of somebody else is the only key', () => {
    expect(resources(synthesize(everything).template, 'AWS::KMS::Key')).toEqual({ Key961B73FD: expect.anything() });
  });
});
