import { Aws, Fn, Names, RemovalPolicy } from 'aws-cdk-lib';
import { BackupPlan, BackupPlanRule, BackupVault, CfnBackupSelection } from 'aws-cdk-lib/aws-backup';
import { Schedule } from 'aws-cdk-lib/aws-events';
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { TableBackups } from '../policy/backups';
import { Findings, acknowledge } from '../policy/findings';
import { AuthTables } from './auth-tables';
import { viaServices } from './via-services';

/** What is backed up, and how. */
export interface BackupsOfTablesProps {
  readonly backups: TableBackups;
  readonly tables: AuthTables;
  readonly removalPolicy: RemovalPolicy;
  readonly encryptionKey?: IKey;
}

/** A vault with a backup of each table a day, if they are asked for. */
export class BackupsOfTables extends Construct {
  constructor(scope: Construct, id: string, props: BackupsOfTablesProps) {
    super(scope, id);
    const { _retention: retention, _hour: hour } = props.backups;
    if (retention === undefined) {
      return;
    }
    // A vault keeps the key that it was made with: one with a key is another one, beside that without, whose backups stay.
    const { encryptionKey, removalPolicy } = props;
    const vaultId = encryptionKey ? 'EncryptedVault' : 'Vault';
    const vault = new BackupVault(this, vaultId, { backupVaultName: uniqueName(this, vaultId), encryptionKey, removalPolicy });
    const plan = new BackupPlan(this, 'Plan', {
      backupPlanRules: [new BackupPlanRule({
        ruleName: 'Daily',
        backupVault: vault,
        scheduleExpression: Schedule.cron({ hour: String(hour), minute: '0' }),
        deleteAfter: retention,
      })],
    });
    const role = this.createRole(props, vault);
    const tables = props.tables.all().map((table) => table.tableArn);
    const selection = new CfnBackupSelection(this, 'Selection', {
      backupPlanId: plan.backupPlanId,
      backupSelection: { selectionName: 'Tables', iamRoleArn: role.roleArn, resources: tables },
    });
    selection.node.addDependency(role);
  }

  /** What AWS Backup needs for these tables and this vault; the managed policy would let it read every resource of the account. */
  private createRole({ tables, encryptionKey }: BackupsOfTablesProps, vault: BackupVault): Role {
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('backup.amazonaws.com'),
      description: 'Backs up the tables of an authentication service',
    });
    acknowledge(role, Findings.POLICY_OF_ONE_ROLE);
    const allow = (actions: string[], resources: string[], conditions?: Record<string, Record<string, unknown>>) =>
      role.addToPrincipalPolicy(new PolicyStatement({ effect: Effect.ALLOW, actions, resources, conditions }));
    allow(['dynamodb:DescribeTable', 'dynamodb:ListTagsOfResource', 'dynamodb:StartAwsBackupJob'], tables.all().map((table) => table.tableArn));
    allow(['backup:CopyIntoBackupVault', 'backup:DescribeBackupVault'], [vault.backupVaultArn]);
    if (encryptionKey) {
      // The tables are read through DynamoDB; the copy in the vault is encrypted by AWS Backup itself, under a grant.
      const account = { 'kms:CallerAccount': Aws.ACCOUNT_ID };
      allow(['kms:Decrypt', 'kms:GenerateDataKey'], [encryptionKey.keyArn], { StringEquals: account, StringLike: viaServices('dynamodb') });
      allow(['kms:DescribeKey'], [encryptionKey.keyArn], { StringEquals: account });
      allow(['kms:CreateGrant'], [encryptionKey.keyArn], { StringEquals: account, Bool: { 'kms:GrantIsForAWSResource': 'true' } });
    }
    return role;
  }
}

/** Longest name of a vault, less the longer id and eight characters of the stack's. */
const MAX_NAME = 50 - '-EncryptedVault-01234567'.length;

/** A vault cannot be without a name of ours, and one that outlived its stack still holds it: the stack's id makes it another one each time. */
function uniqueName(scope: Construct, id: string): string {
  const stackGuid = Fn.select(2, Fn.split('/', Aws.STACK_ID));
  return Fn.join('-', [Names.uniqueResourceName(scope, { maxLength: MAX_NAME, separator: '-' }), id, Fn.select(0, Fn.split('-', stackGuid))]);
}
