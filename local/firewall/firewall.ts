import { BlockList, isIPv6 } from 'node:net';
import { GatewayRequest } from '../gateway/message';
import { WebAcl, WebAclVerdict } from './web-acl';

export type Firewall = (request: GatewayRequest) => WebAclVerdict;

/** WAF of the instance: its sets and web ACLs, and which API stage each web ACL stands before. Distributions name theirs themselves. */
export class FirewallRegistry {
  readonly ipSets = new Map<string, BlockList>();
  readonly patternSets = new Map<string, RegExp[]>();
  private readonly acls = new Map<string, WebAcl>();
  private readonly associations = new Map<string, string>();

  constructor(readonly now: () => number) {}

  addIpSet(arn: string, addresses: readonly unknown[]): void {
    const list = new BlockList();
    for (const entry of addresses) {
      const [address = '', prefix] = String(entry).split('/');
      const family = isIPv6(address) ? 'ipv6' : 'ipv4';
      list.addSubnet(address, Number(prefix ?? (family === 'ipv6' ? 128 : 32)), family);
    }
    this.ipSets.set(arn, list);
  }

  addPatternSet(arn: string, patterns: readonly unknown[]): void {
    this.patternSets.set(arn, patterns.map((pattern) => new RegExp(String(pattern))));
  }

  /** @returns what of it is not evaluated here. */
  addWebAcl(arn: string, properties: Record<string, unknown>): readonly string[] {
    const acl = new WebAcl(properties, this);
    this.acls.set(arn, acl);
    return acl.notEvaluated;
  }

  associate(resourceArn: string, webAclArn: string): void {
    this.associations.set(resourceArn, webAclArn);
  }

  /** @param stageArn `arn:<partition>:apigateway:<region>::/restapis/<id>/stages/<name>` */
  of(stageArn: string): Firewall | undefined {
    return this.byArn(this.associations.get(stageArn) ?? '');
  }

  byArn(webAclArn: string): Firewall | undefined {
    const acl = this.acls.get(webAclArn);
    return acl && ((request) => acl.check(request));
  }
}
