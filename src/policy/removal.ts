import { RemovalPolicy } from 'aws-cdk-lib';
import { refuse } from './validation';

/**
 * What holds data outlives its stack, but not a first deployment that fails: CloudFormation then deletes what it has just made, and nothing
 * empty is left behind.
 */
export const KEPT_ONCE_DEPLOYED = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;

/** Of what CloudFormation cannot delete again, protected as it is: it would try, and the rollback would fail. */
export function keptIfProtected(removalPolicy: RemovalPolicy): RemovalPolicy {
  return removalPolicy === KEPT_ONCE_DEPLOYED ? RemovalPolicy.RETAIN : removalPolicy;
}

/** Whether tables, secrets and logs can be kept or deleted like that. */
export function checkRemovalPolicy(removalPolicy: RemovalPolicy | undefined): void {
  if (removalPolicy === RemovalPolicy.SNAPSHOT) {
    refuse('removalPolicy', 'SNAPSHOT', 'RETAIN, RETAIN_ON_UPDATE_OR_DELETE or DESTROY', 'CloudFormation takes no snapshots of tables and secrets');
  }
}
