import type { Stack } from 'aws-cdk-lib';
import { RemovalPolicy } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import type { AuthServiceProps } from '../../src';
import { AuthAlarm, AuthNetwork, SigningAlgorithm, SigningKeys } from '../../src';
import type { Synthesized } from './support/synth';
import { defaults, list, logicalId, recommendedFlags, resource, resources, statementsOf, synthesize } from './support/synth';

const KEY = 'AWS::KMS::Key';
const SECRET = 'AWS::SecretsManager::Secret';
const SIGNERS = ['Login', 'Refresh', 'Credentials'];
const ARN = 'arn:aws:secretsmanager:eu-central-1:111111111111:secret:keys-AbCdEf';

const kms = (keyIds: string[], algorithm?: SigningAlgorithm): AuthServiceProps => ({ signingKeys: SigningKeys.kms({ keyIds, algorithm }) });
const firstKeys = ({ template }: Synthesized) => resource(template, 'Custom::AuthServiceKeys', 'AuthKeyRotation').Properties;
const variables = ({ template }: Synthesized, name: string) => resource(template, 'AWS::Lambda::Function', `AuthFunctions${name}Function`).Properties.Environment.Variables;
const about = ({ template }: Synthesized, name: string, action: RegExp) =>
  statementsOf(template, name).filter(({ Action }) => list(Action).some((one) => action.test(one)));

describe('SigningKeys.kms()', () => {
  const two = synthesize(kms(['2026-11', '2027-02']));
  const arns = ['AuthSigningKeys202611', 'AuthSigningKeys202702'].map((id) => ({ 'Fn::GetAtt': [logicalId(two.template, KEY, id), 'Arn'] }));

  test.each([
    [SigningAlgorithm.ES256, 'ECC_NIST_P256'], [SigningAlgorithm.RS256, 'RSA_3072'], [SigningAlgorithm.EDDSA, 'ECC_NIST_EDWARDS25519'],
  ])('%s is a key of %s that only signs, kept when the stack goes, in the hands of the account', (algorithm, spec) => {
    const synthesized = synthesize(kms(['2026-11'], algorithm), { app: { postCliContext: recommendedFlags() } });
    const key = resource(synthesized.template, KEY, 'AuthSigningKeys');
    expect(key.Properties).toMatchObject({ KeySpec: spec, KeyUsage: 'SIGN_VERIFY', Description: expect.stringContaining('2026-11') });
    expect(key.Properties).not.toHaveProperty('EnableKeyRotation', true);
    expect([key.DeletionPolicy, key.UpdateReplacePolicy]).toEqual(['RetainExceptOnCreate', 'Retain']);
    expect(key.Properties.KeyPolicy.Statement).toEqual([{
      Effect: 'Allow', Action: 'kms:*', Resource: '*',
      Principal: { AWS: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::', { Ref: 'AWS::AccountId' }, ':root']] } },
    }]);
  });

  test('keys go with the stack where everything does', () => {
    expect(resource(synthesize({ ...kms(['a']), removalPolicy: RemovalPolicy.DESTROY }).template, KEY, 'AuthSigningKeys').DeletionPolicy).toBe('Delete');
  });

  test('a name that comes or goes touches no other key, another algorithm touches none', () => {
    const ids = (...args: Parameters<typeof kms>) => Object.keys(resources(synthesize(kms(...args)).template, KEY));
    const [first, second] = ids(['2026-11', '2027-02']);
    expect(ids(['2026-11'])).toEqual([first]);
    expect(ids(['2027-02', '2027-05'])[0]).toBe(second);
    expect(ids(['2026-11'], SigningAlgorithm.RS256)).not.toContain(first);
    // AND a hyphen makes a difference
    expect(new Set([...ids(['2026-11']), ...ids(['202611'])]).size).toBe(2);
  });

  test('there is no secret and no schedule for them', () => {
    expect(Object.keys(resources(two.template, SECRET)).map((id) => id.slice(0, -8))).toEqual(['AuthRefreshKeysSecret', 'AuthLookupSecret']);
    expect(Object.keys(resources(two.template, 'AWS::SecretsManager::RotationSchedule'))).toHaveLength(1);
    expect(two.auth.signingSecret).toBeUndefined();
    for (const name of [...SIGNERS, 'RotateKeys', 'Admin']) {
      expect(variables(two, name)).toMatchObject({ AUTH_SIGNING_KEYS: 'kms' });
      expect(variables(two, name)).not.toHaveProperty('AUTH_SIGNING_SECRET');
    }
    expect(variables(two, 'Admin')).not.toHaveProperty('AUTH_SIGNING_ALGORITHM');
  });

  test('KR-02 who signs may sign access tokens with these keys, rotate-keys may read the public ones, nobody anything else', () => {
    for (const name of SIGNERS) {
      expect(about(two, name, /^kms:/)).toEqual([{
        Effect: 'Allow', Action: 'kms:Sign', Resource: arns,
        Condition: { StringEquals: { 'kms:SigningAlgorithm': 'ECDSA_SHA_256', 'kms:MessageType': 'RAW' } },
      }]);
    }
    expect(about(two, 'RotateKeys', /^kms:/)).toEqual([{ Effect: 'Allow', Action: 'kms:GetPublicKey', Resource: arns }]);
    for (const name of ['Admin', 'Discovery', 'Authorizer', 'Logout', 'Register', 'Profile']) expect(about(two, name, /^kms:/)).toEqual([]);
  });

  test('the deployment publishes them, the newest last, after the signers were allowed to sign and before they do', () => {
    expect(firstKeys(two)).toMatchObject({ SigningKeys: arns, RefreshSecret: { Ref: expect.stringContaining('AuthRefreshKeys') } });
    const { DependsOn } = resource(two.template, 'Custom::AuthServiceKeys', 'AuthKeyRotation');
    const id = logicalId(two.template, 'Custom::AuthServiceKeys', 'AuthKeyRotation');
    for (const name of SIGNERS) {
      expect(DependsOn).toContain(logicalId(two.template, 'AWS::IAM::Policy', `AuthFunctions${name}Role`));
      expect(resource(two.template, 'AWS::Lambda::Alias', `AuthFunctions${name}Alias`).DependsOn).toContain(id);
    }
  });

  test('no alarm waits for a rotation; refresh keys rotate and may fail to', () => {
    const names = (synthesized: Synthesized) => synthesized.auth.alarms.map(({ node }) => node.id);
    expect(names(two)).not.toContain('KeyRotationOverdue');
    expect(names(two)).toContain('KeyRotationFailed');
    expect(names(defaults())).toEqual(expect.arrayContaining(['KeyRotationOverdue', 'KeyRotationFailed']));
    expect(Object.values(AuthAlarm)).toContain('key-rotation-overdue');
  });

  test('a VPC without a way out gets an endpoint of KMS, and only for this', () => {
    const endpoints = (signingKeys?: SigningKeys) => Object.values(resources(
      synthesize((stack) => ({ signingKeys, network: AuthNetwork.existingVpc(new Vpc(stack, 'Vpc'), { createEndpoints: true }) })).template, 'AWS::EC2::VPCEndpoint',
    )).map(({ Properties }) => JSON.stringify(Properties.ServiceName));
    expect(endpoints(SigningKeys.kms({ keyIds: ['a'] })).filter((name) => name.includes('.kms'))).toHaveLength(1);
    expect(endpoints().filter((name) => name.includes('.kms'))).toEqual([]);
  });
});

describe('SigningKeys.existingSecret()', () => {
  const existing = (secret: (stack: Stack) => SigningKeys) => synthesize((stack) => ({ signingKeys: secret(stack) }));
  const complete = existing((stack) => SigningKeys.existingSecret(Secret.fromSecretCompleteArn(stack, 'Keys', ARN), { algorithm: SigningAlgorithm.RS256 }));

  test('no function may do more than read it, and none does that does not sign or publish', () => {
    for (const name of [...SIGNERS, 'RotateKeys', 'Admin']) {
      expect(statementsOf(complete.template, name).filter(({ Resource }) => Resource === ARN)).toEqual([{ Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: ARN }]);
      expect(variables(complete, name)).toMatchObject({ AUTH_SIGNING_KEYS: 'existing-secret', AUTH_SIGNING_SECRET: ARN });
    }
    for (const name of ['Discovery', 'Authorizer', 'Logout', 'Register', 'Profile']) expect(JSON.stringify(statementsOf(complete.template, name))).not.toContain(ARN);
  });

  test('is given back, does not rotate, and is looked at again when it or its algorithm changes', () => {
    expect(complete.auth.signingSecret?.secretArn).toBe(ARN);
    expect(Object.keys(resources(complete.template, SECRET)).map((id) => id.slice(0, -8))).toEqual(['AuthRefreshKeysSecret', 'AuthLookupSecret']);
    expect(Object.keys(resources(complete.template, 'AWS::SecretsManager::RotationSchedule'))).toHaveLength(1);
    expect(firstKeys(complete)).toMatchObject({ SigningSecret: ARN, Algorithm: 'RS256' });
    expect(variables(complete, 'Discovery')).toMatchObject({ AUTH_SIGNING_ALGORITHM: 'RS256' });
  });

  test('by its name: whatever stands after the name in its ARN', () => {
    const named = existing((stack) => SigningKeys.existingSecret(Secret.fromSecretNameV2(stack, 'Keys', 'keys')));
    const resourcesOfLogin = statementsOf(named.template, 'Login').map(({ Resource }) => JSON.stringify(Resource));
    expect(resourcesOfLogin.filter((text) => text.includes(':secret:keys'))).toEqual([expect.stringMatching(/:secret:keys-\?\?\?\?\?\?"/)]);
  });

  test('with a key of its own: it may be decrypted by Secrets Manager for these functions', () => {
    const encrypted = existing((stack) => SigningKeys.existingSecret(new Secret(stack, 'Keys', { encryptionKey: new Key(stack, 'Key') })));
    const key = { 'Fn::GetAtt': [logicalId(encrypted.template, KEY, 'Key'), 'Arn'] };
    for (const name of [...SIGNERS, 'RotateKeys', 'Admin']) {
      expect(about(encrypted, name, /^kms:/)).toEqual([{
        Effect: 'Allow', Action: 'kms:Decrypt', Resource: key,
        Condition: { StringEquals: { 'kms:CallerAccount': { Ref: 'AWS::AccountId' } }, StringLike: { 'kms:ViaService': expect.anything() } },
      }]);
    }
    for (const name of ['Discovery', 'Authorizer', 'Logout']) expect(about(encrypted, name, /^kms:/)).toEqual([]);
  });
});
