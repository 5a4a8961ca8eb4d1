import { ListedKey, PublishedKey, PublishedKeySet, RefreshKey, SigningAlgorithm, SigningKey, SigningKeyset, RefreshKeyset } from '../domain/model';

/** Signs with the key that may sign now. Throws `UnavailableError('signing-keys')`. */
export interface TokenSigner {
  /** Loads what `sign` needs, so that an outage of the key store shows before a use case writes anything. */
  ready(): Promise<void>;

  /** JWS compact serialisation of the claims, `typ` `at+jwt`. */
  sign(claims: Readonly<Record<string, unknown>>): Promise<string>;
}

/** Public keys for verification. */
export interface VerificationKeys {
  /** Bounded: an unknown kid causes at most one reload per cooldown. `undefined`: not a key of ours. Throws `UnavailableError('signing-keys')`. */
  find(kid: string): Promise<PublishedKey | undefined>;
}

/** The published set for whoever verifies elsewhere. */
export interface OfferedKeys {
  /** Read at `readAt`, epoch milliseconds; while the table is down an older one stands in. Throws `UnavailableError('signing-keys')`. */
  latest(): Promise<{ readonly set: PublishedKeySet; readonly readAt: number }>;
}

/** The refresh keys. Throws `UnavailableError('refresh-keys')`. */
export interface RefreshKeys {
  current(): Promise<RefreshKey>;
  /** Reloads (bounded by a cooldown) when `kv` is not known; `undefined` if it still is not. */
  find(kv: string): Promise<RefreshKey | undefined>;
  /** The restore floor; 0 where nothing was ever restored. */
  floor(): Promise<number>;
}

/** By label, by id, or by an id that must carry the label. */
export type VersionSelector = { readonly stage: string } | { readonly versionId: string; readonly stage?: string };

export interface SecretVersion {
  readonly versionId: string;
  readonly value: string;
}

export interface SecretDescription {
  readonly rotationEnabled: boolean;
  /** Version id to its labels. */
  readonly stages: ReadonlyMap<string, readonly string[]>;
}

/** Throws `UnavailableError('secrets')`. */
export interface SecretReader {
  /** Value of a version by label or id; `undefined` if there is no such version or it was never filled. */
  read(secretId: string, which: VersionSelector): Promise<SecretVersion | undefined>;
}

/** A versioned secret, with the staging labels of Secrets Manager. Throws `UnavailableError('secrets')`. */
export interface VersionedSecret extends SecretReader {
  /** `versionId` doubles as the idempotency token: a repeated put of another value is ignored and answers `exists`. */
  put(secretId: string, versionId: string, value: string, stages: readonly string[]): Promise<'stored' | 'exists'>;
  /**
   * Moves `stage` to `toVersionId`, away from `fromVersionId`; `undefined` for either means that it is attached to no version before or
   * after. Compare and set: `elsewhere`, and nothing moved, when the label was not where it was said to be.
   */
  moveStage(secretId: string, stage: string, toVersionId: string | undefined, fromVersionId: string | undefined): Promise<'moved' | 'elsewhere'>;
  /** `rotationEnabled` is false only where rotation was switched off. Versions without a label are not among `stages`. */
  describe(secretId: string): Promise<SecretDescription>;
  /** Asks for a rotation now. `in_progress`: an earlier one has not ended, and Secrets Manager goes on with that one now. */
  startRotation(secretId: string): Promise<'started' | 'in_progress'>;
}

/** Public halves of the keys that somebody else keeps. */
export interface KeyList {
  /**
   * The oldest first. `keyArns`: of the keys of KMS that the deployment names; a list in a secret is in the secret. Throws `KeyListError` for
   * what only the team can put right, and `UnavailableError`.
   */
  read(keyArns: readonly string[]): Promise<readonly ListedKey[]>;
}

/** Makes key material. */
export interface KeyFactory {
  signingKey(alg: SigningAlgorithm, now: number): Promise<SigningKey>;
  /** The public JWK of a private one, with kid, use and alg. */
  publicJwk(key: Pick<SigningKey, 'kid' | 'alg' | 'privateJwk'>): Readonly<Record<string, string>>;
  refreshKey(now: number): RefreshKey;
  /** Key of the lookup secret: 256 random bits, base64url. */
  lookupKey(): string;
  /** A value of the origin secret. */
  originSecret(): string;
  /** Signs and verifies a probe. */
  check(key: SigningKey): Promise<boolean>;
}

export type { SigningKeyset, RefreshKeyset };
