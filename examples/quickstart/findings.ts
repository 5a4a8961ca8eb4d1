import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * What cdk-nag's AwsSolutions pack finds in the example's own API, which shows the authorizer and nothing else. Give a real one an access
 * log, a web ACL and a role of its own. The service itself has nothing left to acknowledge.
 */
export function acknowledgeExample(api: IConstruct, handler: IConstruct): void {
  const reason = 'an example as small as can be: it shows the authorizer';
  for (const id of ['AwsSolutions-APIG1', 'AwsSolutions-APIG2', 'AwsSolutions-APIG3', 'AwsSolutions-APIG6']) {
    Validations.of(api).acknowledge({ id, reason });
  }
  Validations.of(api).acknowledge({ id: 'AwsSolutions-COG4', reason: 'its callers hold access tokens of this service, not of Amazon Cognito' });
  // The id holds more colons than `acknowledge` of aws-cdk-lib 2.257 takes; this is what it writes.
  handler.node.addMetadata(Validations.ACKNOWLEDGED_RULES_METADATA_KEY, {
    'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]': reason,
  });
}
