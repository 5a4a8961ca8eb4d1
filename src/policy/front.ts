import { Token } from 'aws-cdk-lib';
import { AuthApi } from './api';
import { checkCertificateRegion } from './custom-domain';
import { Firewall } from './firewall';
import { refuse } from './validation';

const BEFORE_HTTP = 'Firewall.cloudFront(webAclArn), Firewall.centrallyManaged() or Firewall.disabled()';
const WHY = 'AWS WAF guards an HTTP API only through a CloudFront distribution, with a web ACL that CloudFrontFirewall makes in us-east-1';

/** China, GovCloud and the isolated Regions. */
const OTHER_PARTITIONS = /^(?:cn|us-gov|us-iso|us-isob|eu-isoe)-/;

/** Whether a firewall of this kind can guard an API of that kind, which can do what is asked of it. */
export function checkFront(api: AuthApi | undefined, firewall: Firewall | undefined): void {
  if (api?._kind !== 'http') {
    if (firewall?._kind === 'cloudFront') {
      refuse('firewall', 'Firewall.cloudFront() with AuthApi.rest()', 'Firewall.managed(), Firewall.existing(webAclArn), Firewall.centrallyManaged() or Firewall.disabled()',
        'no distribution stands before a REST API; AuthApi.http() comes with one');
    }
    return;
  }
  if (firewall === undefined) {
    refuse('firewall', 'nothing with AuthApi.http()', BEFORE_HTTP, WHY);
  }
  if (firewall._kind === 'managed' || firewall._kind === 'existing') {
    refuse('firewall', `Firewall.${firewall._kind}() with AuthApi.http()`, BEFORE_HTTP, WHY);
  }
  if (api._options.accessLogs?._stream) {
    refuse('api: accessLogs', 'AccessLogs.firehose() with AuthApi.http()', 'AccessLogs.cloudWatch() or AccessLogs.none()',
      'an HTTP API writes its access log to CloudWatch Logs only; a subscription filter of the log group can pass it on');
  }
}

/** Whether a distribution stands before the API. */
export function isBehindCloudFront(api: AuthApi | undefined, firewall: Firewall | undefined): boolean {
  return api?._kind === 'http' && firewall?._kind !== 'disabled';
}

/** Whether there can be such a front in a Region, as far as the Region is known. */
export function checkFrontRegion(api: AuthApi | undefined, firewall: Firewall | undefined, region: string): void {
  const distributed = isBehindCloudFront(api, firewall);
  if (distributed && !Token.isUnresolved(region) && OTHER_PARTITIONS.test(region)) {
    refuse('api', `AuthApi.http() behind CloudFront in ${region}`, 'AuthApi.rest(), or AuthApi.http() with Firewall.disabled()',
      'a distribution with a web ACL of us-east-1 exists only in the partition aws');
  }
  const domain = api?._options.customDomain;
  if (domain) {
    checkCertificateRegion(domain, distributed ? 'us-east-1' : region, distributed ? 'CloudFront takes no others' : 'API Gateway takes those of its own Region only');
  }
}
