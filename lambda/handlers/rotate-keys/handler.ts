import type { RequestScope } from '../../ports/request-scope';
import type { DeploymentDeps, DeploymentInput } from '../../use-cases/rotate-keys/deployment';
import { answerDeployment } from '../../use-cases/rotate-keys/deployment';
import type { RotationInput } from '../../use-cases/rotate-keys/rotate-keys';
import { rotateKeys } from '../../use-cases/rotate-keys/rotate-keys';

export type RotateKeysHandlerDeps = DeploymentDeps & {
  readonly scope: RequestScope;
};

export type RotateKeysHandler = (event: unknown, context: { readonly awsRequestId: string }) => Promise<void>;

type Fields = Readonly<Record<string, string>>;

/** Invoked by Secrets Manager with one step of a rotation, and by CloudFormation for the first keys. */
export function createHandler(deps: RotateKeysHandlerDeps): RotateKeysHandler {
  return async (event, { awsRequestId: requestId }) => {
    const deployment = toDeployment(event);
    if (deployment) {
      const identity = { requestId, correlationId: deployment.requestId, operation: `${deployment.requestType} first keys` };
      return deps.scope.run(identity, () => answerDeployment(deps, deployment));
    }
    const rotation = toRotation(event);
    if (rotation) {
      return deps.scope.run({ requestId, correlationId: rotation.token, operation: rotation.step }, () => runStep(deps, rotation));
    }
    throw new Error('neither a step of a rotation nor a custom resource');
  };
}

/** What a step throws, Secrets Manager takes for its failure and repeats later. */
async function runStep(deps: RotateKeysHandlerDeps, input: RotationInput): Promise<void> {
  try {
    await rotateKeys(deps, input);
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
