import { Stack, Stage } from 'aws-cdk-lib';
import { CfnSecurityGroupEgress, CfnSecurityGroupIngress, CfnVPCEndpoint, ISecurityGroup, IVpc } from 'aws-cdk-lib/aws-ec2';
import { Dependable, IConstruct, IDependable } from 'constructs';
import { Seen, isSameReference } from '../policy/same-reference';

/** What the functions and the answers of custom resources go to. */
const SERVICES = ['s3', 'dynamodb', 'secretsmanager', 'kms'];

/** Where the functions are. */
export interface WaysOutProps {
  readonly vpc: IVpc;
  readonly securityGroups: ISecurityGroup[];
  /** Whether the endpoints of other stacks that are there already have to serve. */
  readonly usesOtherStacks: boolean;
}

/**
 * What a function in a VPC reaches nothing without, though no property of it says so: endpoints, and rules of security groups. CloudFormation would make
 * and delete them in any order, while an interface endpoint takes minutes to come and a custom resource has to answer through one to be deleted.
 *
 * They are looked up at synthesis, wherever in the stack they lie and whenever they were made. A stack made later is not waited for: it may
 * depend on this one. The routes to a NAT gateway are waited for by the functions themselves.
 */
export class WaysOut implements IDependable {
  constructor(private readonly scope: IConstruct, private readonly props: WaysOutProps) {
    const found = props.usesOtherStacks ? this.endpoints().filter((endpoint) => Stage.of(endpoint) === Stage.of(scope)) : [];
    const lookUp = (): IConstruct[] => {
      const endpoints = [...found, ...this.endpoints().filter((endpoint) => isAround(Stack.of(scope), Stack.of(endpoint)))];
      return [...new Set([...endpoints, ...this.rules(endpoints)])];
    };
    Dependable.implement(this, { get dependencyRoots() { return lookUp(); } });
  }

  private endpoints(): CfnVPCEndpoint[] {
    return SERVICES.flatMap((service) => endpointsTo(service, this.scope, this.props.vpc));
  }

  private rules(endpoints: CfnVPCEndpoint[]): IConstruct[] {
    const groups: Seen[] = [
      ...this.props.securityGroups.map(({ securityGroupId }) => ({ by: this.scope, value: securityGroupId })),
      ...endpoints.flatMap((by) => (by.securityGroupIds ?? []).map((value) => ({ by, value }))),
    ];
    return Stack.of(this.scope).node.findAll().filter((child) => (child instanceof CfnSecurityGroupIngress || child instanceof CfnSecurityGroupEgress)
      && groups.some((group) => isSameReference(group, { by: child, value: child.groupId })));
  }
}

/** Endpoints of a VPC to a service, in the whole app: the VPC may be another stack's. */
export function endpointsTo(service: string, by: IConstruct, { vpcId }: IVpc): CfnVPCEndpoint[] {
  return by.node.root.node.findAll().filter((child): child is CfnVPCEndpoint => child instanceof CfnVPCEndpoint
    && isSameReference({ by: child, value: child.vpcId }, { by, value: vpcId }) && leadsTo(child, service));
}

/** By the end of the service's name: what comes before is the Region, which is a reference in one and a literal in the other. */
function leadsTo(endpoint: CfnVPCEndpoint, service: string): boolean {
  return new RegExp(`\\.${service}"[\\]}]*$`).test(JSON.stringify(Stack.of(endpoint).resolve(endpoint.serviceName)));
}

/** Whether a stack is another one, or what that is nested in. */
function isAround(stack: Stack | undefined, other: Stack): boolean {
  return stack !== undefined && (stack === other || isAround(stack.nestedStackParent, other));
}
