import { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { refuse } from './validation';

/** Where in the VPC the functions run. */
export interface ExistingVpcOptions {
  /**
   * Subnets of the functions. From there DynamoDB, Secrets Manager and S3 must be reachable.
   * @default - the private subnets
   */
  readonly subnets?: SubnetSelection;

  /**
   * Security groups of the functions.
   * @default - one new group that lets everything out and nothing in
   */
  readonly securityGroups?: ISecurityGroup[];

  /**
   * Whether to create the gateway endpoints of DynamoDB and of S3, where CloudFormation takes the answer about the first keys, and the
   * interface endpoint of Secrets Manager: for a VPC that has neither them nor a way to the internet. KMS is reached by those services, and logs
   * and traces leave by Lambda itself.
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
      refuse('network: securityGroups', 'an empty list', 'at least one', 'leave it out for a new one');
    }
    return new AuthNetwork(vpc, options);
  }

  private constructor(
    /** @internal */
    public readonly _vpc?: IVpc,
    /** @internal */
    public readonly _options: ExistingVpcOptions = {},
  ) {}
}
