import { RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import { Metric, MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { ILogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { checkKeyPlace, keyBehind } from '../policy/encryption-key';
import { ManagedFirewallOptions, checkManagedFirewall } from '../policy/firewall';
import { KEPT_ONCE_DEPLOYED } from '../policy/removal';
import { checkServiceName, defaultServiceName } from '../policy/service-name';
import { claimName } from '../policy/unique-names';
import { refuse } from '../policy/validation';
import { allowLogs } from '../storage/log-encryption';
import { createWebAcl, webAclMetricName } from './web-acl';

/** What can be set of a `CloudFrontFirewall`. Nothing has to be. */
export interface CloudFrontFirewallProps extends ManagedFirewallOptions {
  /**
   * Name of the service that it guards: of its metric and of its log group. 1 to 48 letters, digits and hyphens, unique in the account.
   * @default - from the names of stack and construct
   */
  readonly serviceName?: string;

  /**
   * How long its log is kept.
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: RetentionDays;

  /**
   * Key for its log, of us-east-1.
   * @default - a key that AWS owns
   */
  readonly encryptionKey?: IKey;

  /**
   * What becomes of its log when the stack goes.
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
   */
  readonly removalPolicy?: RemovalPolicy;
}

/** Where AWS WAF keeps what guards CloudFront, whatever Region the service is in. */
const REGION = 'us-east-1';

/**
 * The web ACL for the distribution before an HTTP API, with the rules of `Firewall.managed()`: known bad addresses and inputs, rates per address, size of
 * bodies, and a log that redacts credentials.
 *
 * AWS WAF takes it in us-east-1 only, so that it lies in a stack of its own there. Hand `webAclArn` to `Firewall.cloudFront()`; between
 * stacks of two Regions both need `crossRegionReferences`.
 */
export class CloudFrontFirewall extends Construct {
  /** For `Firewall.cloudFront()`. */
  public readonly webAclArn: string;
  /** The web ACL. */
  public readonly webAcl: CfnWebACL;
  /** Its log. */
  public readonly logGroup: ILogGroup;

  private readonly serviceName: string;

  constructor(scope: Construct, id: string, props: CloudFrontFirewallProps = {}) {
    super(scope, id);
    const { region } = Stack.of(this);
    if (!Token.isUnresolved(region) && region !== REGION) {
      refuse('CloudFrontFirewall: Region of the stack', region, REGION, 'AWS WAF keeps what guards CloudFront there: give it a stack of its own with env.region us-east-1');
    }
    checkServiceName(props.serviceName);
    checkManagedFirewall(props);
    const { logRetention = RetentionDays.ONE_MONTH, removalPolicy = KEPT_ONCE_DEPLOYED } = props;
    const encryptionKey = props.encryptionKey && keyBehind('CloudFrontFirewall: encryptionKey', props.encryptionKey);
    if (encryptionKey) {
      checkKeyPlace('CloudFrontFirewall: encryptionKey', encryptionKey, Stack.of(this));
      allowLogs(encryptionKey);
    }
    this.serviceName = props.serviceName ?? defaultServiceName(this);
    claimName(this, { property: 'CloudFrontFirewall: serviceName', name: this.serviceName, remedy: 'its metrics and its log are called by it: leave it out, or name each differently' });
    const { webAcl, logGroup } = createWebAcl(this, {
      serviceName: this.serviceName, kind: 'CLOUDFRONT', options: props, pages: { credentials: false }, logRetention, removalPolicy, encryptionKey,
    });
    this.webAcl = webAcl;
    this.webAclArn = webAcl.attrArn;
    this.logGroup = logGroup;
  }

  /** Requests that it blocked, their sum over five minutes unless the options say otherwise. Its metrics are in us-east-1, so an alarm has to be there too. */
  public metricBlockedRequests(options?: MetricOptions): Metric {
    return new Metric({
      namespace: 'AWS/WAFV2',
      metricName: 'BlockedRequests',
      // Without the dimension `Region`, which the metrics of CloudFront do not have.
      dimensionsMap: { WebACL: webAclMetricName(this.serviceName), Rule: 'ALL' },
      statistic: Stats.SUM,
      region: REGION,
      ...options,
    });
  }
}
