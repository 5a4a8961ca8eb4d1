import { Aws, Fn, RemovalPolicy } from 'aws-cdk-lib';
import { Stage } from 'aws-cdk-lib/aws-apigateway';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnIPSet, CfnLoggingConfiguration, CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { ErrorCode, ErrorCodes } from '../contract/error-codes';
import { SECURITY_HEADERS } from '../contract/headers';
import { Findings, acknowledge } from '../policy/findings';
import { Firewall, ManagedFirewallOptions } from '../policy/firewall';
import { Refusal, RefusalBody, authenticationRoutes, blockedNetworks, bodySize, managedGroup, rate, visibility } from './rules';

/** What the firewall is made with. */
export interface AuthFirewallProps {
  readonly firewall: Firewall;
  readonly serviceName: string;
  /** What it guards. An HTTP API has none: its firewall is on the distribution. */
  readonly stage?: Stage;
  readonly logRetention: RetentionDays;
  readonly removalPolicy: RemovalPolicy;
  readonly encryptionKey?: IKey;
}

/** The web ACL in front of the API, if the service brings one. */
export class AuthFirewall extends Construct {
  /** The web ACL of the service's own. */
  public readonly webAcl?: CfnWebACL;
  public readonly logGroup?: LogGroup;

  constructor(scope: Construct, id: string, props: AuthFirewallProps) {
    super(scope, id);
    const { firewall, stage } = props;
    if (!stage) {
      return;
    }
    if (firewall._kind === 'managed') {
      this.webAcl = this.createWebAcl(props.serviceName, firewall._options);
      this.logGroup = this.createLog(this.webAcl, props);
      this.associate(this.webAcl.attrArn, stage);
    } else if (firewall._webAclArn !== undefined) {
      this.associate(firewall._webAclArn, stage);
    }
  }

  private createWebAcl(serviceName: string, options: ManagedFirewallOptions): CfnWebACL {
    const tooMany = refusal(RefusalBody.RATE_LIMITED, 'rate_limited', { 'retry-after': '60' });
    const tooLarge = refusal(RefusalBody.TOO_LARGE, 'payload_too_large');
    const ipSets = this.createIpSets(options.blockedNetworks ?? []);
    const rules = [
      ...ipSets.length > 0 ? [blockedNetworks(ipSets, 0)] : [],
      managedGroup('AWSManagedRulesAmazonIpReputationList', 1),
      bodySize(2, tooLarge),
      rate('AuthenticationRate', 3, options.authenticationRequestsPerMinute ?? 100, tooMany, authenticationRoutes()),
      rate('Rate', 4, options.requestsPerMinute ?? 2000, tooMany),
      managedGroup('AWSManagedRulesKnownBadInputsRuleSet', 5),
    ];
    return new CfnWebACL(this, 'WebAcl', {
      description: `Firewall of the authentication service ${serviceName}`,
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      visibilityConfig: visibility(`${serviceName}-firewall`),
      customResponseBodies: {
        [RefusalBody.RATE_LIMITED]: problem('rate_limited'),
        [RefusalBody.TOO_LARGE]: problem('payload_too_large'),
      },
      rules,
    });
  }

  /** One set for each version of IP: a set holds only one. */
  private createIpSets(networks: string[]): string[] {
    const versions = [
      { id: 'BlockedIpv4', ipAddressVersion: 'IPV4', addresses: networks.filter((network) => !network.includes(':')) },
      { id: 'BlockedIpv6', ipAddressVersion: 'IPV6', addresses: networks.filter((network) => network.includes(':')) },
    ];
    return versions
      .filter(({ addresses }) => addresses.length > 0)
      .map(({ id, ...set }) => new CfnIPSet(this, id, { scope: 'REGIONAL', ...set }).attrArn);
  }

  /** AWS WAF wants a name with its own prefix. The stack's id is in it, since a log group that outlived its stack still holds its name. */
  private createLog(webAcl: CfnWebACL, props: AuthFirewallProps): LogGroup {
    const stackGuid = Fn.select(2, Fn.split('/', Aws.STACK_ID));
    const logGroup = new LogGroup(this, 'Logs', {
      logGroupName: Fn.join('-', ['aws-waf-logs', props.serviceName, Fn.select(0, Fn.split('-', stackGuid))]),
      retention: props.logRetention,
      removalPolicy: props.removalPolicy,
      encryptionKey: props.encryptionKey,
    });
    if (!props.encryptionKey) {
      acknowledge(logGroup, Findings.LOGS_WITHOUT_OWN_KEY);
    }
    new CfnLoggingConfiguration(this, 'Logging', {
      resourceArn: webAcl.attrArn,
      // Without the `:*` of `logGroupArn`.
      logDestinationConfigs: [`arn:${Aws.PARTITION}:logs:${Aws.REGION}:${Aws.ACCOUNT_ID}:log-group:${logGroup.logGroupName}`],
      redactedFields: ['authorization', 'cookie'].map((name) => ({ singleHeader: { Name: name } })),
    });
    return logGroup;
  }

  private associate(webAclArn: string, stage: Stage): void {
    new CfnWebACLAssociation(this, 'Association', { webAclArn, resourceArn: stage.stageArn });
  }
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
