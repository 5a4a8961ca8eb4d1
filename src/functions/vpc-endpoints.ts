import {
  CfnVPCEndpoint, GatewayVpcEndpoint, GatewayVpcEndpointAwsService, ISubnet, IVpc, InterfaceVpcEndpoint, InterfaceVpcEndpointAwsService,
  SubnetSelection, VpcEndpointType,
} from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { Findings, acknowledge } from '../policy/findings';
import { endpointsTo } from './ways-out';

/** What the endpoints are made for. */
export interface VpcEndpointsProps {
  readonly vpc: IVpc;
  readonly subnets: SubnetSelection;
  readonly signsWithKms: boolean;
}

/**
 * The ways out of a VPC that has none, in the given scope. What the app has made elsewhere for the same VPC serves: AWS refuses a second
 * route to a service, and a second interface endpoint with private DNS.
 */
export class VpcEndpoints {
  constructor(private readonly scope: Construct, private readonly props: VpcEndpointsProps) {
    // CloudFormation takes the answer of a custom resource at an address of S3: without a way there the first deployment would hang.
    this.gateway('S3', 's3', GatewayVpcEndpointAwsService.S3);
    this.gateway('DynamoDb', 'dynamodb', GatewayVpcEndpointAwsService.DYNAMODB);
    this.interface('SecretsManager', 'secretsmanager', InterfaceVpcEndpointAwsService.SECRETS_MANAGER);
    if (props.signsWithKms) {
      this.interface('Kms', 'kms', InterfaceVpcEndpointAwsService.KMS);
    }
  }

  /** Only for subnets whose route tables lead there through no other endpoint. */
  private gateway(id: string, name: string, service: GatewayVpcEndpointAwsService): void {
    const { vpc } = this.props;
    const routed = this.existing(name, VpcEndpointType.GATEWAY).flatMap(({ routeTableIds }) => routeTableIds ?? []);
    const subnets: ISubnet[] = vpc.selectSubnets(this.props.subnets).subnets.filter(({ routeTable }) => !routed.includes(routeTable.routeTableId));
    if (subnets.length > 0) {
      const made = new GatewayVpcEndpoint(this.scope, id, { vpc, service, subnets: [{ subnets }] });
      this.refuseAnother(made.node.defaultChild as CfnVPCEndpoint, name, VpcEndpointType.GATEWAY);
    }
  }

  private interface(id: string, name: string, service: InterfaceVpcEndpointAwsService): void {
    if (this.existing(name, VpcEndpointType.INTERFACE).some(({ privateDnsEnabled }) => privateDnsEnabled)) {
      return;
    }
    const { vpc, subnets } = this.props;
    const made = new InterfaceVpcEndpoint(this.scope, id, { vpc, service, subnets, privateDnsEnabled: true });
    acknowledge(made, Findings.OPEN_TO_ITS_VPC);
    this.refuseAnother(made.node.defaultChild as CfnVPCEndpoint, name, VpcEndpointType.INTERFACE);
  }

  /** The VPC may be another stack's. */
  private existing(name: string, type: VpcEndpointType): CfnVPCEndpoint[] {
    return endpointsTo(name, this.scope, this.props.vpc).filter(({ vpcEndpointType }) => (vpcEndpointType ?? VpcEndpointType.GATEWAY) === type);
  }

  /** One that is made later would fail in the middle of the deployment. */
  private refuseAnother(made: CfnVPCEndpoint, name: string, type: VpcEndpointType): void {
    const clashes = (other: CfnVPCEndpoint) => other !== made && (type === VpcEndpointType.INTERFACE
      ? other.privateDnsEnabled === true
      : (other.routeTableIds ?? []).some((id) => made.routeTableIds?.includes(id)));
    this.scope.node.addValidation({
      validate: () => this.existing(name, type).filter(clashes).map(({ node }) =>
        `the VPC has two endpoints of ${name} and must have at most one: make that of ${node.path} before the service, which then uses it, or leave it out`),
    });
  }
}
