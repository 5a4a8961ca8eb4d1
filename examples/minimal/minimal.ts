import { Stack, type StackProps } from 'aws-cdk-lib';
import { AuthService } from 'cdk-auth-service';
import type { Construct } from 'constructs';

/** All defaults: nothing has to be set to be safe in production. */
export class Minimal extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    new AuthService(this, 'Auth');
  }
}
