import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Billing, Capacity, ContributorInsightsMode } from 'aws-cdk-lib/aws-dynamodb';
import { AccountPrincipal, Effect, PolicyDocument, PolicyStatement, StarPrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { AuthTable, PointInTimeRecovery, TableBackups } from '../../src';
import { AttemptsTable, RevocationsTable, SessionsTable, TicketsTable, UsersTable } from '../../src/contract/tables';
import { construct, defaults, list, resource, resources, synthesize } from './support/synth';

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

  test('on demand can have a ceiling, of the indexes too', () => {
    const { template } = synthesize({ storage: { billing: Billing.onDemand({ maxReadRequestUnits: 1000, maxWriteRequestUnits: 500 }) } });
    template.allResourcesProperties(TABLE, {
      BillingMode: 'PAY_PER_REQUEST',
      WriteOnDemandThroughputSettings: { MaxWriteRequestUnits: 500 },
      Replicas: [Match.objectLike({ ReadOnDemandThroughputSettings: { MaxReadRequestUnits: 1000 } })],
    });
    const sessions = resource(template, TABLE, 'AuthTablesSessions').Properties;
    expect(sessions.GlobalSecondaryIndexes[0].WriteOnDemandThroughputSettings).toEqual({ MaxWriteRequestUnits: 500 });
    expect(sessions.Replicas[0].GlobalSecondaryIndexes[0].ReadOnDemandThroughputSettings).toEqual({ MaxReadRequestUnits: 1000 });
  });

  test('one table can differ from the others', () => {
    const billing = Billing.provisioned({ readCapacity: Capacity.autoscaled({ maxCapacity: 100 }), writeCapacity: Capacity.autoscaled({ maxCapacity: 50 }) });
    const { template } = synthesize({ storage: { overrides: [{ name: AuthTable.TICKETS, billing }] } });
    template.resourcePropertiesCountIs(TABLE, { BillingMode: 'PROVISIONED' }, 1);
    expect(resource(template, TABLE, 'AuthTablesTickets').Properties.BillingMode).toBe('PROVISIONED');
  });

  test('a table and its index can be warm before the first rise', () => {
    const warmThroughput = { readUnitsPerSecond: 30_000, writeUnitsPerSecond: 10_000 };
    const { template } = synthesize({ storage: { overrides: [{ name: AuthTable.SESSIONS, warmThroughput }] } });
    const sessions = resource(template, TABLE, 'AuthTablesSessions').Properties;
    const rendered = { ReadUnitsPerSecond: 30_000, WriteUnitsPerSecond: 10_000 };
    expect([sessions.WarmThroughput, sessions.GlobalSecondaryIndexes[0].WarmThroughput]).toEqual([rendered, rendered]);
    template.resourcePropertiesCountIs(TABLE, { WarmThroughput: Match.anyValue() }, 1);
  });

  test('a table and a secret can have a policy of their own', () => {
    // GIVEN sessions that another account may read
    const { stack, auth } = construct({ storage: { overrides: [{
      name: AuthTable.SESSIONS,
      resourcePolicy: new PolicyDocument({
        statements: [new PolicyStatement({ actions: ['dynamodb:Query'], principals: [new AccountPrincipal('222222222222')], resources: ['*'] })],
      }),
    }] } });
    // WHEN somebody adds to the policy of a secret
    auth.signingSecret!.addToResourcePolicy(new PolicyStatement({
      effect: Effect.DENY, principals: [new StarPrincipal()], actions: ['secretsmanager:DeleteSecret'], resources: ['*'],
    }));
    // THEN each has its own, and the others none
    const template = Template.fromStack(stack);
    const tables = Object.entries(resources(template, TABLE)).filter(([, { Properties }]) => Properties.Replicas[0].ResourcePolicy);
    expect(tables.map(([id]) => id)).toEqual([expect.stringMatching(/^AuthTablesSessions/)]);
    expect(tables[0]![1].Properties.Replicas[0].ResourcePolicy.PolicyDocument.Statement).toMatchObject([{ Effect: 'Allow', Action: 'dynamodb:Query' }]);
    template.resourceCountIs('AWS::SecretsManager::ResourcePolicy', 1);
  });

  test('CloudWatch counts keys on request, addresses only if they are asked for by name', () => {
    const insights = (storage: object) => Object.fromEntries(Object.entries(resources(synthesize({ storage }).template, TABLE))
      .map(([id, { Properties }]) => [id.slice('AuthTables'.length, -8), Properties.Replicas[0].ContributorInsightsSpecification?.Mode]));
    const contributorInsights = ContributorInsightsMode.THROTTLED_KEYS;
    expect(insights({ contributorInsights })).toEqual({
      Users: undefined, Sessions: 'THROTTLED_KEYS', Revocations: 'THROTTLED_KEYS', Attempts: 'THROTTLED_KEYS', Tickets: 'THROTTLED_KEYS',
    });
    expect(insights({ overrides: [{ name: AuthTable.USERS, contributorInsights }] })).toEqual({ Users: 'THROTTLED_KEYS' });
  });

  test('recovery can be shorter, or none', () => {
    const recovery = (pointInTimeRecovery: PointInTimeRecovery) => Object.values(resources(synthesize({ storage: { pointInTimeRecovery } }).template, TABLE))
      .map(({ Properties }) => Properties.Replicas[0].PointInTimeRecoverySpecification);
    expect(recovery(PointInTimeRecovery.enabled(Duration.days(7)))).toEqual(Array(5).fill({ PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 7 }));
    expect(recovery(PointInTimeRecovery.disabled())).toEqual(Array(5).fill({ PointInTimeRecoveryEnabled: false }));
  });
});

describe('backups beside the continuous ones', () => {
  test('there are none by default', () => {
    defaults().template.resourceCountIs('AWS::Backup::BackupPlan', 0);
    expect(synthesize({ storage: { backups: TableBackups.none() } }).template.toJSON()).toEqual(defaults().template.toJSON());
  });

  const { template } = synthesize((stack) => ({ storage: { backups: TableBackups.daily({ retention: Duration.days(90), hour: 4 }) }, encryptionKey: new Key(stack, 'Key') }));

  test('one a day of every table, kept as long as is asked for, in a vault that stays', () => {
    template.hasResourceProperties('AWS::Backup::BackupPlan', {
      BackupPlan: { BackupPlanRule: [Match.objectLike({ ScheduleExpression: 'cron(0 4 * * ? *)', Lifecycle: { DeleteAfterDays: 90 } })] },
    });
    expect(resource(template, 'AWS::Backup::BackupSelection', 'AuthBackups').Properties.BackupSelection.Resources).toHaveLength(5);
    const vault = resource(template, 'AWS::Backup::BackupVault', 'AuthBackups');
    expect(vault.DeletionPolicy).toBe('RetainExceptOnCreate');
    expect(vault.Properties.EncryptionKeyArn).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^Key/), 'Arn'] });
  });

  test('a key that comes later makes another vault: one keeps its key for ever, and its name would be taken', () => {
    const plain = resource(synthesize({ storage: { backups: TableBackups.daily() } }).template, 'AWS::Backup::BackupVault', 'AuthBackups').Properties;
    expect(plain.EncryptionKeyArn).toBeUndefined();
    expect(plain.BackupVaultName).not.toBe(resource(template, 'AWS::Backup::BackupVault', 'AuthBackups').Properties.BackupVaultName);
  });

  test('AWS Backup may read these tables and fill this vault, no more', () => {
    const statements = resource(template, 'AWS::IAM::Policy', 'AuthBackupsRole').Properties.PolicyDocument.Statement as { Action: string | string[]; Resource: unknown }[];
    expect(statements.flatMap(({ Action }) => list(Action))).toEqual([
      'dynamodb:DescribeTable', 'dynamodb:ListTagsOfResource', 'dynamodb:StartAwsBackupJob', 'backup:CopyIntoBackupVault', 'backup:DescribeBackupVault',
      'kms:Decrypt', 'kms:GenerateDataKey', 'kms:DescribeKey', 'kms:CreateGrant',
    ]);
    expect(statements.map(({ Resource }) => Resource)).not.toContain('*');
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
          Principal: { Service: { 'Fn::Join': ['', ['logs.', { Ref: 'AWS::Region' }, '.', { Ref: 'AWS::URLSuffix' }]] } },
          Condition: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': Match.anyValue() } },
        })]),
      },
    });
  });

  test('is usable by the functions through the two stores and from this account only', () => {
    for (const policy of Object.values(resources(synthesized.template, 'AWS::IAM::Policy'))) {
      const statements = policy.Properties.PolicyDocument.Statement.filter(({ Action }: { Action: string[] }) => Action.includes('kms:Decrypt'));
      expect(statements).toHaveLength(1);
      expect(statements[0].Resource).toEqual(key);
      expect(JSON.stringify(statements[0].Condition.StringLike['kms:ViaService'])).toMatch(/dynamodb\./);
      expect(statements[0].Condition.StringEquals['kms:CallerAccount']).toEqual({ Ref: 'AWS::AccountId' });
    }
  });
});
