import { Aws } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { AuthFunctionName } from '../contract/functions';
import { KMS_MESSAGE_TYPE, KmsSigningAlgorithms } from '../contract/signing';
import { RevocationsTable, UsersTable } from '../contract/tables';
import { keyBehind } from '../policy/encryption-key';
import { SigningKeys } from '../policy/signing-keys';
import { Findings, acknowledge } from '../policy/findings';
import { AuthTable } from '../policy/storage';
import { KeySecret } from '../signing/key-secret';
import { SigningStore } from '../signing/signing-store';
import { AuthTables } from '../storage/auth-tables';
import { viaServices } from '../storage/via-services';
import { AuthFunction } from './auth-function';
import { Front } from './front';
import { DISTRIBUTION_ACTIONS, FunctionGrants, KMS_ACTIONS, KeyAccess, SECRET_ACTIONS, TableGrant, WRITE_ACTIONS, grantsOf } from './grants';

/** What the grants are about. */
export interface Resources {
  readonly tables: AuthTables;
  readonly signingKeys: SigningKeys;
  readonly signing: SigningStore;
  readonly refreshSecret: KeySecret;
  readonly lookupSecret: KeySecret;
  readonly front: Front;
  readonly encryptionKey?: IKey;
}

/** Turns the table of grants into statements of the function's own role. */
export function grantFunction(fn: AuthFunction, name: AuthFunctionName, resources: Resources): void {
  const grants = grantsOf(name, resources.front);
  for (const grant of grants.tables) {
    tableStatements(grant, resources.tables).forEach((statement) => fn.allow(statement));
  }
  grantSigningKeys(fn, resources, grants.signingKeys);
  grantSecret(fn, resources.refreshSecret, grants.refreshKeys);
  grantSecret(fn, resources.lookupSecret, grants.lookupSecret);
  grantOrigin(fn, resources.front, grants.originSecret);
  if (!grants.publishesKeys) {
    fn.allow(denyPublishing(resources.tables));
  }
  if (resources.encryptionKey) {
    grantKey(fn, resources.encryptionKey, grants);
  }
}

function tableStatements(grant: TableGrant, tables: AuthTables): PolicyStatement[] {
  const table = tables.table(grant.table);
  const statements: PolicyStatement[] = [];
  if (grant.actions.length > 0) {
    statements.push(new PolicyStatement({
      effect: Effect.ALLOW,
      actions: [...grant.actions],
      resources: [table.tableArn],
      conditions: within(grant),
    }));
  }
  if (grant.index !== undefined) {
    statements.push(new PolicyStatement({
      effect: Effect.ALLOW,
      actions: ['dynamodb:Query'],
      resources: [`${table.tableArn}/index/${grant.index}`],
    }));
  }
  return statements;
}

/**
 * Confines a statement to some items of a table and some attributes of them. `ForAllValues` alone holds for a request that names none at all:
 * with `Null` beside it, one whose keys DynamoDB does not tell is refused.
 *
 * `dynamodb:ReturnValues` is left alone: a write asks for the item when its condition is refused (`ReturnValuesOnConditionCheckFailure`),
 * whether that counts is not documented, and each function that updates an item may read it anyway.
 */
function within({ table, keys, attributes }: TableGrant): Record<string, unknown> | undefined {
  if (keys === undefined) {
    return undefined;
  }
  const key = table === AuthTable.USERS ? [UsersTable.PARTITION_KEY, UsersTable.SORT_KEY] : [];
  return {
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [...keys] },
    ...attributes && { 'ForAllValues:StringEquals': { 'dynamodb:Attributes': [...key, ...attributes] } },
    'Null': { 'dynamodb:LeadingKeys': 'false', ...attributes && { 'dynamodb:Attributes': 'false' } },
  };
}

/** Whoever writes the published keys can make tokens for anybody, so even a mistake in another grant must not allow it. */
function denyPublishing(tables: AuthTables): PolicyStatement {
  return new PolicyStatement({
    effect: Effect.DENY,
    actions: WRITE_ACTIONS,
    resources: [tables.table(AuthTable.REVOCATIONS).tableArn],
    conditions: { 'ForAnyValue:StringLike': { 'dynamodb:LeadingKeys': [`${RevocationsTable.KEYS_PREFIX}*`] } },
  });
}

function grantSigningKeys(fn: AuthFunction, { signing, signingKeys }: Resources, access: KeyAccess | undefined): void {
  if (access === undefined) {
    return;
  }
  switch (signingKeys._kind) {
    case 'rotating':
      return grantSecret(fn, signing.rotated!, access);
    case 'kms':
      return grantKmsKeys(fn, signing.kmsKeys, KMS_ACTIONS[access], access === KeyAccess.READ ? signingKeys : undefined);
    case 'existing-secret':
      return grantExistingSecret(fn, signing.secret!);
  }
}

function grantSecret(fn: AuthFunction, secret: KeySecret, access: KeyAccess | undefined): void {
  if (access !== undefined) {
    fn.allow(new PolicyStatement({ effect: Effect.ALLOW, actions: [...SECRET_ACTIONS[access]], resources: [secret.secretArn] }));
  }
}

/** @param signer whose algorithm alone may be used: a token is hashed and signed by KMS as a whole, and nothing else is signed */
function grantKmsKeys(fn: AuthFunction, keys: IKey[], actions: readonly string[] | undefined, signer: SigningKeys | undefined): void {
  if (actions !== undefined) {
    fn.allow(new PolicyStatement({
      effect: Effect.ALLOW,
      actions: [...actions],
      resources: keys.map(({ keyArn }) => keyArn),
      conditions: signer && { StringEquals: { 'kms:SigningAlgorithm': KmsSigningAlgorithms[signer._algorithm], 'kms:MessageType': KMS_MESSAGE_TYPE } },
    }));
  }
}

/** Reading, and nothing else, whoever it is. A name alone says nothing of the six characters at the end of its ARN. */
function grantExistingSecret(fn: AuthFunction, secret: ISecret): void {
  const resources = [secret.secretFullArn ?? `${secret.secretArn}-??????`];
  fn.allow(new PolicyStatement({ effect: Effect.ALLOW, actions: [...SECRET_ACTIONS[KeyAccess.READ]], resources }));
  if (secret.encryptionKey) {
    fn.allow(new PolicyStatement({
      effect: Effect.ALLOW,
      actions: ['kms:Decrypt'],
      resources: [keyBehind('signingKeys: key of the secret', secret.encryptionKey).keyArn],
      conditions: through(['secretsmanager']),
    }));
  }
}

function grantOrigin(fn: AuthFunction, { originSecret, distribution, webAclArn }: Front, access: KeyAccess | undefined): void {
  if (originSecret) {
    grantSecret(fn, originSecret, access);
  }
  if (distribution && access === KeyAccess.ROTATE) {
    fn.allow(new PolicyStatement({ effect: Effect.ALLOW, actions: DISTRIBUTION_ACTIONS, resources: [distribution.distributionArn] }));
  }
  if (webAclArn !== undefined && access === KeyAccess.ROTATE) {
    // CloudFront asks for it on behalf of whoever updates a distribution that has a web ACL, although it stays the same.
    fn.allow(new PolicyStatement({ effect: Effect.ALLOW, actions: ['wafv2:GetWebACL'], resources: [webAclArn] }));
    acknowledge(fn, Findings.WEB_ACL_FROM_ELSEWHERE);
  }
}

/** Only through DynamoDB and, where the function touches a secret, Secrets Manager, and from this account. The key's own policy stays untouched. */
function grantKey(fn: AuthFunction, key: IKey, grants: FunctionGrants): void {
  const secrets = [grants.signingKeys, grants.refreshKeys, grants.lookupSecret, grants.originSecret].filter((access) => access !== undefined);
  const writes = grants.tables.some(({ actions }) => actions.some((action) => WRITE_ACTIONS.includes(action)))
    || secrets.some((access) => access === KeyAccess.ROTATE || access === KeyAccess.REPLACE || access === KeyAccess.MAKE);
  const services = ['dynamodb', ...secrets.length > 0 ? ['secretsmanager'] : []];
  fn.allow(new PolicyStatement({
    effect: Effect.ALLOW,
    actions: ['kms:Decrypt', 'kms:DescribeKey', ...writes ? ['kms:Encrypt', 'kms:GenerateDataKey', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'] : []],
    resources: [key.keyArn],
    conditions: through(services),
  }));
}

function through(services: string[]): Record<string, unknown> {
  return { StringEquals: { 'kms:CallerAccount': Aws.ACCOUNT_ID }, StringLike: viaServices(...services) };
}
