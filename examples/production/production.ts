import { CfnOutput, Duration, Stack, type StackProps, TimeZone } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { AuthFunctionName, AuthService, FunctionDeployment, ProvisionedConcurrency, TableBackups } from 'cdk-auth-service';
import type { Construct } from 'constructs';

/** What a team usually sets: its web application, a key of its own, backups, careful deployments, warm logins in business hours. */
export class Production extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    const auth = new AuthService(this, 'Auth', {
      serviceName: 'shop-auth',
      webApp: { origins: ['https://shop.example.com'] },
      encryptionKey: new Key(this, 'Key', { enableKeyRotation: true, description: 'Tables, secrets and logs of the authentication service' }),
      storage: { backups: TableBackups.daily({ retention: Duration.days(90) }) },
      functions: {
        deployment: FunctionDeployment.canary({ percentage: 10, interval: Duration.minutes(10) }),
        overrides: [{
          name: AuthFunctionName.LOGIN,
          provisionedConcurrency: ProvisionedConcurrency.scheduled([{ startHour: 8, endHour: 18, concurrency: 3 }], { timeZone: TimeZone.EUROPE_BERLIN }),
        }],
      },
    });

    new CfnOutput(this, 'AuthUrl', { value: auth.apiUrl });
  }
}
