import { Annotations, Aspects, CfnOutput, type IAspect, Stack, type StackProps, Tags } from 'aws-cdk-lib';
import { ManagedPolicy, PermissionsBoundary } from 'aws-cdk-lib/aws-iam';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import { AuthService } from 'cdk-auth-service';
import type { Construct, IConstruct } from 'constructs';

/** Of a company: logs are kept for a time that somebody chose, and functions have names that its inventory understands. */
class CompanyRules implements IAspect {
  visit(node: IConstruct): void {
    if (node instanceof CfnLogGroup && node.retentionInDays === undefined) {
      Annotations.of(node).addError('logs are kept for ever');
    }
    if (node instanceof CfnFunction) {
      node.addMetadata('inventory', `identity/${node.node.path}`);
    }
  }
}

/** Rules that a company lays over every stack: they reach all that the service consists of. */
export class CompanyPolicies extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    const auth = new AuthService(this, 'Auth');

    PermissionsBoundary.of(this).apply(ManagedPolicy.fromManagedPolicyName(this, 'Boundary', 'company-boundary'));
    Tags.of(this).add('cost-center', 'identity');
    Tags.of(this).add('data-class', 'personal');
    Aspects.of(this).add(new CompanyRules());

    new CfnOutput(this, 'AuthUrl', { value: auth.apiUrl });
  }
}
