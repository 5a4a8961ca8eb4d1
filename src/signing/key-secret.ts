import { CustomResource, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnPermission, IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnRotationSchedule, CfnSecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';

/** What a secret of keys is made with. */
export interface KeySecretProps {
  /** What rotate-keys calls it. */
  readonly keyset: 'signing' | 'refresh';
  readonly description: string;
  readonly removalPolicy: RemovalPolicy;
  readonly encryptionKey?: IKey;
}

/** How it comes by keys. */
export interface KeySecretRotation {
  /** The function rotate-keys. */
  readonly rotator: IFunction;
  /** Lets Secrets Manager invoke it. */
  readonly permission: CfnPermission;
  /** A cron expression of Secrets Manager. */
  readonly schedule: string;
  readonly timeout: Duration;
}

/** A secret that holds a set of keys, which only our own function fills. */
export class KeySecret extends Construct {
  public readonly secret: Secret;
  private readonly keyset: string;

  constructor(scope: Construct, id: string, props: KeySecretProps) {
    super(scope, id);
    this.keyset = props.keyset;
    this.secret = new Secret(this, 'Secret', {
      description: props.description,
      encryptionKey: props.encryptionKey,
      removalPolicy: props.removalPolicy,
    });
    // Otherwise Secrets Manager would fill it with a random password first.
    (this.secret.node.defaultChild as CfnSecret).generateSecretString = undefined;
  }

  public get secretArn(): string {
    return this.secret.secretArn;
  }

  /**
   * Makes the first keys at deployment and rotates them from then on. Answers with what depends on keys must depend on.
   *
   * `rotateImmediatelyOnUpdate` would make the first keys too, but later than CloudFormation says, and once more at each edit of the schedule.
   */
  public rotateWith(rotation: KeySecretRotation): CustomResource {
    const firstKeys = new CustomResource(this, 'FirstKeys', {
      resourceType: 'Custom::AuthServiceKeys',
      serviceToken: rotation.rotator.functionArn,
      serviceTimeout: rotation.timeout,
      properties: { Keyset: this.keyset, SecretId: this.secretArn },
    });
    const schedule = new CfnRotationSchedule(this, 'Schedule', {
      secretId: this.secretArn,
      rotationLambdaArn: rotation.rotator.functionArn,
      rotationRules: { scheduleExpression: rotation.schedule, duration: '1h' },
      rotateImmediatelyOnUpdate: false,
    });
    schedule.node.addDependency(firstKeys, rotation.permission);
    return firstKeys;
  }
}
