import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { AuthService, SigningKeys } from 'cdk-auth-service';
import type { Construct } from 'constructs';

/** Access tokens that KMS signs: no private key ever leaves it. */
export class KmsSigning extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    const auth = new AuthService(this, 'Auth', {
      serviceName: 'bank-auth',
      // To rotate, add a name at the end and deploy. A day later, take the first one off and deploy.
      signingKeys: SigningKeys.kms({ keyIds: ['2026-11'] }),
    });

    new CfnOutput(this, 'JwksUrl', { value: auth.jwksUrl });
  }
}
