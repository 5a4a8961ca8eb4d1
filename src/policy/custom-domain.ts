import { CfnResource, Stack, Token } from 'aws-cdk-lib';
import { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { IHostedZone } from 'aws-cdk-lib/aws-route53';
import { checkPattern, refuse } from './validation';

/** A host name of one's own for the API. */
export interface CustomDomainOptions {
  /**
   * The host name, for example `auth.example.com`, for this service alone: its cookies are those of the whole host. Paths are the same as
   * without it: `https://auth.example.com/v1/login`.
   */
  readonly domainName: string;

  /** Certificate for the host name: from the service's Region, behind CloudFront from us-east-1. */
  readonly certificate: ICertificate;

  /**
   * Hosted zone of Route 53 in which the host name's alias records, A and AAAA, are made.
   * @default - none: make a record yourself that points to `customDomainTarget`
   */
  readonly hostedZone?: IHostedZone;
}

const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const HOST_NAME = new RegExp(`^(?=.{1,253}$)(?:${LABEL}\\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$`);

/** Whether there can be such a host, and in that zone. */
export function checkCustomDomain(domain: CustomDomainOptions | undefined): void {
  if (domain === undefined) {
    return;
  }
  checkPattern('api: customDomain: domainName', domain.domainName, HOST_NAME, 'a host name in lower case such as auth.example.com',
    'without scheme, port, path, wildcard and final dot');
  const zone = domain.hostedZone && zoneName(domain.hostedZone);
  if (zone !== undefined && !Token.isUnresolved(domain.domainName) && domain.domainName !== zone && !domain.domainName.endsWith(`.${zone}`)) {
    refuse('api: customDomain: hostedZone', `the zone ${JSON.stringify(zone)}`, `one that ${domain.domainName} lies in`, 'a zone holds no records of other domains');
  }
}

/** Whether the certificate is where it is looked for, as far as that can be seen before the deployment. */
export function checkCertificateRegion({ certificate }: CustomDomainOptions, region: string, why: string): void {
  const found = regionOf(certificate);
  if (found !== undefined && !Token.isUnresolved(region) && found !== region) {
    refuse('api: customDomain: certificate', `a certificate in ${found}`, `one in ${region}`, why);
  }
}

/** Without the final dot; undefined where the zone is known by its id alone. */
function zoneName(zone: IHostedZone): string | undefined {
  try {
    return Token.isUnresolved(zone.zoneName) ? undefined : zone.zoneName.replace(/\.$/, '');
  } catch {
    // `HostedZone.fromHostedZoneId` knows no name and throws.
    return undefined;
  }
}

/** From the ARN, or from the stack that makes the certificate. An imported one may be anywhere. */
function regionOf(certificate: ICertificate): string | undefined {
  const { certificateArn } = certificate;
  if (!Token.isUnresolved(certificateArn)) {
    return certificateArn.split(':')[3];
  }
  const resource = certificate.node.defaultChild;
  if (resource === undefined || !CfnResource.isCfnResource(resource) || resource.cfnResourceType !== 'AWS::CertificateManager::Certificate') {
    return undefined;
  }
  const { region } = Stack.of(resource);
  return Token.isUnresolved(region) ? undefined : region;
}
