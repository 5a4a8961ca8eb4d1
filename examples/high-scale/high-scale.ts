import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { ContributorInsightsMode } from 'aws-cdk-lib/aws-dynamodb';
import { AuthFunctionName, AuthPreset, AuthService, AuthTable, ProvisionedConcurrency } from 'cdk-auth-service';
import type { Construct } from 'constructs';

/** A service for tens of millions of users. What is set here goes over the preset, entry by entry and member by member. */
export class HighScale extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    const auth = new AuthService(this, 'Auth', {
      preset: AuthPreset.highScale(),
      storage: {
        contributorInsights: ContributorInsightsMode.THROTTLED_KEYS,
        // Every login and every refresh writes here.
        overrides: [{ name: AuthTable.SESSIONS, warmThroughput: { readUnitsPerSecond: 40_000, writeUnitsPerSecond: 20_000 } }],
      },
      functions: {
        overrides: [{ name: AuthFunctionName.AUTHORIZER, provisionedConcurrency: ProvisionedConcurrency.utilization({ min: 20, max: 500 }) }],
      },
    });

    new CfnOutput(this, 'AuthUrl', { value: auth.apiUrl });
  }
}
