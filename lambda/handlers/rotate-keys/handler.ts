import type { TimeLeft } from '../../http/working-time';
import { workingTime } from '../../http/working-time';
import type { Deadline } from '../../ports/deadline';
import type { RequestScope } from '../../ports/request-scope';
import type { DeploymentDeps, DeploymentInput } from '../../use-cases/rotate-keys/deployment';
import { answerDeployment } from '../../use-cases/rotate-keys/deployment';
import type { RotationInput } from '../../use-cases/rotate-keys/rotate-keys';
import { rotateKeys } from '../../use-cases/rotate-keys/rotate-keys';

export type RotateKeysHandlerDeps = DeploymentDeps & {
  readonly scope: RequestScope;
  readonly deadline: Deadline;
};

export type RotateKeysHandler = (event: unknown, context: TimeLeft & { readonly awsRequestId: string }) => Promise<void>;

type Fields = Readonly<Record<string, string>>;

/** Runs work until the time that is given to it is over. */
type Limited = (work: () => Promise<void>) => Promise<void>;

/** For CloudFormation's answer, which takes more than one try when S3 does not take it. */
const REPORT_MS = 15_000;

/** Invoked by Secrets Manager with one step of a rotation, and by CloudFormation for the first keys. */
export function createHandler(deps: RotateKeysHandlerDeps): RotateKeysHandler {
  const inTime = (milliseconds: number): Limited => (work) => deps.deadline.run(milliseconds, () => deps.deadline.keep(work));

  return async (event, context) => {
    const requestId = context.awsRequestId;
    const deployment = toDeployment(event);
    if (deployment) {
      const identity = { requestId, correlationId: deployment.requestId, operation: `${deployment.requestType} first keys` };
      return deps.scope.run(identity, () => answerDeployment(deps, deployment, inTime(workingTime(context, Infinity, REPORT_MS))));
    }
    const rotation = toRotation(event);
    if (rotation) {
      const identity = { requestId, correlationId: rotation.token, operation: rotation.step };
      return deps.scope.run(identity, () => runStep(deps, rotation, inTime(workingTime(context))));
    }
    throw new Error('neither a step of a rotation nor a custom resource');
  };
}

/** What a step throws, Secrets Manager takes for its failure and repeats later. */
async function runStep(deps: RotateKeysHandlerDeps, input: RotationInput, limited: Limited): Promise<void> {
  try {
    await rotateKeys(deps, input, limited);
  } catch (error) {
    deps.log.error('the step failed', error);
    throw error;
  }
}

function toRotation(event: unknown): RotationInput | undefined {
  if (!hasTexts(event, 'Step', 'SecretId', 'ClientRequestToken')) return undefined;
  return { step: event['Step']!, secretId: event['SecretId']!, token: event['ClientRequestToken']! };
}

function toDeployment(event: unknown): DeploymentInput | undefined {
  if (!hasTexts(event, 'RequestType', 'ResponseURL', 'StackId', 'RequestId', 'LogicalResourceId')) return undefined;
  const requestType = (['Create', 'Update', 'Delete'] as const).find((type) => type === event['RequestType']);
  if (!requestType) return undefined;
  return {
    requestType,
    responseUrl: event['ResponseURL']!,
    stackId: event['StackId']!,
    requestId: event['RequestId']!,
    logicalResourceId: event['LogicalResourceId']!,
    ...(event['PhysicalResourceId'] === undefined ? {} : { physicalResourceId: event['PhysicalResourceId'] }),
    keyArns: keyArnsOf(event),
  };
}

function keyArnsOf(event: object): readonly string[] {
  const { ResourceProperties: properties } = event as { readonly ResourceProperties?: { readonly SigningKeys?: unknown } };
  const keys = properties?.SigningKeys;
  return Array.isArray(keys) ? keys.filter((key) => typeof key === 'string') : [];
}

function hasTexts(event: unknown, ...names: readonly string[]): event is Fields {
  return typeof event === 'object' && event !== null && names.every((name) => typeof (event as Record<string, unknown>)[name] === 'string');
}
