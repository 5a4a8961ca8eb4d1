import { RemovalPolicy } from 'aws-cdk-lib';
import { IKey, Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { SigningAlgorithm, SigningKeys, SigningKeysDetails } from '../policy/signing-keys';
import { KeySecret } from './key-secret';

/** Where the private keys are to be. */
export interface SigningStoreProps {
  readonly signingKeys: SigningKeys;
  readonly serviceName: string;
  readonly removalPolicy: RemovalPolicy;
  readonly encryptionKey?: IKey;
}

const SPECS: Readonly<Record<SigningAlgorithm, KeySpec>> = {
  [SigningAlgorithm.ES256]: KeySpec.ECC_NIST_P256,
  [SigningAlgorithm.RS256]: KeySpec.RSA_3072,
  [SigningAlgorithm.EDDSA]: KeySpec.ECC_NIST_EDWARDS25519,
};

/** The private keys that sign access tokens: a secret of our own, keys of KMS, or a secret of the team's. */
export class SigningStore {
  /** The secret that rotates. */
  public readonly rotated?: KeySecret;
  /** The secret that holds the keys, whoever fills it. */
  public readonly secret?: ISecret;
  /** Keys of KMS, the newest last. */
  public readonly kmsKeys: IKey[];

  constructor(scope: Construct, id: string, props: SigningStoreProps) {
    const { signingKeys: { _kind: kind, _details: details }, removalPolicy, encryptionKey } = props;
    this.rotated = kind === 'rotating' ? new KeySecret(scope, id, { description: 'Keys that sign access tokens', removalPolicy, encryptionKey }) : undefined;
    this.secret = this.rotated?.secret ?? details.secret;
    this.kmsKeys = kind === 'kms' ? kmsKeys(new Construct(scope, id), details, props) : [];
  }
}

/**
 * One key for each name and algorithm: KMS can change the algorithm of none, and a name that comes or goes touches no other key. Its policy is
 * that of every key, the account's IAM decides; who may sign stands in the roles of the functions.
 */
function kmsKeys(scope: Construct, { keyIds = [] }: SigningKeysDetails, { signingKeys, serviceName, removalPolicy }: SigningStoreProps): IKey[] {
  const algorithm = signingKeys._algorithm;
  return keyIds.map((keyId) => new Key(scope, `${keyId}-${algorithm}`, {
    description: `Signs access tokens of ${serviceName} with ${algorithm}: ${keyId}`,
    keySpec: SPECS[algorithm],
    keyUsage: KeyUsage.SIGN_VERIFY,
    removalPolicy,
  }));
}
