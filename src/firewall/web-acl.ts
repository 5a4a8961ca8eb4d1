import { Aws, Fn, RemovalPolicy } from 'aws-cdk-lib';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnIPSet, CfnLoggingConfiguration, CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { ErrorCode, ErrorCodes } from '../contract/error-codes';
import { SECURITY_HEADERS } from '../contract/headers';
import { Findings, acknowledge } from '../policy/findings';
import { ManagedFirewallOptions } from '../policy/firewall';
import { PageReaders, namePageOrigins, readableBy } from './page-origins';
import { Refusal, RefusalBody, blockedNetworks, bodySize, managedGroup, rate, stateChanging, visibility } from './rules';

/** What a web ACL is made with. */
export interface WebAclProps {
  readonly serviceName: string;
  /** Of one Region, for a REST API, or of CloudFront, for the distribution before an HTTP API. */
  readonly kind: 'REGIONAL' | 'CLOUDFRONT';
  readonly options: ManagedFirewallOptions;
  readonly pages: PageReaders;
  readonly logRetention: RetentionDays;
  readonly removalPolicy: RemovalPolicy;
  readonly encryptionKey?: IKey;
}

/** A web ACL with its log. */
export interface WebAcl {
  readonly webAcl: CfnWebACL;
  readonly logGroup: LogGroup;
}

/** The web ACL that the service brings, whatever it guards. Its parts are made in the given scope. */
export function createWebAcl(scope: Construct, props: WebAclProps): WebAcl {
  const { serviceName, kind, options, pages } = props;
  const readable = readableBy(pages);
  const tooMany = refusal(RefusalBody.RATE_LIMITED, 'rate_limited', { 'retry-after': '60', ...readable });
  const tooLarge = refusal(RefusalBody.TOO_LARGE, 'payload_too_large', readable);
  const ipSets = createIpSets(scope, kind, options.blockedNetworks ?? []);
  const webAcl = new CfnWebACL(scope, 'WebAcl', {
    description: `Firewall of the authentication service ${serviceName}`,
    scope: kind,
    defaultAction: { allow: {} },
    visibilityConfig: visibility(webAclMetricName(serviceName)),
    customResponseBodies: {
      [RefusalBody.RATE_LIMITED]: problem('rate_limited'),
      [RefusalBody.TOO_LARGE]: problem('payload_too_large'),
    },
    rules: [
      ...ipSets.length > 0 ? [blockedNetworks(ipSets, 0)] : [],
      managedGroup('AWSManagedRulesAmazonIpReputationList', 1),
      bodySize(2, tooLarge),
      rate('AuthenticationRate', 3, options.authenticationRequestsPerMinute ?? 100, tooMany, stateChanging()),
      rate('Rate', 4, options.requestsPerMinute ?? 2000, tooMany),
      managedGroup('AWSManagedRulesKnownBadInputsRuleSet', 5),
      ...namePageOrigins(pages.origins ?? [], 10),
    ],
  });
  return { webAcl, logGroup: createLog(scope, webAcl, props) };
}

/** One set for each version of IP: a set holds only one. */
function createIpSets(scope: Construct, kind: WebAclProps['kind'], networks: string[]): string[] {
  const versions = [
    { id: 'BlockedIpv4', ipAddressVersion: 'IPV4', addresses: networks.filter((network) => !network.includes(':')) },
    { id: 'BlockedIpv6', ipAddressVersion: 'IPV6', addresses: networks.filter((network) => network.includes(':')) },
  ];
  return versions
    .filter(({ addresses }) => addresses.length > 0)
    .map(({ id, ...set }) => new CfnIPSet(scope, id, { scope: kind, ...set }).attrArn);
}

/** AWS WAF wants a name with its own prefix. The stack's id is in it, since a log group that outlived its stack still holds its name. */
function createLog(scope: Construct, webAcl: CfnWebACL, props: WebAclProps): LogGroup {
  const stackGuid = Fn.select(2, Fn.split('/', Aws.STACK_ID));
  const logGroup = new LogGroup(scope, 'Logs', {
    logGroupName: Fn.join('-', ['aws-waf-logs', props.serviceName, Fn.select(0, Fn.split('-', stackGuid))]),
    retention: props.logRetention,
    removalPolicy: props.removalPolicy,
    encryptionKey: props.encryptionKey,
  });
  if (!props.encryptionKey) {
    acknowledge(logGroup, Findings.LOGS_WITHOUT_OWN_KEY);
  }
  new CfnLoggingConfiguration(scope, 'Logging', {
    resourceArn: webAcl.attrArn,
    // Without the `:*` of `logGroupArn`.
    logDestinationConfigs: [`arn:${Aws.PARTITION}:logs:${Aws.REGION}:${Aws.ACCOUNT_ID}:log-group:${logGroup.logGroupName}`],
    redactedFields: ['authorization', 'cookie'].map((name) => ({ singleHeader: { Name: name } })),
  });
  return logGroup;
}

/** By which CloudWatch knows the web ACL. */
export function webAclMetricName(serviceName: string): string {
  return `${serviceName}-firewall`;
}

function refusal(body: RefusalBody, code: ErrorCode, headers: Readonly<Record<string, string>> = {}): Refusal {
  return {
    status: ErrorCodes[code].status,
    body,
    headers: Object.entries({ ...SECURITY_HEADERS, ...headers }).map(([name, value]) => ({ name, value })),
  };
}

function problem(code: ErrorCode): CfnWebACL.CustomResponseBodyProperty {
  const { status, title } = ErrorCodes[code];
  return { contentType: 'APPLICATION_JSON', content: JSON.stringify({ type: 'about:blank', title, status, code }) };
}
