import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { randomBytes } from 'node:crypto';
import { send, type Answer, type Call } from '../demo/http.ts';

/** Outputs of scripts/smoke-aws/app.ts. */
export interface Outputs {
  readonly AuthUrl: string;
  readonly OrdersUrl: string;
  readonly ProbeFunction: string;
  readonly AdminFunction: string;
  readonly LoginFunction: string;
  readonly SigningSecret: string;
}

export interface ClientSettings {
  readonly region: string;
  /** Of the local instance. */
  readonly endpoint?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

export const PASSWORD = 'glacier tulip marmot sonata 42';

/** A running service, on AWS or on this machine. */
export class Target {
  readonly settings: ClientSettings;
  readonly outputs: Outputs;
  readonly stackName: string;
  readonly secrets: SecretsManagerClient;
  private readonly lambda: LambdaClient;

  constructor(settings: ClientSettings, stackName: string, outputs: Outputs) {
    this.settings = settings;
    this.stackName = stackName;
    this.outputs = outputs;
    this.secrets = new SecretsManagerClient(settings);
    this.lambda = new LambdaClient(settings);
  }

  /** What CloudFormation says of a stack that is there. */
  static async ofStack(region: string, stackName: string): Promise<Target> {
    const { Stacks: [stack] = [] } = await new CloudFormationClient({ region }).send(new DescribeStacksCommand({ StackName: stackName }));
    const outputs = Object.fromEntries((stack?.Outputs ?? []).map(({ OutputKey: key, OutputValue: value }) => [key, value]));
    return new Target({ region }, stackName, outputs as unknown as Outputs);
  }

  /** Calls a route of the service: `/login`. */
  call(method: string, route: string, request?: Omit<Call, 'method' | 'url'>): Promise<Answer> {
    return send({ method, url: `${this.outputs.AuthUrl.replace(/\/$/, '')}${route}`, ...request });
  }

  async invoke(functionName: string, event: object, qualifier?: string): Promise<any> {
    const { Payload: payload, FunctionError: error } = await this.lambda.send(new InvokeCommand({
      FunctionName: functionName, Payload: JSON.stringify(event), ...qualifier === undefined ? {} : { Qualifier: qualifier },
    }));
    const text = Buffer.from(payload ?? []).toString('utf8');
    if (error !== undefined) throw new Error(`${functionName} failed: ${text}`);
    return JSON.parse(text);
  }

  admin(event: object): Promise<any> {
    return this.invoke(this.outputs.AdminFunction, { operator: 'smoke-aws', reason: 'smoke test', ...event }, 'live');
  }

  /** A new account and its address. */
  async newUser(): Promise<{ email: string; registered: Answer }> {
    const email = `smoke.${randomBytes(8).toString('hex')}@example.com`;
    return { email, registered: await this.call('POST', '/register', { body: { email, password: PASSWORD } }) };
  }

  login(email: string, password = PASSWORD): Promise<Answer> {
    return this.call('POST', '/login', { body: { email, password } });
  }
}

/** Asks every few seconds until the answer satisfies, at most so many minutes. @returns the last answer */
export async function eventually<T>(minutes: number, ask: () => Promise<T>, satisfies: (answer: T) => boolean): Promise<T> {
  const end = performance.now() + minutes * 60_000;
  for (;;) {
    const answer = await ask();
    if (satisfies(answer) || performance.now() > end) return answer;
    await new Promise((resolve) => setTimeout(resolve, 3000));
  }
}

/** The value below which this share of the samples lies. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? NaN;
}
