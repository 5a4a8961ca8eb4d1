import { CustomResource, Duration, Stack } from 'aws-cdk-lib';
import { CfnPermission, IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnResourcePolicy, ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct, Dependable, IConstruct, IDependable } from 'constructs';
import { SigningKeys } from '../policy/signing-keys';
import { rotationCron } from '../policy/rotation-cron';
import { KeySecret } from './key-secret';
import { SigningStore } from './signing-store';

/** What rotates, and how. */
export interface KeyRotationProps {
  readonly signingKeys: SigningKeys;
  readonly signing: SigningStore;
  readonly refreshSecret: KeySecret;
  /** Filled once, with the first keys; it never rotates. */
  readonly lookupSecret: KeySecret;
  /** What CloudFront proves itself by, where it stands before the API. */
  readonly originSecret?: KeySecret;
  /** The function rotate-keys. */
  readonly rotator: IFunction;
  readonly timeout: Duration;
  /** What the functions that sign may do: allowed before there is anything to sign with. */
  readonly signers: IDependable[];
  /** What the function reaches nothing without. */
  readonly waysOut: IDependable[];
}

/** Refresh keys of a period stay readable for a session's whole life, so more of them would only make the secret larger. */
const REFRESH_PERIOD = Duration.days(30);

/** Functions accept the old value for a whole period more, and know the new one a whole period before. */
const ORIGIN_PERIOD = Duration.days(30);

/** First keys and rotation of the secrets that the service fills. */
export class KeyRotation extends Construct {
  /** Whatever serves requests depends on it, and through it on all that a function needs. */
  public readonly firstKeys: CustomResource;

  constructor(scope: Construct, id: string, props: KeyRotationProps) {
    super(scope, id);
    // Both in one call: two at a time would make keys for each other's secret. It runs again when a secret is replaced or a list changes.
    this.firstKeys = new CustomResource(this, 'FirstKeys', {
      resourceType: 'Custom::AuthServiceKeys',
      serviceToken: props.rotator.functionArn,
      serviceTimeout: props.timeout,
      properties: { ...listOf(props), RefreshSecret: props.refreshSecret.secretArn, LookupSecret: props.lookupSecret.secretArn },
    });
    const secrets = [props.signing.secret, ...[props.refreshSecret, props.lookupSecret, props.originSecret].map((own) => own?.secret)];
    this.firstKeys.node.addDependency(...props.signers, ...props.waysOut, policiesOf(secrets.filter((secret) => secret !== undefined)));
    const { schedule } = props.signingKeys._details;
    if (schedule !== undefined && props.signing.rotated) {
      this.rotate(props, 'SigningPermission', props.signing.rotated, schedule);
    }
    this.rotate(props, 'Permission', props.refreshSecret, rotationCron('refresh keys', REFRESH_PERIOD));
    if (props.originSecret) {
      this.rotate(props, 'OriginPermission', props.originSecret, rotationCron('origin secret', ORIGIN_PERIOD));
    }
  }

  private rotate({ rotator }: KeyRotationProps, permissionId: string, secret: KeySecret, schedule: string): void {
    const permission = new CfnPermission(this, permissionId, {
      action: 'lambda:InvokeFunction',
      functionName: rotator.functionArn,
      principal: 'secretsmanager.amazonaws.com',
      // Nobody else's secret may call it, nor another one of this account.
      sourceAccount: Stack.of(this).account,
      sourceArn: secret.secretArn,
    });
    secret.rotateWith({ rotator, schedule, after: [this.firstKeys, permission] });
  }
}

/** What of the signing keys a deployment has to look at, and to look at again when it changes. */
function listOf({ signingKeys, signing }: KeyRotationProps): Record<string, unknown> {
  return signingKeys._kind === 'kms'
    ? { SigningKeys: signing.kmsKeys.map(({ keyArn }) => keyArn) }
    : { SigningSecret: signing.secret?.secretArn, ...signingKeys._kind === 'existing-secret' ? { Algorithm: signingKeys._algorithm } : {} };
}

/** Policies that a team gives secrets, often later than the service, and that decide whether the function gets in. */
function policiesOf(secrets: ISecret[]): IDependable {
  const policies = (): IConstruct[] => secrets.flatMap((secret) => secret.node.findAll()).filter((child) => child instanceof CfnResourcePolicy);
  const dependable: IDependable = {};
  Dependable.implement(dependable, { get dependencyRoots() { return policies(); } });
  return dependable;
}
