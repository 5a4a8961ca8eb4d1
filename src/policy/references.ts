import { Stack } from 'aws-cdk-lib';
import { AuthServiceProps } from './auth-service-props';
import { checkKeyPlace } from './encryption-key';
import { checkPlace } from './places';

/** Whether the service can use what its props refer to, where it is. The certificate has a check of its own: CloudFront takes it from us-east-1. */
export function checkReferences({ encryptionKey, signingKeys, network, functions, api }: AuthServiceProps, stack: Stack): void {
  if (encryptionKey) {
    checkKeyPlace('encryptionKey', encryptionKey, stack);
  }
  const secret = signingKeys?._details.secret;
  if (secret) {
    const byAnotherAccount = 'use Secret.fromSecretAttributes() with its complete ARN, and allow this account in its policy and in that of its key';
    checkPlace({ property: 'signingKeys: secret', what: 'a secret', resource: secret, arn: secret.secretArn, byAnotherAccount }, stack);
    if (secret.encryptionKey) {
      checkKeyPlace('signingKeys: key of the secret', secret.encryptionKey, stack);
    }
  }
  const { _vpc: vpc, _options: { securityGroups = [] } = {} } = network ?? {};
  if (vpc) {
    const byAnotherAccount = 'share its subnets by AWS Resource Access Manager and use Vpc.fromVpcAttributes()';
    checkPlace({ property: 'network: vpc', what: 'a VPC', resource: vpc, byAnotherAccount }, stack);
    for (const resource of securityGroups) {
      checkPlace({ property: 'network: securityGroups', what: 'a security group', resource, byAnotherAccount: 'make one in this account' }, stack);
    }
  }
  const signing = functions?.codeSigningConfig;
  if (signing) {
    const byAnotherAccount = 'make one in this account: Lambda takes no other';
    checkPlace({ property: 'functions.codeSigningConfig', what: 'a configuration', resource: signing, arn: signing.codeSigningConfigArn, byAnotherAccount }, stack);
  }
  const { accessLogs, customDomain } = api?._options ?? {};
  const stream = accessLogs?._stream;
  if (stream) {
    const byAnotherAccount = 'make one in this account, which passes the log on';
    checkPlace({ property: 'api: accessLogs', what: 'a stream', resource: stream, arn: stream.deliveryStreamArn, byAnotherAccount }, stack);
  }
  if (customDomain?.hostedZone) {
    const byAnotherAccount = 'leave it out and make the record there, to customDomainTarget';
    checkPlace({ property: 'api: customDomain: hostedZone', what: 'a zone', resource: customDomain.hostedZone, byAnotherAccount, global: true }, stack);
  }
}
