import { createAwsServices } from '../../../../local/services';
import { AwsServices, AwsServicesOptions, FunctionInvoker, InvokeRequest, InvokeResult, Principal, ResolvedResource } from '../../../../local/services/types';
import { NOW } from './dynamodb';

export const account = { region: 'eu-central-1', accountId: '111122223333', partition: 'aws' };

/** A function that tests stand in for the real runtime. */
export type Handler = (payload: Record<string, unknown>, request: InvokeRequest) => unknown;

export interface ServicesBench {
  readonly services: AwsServices;
  readonly clock: { time: number };
  /** By function ARN. */
  readonly handlers: Map<string, Handler>;
  create(type: string, properties: Record<string, unknown>, logicalId?: string): ReturnType<AwsServices['create']>;
}

export async function startServices(options: Partial<AwsServicesOptions> = {}): Promise<ServicesBench> {
  const clock = { time: NOW };
  const handlers = new Map<string, Handler>();
  const functions: FunctionInvoker = {
    async invoke(request): Promise<InvokeResult> {
      const done = { executedVersion: '$LATEST', requestId: 'r', logTail: '' };
      try {
        const result = await handlers.get(request.functionArn)!(JSON.parse(request.payload) as Record<string, unknown>, request);
        return { ...done, payload: JSON.stringify(result ?? null) };
      } catch (error) {
        return { ...done, payload: JSON.stringify({ errorType: 'Error', errorMessage: (error as Error).message }), functionError: 'Unhandled' };
      }
    },
  };
  const services = createAwsServices({ ...account, port: 0, now: () => clock.time, functions, ...options });
  await services.start();
  return {
    services,
    clock,
    handlers,
    create: (type, properties, logicalId = type.split('::')[2]!) => services.create(resource(type, properties, logicalId)),
  };
}

export const resource = (type: string, properties: Record<string, unknown>, logicalId: string): ResolvedResource =>
  ({ key: `Stack/${logicalId}`, stackName: 'Stack', logicalId, type, properties, generatedName: `Stack-${logicalId}-ABCDEFGHIJKL` });

/** SDK settings of a caller: `person` is unknown to the instance, a principal's key is not. */
export const settings = (services: AwsServices, accessKeyId = 'person') =>
  ({ endpoint: services.url, region: account.region, maxAttempts: 1, credentials: { accessKeyId, secretAccessKey: 'secret' } });

export const principal = (roleArn: string, logicalId = 'Login'): Principal => ({
  accessKeyId: `LOCAL${Buffer.from(logicalId).toString('hex').padEnd(16, '0').slice(0, 16)}`,
  functionKey: `Stack/${logicalId}`,
  logicalId,
  functionArn: `arn:aws:lambda:${account.region}:${account.accountId}:function:${logicalId}-fn`,
  roleArn,
});
