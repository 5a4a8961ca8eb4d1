import { type App, Stack } from 'aws-cdk-lib';
import { DeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import type { AuthServiceProps, CustomDomainOptions } from '../../../../src';
import { AccessLogs, AuthAlarm, AuthApi, AuthRoute, AuthService, CloudFrontFirewall, Firewall } from '../../../../src';
import { GLOBAL_WEB_ACL, behindCloudFront, domainIn } from '../../support/fronts';
import { concrete } from '../../support/synth';
import type { WrongProps, WrongUse } from './wrong';

const REGIONAL_WEB_ACL = 'arn:aws:wafv2:eu-central-1:111111111111:regional/webacl/name/id';
const FRONTS = (got: string) => `firewall must be Firewall.cloudFront(webAclArn), Firewall.centrallyManaged() or Firewall.disabled(), got ${got} with AuthApi.http(): `
  + 'AWS WAF guards an HTTP API only through a CloudFront distribution, with a web ACL that CloudFrontFirewall makes in us-east-1';
const HOST = (got: string) =>
  `api: customDomain: domainName must be a host name in lower case such as auth.example.com, got ${JSON.stringify(got)}: without scheme, port, path, wildcard and final dot`;

const named = (options: Partial<CustomDomainOptions>) => (stack: Stack): AuthServiceProps => ({ api: AuthApi.rest({ customDomain: { ...domainIn(stack, 'eu-central-1'), ...options } }) });
const host = (domainName: string): WrongProps =>
  [`host name ${domainName}`, named({ domainName }), HOST(domainName)];

/** Fronts that there cannot be. */
export const WRONG_FRONTS: readonly WrongProps[] = [
  ['HTTP API without a firewall', () => ({ api: AuthApi.http() }), FRONTS('nothing')],
  ['HTTP API with a managed firewall', () => ({ api: AuthApi.http(), firewall: Firewall.managed() }), FRONTS('Firewall.managed()')],
  ['HTTP API with a regional web ACL', () => ({ api: AuthApi.http(), firewall: Firewall.existing(REGIONAL_WEB_ACL) }),
    FRONTS('Firewall.existing()')],
  ['REST API behind CloudFront', () => ({ firewall: Firewall.cloudFront(GLOBAL_WEB_ACL) }),
    'firewall must be Firewall.managed(), Firewall.existing(webAclArn), Firewall.centrallyManaged() or Firewall.disabled(), got Firewall.cloudFront() with AuthApi.rest(): '
    + 'no distribution stands before a REST API; AuthApi.http() comes with one'],
  ['regional web ACL before CloudFront', () => ({ api: AuthApi.http(), firewall: Firewall.cloudFront(REGIONAL_WEB_ACL) }),
    `firewall: web ACL must be the ARN of a web ACL of AWS WAF of scope CLOUDFRONT, got "${REGIONAL_WEB_ACL}": CloudFrontFirewall makes one, in a stack in us-east-1`],
  ['throttle of zero of an HTTP API', () => behindCloudFront({ throttle: { rateLimit: 0 } }), 'api: throttle: rateLimit must be a number above 0, got 0'],
  ['two throttles of a route of an HTTP API', () => behindCloudFront({ routeThrottles: [{ route: AuthRoute.LOGIN, rateLimit: 1 }, { route: AuthRoute.LOGIN, rateLimit: 2 }] }),
    'api: routeThrottles must be a list of different values, got a list with "POST /login" twice'],
  ['access log of an HTTP API to Firehose', (stack) => behindCloudFront({
    accessLogs: AccessLogs.firehose(DeliveryStream.fromDeliveryStreamAttributes(stack, 'Stream', { deliveryStreamName: 'amazon-apigateway-auth' })),
  }), 'api: accessLogs must be AccessLogs.cloudWatch() or AccessLogs.none(), got AccessLogs.firehose() with AuthApi.http(): '
    + 'an HTTP API writes its access log to CloudWatch Logs only; a subscription filter of the log group can pass it on'],
  ['alarm of a firewall in us-east-1', () => ({ ...behindCloudFront(), monitoring: { alarmOverrides: [{ alarm: AuthAlarm.FIREWALL_BLOCKS, threshold: 2 }] } }),
    'monitoring.alarmOverrides: firewall-blocks must be an alarm that this service has, got an override of an alarm that does not exist: '
    + 'the metrics of a web ACL of CloudFront are in us-east-1, where an alarm on CloudFrontFirewall.metricBlockedRequests() can be made'],

  ...['https://auth.example.com', 'auth.example.com/v1', 'Auth.example.com', '*.example.com', 'auth.example.com.', 'auth', 'auth..example.com', 'auth_1.example.com', '',
    `${'a'.repeat(64)}.example.com`].map(host),
  ['host name outside of its zone', named({ domainName: 'auth.example.org' }),
    'api: customDomain: hostedZone must be one that auth.example.org lies in, got the zone "example.com": a zone holds no records of other domains'],
  ['host name that only ends like its zone', named({ domainName: 'auth.otherexample.com' }),
    'api: customDomain: hostedZone must be one that auth.otherexample.com lies in, got the zone "example.com": a zone holds no records of other domains'],
  ['certificate that CloudFront does not look at', (stack) => behindCloudFront({ customDomain: domainIn(stack, 'eu-central-1') }),
    'api: customDomain: certificate must be one in us-east-1, got a certificate in eu-central-1: CloudFront takes no others'],
];

const PARTITION = (region: string) => `api must be AuthApi.rest(), or AuthApi.http() with Firewall.disabled(), got AuthApi.http() behind CloudFront in ${region}: `
  + 'a distribution with a web ACL of us-east-1 exists only in the partition aws';
const inRegion = (region: string, props: (stack: Stack) => AuthServiceProps): WrongUse[1] => (_auth, stack) => {
  const elsewhere = new Stack(stack.node.root as App, 'Elsewhere', { env: { ...concrete, region } });
  return new AuthService(elsewhere, 'Auth', props(elsewhere));
};

/** Fronts that there cannot be in a certain Region. */
export const WRONG_PLACES: readonly WrongUse[] = [
  ['CloudFront in GovCloud', inRegion('us-gov-west-1', () => behindCloudFront()), PARTITION('us-gov-west-1')],
  ['CloudFront in China', inRegion('cn-north-1', () => behindCloudFront()), PARTITION('cn-north-1')],
  ['firewall of CloudFront in another Region', (_auth, stack) => new CloudFrontFirewall(new Stack(stack.node.root as App, 'Edge', { env: concrete }), 'Firewall'),
    'CloudFrontFirewall: Region of the stack must be us-east-1, got eu-central-1: AWS WAF keeps what guards CloudFront there: '
    + 'give it a stack of its own with env.region us-east-1'],
  ['firewall of CloudFront for a service without a name', (_auth, stack) => new CloudFrontFirewall(stack, 'Firewall', { serviceName: '' }),
    'serviceName must be 1 to 48 letters, digits and inner hyphens, got ""'],
  ['firewall of CloudFront with a rate below what AWS WAF takes', (_auth, stack) => new CloudFrontFirewall(stack, 'Firewall', { requestsPerMinute: 9 }),
    'firewall: requestsPerMinute must be a whole number between 10 and 2000000000, got 9'],
  ['certificate of another Region', inRegion('eu-west-1', named({})),
    'api: customDomain: certificate must be one in eu-west-1, got a certificate in eu-central-1: API Gateway takes those of its own Region only'],
];
