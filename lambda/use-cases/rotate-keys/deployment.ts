import { Limits } from '../../../src/contract/limits';
import { Log } from '../../ports/log';
import { DeploymentReporter } from '../../ports/deployment';
import { deniedAction } from '../../domain/denied-action';
import { UnavailableError } from '../../domain/errors';
import { KeyListError } from '../../domain/listed-keys';
import { KeyListDeps, KeyOperationDeps } from './deps';
import { ensureFirstKeys } from './first-keys';
import { patiently } from './patience';

/** A custom resource event of CloudFormation. */
export interface DeploymentInput {
  readonly requestType: 'Create' | 'Update' | 'Delete';
  readonly responseUrl: string;
  readonly stackId: string;
  readonly requestId: string;
  readonly logicalResourceId: string;
  /** Absent on Create. */
  readonly physicalResourceId?: string;
  /** Signing keys of KMS, the oldest first: of the event and not of the environment, so that what is taken back is taken back. */
  readonly keyArns?: readonly string[];
}

export type DeploymentDeps = (KeyOperationDeps | KeyListDeps) & {
  readonly reporter: DeploymentReporter;
  readonly log: Log;
  readonly pause: (milliseconds: number) => Promise<void>;
};

/** Always the same, so that no update ever looks like a replacement and deletes the resource before it. */
const PHYSICAL_ID = 'auth-service-first-keys';

/**
 * Create and Update see to it that keys exist and are public; Delete does nothing, since secrets and tables have removal policies of
 * their own. Every outcome is answered: without an answer CloudFormation waits for an hour.
 *
 * @param inTime ends work that hangs while there is still time to report it; without it, work takes as long as it takes
 */
export async function answerDeployment(
  deps: DeploymentDeps,
  input: DeploymentInput,
  inTime: (work: () => Promise<void>) => Promise<void> = (work) => work(),
): Promise<void> {
  const answer = {
    physicalResourceId: input.physicalResourceId ?? PHYSICAL_ID,
    stackId: input.stackId,
    requestId: input.requestId,
    logicalResourceId: input.logicalResourceId,
  };
  let failure: unknown;
  try {
    if (input.requestType !== 'Delete') await inTime(() => makeKeys(deps, input.keyArns));
  } catch (error) {
    failure = error;
    deps.log.error('the first keys could not be made', error);
  }
  await deps.reporter.report(input.responseUrl, failure === undefined
    ? { status: 'SUCCESS', ...answer }
    : { status: 'FAILED', reason: reasonOf(failure), ...answer });
}

/**
 * A service that runs has verifiers that keep the set they know for a cache age. Where all keys are new, after a change of their keeper,
 * nobody may sign with them before that: the deployment waits, and functions that sign come after it.
 */
async function makeKeys(deps: DeploymentDeps, keyArns: readonly string[] | undefined): Promise<void> {
  let ran: boolean | undefined;
  await patiently(deps, async () => {
    // As it was before the first try, which may have published and then lost its answer.
    ran ??= await deps.published.readPublishedKeys() !== undefined;
    await ensureFirstKeys(deps, keyArns);
  });
  if (!ran) return;
  const signing = (await deps.published.readPublishedKeys())?.keys.filter(({ state }) => state === 'active') ?? [];
  const wait = Math.min(...signing.map(({ publishedAt }) => publishedAt)) + Limits.KEYSET_CACHE_SECONDS * 1000 - deps.clock.now();
  if (wait > 0 && Number.isFinite(wait)) await deps.pause(wait);
}

/** What CloudFormation shows in the events of the stack. By fixed words: the text of an error may hold more than an operator of stacks should see. */
function reasonOf(failure: unknown): string {
  if (failure instanceof KeyListError) return `signingKeys: ${failure.message}`;
  const action = deniedAction(failure);
  if (action !== undefined) {
    return `the first keys could not be made: the role of the rotate-keys function is denied ${action}. `
      + 'The construct allows it; look for a permissions boundary, a service control policy or the policy of a key or an endpoint that does not';
  }
  const why = failure instanceof UnavailableError ? `: ${failure.dependency} gave no answer` : '';
  return `the first keys could not be made or published${why}, see the log of the rotate-keys function`;
}
