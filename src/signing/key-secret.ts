import { RemovalPolicy } from 'aws-cdk-lib';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnRotationSchedule, CfnSecret, Secret, SecretStringGenerator } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct, IDependable } from 'constructs';
import { Finding, Findings, acknowledge } from '../policy/findings';

/** What a secret of keys is made with. */
export interface KeySecretProps {
  readonly description: string;
  readonly removalPolicy: RemovalPolicy;
  readonly encryptionKey?: IKey;
  /**
   * Why it does not rotate.
   * @default - it does: `rotateWith`
   */
  readonly constant?: Finding;
  /**
   * What CloudFormation makes the first value from.
   * @default - nothing does: the function rotate-keys makes the first keys
   */
  readonly firstValue?: SecretStringGenerator;
}

/** How it comes by keys. */
export interface KeySecretRotation {
  /** The function rotate-keys. */
  readonly rotator: IFunction;
  /** A cron expression of Secrets Manager. */
  readonly schedule: string;
  /** What must exist before the schedule. */
  readonly after: IDependable[];
}

/** A secret that holds a set of keys, which only our own function fills. */
export class KeySecret extends Construct {
  public readonly secret: Secret;

  constructor(scope: Construct, id: string, props: KeySecretProps) {
    super(scope, id);
    this.secret = new Secret(this, 'Secret', {
      description: props.description,
      encryptionKey: props.encryptionKey,
      removalPolicy: props.removalPolicy,
      generateSecretString: props.firstValue,
    });
    if (!props.encryptionKey) {
      acknowledge(this.secret, Findings.SECRET_WITHOUT_OWN_KEY);
    }
    if (props.constant) {
      acknowledge(this.secret, props.constant);
    }
    if (!props.firstValue) {
      // Otherwise Secrets Manager would fill it with a random password first.
      (this.secret.node.defaultChild as CfnSecret).generateSecretString = undefined;
    }
  }

  public get secretArn(): string {
    return this.secret.secretArn;
  }

  /**
   * Rotates the keys, which must exist by then. `rotateImmediatelyOnUpdate` would make the first ones too, but later than CloudFormation
   * says, and once more at each edit of the schedule.
   */
  public rotateWith(rotation: KeySecretRotation): void {
    const schedule = new CfnRotationSchedule(this, 'Schedule', {
      secretId: this.secretArn,
      rotationLambdaArn: rotation.rotator.functionArn,
      rotationRules: { scheduleExpression: rotation.schedule, duration: '1h' },
      rotateImmediatelyOnUpdate: false,
    });
    schedule.node.addDependency(...rotation.after);
  }
}
