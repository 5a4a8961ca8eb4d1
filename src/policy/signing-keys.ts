import { Duration, Token } from 'aws-cdk-lib';
import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { keyBehind } from './encryption-key';
import { rotationCron } from './rotation-cron';
import { checkPattern, checkUnique, described, refuse } from './validation';

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

/** Keys in AWS KMS. */
export interface KmsKeysOptions {
  /**
   * Names of the keys, the newest last: 1 to 5, such as `2026-11`. The construct makes one key of KMS for each. A name that is added is a
   * rotation, a name that is taken off ends it; a name never gets another key.
   */
  readonly keyIds: string[];

  /**
   * Algorithm of the keys. Another one makes new keys for all names: the old ones stay in the account and verify until their tokens have expired.
   * @default SigningAlgorithm.ES256
   */
  readonly algorithm?: SigningAlgorithm;
}

/** Keys in a secret that the team fills. */
export interface ExistingSecretOptions {
  /**
   * Algorithm of the newest key. Older keys in the secret may have another one.
   * @default SigningAlgorithm.ES256
   */
  readonly algorithm?: SigningAlgorithm;
}

const MOST_KEYS = 5;

/** Where the keys that sign access tokens live. */
export class SigningKeys {
  /**
   * In a secret of Secrets Manager. Each key is published one whole period before it signs, and stays published until every token it
   * signed has expired, so that no verification ever fails because of a rotation.
   */
  public static rotating(options: RotatingKeysOptions = {}): SigningKeys {
    const every = options.every ?? Duration.days(30);
    return new SigningKeys('rotating', options.algorithm, { schedule: rotationCron('signingKeys.every', every), every });
  }

  /**
   * In AWS KMS, which signs each token: no private key ever leaves it. 1 USD a month for each key and 0.15 USD for 10000 tokens, some
   * milliseconds more for each. Nothing rotates by itself: a name that is added to `keyIds` does.
   */
  public static kms(options: KmsKeysOptions): SigningKeys {
    checkKeyIds(options.keyIds);
    return new SigningKeys('kms', options.algorithm, { keyIds: options.keyIds });
  }

  /**
   * In a secret that the team fills and changes itself: a JWK Set of private keys (RFC 7517), `{"keys": [...]}`, the newest last. The service
   * only reads it. A deployment publishes the public halves; after a later change the admin action `publish-keys` does.
   */
  public static existingSecret(secret: ISecret, options: ExistingSecretOptions = {}): SigningKeys {
    const { encryptionKey } = secret;
    if (encryptionKey) {
      keyBehind('signingKeys: key of the secret', encryptionKey);
    }
    return new SigningKeys('existing-secret', options.algorithm, { secret });
  }

  /** @internal */
  public readonly _algorithm: SigningAlgorithm;

  private constructor(
    /** @internal */
    public readonly _kind: SigningKeysKind,
    algorithm: SigningAlgorithm | undefined,
    /** @internal */
    public readonly _details: SigningKeysDetails,
  ) {
    this._algorithm = algorithm ?? SigningAlgorithm.ES256;
    const algorithms = Object.values(SigningAlgorithm);
    if (!algorithms.includes(this._algorithm)) {
      refuse('signingKeys: algorithm', described(algorithm), `one of ${algorithms.join(', ')}`);
    }
  }
}

/** The members of `SigningKeys`, as the functions' environment names them. */
export type SigningKeysKind = 'rotating' | 'kms' | 'existing-secret';

/** What one kind has and the others have not. */
export interface SigningKeysDetails {
  /** Cron expression of `rotating`. */
  readonly schedule?: string;
  readonly every?: Duration;
  /** Only `kms`. */
  readonly keyIds?: string[];
  /** Only `existing-secret`. */
  readonly secret?: ISecret;
}

function checkKeyIds(keyIds: string[]): void {
  const property = 'signingKeys.keyIds';
  if (Token.isUnresolved(keyIds) || keyIds.some((id) => Token.isUnresolved(id))) {
    refuse(property, 'a value known only at deployment', 'literal names', 'the template holds one key for each');
  }
  if (keyIds.length === 0 || keyIds.length > MOST_KEYS) {
    refuse(property, `a list of ${keyIds.length}`, `a list of 1 to ${MOST_KEYS} names`, 'the newest key signs; older ones are needed until their tokens have expired');
  }
  keyIds.forEach((id) => checkPattern(property, id, /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,30}[A-Za-z0-9])?$/, '1 to 32 letters, digits and inner hyphens', 'such as "2026-11"'));
  checkUnique(property, keyIds);
}
