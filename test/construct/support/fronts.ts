import type { Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import type { AuthServiceProps, CustomDomainOptions, HttpApiOptions } from '../../../src';
import { AuthApi, Firewall } from '../../../src';

export const GLOBAL_WEB_ACL = 'arn:aws:wafv2:us-east-1:111111111111:global/webacl/name/id';

/** An HTTP API with a distribution before it. */
export const behindCloudFront = (options: HttpApiOptions = {}): AuthServiceProps => ({
  api: AuthApi.http(options), firewall: Firewall.cloudFront(GLOBAL_WEB_ACL),
});

/** An HTTP API by itself. */
export const bare = (options: HttpApiOptions = {}): AuthServiceProps => ({ api: AuthApi.http(options), firewall: Firewall.disabled() });

/** `auth.example.com` with a certificate of a Region, in the zone `example.com`. */
export function domainIn(stack: Stack, region: string): CustomDomainOptions {
  return {
    domainName: 'auth.example.com',
    certificate: Certificate.fromCertificateArn(stack, 'Certificate', `arn:aws:acm:${region}:111111111111:certificate/id`),
    hostedZone: HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z1', zoneName: 'example.com' }),
  };
}
