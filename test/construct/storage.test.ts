import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { Billing, Capacity } from 'aws-cdk-lib/aws-dynamodb';
import { Key } from 'aws-cdk-lib/aws-kms';
import { AuthTable, PointInTimeRecovery } from '../../src';
import { AttemptsTable, RevocationsTable, SessionsTable, TicketsTable, UsersTable } from '../../src/contract/tables';
import { defaults, resource, resources, synthesize } from './support/synth';

const TABLE = 'AWS::DynamoDB::GlobalTable';

describe('DB-04: the five tables', () => {
  test.each([
    ['AuthTablesUsers', [UsersTable.PARTITION_KEY, UsersTable.SORT_KEY], undefined],
    ['AuthTablesSessions', [SessionsTable.PARTITION_KEY], SessionsTable.TTL],
    ['AuthTablesRevocations', [RevocationsTable.PARTITION_KEY], RevocationsTable.TTL],
    ['AuthTablesAttempts', [AttemptsTable.PARTITION_KEY], AttemptsTable.TTL],
    ['AuthTablesTickets', [TicketsTable.PARTITION_KEY], TicketsTable.TTL],
  ])('%s is on demand, recoverable, protected and kept, with its keys and TTL', (prefix, keys, ttl) => {
    const table = resource(defaults().template, TABLE, prefix);
    expect(table.DeletionPolicy).toBe('Retain');
    expect(table.UpdateReplacePolicy).toBe('Retain');
    expect(table.Properties.BillingMode).toBe('PAY_PER_REQUEST');
    expect(table.Properties.KeySchema.map(({ AttributeName }: { AttributeName: string }) => AttributeName)).toEqual(keys);
    expect(table.Properties.TimeToLiveSpecification).toEqual(ttl === undefined ? undefined : { AttributeName: ttl, Enabled: true });
    expect(table.Properties.Replicas).toEqual([expect.objectContaining({
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 35 },
    })]);
  });

  test('there are no more than these', () => {
    defaults().template.resourceCountIs(TABLE, Object.keys(AuthTable).length);
  });

  test('indexes hold keys only', () => {
    const indexes = Object.values(resources(defaults().template, TABLE)).flatMap(({ Properties }) => Properties.GlobalSecondaryIndexes ?? []);
    expect(indexes).toEqual([
      { IndexName: UsersTable.EMAIL_INDEX, KeySchema: [{ AttributeName: UsersTable.EMAIL_INDEX_KEY, KeyType: 'HASH' }], Projection: { ProjectionType: 'KEYS_ONLY' } },
      {
        IndexName: SessionsTable.USER_INDEX,
        KeySchema: [{ AttributeName: SessionsTable.USER_INDEX_PARTITION_KEY, KeyType: 'HASH' }, { AttributeName: SessionsTable.USER_INDEX_SORT_KEY, KeyType: 'RANGE' }],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ]);
  });

  test('DESTROY also lifts the deletion protection', () => {
    const { template } = synthesize({ removalPolicy: RemovalPolicy.DESTROY });
    for (const table of Object.values(resources(template, TABLE))) {
      expect(table.DeletionPolicy).toBe('Delete');
      expect(table.Properties.Replicas[0].DeletionProtectionEnabled).toBe(false);
    }
  });

  test('capacity can be provisioned, with the indexes following', () => {
    const { template } = synthesize({
      storage: { billing: Billing.provisioned({ readCapacity: Capacity.fixed(5), writeCapacity: Capacity.autoscaled({ maxCapacity: 50 }) }) },
    });
    template.allResourcesProperties(TABLE, Match.objectLike({ BillingMode: 'PROVISIONED' }));
    template.hasResourceProperties(TABLE, { GlobalSecondaryIndexes: [Match.objectLike({ WriteProvisionedThroughputSettings: Match.anyValue() })] });
  });

  test('recovery can be shorter, or none', () => {
    const recovery = (pointInTimeRecovery: PointInTimeRecovery) => Object.values(resources(synthesize({ storage: { pointInTimeRecovery } }).template, TABLE))
      .map(({ Properties }) => Properties.Replicas[0].PointInTimeRecoverySpecification);
    expect(recovery(PointInTimeRecovery.enabled(Duration.days(7)))).toEqual(Array(5).fill({ PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 7 }));
    expect(recovery(PointInTimeRecovery.disabled())).toEqual(Array(5).fill({ PointInTimeRecoveryEnabled: false }));
  });
});

describe('a key of one\'s own', () => {
  const synthesized = synthesize((stack) => ({ encryptionKey: new Key(stack, 'Key') }));
  const key = { 'Fn::GetAtt': [Object.keys(resources(synthesized.template, 'AWS::KMS::Key'))[0], 'Arn'] };

  test('encrypts tables, although the Region is not known', () => {
    synthesized.template.allResourcesProperties(TABLE, {
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
      Replicas: [Match.objectLike({ SSESpecification: { KMSMasterKeyId: key } })],
    });
  });

  test('encrypts secrets and logs', () => {
    synthesized.template.allResourcesProperties('AWS::SecretsManager::Secret', { KmsKeyId: key });
    synthesized.template.allResourcesProperties('AWS::Logs::LogGroup', { KmsKeyId: key });
  });

  test('admits CloudWatch Logs for this account\'s log groups only', () => {
    synthesized.template.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([Match.objectLike({
          Principal: { Service: { 'Fn::Join': ['', ['logs.', { Ref: 'AWS::Region' }, '.amazonaws.com']] } },
          Condition: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': Match.anyValue() } },
        })]),
      },
    });
  });

  test('is usable by the functions through the two stores only', () => {
    for (const policy of Object.values(resources(synthesized.template, 'AWS::IAM::Policy'))) {
      const statements = policy.Properties.PolicyDocument.Statement.filter(({ Action }: { Action: string[] }) => Action.includes('kms:Decrypt'));
      expect(statements).toHaveLength(1);
      expect(statements[0].Resource).toEqual(key);
      expect(JSON.stringify(statements[0].Condition.StringEquals['kms:ViaService'])).toMatch(/dynamodb\./);
    }
  });
});
