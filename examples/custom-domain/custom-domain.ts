import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { Certificate, CertificateValidation } from 'aws-cdk-lib/aws-certificatemanager';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { AuthApi, AuthService } from 'cdk-auth-service';
import type { Construct } from 'constructs';

/** `auth.example.com` instead of the address that API Gateway makes up, which is closed. Only this name is in tokens, so that the API behind it can change. */
export class CustomDomain extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    // A zone that exists; the id is on its page in Route 53.
    const hostedZone = HostedZone.fromHostedZoneAttributes(this, 'Zone', { zoneName: 'example.com', hostedZoneId: 'Z0123456789EXAMPLE' });
    const domainName = 'auth.example.com';
    const certificate = new Certificate(this, 'Certificate', { domainName, validation: CertificateValidation.fromDns(hostedZone) });

    const auth = new AuthService(this, 'Auth', {
      webApp: { origins: ['https://app.example.com'] },
      api: AuthApi.rest({ customDomain: { domainName, certificate, hostedZone } }),
    });

    new CfnOutput(this, 'AuthUrl', { value: auth.apiUrl });
  }
}
