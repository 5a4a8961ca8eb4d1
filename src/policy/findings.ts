import { Validations } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/** A finding of a rule pack that is so on purpose. */
export interface Finding {
  /** Id of the finding, as cdk-nag names it. */
  readonly id: string;
  readonly reason: string;
}

/**
 * What cdk-nag's AwsSolutions pack finds in this service, and why it stays. A reviewer reads the reasons in the report of the tool itself.
 */
export const Findings = {
  /** Every action of X-Ray, and those of EC2 on network interfaces. */
  ACTION_WITHOUT_RESOURCES: {
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason: 'X-Ray and the network interfaces of EC2 know no resources for these actions; every other statement names its table, secret, key or log group',
  },
  /** CodeDeploy asks for the alarms of a deployment by name. */
  ALARMS_BY_NAME: {
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason: 'CodeDeploy reads the state of the alarms that guard a deployment, also of those that the user names; it may change none of them',
  },
  ACCOUNT_LOG_ROLE: {
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason: 'API Gateway writes the logs of all APIs of the account and Region through this one role, and refuses one that is confined to some log groups',
  },
  NO_EXECUTION_LOGS: {
    id: 'AwsSolutions-APIG6',
    reason: 'execution logs may hold bodies, and bodies hold passwords (ASVS 16.2.5); the access log and the audit events say what happened',
  },
  PUBLIC_ROUTE: {
    id: 'AwsSolutions-APIG4',
    reason: 'who registers, logs in or refreshes has no access token yet; public keys, discovery, health and preflights are for everybody',
  },
  OWN_AUTHORIZER: {
    id: 'AwsSolutions-COG4',
    reason: 'this service is what issues and verifies the tokens, with an authorizer of its own that also knows sessions that have ended',
  },
} as const;

/**
 * Writes the reasons where rule packs look for them: metadata of the construct tree, in no template, without a dependency on any pack.
 */
export function acknowledge(on: IConstruct, ...findings: Finding[]): void {
  Validations.of(on).acknowledge(...findings);
}
