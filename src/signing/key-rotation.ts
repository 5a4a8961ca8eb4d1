import { CustomResource, Duration, Stack } from 'aws-cdk-lib';
import { CfnPermission, IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { SigningKeys } from '../policy/signing-keys';
import { rotationCron } from '../policy/rotation-cron';
import { KeySecret } from './key-secret';

/** What rotates, and how. */
export interface KeyRotationProps {
  readonly signingKeys: SigningKeys;
  readonly signingSecret: KeySecret;
  readonly refreshSecret: KeySecret;
  /** What CloudFront proves itself by, where it stands before the API. */
  readonly originSecret?: KeySecret;
  /** The function rotate-keys. */
  readonly rotator: IFunction;
  readonly timeout: Duration;
}

/** Refresh keys of a period stay readable for a session's whole life, so more of them would only make the secret larger. */
const REFRESH_PERIOD = Duration.days(30);

/** Functions accept the old value for a whole period more, and know the new one a whole period before. */
const ORIGIN_PERIOD = Duration.days(30);

/** First keys and rotation of all secrets. */
export class KeyRotation extends Construct {
  /** Whatever serves requests depends on it. */
  public readonly firstKeys: CustomResource;

  constructor(scope: Construct, id: string, props: KeyRotationProps) {
    super(scope, id);
    const permission = new CfnPermission(this, 'Permission', {
      action: 'lambda:InvokeFunction',
      functionName: props.rotator.functionArn,
      principal: 'secretsmanager.amazonaws.com',
      // Nobody else's secret may call it.
      sourceAccount: Stack.of(this).account,
    });
    // Both in one call: two at a time would make keys for each other's secret. It runs again when a secret is replaced.
    this.firstKeys = new CustomResource(this, 'FirstKeys', {
      resourceType: 'Custom::AuthServiceKeys',
      serviceToken: props.rotator.functionArn,
      serviceTimeout: props.timeout,
      properties: { SigningSecret: props.signingSecret.secretArn, RefreshSecret: props.refreshSecret.secretArn },
    });
    const rotation = { rotator: props.rotator, after: [this.firstKeys, permission] };
    props.signingSecret.rotateWith({ ...rotation, schedule: props.signingKeys._schedule });
    props.refreshSecret.rotateWith({ ...rotation, schedule: rotationCron('refresh keys', REFRESH_PERIOD) });
    props.originSecret?.rotateWith({ ...rotation, schedule: rotationCron('origin secret', ORIGIN_PERIOD) });
  }
}
