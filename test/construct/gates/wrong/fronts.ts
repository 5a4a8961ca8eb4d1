import { type App, Stack } from 'aws-cdk-lib';
import { DeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import type { AuthServiceProps, CustomDomainOptions } from '../../../../src';
import { AccessLogs, AuthAlarm, AuthApi, AuthRoute, AuthService, CloudFrontFirewall, Firewall } from '../../../../src';
import { GLOBAL_WEB_ACL, behindCloudFront, domainIn } from '../../support/fronts';
import { concrete } from '../../support/synth';
import type { WrongProps, WrongUse } from './wrong';

const REGIONAL_WEB_ACL = 'arn:aws:wafv2:eu-central-1:111111111111:regional/webacl/name/id';
const FRONTS = 'Firewall.cloudFront(webAclArn), Firewall.centrallyManaged() or Firewall.disabled(): '
  + 'AWS WAF guards an HTTP API only through a CloudFront distribution, with a web ACL that CloudFrontFirewall makes in us-east-1';
const HOST = 'a host name in lower case such as auth.example.com: without scheme, port, path, wildcard and final dot';

const named = (options: Partial<CustomDomainOptions>) => (stack: Stack): AuthServiceProps => ({ api: AuthApi.rest({ customDomain: { ...domainIn(stack, 'eu-central-1'), ...options } }) });
const host = (domainName: string): WrongProps =>
  [`host name ${domainName}`, named({ domainName }), `api: customDomain: domainName is ${JSON.stringify(domainName)}, allowed is ${HOST}`];

/** Fronts that there cannot be. */
export const WRONG_FRONTS: readonly WrongProps[] = [
  ['HTTP API without a firewall', () => ({ api: AuthApi.http() }), `firewall is not set with AuthApi.http(), allowed is ${FRONTS}`],
  ['HTTP API with a managed firewall', () => ({ api: AuthApi.http(), firewall: Firewall.managed() }), `firewall is Firewall.managed() with AuthApi.http(), allowed is ${FRONTS}`],
  ['HTTP API with a regional web ACL', () => ({ api: AuthApi.http(), firewall: Firewall.existing(REGIONAL_WEB_ACL) }),
    `firewall is Firewall.existing() with AuthApi.http(), allowed is ${FRONTS}`],
  ['REST API behind CloudFront', () => ({ firewall: Firewall.cloudFront(GLOBAL_WEB_ACL) }),
    'firewall is Firewall.cloudFront() with AuthApi.rest(), allowed is Firewall.managed(), Firewall.existing(webAclArn), Firewall.centrallyManaged() or Firewall.disabled(): '
    + 'no distribution stands before a REST API; AuthApi.http() comes with one'],
  ['regional web ACL before CloudFront', () => ({ api: AuthApi.http(), firewall: Firewall.cloudFront(REGIONAL_WEB_ACL) }),
    `firewall: web ACL is "${REGIONAL_WEB_ACL}", allowed is the ARN of a web ACL of AWS WAF of scope CLOUDFRONT: CloudFrontFirewall makes one, in a stack in us-east-1`],
  ['throttle of zero of an HTTP API', () => behindCloudFront({ throttle: { rateLimit: 0 } }), 'api: throttle: rateLimit is 0, allowed is a number above 0'],
  ['two throttles of a route of an HTTP API', () => behindCloudFront({ routeThrottles: [{ route: AuthRoute.LOGIN, rateLimit: 1 }, { route: AuthRoute.LOGIN, rateLimit: 2 }] }),
    'api: routeThrottles is a list with "POST /login" twice, allowed is each value once'],
  ['access log of an HTTP API to Firehose', (stack) => behindCloudFront({
    accessLogs: AccessLogs.firehose(DeliveryStream.fromDeliveryStreamAttributes(stack, 'Stream', { deliveryStreamName: 'amazon-apigateway-auth' })),
  }), 'api: accessLogs is AccessLogs.firehose() with AuthApi.http(), allowed is AccessLogs.cloudWatch() or AccessLogs.none(): '
    + 'an HTTP API writes its access log to CloudWatch Logs only; a subscription filter of the log group can pass it on'],
  ['alarm of a firewall in us-east-1', () => ({ ...behindCloudFront(), monitoring: { alarmOverrides: [{ alarm: AuthAlarm.FIREWALL_BLOCKS, threshold: 2 }] } }),
    'monitoring.alarmOverrides: firewall-blocks is an override of an alarm that does not exist, allowed is an alarm that this service has: '
    + 'the metrics of a web ACL of CloudFront are in us-east-1, where an alarm on CloudFrontFirewall.metricBlockedRequests() can be made'],

  ...['https://auth.example.com', 'auth.example.com/v1', 'Auth.example.com', '*.example.com', 'auth.example.com.', 'auth', 'auth..example.com', 'auth_1.example.com', '',
    `${'a'.repeat(64)}.example.com`].map(host),
  ['host name outside of its zone', named({ domainName: 'auth.example.org' }),
    'api: customDomain: hostedZone is the zone "example.com", allowed is one that auth.example.org lies in: a zone holds no records of other domains'],
  ['host name that only ends like its zone', named({ domainName: 'auth.otherexample.com' }),
    'api: customDomain: hostedZone is the zone "example.com", allowed is one that auth.otherexample.com lies in: a zone holds no records of other domains'],
  ['certificate that CloudFront does not look at', (stack) => behindCloudFront({ customDomain: domainIn(stack, 'eu-central-1') }),
    'api: customDomain: certificate is a certificate in eu-central-1, allowed is one in us-east-1: CloudFront takes no others'],
];

const PARTITION = 'allowed is AuthApi.rest(), or AuthApi.http() with Firewall.disabled(): a distribution with a web ACL of us-east-1 is had in the partition aws only';
const inRegion = (region: string, props: (stack: Stack) => AuthServiceProps): WrongUse[1] => (_auth, stack) => {
  const elsewhere = new Stack(stack.node.root as App, 'Elsewhere', { env: { ...concrete, region } });
  return new AuthService(elsewhere, 'Auth', props(elsewhere));
};

/** Fronts that there cannot be in a certain Region. */
export const WRONG_PLACES: readonly WrongUse[] = [
  ['CloudFront in GovCloud', inRegion('us-gov-west-1', () => behindCloudFront()), `api is AuthApi.http() behind CloudFront in us-gov-west-1, ${PARTITION}`],
  ['CloudFront in China', inRegion('cn-north-1', () => behindCloudFront()), `api is AuthApi.http() behind CloudFront in cn-north-1, ${PARTITION}`],
  ['firewall of CloudFront in another Region', (_auth, stack) => new CloudFrontFirewall(new Stack(stack.node.root as App, 'Edge', { env: concrete }), 'Firewall'),
    'CloudFrontFirewall: Region of the stack is eu-central-1, allowed is us-east-1: AWS WAF keeps what guards CloudFront there: '
    + 'give it a stack of its own with env.region us-east-1'],
  ['firewall of CloudFront for a service without a name', (_auth, stack) => new CloudFrontFirewall(stack, 'Firewall', { serviceName: '' }),
    'serviceName is "", allowed is 1 to 48 letters, digits and inner hyphens'],
  ['firewall of CloudFront with a rate below what AWS WAF takes', (_auth, stack) => new CloudFrontFirewall(stack, 'Firewall', { requestsPerMinute: 9 }),
    'firewall: requestsPerMinute is 9, allowed is a whole number from 10 to 2000000000'],
  ['certificate of another Region', inRegion('eu-west-1', named({})),
    'api: customDomain: certificate is a certificate in eu-central-1, allowed is one in eu-west-1: API Gateway takes those of its own Region only'],
];
