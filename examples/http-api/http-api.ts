import { Annotations, CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { AuthApi, AuthRoute, AuthService, CloudFrontFirewall, Firewall } from 'cdk-auth-service';
import type { Construct } from 'constructs';

/** The web ACL of a distribution lies in us-east-1, whatever Region the service is in. */
export class FirewallStack extends Stack {
  public readonly firewall: CloudFrontFirewall;

  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    this.firewall = new CloudFrontFirewall(this, 'Firewall', { serviceName: 'shop-auth', authenticationRequestsPerMinute: 60 });
  }
}

export interface HttpApiStackProps extends StackProps {
  readonly webAclArn: string;
}

/** An HTTP API, cheaper than a REST API, behind a CloudFront distribution that carries the web ACL. */
export class HttpApiStack extends Stack {
  constructor(scope: Construct, id: string, props: HttpApiStackProps) {
    super(scope, id, props);

    const auth = new AuthService(this, 'Auth', {
      serviceName: 'shop-auth',
      webApp: { origins: ['https://shop.example.com'] },
      api: AuthApi.http({ routeThrottles: [{ route: AuthRoute.REGISTER, rateLimit: 20 }] }),
      firewall: Firewall.cloudFront(props.webAclArn),
    });
    Annotations.of(auth).acknowledgeWarning('cdk-auth-service:cloudFrontCertificate', 'an example without a domain of its own; in production set customDomain');

    new CfnOutput(this, 'AuthUrl', { value: auth.apiUrl });
  }
}
