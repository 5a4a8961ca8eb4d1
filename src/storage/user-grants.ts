import { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { UsersTable } from '../contract/tables';
import { viaServices } from './via-services';

/** Reads profiles and finds them by address. Not the items of credentials, which hold the password hashes. */
export function grantReadUsers(grantee: IGrantable, users: TableV2, encryptionKey?: IKey): Grant {
  const profiles = Grant.addToPrincipal({
    grantee,
    actions: ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'],
    resourceArns: [users.tableArn],
    // Without `Null` a request that names no key at all would satisfy it.
    conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [`${UsersTable.USER_PREFIX}*`] }, 'Null': { 'dynamodb:LeadingKeys': 'false' } },
  });
  const index = Grant.addToPrincipal({ grantee, actions: ['dynamodb:Query'], resourceArns: [`${users.tableArn}/index/${UsersTable.EMAIL_INDEX}`] });
  const grant = profiles.combine(index);
  return encryptionKey === undefined ? grant : grant.combine(Grant.addToPrincipal({
    grantee,
    actions: ['kms:Decrypt', 'kms:DescribeKey'],
    resourceArns: [encryptionKey.keyArn],
    conditions: { StringLike: viaServices('dynamodb') },
  }));
}
