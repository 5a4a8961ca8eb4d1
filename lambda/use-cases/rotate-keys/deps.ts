import { KeyKeeper, SigningAlgorithm } from '../../domain/model';
import { Audit } from '../../ports/audit';
import { Clock } from '../../ports/clock';
import { Crypto } from '../../ports/crypto';
import { KeyFactory, KeyList, VersionedSecret } from '../../ports/keys';
import { OriginHeader } from '../../ports/origin';
import { PublishedKeyWriter, RevocationReader } from '../../ports/revocations';

/** What every operation on keys needs where this service makes the signing keys. */
export interface KeyOperationDeps extends CommonKeyDeps {
  readonly settings: KeySettings;
}

/** The same where it reads a list of signing keys that somebody else keeps. Refresh keys are its own everywhere. */
export interface ListedKeyDeps extends CommonKeyDeps {
  readonly keeper: KeyKeeper;
}

export interface CommonKeyDeps {
  readonly secrets: VersionedSecret;
  /** The published set: read strongly, written conditionally. */
  readonly published: Pick<RevocationReader, 'readPublishedKeys'> & PublishedKeyWriter;
  /** Absent where no CloudFront stands before the API, and where its secret is not rotated but only asked to be. */
  readonly originHeader?: OriginHeader;
  readonly factory: KeyFactory;
  readonly clock: Clock;
  readonly crypto: Pick<Crypto, 'sha256' | 'randomUuid'>;
  readonly audit: Audit;
  readonly settings: CommonKeySettings;
}

export interface KeySettings extends CommonKeySettings {
  /** ARN of the secret of the signing keyset. */
  readonly signingSecret: string;
  /** Of keys made from now on. */
  readonly algorithm: SigningAlgorithm;
}

export interface CommonKeySettings {
  /** ARN of the secret of the refresh keys. */
  readonly refreshSecret: string;
  /** ARN of the secret under which names are looked up. Absent: none is made. */
  readonly lookupSecret?: string;
  /** ARN of the secret that CloudFront sends along. Absent where no CloudFront stands before the API. */
  readonly originSecret?: string;
  /** Seconds. */
  readonly accessTokenTtl: number;
  /** Seconds. */
  readonly sessionTtl: number;
}

/** Deps with a list that can be read. */
export interface KeyListDeps extends ListedKeyDeps {
  readonly list: KeyList;
}

export function isListed<T extends ListedKeyDeps>(deps: CommonKeyDeps | T): deps is T {
  return 'keeper' in deps;
}

/** Rounds of "look, decide, compare and set" against others who change the same secret; then the caller tries again later. */
export const MAX_ROUNDS = 6;

export const CURRENT = 'AWSCURRENT';
export const PENDING = 'AWSPENDING';
