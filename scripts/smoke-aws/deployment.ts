import { CloudFormationClient, DescribeStackEventsCommand, DescribeStacksCommand, type StackEvent } from '@aws-sdk/client-cloudformation';
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Scenario, Variant } from './scenarios.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const cdk = createRequire(import.meta.url).resolve('aws-cdk/bin/cdk');

export const CDK_APP = `${JSON.stringify(process.execPath)} --disable-warning=MODULE_TYPELESS_PACKAGE_JSON scripts/smoke-aws/app.ts`;

/** One stack of the smoke test, through the CDK's command line as a user would. */
export class Deployment {
  readonly stackName: string;
  private readonly account: string;
  private readonly region: string;
  private readonly scenario: Scenario;
  private readonly cloudFormation: CloudFormationClient;

  constructor(account: string, region: string, scenario: Scenario) {
    this.account = account;
    this.region = region;
    this.scenario = scenario;
    // The same name each time: a second deployment must not meet what the first one left.
    this.stackName = `AuthSmoke-${scenario}`;
    this.cloudFormation = new CloudFormationClient({ region });
  }

  /** @returns whether the command succeeded */
  deploy(variant: Variant = 'plain'): Promise<boolean> {
    return this.cdk(variant, 'deploy', this.stackName, '--require-approval', 'never');
  }

  destroy(): Promise<boolean> {
    return this.cdk('plain', 'destroy', this.stackName, '--force');
  }

  /** As CloudFormation calls it; undefined when there is no stack. */
  async status(): Promise<string | undefined> {
    try {
      return (await this.cloudFormation.send(new DescribeStacksCommand({ StackName: this.stackName }))).Stacks?.[0]?.StackStatus;
    } catch (error) {
      if (/does not exist/.test(String(error))) return undefined;
      throw error;
    }
  }

  /** Newest first; the first page is enough for a look at what went wrong. */
  async events(): Promise<StackEvent[]> {
    return (await this.cloudFormation.send(new DescribeStackEventsCommand({ StackName: this.stackName }))).StackEvents ?? [];
  }

  async failures(): Promise<string[]> {
    return (await this.events()).filter(({ ResourceStatus: status }) => status?.endsWith('_FAILED'))
      .map(({ LogicalResourceId: id, ResourceStatusReason: reason }) => `${id}: ${reason}`);
  }

  private cdk(variant: Variant, ...args: string[]): Promise<boolean> {
    const env = {
      ...process.env,
      SMOKE_SCENARIO: this.scenario, SMOKE_VARIANT: variant, SMOKE_STACK: this.stackName,
      CDK_DEFAULT_ACCOUNT: this.account, CDK_DEFAULT_REGION: this.region, AWS_REGION: this.region,
    };
    return new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [cdk, ...args, '--app', CDK_APP, '--output', join('.cache', 'smoke-aws')], { cwd: root, env, stdio: 'inherit' });
      child.on('error', reject);
      child.on('exit', (code) => resolve(code === 0));
    });
  }
}
