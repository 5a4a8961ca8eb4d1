import { Duration } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { AuthFunctionName, SigningAlgorithm, SigningKeys } from '../../src';
import { rotationCron } from '../../src/policy/rotation-cron';
import { behindCloudFront } from './support/fronts';
import { defaults, logicalId, resource, resources, synthesize } from './support/synth';

const SCHEDULE = 'AWS::SecretsManager::RotationSchedule';

describe('KR-01, KR-05: the secrets of keys', () => {
  test('KR-07: hold nothing that the template or Secrets Manager made up', () => {
    const secrets = resources(defaults().template, 'AWS::SecretsManager::Secret');
    expect(Object.keys(secrets)).toHaveLength(3);
    for (const secret of Object.values(secrets)) {
      expect(secret.Properties).toEqual({ Description: expect.any(String) });
      expect(secret.DeletionPolicy).toBe('RetainExceptOnCreate');
    }
  });

  test('get their first keys from rotate-keys itself, all in one call', () => {
    const { template } = defaults();
    expect(Object.values(resources(template, 'Custom::AuthServiceKeys')).map(({ Properties }) => Properties)).toEqual([{
      ServiceToken: { 'Fn::GetAtt': [logicalId(template, 'AWS::Lambda::Function', 'AuthFunctionsRotateKeys'), 'Arn'] },
      ServiceTimeout: '120',
      SigningSecret: { Ref: logicalId(template, 'AWS::SecretsManager::Secret', 'AuthSigningKeys') },
      RefreshSecret: { Ref: logicalId(template, 'AWS::SecretsManager::Secret', 'AuthRefreshKeys') },
      LookupSecret: { Ref: logicalId(template, 'AWS::SecretsManager::Secret', 'AuthLookup') },
    }]);
  });

  test('ID-07 the lookup secret never rotates, and every function that reads a secret comes after the first keys', () => {
    const { template } = defaults();
    const lookup = logicalId(template, 'AWS::SecretsManager::Secret', 'AuthLookup');
    expect(JSON.stringify(resources(template, SCHEDULE))).not.toContain(lookup);
    const firstKeys = logicalId(template, 'Custom::AuthServiceKeys', 'AuthKeyRotation');
    for (const id of ['Register', 'Login', 'Refresh', 'Credentials', 'Admin']) {
      expect([id, resource(template, 'AWS::Lambda::Alias', `AuthFunctions${id}`).DependsOn ?? []]).toEqual([id, expect.arrayContaining([firstKeys])]);
    }
  });

  test.each(['AuthSigningKeys', 'AuthRefreshKeys'])('%s rotates every month, not at each deployment', (prefix) => {
    const { template } = defaults();
    expect(resource(template, SCHEDULE, prefix).Properties).toEqual({
      SecretId: { Ref: logicalId(template, 'AWS::SecretsManager::Secret', prefix) },
      RotationLambdaARN: { 'Fn::GetAtt': [logicalId(template, 'AWS::Lambda::Function', 'AuthFunctionsRotateKeys'), 'Arn'] },
      RotateImmediatelyOnUpdate: false,
      RotationRules: { ScheduleExpression: 'cron(0 3 1 * ? *)', Duration: '1h' },
    });
  });

  test('schedules and stage wait for the first keys', () => {
    const { template } = defaults();
    const firstKeys = logicalId(template, 'Custom::AuthServiceKeys', 'AuthKeyRotation');
    for (const schedule of Object.values(resources(template, SCHEDULE))) {
      expect(schedule.DependsOn).toEqual(expect.arrayContaining([firstKeys, expect.stringMatching(/^AuthKeyRotation(Signing|Origin)?Permission/)]));
    }
    expect(resource(template, 'AWS::ApiGateway::Stage', 'AuthApi').DependsOn).toContain(firstKeys);
  });

  test('PR-01 only Secrets Manager of this account may invoke the rotation, and only for a secret that rotates with it', () => {
    for (const props of [{}, behindCloudFront(), { signingKeys: SigningKeys.kms({ keyIds: ['2026-11'] }) }]) {
      const { template } = synthesize(props);
      const permissions = Object.values(resources(template, 'AWS::Lambda::Permission')).filter(({ Properties }) => Properties.Principal === 'secretsmanager.amazonaws.com');
      for (const { Properties } of permissions) expect(Properties.SourceAccount).toEqual({ Ref: 'AWS::AccountId' });
      const rotated = Object.values(resources(template, SCHEDULE)).map(({ Properties }) => Properties.SecretId.Ref);
      expect(permissions.map(({ Properties }) => Properties.SourceArn.Ref).sort()).toEqual(rotated.sort());
    }
  });

  test('algorithm and period of the signing keys can be chosen; the refresh keys keep theirs', () => {
    const { template } = synthesize({ signingKeys: SigningKeys.rotating({ algorithm: SigningAlgorithm.EDDSA, every: Duration.hours(6) }) });
    expect(resource(template, SCHEDULE, 'AuthSigningKeys').Properties.RotationRules.ScheduleExpression).toBe('cron(0 0/6 * * ? *)');
    expect(resource(template, SCHEDULE, 'AuthRefreshKeys').Properties.RotationRules.ScheduleExpression).toBe('cron(0 3 1 * ? *)');
    for (const id of ['AuthFunctionsRotateKeys', 'AuthFunctionsAdmin']) {
      expect(resource(template, 'AWS::Lambda::Function', id).Properties.Environment.Variables).toMatchObject({ AUTH_SIGNING_ALGORITHM: 'EdDSA' });
    }
  });

  test('the secret is given back', () => {
    const { stack, auth, template } = defaults();
    expect(stack.resolve(auth.signingSecret?.secretArn)).toEqual({ Ref: logicalId(template, 'AWS::SecretsManager::Secret', 'AuthSigningKeys') });
  });
});

describe('the schedule of a rotation', () => {
  test.each([
    [Duration.hours(4), 'cron(0 0/4 * * ? *)'],
    [Duration.hours(12), 'cron(0 0/12 * * ? *)'],
    [Duration.hours(24), 'cron(0 3 * * ? *)'],
    [Duration.days(7), 'cron(0 3 ? * SUN *)'],
    [Duration.days(10), 'cron(0 3 1,11,21 * ? *)'],
    [Duration.days(15), 'cron(0 3 1,16 * ? *)'],
    [Duration.days(30), 'cron(0 3 1 * ? *)'],
    [Duration.days(90), 'cron(0 3 1 1/3 ? *)'],
    [Duration.days(365), 'cron(0 3 1 1 ? *)'],
  ])('%p is %s', (every, cron) => {
    expect(rotationCron('signingKeys.every', every)).toBe(cron);
  });

  test.each([Duration.hours(1), Duration.hours(5), Duration.days(14), Duration.days(31), Duration.days(400)])('%p cannot be kept by a cron expression', (every) => {
    expect(() => rotationCron('signingKeys.every', every)).toThrow(/signingKeys\.every must be 4, 6, 8 or 12 hours, .*, got /);
  });

  test('never leaves less than the period between two rotations, February aside', () => {
    for (const days of [2, 3, 5, 6, 10, 15]) {
      const dates = /\(0 3 ([\d,]+) /.exec(rotationCron('every', Duration.days(days)))![1]!.split(',').map(Number);
      expect(dates.every((date, index) => index === 0 || date - dates[index - 1]! === days)).toBe(true);
      expect(30 - dates.at(-1)! + 1).toBeGreaterThanOrEqual(days);
    }
  });
});

test('KR-02: only functions that sign read the private keys, and the authorizer reads public ones', () => {
  const { template } = defaults();
  const secret = { Ref: logicalId(template, 'AWS::SecretsManager::Secret', 'AuthSigningKeys') };
  const readers = Object.entries(resources(template, 'AWS::IAM::Policy'))
    .filter(([, { Properties }]) => JSON.stringify(Properties.PolicyDocument.Statement).includes(JSON.stringify(secret)))
    .map(([id]) => id.replace(/^AuthFunctions(.*)RoleDefaultPolicy.*$/, '$1'));
  expect(readers.sort()).toEqual(['Admin', 'Credentials', 'Login', 'Refresh', 'RotateKeys']);
  expect(Object.values(AuthFunctionName)).toHaveLength(10);
  template.hasResourceProperties('AWS::IAM::Policy', Match.objectLike({ PolicyName: Match.stringLikeRegexp('^AuthFunctionsAuthorizerRole') }));
});
