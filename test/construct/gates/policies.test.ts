import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Template } from 'aws-cdk-lib/assertions';
import type { Stack } from 'aws-cdk-lib';
import type { AuthServiceProps } from '../../../src';
import { AuthNetwork, SigningKeys } from '../../../src';
import { behindCloudFront } from '../support/fronts';
import { expectReviewed, inWords } from '../support/reviewed';
import type { Statement } from '../support/synth';
import { list, resources, synthesize } from '../support/synth';

/** Each kind of service whose functions have other permissions than those of the defaults. */
const KINDS: [string, (stack: Stack) => AuthServiceProps][] = [
  ['defaults', () => ({})],
  ['behind-cloudfront', () => behindCloudFront()],
  ['keys-in-kms', () => ({ signingKeys: SigningKeys.kms({ keyIds: ['2026-11'] }) })],
  ['existing-secret', (stack) => ({
    signingKeys: SigningKeys.existingSecret(Secret.fromSecretAttributes(stack, 'Secret', {
      secretCompleteArn: 'arn:aws:secretsmanager:eu-central-1:111111111111:secret:keys-AbCdEf', encryptionKey: new Key(stack, 'Key'),
    })),
  })],
  ['encryption-key-and-vpc', (stack) => ({ encryptionKey: new Key(stack, 'Key'), network: AuthNetwork.existingVpc(new Vpc(stack, 'Vpc')) })],
];

/** One line a statement: what it does, to what, and when. */
function line({ Effect, Action, Resource, Condition }: Statement): string {
  const condition = Condition === undefined ? '' : ` if ${Object.entries(Condition).map(([operator, operands]) =>
    Object.entries(operands).map(([key, value]) => `${key} ${operator} ${inWords(value)}`).join(' and ')).join(' and ')}`;
  return `  ${Effect} ${list(Action).join(', ')} on ${[Resource].flat().map(inWords).join(', ')}${condition}`;
}

/** Every role of the service with the statements that it has, in its own policy or in those attached to it. */
function policies(template: Template): string[] {
  const ofRole = new Map<string, Statement[]>();
  for (const [id, { Properties }] of Object.entries(resources(template, 'AWS::IAM::Role')).filter(([id]) => id.startsWith('Auth'))) {
    const managed = (Properties.ManagedPolicyArns ?? []) as unknown[];
    expect([id, managed]).toEqual([id, []]);
    ofRole.set(id, ((Properties.Policies ?? []) as { PolicyDocument: { Statement: Statement[] } }[]).flatMap(({ PolicyDocument }) => PolicyDocument.Statement));
  }
  for (const { Properties } of Object.values(resources(template, 'AWS::IAM::Policy'))) {
    for (const { Ref } of Properties.Roles as { Ref: string }[]) ofRole.get(Ref)?.push(...Properties.PolicyDocument.Statement);
  }
  return [...ofRole].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([id, statements]) => [inWords({ Ref: id }), ...statements.map(line).sort()]);
}

describe('DB-05 what each role may do has been reviewed: UPDATE_REVIEWED=1 writes the file anew', () => {
  test.each(KINDS)('%s', (name, props) => {
    expectReviewed(`policies/${name}.txt`, policies(synthesize(props).template));
  });
});
