import { randomBytes } from 'node:crypto';
import { RuntimeApi } from '../lambda/runtime-api';
import { FunctionInvoker, FunctionNotFoundError, ProvisionedResource, ResolvedResource } from '../services/types';
import { stableUuid } from '../template/names';
import { isRecord, UserError } from '../template/types';

const DEFAULT_TIMEOUT_SECONDS = 3600;

/** Of the CDK itself, and about nothing that the instance has: buckets, and how long logs are kept. */
const WITHOUT_EFFECT = ['Custom::S3AutoDeleteObjects', 'Custom::S3BucketNotifications', 'Custom::CDKBucketDeployment', 'Custom::LogRetention'];

export function isCustomResource(type: string): boolean {
  return type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';
}

interface CreateRequest {
  readonly requestId: string;
  readonly stackArn: string;
  readonly responseUrl: string;
}

/** Runs Lambda-backed custom resources: invokes the provider function with Create and waits for the PUT to ResponseURL. */
export class CustomResources {
  constructor(private readonly functions: FunctionInvoker, private readonly runtimeApi: RuntimeApi) {}

  /** Rejects with one line when the provider says FAILED, fails itself, or gives no answer. What the instance lacks is told as not evaluated. */
  async create(resource: ResolvedResource, stackArn: string): Promise<ProvisionedResource> {
    const without = (why: string) => ({ ref: resource.generatedName, attributes: {}, notEvaluated: [why] });
    if (WITHOUT_EFFECT.includes(resource.type)) return without('what it acts on');
    try {
      return await this.ask(resource, stackArn);
    } catch (error) {
      const why = lacking(error);
      if (why === undefined) throw error;
      return without(why);
    }
  }

  private async ask(resource: ResolvedResource, stackArn: string): Promise<ProvisionedResource> {
    const { ServiceToken: serviceToken, ServiceTimeout: serviceTimeout } = resource.properties;
    if (typeof serviceToken !== 'string' || !serviceToken.includes(':lambda:')) {
      throw new UserError(`custom resource ${resource.logicalId}: its ServiceToken is not a Lambda function`);
    }
    const requestId = stableUuid(`${resource.key}/create`);
    const answer = this.runtimeApi.expectResponse(randomBytes(16).toString('hex'));
    let timer: NodeJS.Timeout | undefined;
    try {
      const timeout = new Promise<never>((_, reject) => {
        const seconds = Number(serviceTimeout ?? DEFAULT_TIMEOUT_SECONDS);
        timer = setTimeout(() => reject(new UserError(`custom resource ${resource.logicalId}: no answer within ${seconds} s`)), seconds * 1000);
      });
      const invoked = this.invoke(serviceToken, resource, { requestId, stackArn, responseUrl: answer.url });
      const body = await Promise.race([answer.received, invoked, timeout]);
      return outcome(resource, body);
    } finally {
      clearTimeout(timer);
      answer.forget();
    }
  }

  /** Settles only when the function fails: success is told by the PUT. */
  private async invoke(serviceToken: string, resource: ResolvedResource, request: CreateRequest): Promise<never> {
    const result = await this.functions.invoke({
      functionArn: serviceToken,
      source: 'cloudformation',
      payload: JSON.stringify({
        RequestType: 'Create',
        ServiceToken: serviceToken,
        ResponseURL: request.responseUrl,
        StackId: request.stackArn,
        RequestId: request.requestId,
        LogicalResourceId: resource.logicalId,
        ResourceType: resource.type,
        ResourceProperties: asText(resource.properties),
      }),
    });
    if (result.functionError !== undefined) {
      const { errorMessage } = JSON.parse(result.payload) as { errorMessage?: string };
      throw new UserError(`custom resource ${resource.logicalId}: its function failed: ${errorMessage ?? result.payload}`);
    }
    return new Promise<never>(() => undefined);
  }
}

/** What the instance does not have that a provider asked for; undefined when the provider itself is at fault. */
function lacking(error: unknown): string | undefined {
  if (error instanceof FunctionNotFoundError) return 'its function, which does not run here';
  const message = error instanceof UserError ? error.message : '';
  const [, module] = /Cannot find module '(@aws-sdk\/[\w-]+)'/.exec(message) ?? [];
  if (module !== undefined) return `its function, which takes ${module} from Lambda's runtime`;
  return message.includes('is not available in the local instance') ? 'its function, which calls a service that is not here' : undefined;
}

function outcome(resource: ResolvedResource, body: string): ProvisionedResource {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    throw new UserError(`custom resource ${resource.logicalId}: its answer is not JSON`);
  }
  if (!isRecord(parsed) || (parsed.Status !== 'SUCCESS' && parsed.Status !== 'FAILED')) {
    throw new UserError(`custom resource ${resource.logicalId}: its answer has no Status`);
  }
  if (parsed.Status === 'FAILED') {
    throw new UserError(`custom resource ${resource.logicalId} failed: ${String(parsed.Reason ?? 'no reason given').split('\n')[0]}`);
  }
  return { ref: String(parsed.PhysicalResourceId ?? resource.generatedName), attributes: isRecord(parsed.Data) ? parsed.Data : {} };
}

/** CloudFormation turns every scalar property of a custom resource into text. */
function asText(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asText);
  if (isRecord(value)) return Object.fromEntries(Object.entries(value).map(([name, element]) => [name, asText(element)]));
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
}
