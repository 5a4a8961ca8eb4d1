import { Duration } from 'aws-cdk-lib';
import { rotationCron } from './rotation-cron';

/** Algorithm of the keys that sign access tokens. */
export enum SigningAlgorithm {
  /** ECDSA on P-256 with SHA-256: small, fast, known to every library. */
  ES256 = 'ES256',
  /** RSA PKCS#1 v1.5 with SHA-256 and 3072 bits: for verifiers that know nothing else, such as the JWT authorizers of HTTP APIs. */
  RS256 = 'RS256',
  /** Ed25519. */
  EDDSA = 'EdDSA',
}

/** Keys in Secrets Manager that rotate by themselves. */
export interface RotatingKeysOptions {
  /**
   * Algorithm of the keys made from now on. Keys that exist go on until they are retired.
   * @default SigningAlgorithm.ES256
   */
  readonly algorithm?: SigningAlgorithm;

  /**
   * How often a new key takes over: 4, 6, 8 or 12 hours; 1, 2, 3, 5, 6, 7, 10, 15, 30, 60, 90, 120, 180, 360 or 365 days.
   * @default Duration.days(30)
   */
  readonly every?: Duration;
}

/** Where the keys that sign access tokens live. */
export class SigningKeys {
  /**
   * In a secret of Secrets Manager. Each key is published one whole period before it signs, and stays published until every token it
   * signed has expired, so that no verification ever fails because of a rotation.
   */
  public static rotating(options: RotatingKeysOptions = {}): SigningKeys {
    const every = options.every ?? Duration.days(30);
    return new SigningKeys(options.algorithm ?? SigningAlgorithm.ES256, rotationCron('signingKeys.every', every), every);
  }

  private constructor(
    /** @internal */
    public readonly _algorithm: SigningAlgorithm,
    /** @internal */
    public readonly _schedule: string,
    /** @internal */
    public readonly _every: Duration,
  ) {}
}
