/** What CloudFormation waits for after it invoked a custom resource. */
export interface DeploymentAnswer {
  readonly status: 'SUCCESS' | 'FAILED';
  /** Shown to whoever deploys. Fixed text only. */
  readonly reason?: string;
  readonly physicalResourceId: string;
  readonly stackId: string;
  readonly requestId: string;
  readonly logicalResourceId: string;
}

/** Delivers the answer; rejects when CloudFormation did not take it. */
export interface DeploymentReporter {
  report(responseUrl: string, answer: DeploymentAnswer): Promise<void>;
}
