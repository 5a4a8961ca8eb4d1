import { Functions } from '../lambda/functions';

/** What the gateways and authorizers share. */
export interface GatewayPlatform {
  readonly functions: Functions;
  readonly region: string;
  readonly accountId: string;
  readonly partition: string;
  readonly urlSuffix: string;
  now(): number;
}

/** API Gateway may not call the function: no AWS::Lambda::Permission covers the call. */
export class NotPermittedError extends Error {
  override readonly name = 'NotPermittedError';

  constructor(functionArn: string, sourceArn: string) {
    super(`API Gateway has no permission to invoke ${functionArn} from ${sourceArn}`);
  }
}

export interface InvocationOutcome {
  readonly ok: boolean;
  /** Parsed result or error document. */
  readonly payload: unknown;
}

/** Invokes a function as API Gateway does, with a look at the function's resource policy. */
export async function invokeAsGateway(platform: GatewayPlatform, functionArn: string, sourceArn: string, event: object): Promise<InvocationOutcome> {
  const { functions } = platform;
  if (!functions.permissions.allow(functionArn, 'apigateway.amazonaws.com', sourceArn, platform.accountId)) {
    throw new NotPermittedError(functionArn, sourceArn);
  }
  const result = await functions.invoke({ functionArn, payload: JSON.stringify(event), source: 'apigateway' });
  return { ok: result.functionError === undefined, payload: result.payload === '' ? null : JSON.parse(result.payload) };
}

export function executeApiArn(platform: GatewayPlatform, apiId: string, rest: string): string {
  return `arn:${platform.partition}:execute-api:${platform.region}:${platform.accountId}:${apiId}/${rest}`;
}
