import { join } from 'path';
import { Duration, RemovalPolicy, Size } from 'aws-cdk-lib';
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { Alias, Architecture, Code, Function, ICodeSigningConfig, LoggingFormat, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { LIVE_ALIAS } from '../contract/authorizer';
import { AuthFunctionName } from '../contract/functions';
import { Finding, Findings, acknowledge } from '../policy/findings';
import { GradualDeployments } from './gradual-deployments';
import { scale } from './provisioned-scaling';
import { Release } from './release';
import { ServiceNetwork } from './service-network';

/** What all functions have in common. */
export interface SharedFunctionProps {
  readonly logRetention: RetentionDays;
  readonly tracing: Tracing;
  readonly network: ServiceNetwork;
  readonly removalPolicy: RemovalPolicy;
  readonly encryptionKey?: IKey;
  readonly codeSigningConfig?: ICodeSigningConfig;
}

/** What one function is. */
export interface AuthFunctionProps extends SharedFunctionProps {
  readonly name: AuthFunctionName;
  readonly description: string;
  readonly memory: Size;
  readonly timeout: Duration;
  readonly environment: Readonly<Record<string, string>>;
  readonly release: Release;
  readonly deployments: GradualDeployments;
}

/** Bundles ship in the package, beside `lib`. */
const ASSETS = join(__dirname, '..', '..', 'assets');

/** One function with its bundle, role, log group and alias. */
export class AuthFunction extends Construct {
  public readonly role: Role;
  public readonly logGroup: LogGroup;
  public readonly lambda: Function;
  /** What callers invoke: it can be moved between versions. */
  public readonly alias: Alias;
  private readonly props: AuthFunctionProps;

  constructor(scope: Construct, id: string, props: AuthFunctionProps) {
    super(scope, id);
    this.props = props;
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `Role of the function ${props.name} of an authentication service`,
    });
    this.logGroup = new LogGroup(this, 'Logs', {
      retention: props.logRetention,
      removalPolicy: props.removalPolicy,
      encryptionKey: props.encryptionKey,
    });
    this.logGroup.grantWrite(this.role);
    this.allowNetworkInterfaces(props.network);
    this.lambda = new Function(this, 'Function', {
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: Code.fromAsset(join(ASSETS, props.name)),
      role: this.role,
      memorySize: props.memory.toMebibytes(),
      timeout: props.timeout,
      environment: { ...props.environment },
      logGroup: this.logGroup,
      loggingFormat: LoggingFormat.JSON,
      tracing: props.tracing,
      vpc: props.network.vpc,
      vpcSubnets: props.network.subnets,
      securityGroups: props.network.securityGroups,
      reservedConcurrentExecutions: props.release.reservedConcurrency,
      codeSigningConfig: props.codeSigningConfig,
      // A version that a rollback goes back to must still be there, also while the stack is being updated.
      currentVersionOptions: { removalPolicy: props.release.deployment._isGradual ? RemovalPolicy.RETAIN : props.removalPolicy },
    });
    this.alias = this.addAlias(this, 'Alias', LIVE_ALIAS);
    acknowledge(this, ...findingsOf(props));
  }

  /** A further door to the current version, as warm as the others, and moving with them. */
  public addAlias(scope: Construct, id: string, aliasName: string, description?: string): Alias {
    const { name, deployments, release: { deployment, provisionedConcurrency } } = this.props;
    const alias = new Alias(scope, id, {
      aliasName,
      description,
      version: this.lambda.currentVersion,
      provisionedConcurrentExecutions: provisionedConcurrency._isNone || provisionedConcurrency._scales ? undefined : provisionedConcurrency._max,
    });
    scale(alias, provisionedConcurrency);
    if (deployment._isGradual) {
      deployments.guard(alias, { name, lambda: this.lambda, aliasName, deployment });
    }
    return alias;
  }

  /** Allows the function what a statement says. */
  public allow(statement: PolicyStatement): void {
    this.role.addToPrincipalPolicy(statement);
  }

  /** What the managed policy for functions in a VPC grants, without the managed policy. EC2 does not know resources for these actions. */
  private allowNetworkInterfaces(network: ServiceNetwork): void {
    if (network.vpc === undefined) {
      return;
    }
    this.allow(new PolicyStatement({
      effect: Effect.ALLOW,
      actions: [
        'ec2:CreateNetworkInterface', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets', 'ec2:DeleteNetworkInterface',
        'ec2:AssignPrivateIpAddresses', 'ec2:UnassignPrivateIpAddresses',
      ],
      resources: ['*'],
    }));
  }
}

/** What rule packs find in a function, by how it is set. */
function findingsOf({ network, release, encryptionKey }: AuthFunctionProps): Finding[] {
  return [
    Findings.ACTION_WITHOUT_RESOURCES, Findings.POLICY_OF_ONE_ROLE, Findings.NO_DEAD_LETTERS,
    ...release.reservedConcurrency === undefined ? [Findings.NO_RESERVED_CONCURRENCY] : [],
    ...network.vpc === undefined ? [Findings.OUTSIDE_A_VPC] : [],
    ...encryptionKey === undefined ? [Findings.LOGS_WITHOUT_OWN_KEY] : [],
  ];
}
