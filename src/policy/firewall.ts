import { merge } from './merge';
import { checkInteger, checkLiteral, checkLiteralList, checkPattern, checkUnique, refuse } from './validation';

/** The firewall that the service brings. */
export interface ManagedFirewallOptions {
  /**
   * Requests a minute that one address may send that can change something: every method but GET, HEAD and OPTIONS, whatever the path, so that
   * no spelling of `/login` goes uncounted. AWS WAF counts with a delay of some seconds, so this is a dam and not a counter; the functions count
   * failed logins and registrations by themselves (`abuse`).
   *
   * Users behind one address share it: with tokens of 15 minutes 1500 of them refresh 100 times a minute.
   * @default 100, 1000 with `AuthPreset.highScale()` and `Firewall.managed()`
   */
  readonly authenticationRequestsPerMinute?: number;

  /**
   * Requests a minute that one address may send to the whole API.
   * @default 2000, 20000 with `AuthPreset.highScale()` and `Firewall.managed()`
   */
  readonly requestsPerMinute?: number;

  /**
   * Networks whose requests are refused, in CIDR notation, IPv4 and IPv6.
   * @default - none
   */
  readonly blockedNetworks?: string[];
}

/** What stands between the internet and the API. */
export class Firewall {
  /**
   * A web ACL of its own: known bad addresses and inputs (AWS managed rules), rates per address, size of bodies, with a log that
   * redacts credentials.
   */
  public static managed(options: ManagedFirewallOptions = {}): Firewall {
    checkManagedFirewall(options);
    return new Firewall('managed', options);
  }

  /**
   * A regional web ACL that exists, for example one that a security team keeps. It must limit rates and the size of bodies itself.
   *
   * A change between two web ACLs, or from and to `Firewall.managed()`, replaces the association. Look afterwards whether the stage has the new one:
   * docs/fronts.md has the command.
   */
  public static existing(webAclArn: string): Firewall {
    checkPattern('firewall: web ACL', webAclArn, /^arn:[a-z-]+:wafv2:[a-z0-9-]+:\d{12}:regional\/webacl\/[^/]+\/[^/]+$/,
      'the ARN of a regional web ACL of AWS WAF', 'a web ACL of scope CLOUDFRONT cannot guard an API of a Region');
    return new Firewall('existing', {}, webAclArn);
  }

  /**
   * A web ACL of scope CLOUDFRONT, on the distribution before an HTTP API: that of a `CloudFrontFirewall` or one that a security team keeps.
   */
  public static cloudFront(webAclArn: string): Firewall {
    checkPattern('firewall: web ACL', webAclArn, /^arn:[a-z-]+:wafv2:us-east-1:\d{12}:global\/webacl\/[^/]+\/[^/]+$/,
      'the ARN of a web ACL of AWS WAF of scope CLOUDFRONT', 'CloudFrontFirewall makes one, in a stack in us-east-1');
    return new Firewall('cloudFront', {}, webAclArn);
  }

  /**
   * AWS Firewall Manager, or somebody else, associates a web ACL with the REST API's stage, or with the distribution before the HTTP API. The
   * construct leaves it alone.
   */
  public static centrallyManaged(): Firewall {
    return new Firewall('centrallyManaged', {});
  }

  /**
   * None. Only the throttles of API Gateway and the limits in the functions remain. An HTTP API then has no distribution before it either, and
   * the address of a client is what API Gateway says it is: its documentation warns that an HTTP API may be told another one.
   */
  public static disabled(): Firewall {
    return new Firewall('disabled', {});
  }

  /** @internal */
  public _over(below: ManagedFirewallOptions | undefined): Firewall {
    return this._kind === 'managed' ? new Firewall(this._kind, merge(below, this._options)) : this;
  }

  private constructor(
    /** @internal */
    public readonly _kind: 'managed' | 'existing' | 'cloudFront' | 'centrallyManaged' | 'disabled',
    /** @internal */
    public readonly _options: ManagedFirewallOptions,
    /** @internal */
    public readonly _webAclArn?: string,
  ) {}
}

const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)\/(?:[1-9]|[12]\d|3[0-2])$/;
const IPV6 = /^[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*\/(?:[1-9]|[1-9]\d|1[01]\d|12[0-8])$/;

/** Whether AWS WAF takes the options. */
export function checkManagedFirewall(options: ManagedFirewallOptions): void {
  checkInteger('firewall: authenticationRequestsPerMinute', options.authenticationRequestsPerMinute, 10, 2_000_000_000);
  checkInteger('firewall: requestsPerMinute', options.requestsPerMinute, 10, 2_000_000_000);
  checkLiteralList('firewall: blockedNetworks', options.blockedNetworks);
  checkUnique('firewall: blockedNetworks', options.blockedNetworks ?? []);
  options.blockedNetworks?.forEach(checkNetwork);
}

function checkNetwork(network: string): void {
  // A set holds one version of IP: which one has to be known.
  checkLiteral('firewall: blockedNetworks', network);
  if (!IPV4.test(network) && !IPV6.test(network)) {
    refuse('firewall: blockedNetworks', JSON.stringify(network), 'CIDR notation such as 192.0.2.0/24 or 2001:db8::/32', 'a single address is /32 or /128; AWS WAF knows no /0');
  }
}
