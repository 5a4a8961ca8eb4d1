import { CfnResource, IResource, Stack, Token } from 'aws-cdk-lib';
import { refuse } from './validation';

/** Something that a prop refers to. */
export interface Reference {
  readonly property: string;
  /** `a key`, for messages. */
  readonly what: string;
  readonly resource: IResource;
  /** Where it has one: an import by ARN may lie elsewhere than the construct that stands for it. */
  readonly arn?: string;
  /** How another account's is had, where it can be. */
  readonly byAnotherAccount: string;
  /** Whether it belongs to no Region. */
  readonly global?: boolean;
}

/**
 * Whether it is where the service can use it, as far as that can be seen before the deployment: in the service's Region, and what this app makes also in
 * its account, since CloudFormation hands no reference from one account to another.
 */
export function checkPlace({ property, what, resource, arn, byAnotherAccount, global }: Reference, stack: Stack): void {
  const [region, account] = placeOf(resource, arn);
  if (!global && differ(region, stack.region)) {
    refuse(property, `${what} in ${region}`, `one in ${stack.region}`, 'the service can use those of its own Region only');
  }
  if (isMadeHere(resource) && differ(account, stack.account)) {
    refuse(property, `${what} that this app makes in the account ${account}`, `one of the account ${stack.account}`, byAnotherAccount);
  }
}

/** Region and account. */
function placeOf(resource: IResource, arn: string | undefined): [string | undefined, string | undefined] {
  const parts = arn === undefined || Token.isUnresolved(arn) ? [] : arn.split(':');
  return [parts[3] || resource.env.region, parts[4] || resource.env.account];
}

function differ(one: string | undefined, other: string): boolean {
  return one !== undefined && !Token.isUnresolved(one) && !Token.isUnresolved(other) && one !== other;
}

function isMadeHere({ node: { defaultChild } }: IResource): boolean {
  return defaultChild !== undefined && CfnResource.isCfnResource(defaultChild);
}
