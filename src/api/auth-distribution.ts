import { Aws, Duration } from 'aws-cdk-lib';
import {
  AllowedMethods, CachePolicy, Distribution, Function, FunctionCode, FunctionEventType, FunctionRuntime, HeadersReferrerPolicy, HttpVersion,
  OriginProtocolPolicy, OriginRequestPolicy, OriginSslPolicy, ResponseHeadersPolicy, SecurityPolicyProtocol, ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { Construct } from 'constructs';
import { SECURITY_HEADERS } from '../contract/headers';
import { ORIGIN_SECRET_HEADER, VIEWER_ADDRESS_HEADER } from '../contract/limits';
import { CustomDomainOptions } from '../policy/custom-domain';
import { Findings, acknowledge } from '../policy/findings';
import { Firewall } from '../policy/firewall';
import { KeySecret } from '../signing/key-secret';

/** What the distribution is made with. */
export interface AuthDistributionProps {
  readonly serviceName: string;
  /** Host of the API. */
  readonly originHost: string;
  /** What the API's functions know its requests by. */
  readonly originSecret: KeySecret;
  readonly firewall: Firewall;
  readonly customDomain?: CustomDomainOptions;
}

/**
 * Runs at the edge, before the request goes on. Whatever a client wrote into the header is gone then: all its values are replaced. No header
 * policy does the same: CloudFront adds its own viewer address only beside headers listed one by one, and Authorization cannot be listed.
 */
const VIEWER_ADDRESS = `function handler(event) {
  event.request.headers['${VIEWER_ADDRESS_HEADER}'] = { value: event.viewer.ip };
  return event.request;
}
`;

/**
 * CloudFront keeps these errors of an origin for ten seconds unless told otherwise, whatever cache policy and answer say: one client's outage
 * would be the answer to everybody's next requests. What it keeps of others depends on a max-age that our errors do not have.
 */
const UNKEPT_ERRORS: readonly number[] = [404, 414, 500, 501, 502, 503, 504];

/** CloudFront before the HTTP API, since AWS WAF guards no HTTP API. It keeps no answer and passes on everything but the Host header. */
export class AuthDistribution extends Construct {
  public readonly distribution: Distribution;

  constructor(scope: Construct, id: string, props: AuthDistributionProps) {
    super(scope, id);
    const { serviceName, customDomain } = props;
    const viewerAddress = new Function(this, 'ViewerAddress', {
      comment: `Tells the functions of ${serviceName} the address of the client`,
      code: FunctionCode.fromInline(VIEWER_ADDRESS),
      runtime: FunctionRuntime.JS_2_0,
    });
    this.distribution = new Distribution(this, 'Distribution', {
      comment: `Authentication service ${serviceName}`,
      httpVersion: HttpVersion.HTTP2_AND_3,
      webAclId: props.firewall._webAclArn,
      defaultBehavior: {
        origin: new HttpOrigin(props.originHost, {
          protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
          originSslProtocols: [OriginSslPolicy.TLS_V1_2],
          // CloudFormation puts the value in; no template holds it. From then on rotate-keys looks after it.
          customHeaders: { [ORIGIN_SECRET_HEADER]: props.originSecret.secret.secretValueFromJson('active').unsafeUnwrap() },
        }),
        viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
        allowedMethods: AllowedMethods.ALLOW_ALL,
        cachePolicy: CachePolicy.CACHING_DISABLED,
        originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
        responseHeadersPolicy: this.createHeaders(serviceName),
        functionAssociations: [{ function: viewerAddress, eventType: FunctionEventType.VIEWER_REQUEST }],
        compress: false,
      },
      errorResponses: UNKEPT_ERRORS.map((httpStatus) => ({ httpStatus, ttl: Duration.seconds(0) })),
      ...customDomain && {
        domainNames: [customDomain.domainName], certificate: customDomain.certificate, minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2025,
      },
    });
    acknowledge(this.distribution, Findings.EVERY_COUNTRY, Findings.NO_DISTRIBUTION_LOG);
    if (!customDomain) {
      acknowledge(this.distribution, Findings.CLOUDFRONT_CERTIFICATE);
    }
    if (props.firewall._webAclArn === undefined) {
      acknowledge(this.distribution, Findings.CENTRAL_FIREWALL);
    }
  }

  /** Only for what API Gateway answers itself, an unknown path or too many requests: an HTTP API knows no gateway responses. */
  private createHeaders(serviceName: string): ResponseHeadersPolicy {
    const override = false;
    return new ResponseHeadersPolicy(this, 'Headers', {
      // Names hold in the whole account, whatever the Region.
      responseHeadersPolicyName: `${serviceName}-${Aws.REGION}`,
      comment: `Security headers of ${serviceName} where an answer has none`,
      securityHeadersBehavior: {
        strictTransportSecurity: { accessControlMaxAge: Duration.days(365), includeSubdomains: true, override },
        contentTypeOptions: { override },
        contentSecurityPolicy: { contentSecurityPolicy: SECURITY_HEADERS['content-security-policy']!, override },
        referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override },
      },
      customHeadersBehavior: { customHeaders: [{ header: 'cache-control', value: SECURITY_HEADERS['cache-control']!, override }] },
    });
  }
}
