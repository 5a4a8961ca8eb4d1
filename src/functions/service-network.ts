import {
  GatewayVpcEndpoint, GatewayVpcEndpointAwsService, ISecurityGroup, IVpc, InterfaceVpcEndpoint, InterfaceVpcEndpointAwsService, SecurityGroup,
  SubnetSelection,
} from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { Findings, acknowledge } from '../policy/findings';
import { AuthNetwork, PRIVATE_SUBNETS } from '../policy/network';

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
      this.createEndpoints(vpc, this.subnets, signsWithKms);
    }
  }

  private createEndpoints(vpc: IVpc, subnets: SubnetSelection, signsWithKms: boolean): void {
    // CloudFormation takes the answer of a custom resource at an address of S3: without a way there the first deployment would hang.
    new GatewayVpcEndpoint(this, 'S3', { vpc, service: GatewayVpcEndpointAwsService.S3, subnets: [subnets] });
    new GatewayVpcEndpoint(this, 'DynamoDb', { vpc, service: GatewayVpcEndpointAwsService.DYNAMODB, subnets: [subnets] });
    this.createInterfaceEndpoint('SecretsManager', InterfaceVpcEndpointAwsService.SECRETS_MANAGER, vpc, subnets);
    if (signsWithKms) {
      this.createInterfaceEndpoint('Kms', InterfaceVpcEndpointAwsService.KMS, vpc, subnets);
    }
  }

  private createInterfaceEndpoint(id: string, service: InterfaceVpcEndpointAwsService, vpc: IVpc, subnets: SubnetSelection): void {
    const endpoint = new InterfaceVpcEndpoint(this, id, { vpc, service, subnets, privateDnsEnabled: true });
    acknowledge(endpoint, Findings.OPEN_TO_ITS_VPC);
  }
}
