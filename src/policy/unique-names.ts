import { Annotations, Stack, Stage } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { refuse } from './validation';

/** A name that AWS keeps once. */
export interface UniqueName {
  readonly property: string;
  readonly name: string;
  /** Whether it is one for all accounts and Regions. */
  readonly global?: boolean;
  readonly remedy: string;
}

interface Claim extends UniqueName {
  readonly owner: IConstruct;
}

/** What each app has named so far. */
const CLAIMS = new WeakMap<IConstruct, Claim[]>();

/**
 * Refuses a name that something else in the app has in the same account and Region: the deployment would fail in its middle, or the second would write
 * over what belongs to the first. Stacks without an environment count as being in one place, since one command deploys them; in two stages
 * they usually are not, and that is a warning.
 */
export function claimName(owner: IConstruct, name: UniqueName): void {
  const claims = CLAIMS.get(owner.node.root) ?? [];
  CLAIMS.set(owner.node.root, claims);
  const other = claims.find((claim) => claim.owner !== owner && claim.property === name.property && claim.name === name.name
    && (name.global === true || claim.global === true || isOnePlace(Stack.of(owner), Stack.of(claim.owner))));
  if (other !== undefined && !mayBeElsewhere(owner, other.owner)) {
    refuse(name.property, `${JSON.stringify(name.name)}, which ${other.owner.node.path} has`, 'a name that nothing else in the same account and Region has', name.remedy);
  }
  if (other !== undefined) {
    Annotations.of(owner).addWarningV2(`cdk-auth-service:sameName:${name.property}`,
      `${name.property} is ${JSON.stringify(name.name)} as that of ${other.owner.node.path}: the two cannot be deployed to the same account and Region; give their stages an env each`);
  }
  claims.push({ ...name, owner });
}

/** By what is known of them: all that is not is the same token. */
function isOnePlace(one: Stack, other: Stack): boolean {
  return one.account === other.account && one.region === other.region;
}

/** Stages that do not say where they are deployed. */
function mayBeElsewhere(one: IConstruct, other: IConstruct): boolean {
  return Stage.of(one) !== Stage.of(other) && (isAnywhere(Stack.of(one)) || isAnywhere(Stack.of(other)));
}

function isAnywhere({ environment }: Stack): boolean {
  return environment.includes('unknown-');
}
