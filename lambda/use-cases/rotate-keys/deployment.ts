import { Log } from '../../ports/log';
import { DeploymentReporter } from '../../ports/deployment';
import { KeyOperationDeps } from './deps';
import { ensureFirstKeys } from './first-keys';

/** A custom resource event of CloudFormation. */
export interface DeploymentInput {
  readonly requestType: 'Create' | 'Update' | 'Delete';
  readonly responseUrl: string;
  readonly stackId: string;
  readonly requestId: string;
  readonly logicalResourceId: string;
  /** Absent on Create. */
  readonly physicalResourceId?: string;
}

export interface DeploymentDeps extends KeyOperationDeps {
  readonly reporter: DeploymentReporter;
  readonly log: Log;
}

/** Always the same, so that no update ever looks like a replacement and deletes the resource before it. */
const PHYSICAL_ID = 'auth-service-first-keys';

/**
 * Create and Update see to it that keys exist and are public; Delete does nothing, since secrets and tables have removal policies of
 * their own. Every outcome is answered: without an answer CloudFormation waits for an hour.
 */
export async function answerDeployment(deps: DeploymentDeps, input: DeploymentInput): Promise<void> {
  const answer = {
    physicalResourceId: input.physicalResourceId ?? PHYSICAL_ID,
    stackId: input.stackId,
    requestId: input.requestId,
    logicalResourceId: input.logicalResourceId,
  };
  let failure: unknown;
  try {
    if (input.requestType !== 'Delete') await ensureFirstKeys(deps);
  } catch (error) {
    failure = error;
    deps.log.error('the first keys could not be made', error);
  }
  await deps.reporter.report(input.responseUrl, failure === undefined
    ? { status: 'SUCCESS', ...answer }
    : { status: 'FAILED', reason: 'the first keys could not be made or published, see the log of the rotate-keys function', ...answer });
}
