import { SigningAlgorithm } from '../../domain/model';
import { Audit } from '../../ports/audit';
import { Clock } from '../../ports/clock';
import { Crypto } from '../../ports/crypto';
import { KeyFactory, VersionedSecret } from '../../ports/keys';
import { OriginHeader } from '../../ports/origin';
import { PublishedKeyWriter, RevocationReader } from '../../ports/revocations';

/** What every operation on keys needs. */
export interface KeyOperationDeps {
  readonly secrets: VersionedSecret;
  /** The published set: read strongly, written conditionally. */
  readonly published: Pick<RevocationReader, 'readPublishedKeys'> & PublishedKeyWriter;
  /** Absent where no CloudFront stands before the API, and where its secret is not rotated but only asked to be. */
  readonly originHeader?: OriginHeader;
  readonly factory: KeyFactory;
  readonly clock: Clock;
  readonly crypto: Pick<Crypto, 'sha256' | 'randomUuid'>;
  readonly audit: Audit;
  readonly settings: KeySettings;
}

export interface KeySettings {
  /** ARN of the secret of the signing keyset. */
  readonly signingSecret: string;
  /** ARN of the secret of the refresh keys. */
  readonly refreshSecret: string;
  /** ARN of the secret that CloudFront sends along. Absent where no CloudFront stands before the API. */
  readonly originSecret?: string;
  /** Of keys made from now on. */
  readonly algorithm: SigningAlgorithm;
  /** Seconds. */
  readonly accessTokenTtl: number;
  /** Seconds. */
  readonly sessionTtl: number;
}

/** Rounds of "look, decide, compare and set" against others who change the same secret; then the caller tries again later. */
export const MAX_ROUNDS = 6;

export const CURRENT = 'AWSCURRENT';
export const PENDING = 'AWSPENDING';
