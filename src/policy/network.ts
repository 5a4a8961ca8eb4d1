import { ISecurityGroup, IVpc, SelectedSubnets, SubnetSelection, SubnetType } from 'aws-cdk-lib/aws-ec2';
import { refuse } from './validation';

/** Where in the VPC the functions run. */
export interface ExistingVpcOptions {
  /**
   * Subnets of the functions, not public ones. From there DynamoDB, Secrets Manager and S3 must be reachable, KMS too with
   * `SigningKeys.kms()`.
   * @default - the private subnets with a way to the internet
   */
  readonly subnets?: SubnetSelection;

  /**
   * Security groups of the functions.
   * @default - one new group that lets everything out and nothing in
   */
  readonly securityGroups?: ISecurityGroup[];

  /**
   * Whether to create the gateway endpoints of DynamoDB and of S3, where CloudFormation takes the answer about the first keys, and the
   * interface endpoint of Secrets Manager: for a VPC that has neither them nor a way to the internet. KMS is reached by those services, or by an
   * interface endpoint of its own with `SigningKeys.kms()`; logs and traces leave by Lambda itself.
   *
   * The first keys wait for these endpoints, whoever made them in the same stack. With true, also for those of other stacks that are there already.
   * @default false
   */
  readonly createEndpoints?: boolean;
}

/** Whether the functions run in a VPC. */
export class AuthNetwork {
  /** In no VPC: they reach AWS services only, over TLS with signed requests. Starts fastest, costs nothing. */
  public static none(): AuthNetwork {
    return new AuthNetwork();
  }

  /** In a VPC that exists, for those who are told so. */
  public static existingVpc(vpc: IVpc, options: ExistingVpcOptions = {}): AuthNetwork {
    if (options.securityGroups?.length === 0) {
      refuse('network: securityGroups', 'an empty list', 'a list of at least one', 'leave it out for a new one');
    }
    checkSubnets(vpc, options.subnets ?? PRIVATE_SUBNETS, options.createEndpoints ?? false);
    return new AuthNetwork(vpc, options);
  }

  private constructor(
    /** @internal */
    public readonly _vpc?: IVpc,
    /** @internal */
    public readonly _options: ExistingVpcOptions = {},
  ) {}
}

/** Where functions are unless it is said. */
export const PRIVATE_SUBNETS: SubnetSelection = { subnetType: SubnetType.PRIVATE_WITH_EGRESS };

/** A function in a public subnet has no public address, and so reaches nothing. */
function checkSubnets(vpc: IVpc, selection: SubnetSelection, createEndpoints: boolean): void {
  let selected: SelectedSubnets;
  try {
    selected = vpc.selectSubnets(selection);
  } catch {
    return refuse('network: subnets', selection.subnetType === undefined ? 'a selection of no subnet' : `of type ${selection.subnetType}`,
      'a selection of subnets that the VPC has', 'for a VPC without a way to the internet choose SubnetType.PRIVATE_ISOLATED, and createEndpoints');
  }
  if (selected.hasPublic) {
    refuse('network: subnets', 'a selection with a public subnet', 'private subnets', 'a function has no public address, so nothing can be reached from there');
  }
  if (createEndpoints) {
    checkEndpoints(vpc, selected);
  }
}

/** Gateway endpoints are routes, those of interfaces let the addresses of their VPC in: what is not known of an imported VPC would be missing. */
function checkEndpoints(vpc: IVpc, selected: SelectedSubnets): void {
  if (selected.subnets.some(({ routeTable }) => (routeTable.routeTableId as string | undefined) === undefined)) {
    refuse('network: createEndpoints', 'true with subnets whose route tables are not known', 'a selection of subnets that know theirs',
      'name them in privateSubnetRouteTableIds of Vpc.fromVpcAttributes(), or make the endpoints yourself');
  }
  try {
    void vpc.vpcCidrBlock;
  } catch {
    refuse('network: createEndpoints', 'true with a VPC whose addresses are not known', 'a VPC with vpcCidrBlock', 'name it in Vpc.fromVpcAttributes(), or make the endpoints yourself');
  }
}
