import { ISecurityGroup, IVpc, SecurityGroup, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { Construct, IDependable } from 'constructs';
import { AuthNetwork, PRIVATE_SUBNETS } from '../policy/network';
import { VpcEndpoints } from './vpc-endpoints';
import { WaysOut } from './ways-out';

/** What the network depends on. */
export interface ServiceNetworkProps {
  readonly network: AuthNetwork;
  readonly signsWithKms: boolean;
}

/** The functions' place in a VPC, if they have one. */
export class ServiceNetwork extends Construct {
  public readonly vpc?: IVpc;
  public readonly subnets?: SubnetSelection;
  public readonly securityGroups?: ISecurityGroup[];
  /** What must be there before a function runs. */
  public readonly waysOut: IDependable[] = [];

  constructor(scope: Construct, id: string, { network, signsWithKms }: ServiceNetworkProps) {
    super(scope, id);
    const { _vpc: vpc, _options: options } = network;
    if (!vpc) {
      return;
    }
    this.vpc = vpc;
    this.subnets = options.subnets ?? PRIVATE_SUBNETS;
    this.securityGroups = options.securityGroups ?? [
      new SecurityGroup(this, 'SecurityGroup', { vpc, description: 'Functions of an authentication service', allowAllOutbound: true }),
    ];
    if (options.createEndpoints) {
      new VpcEndpoints(this, { vpc, subnets: this.subnets, signsWithKms });
    }
    this.waysOut.push(new WaysOut(this, { vpc, securityGroups: this.securityGroups, usesOtherStacks: options.createEndpoints ?? false }));
  }
}
