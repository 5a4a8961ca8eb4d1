import { SIGNING_ALGORITHMS } from '../../src/contract/signing';

/** What the service stores, as the use cases see it. Times are epoch milliseconds unless the name says seconds. */

/** Values of the declared profile attributes. */
export type ProfileValues = Readonly<Record<string, string | number | boolean>>;

export type UserStatus = 'active' | 'disabled';

/** `USER#<uid>/PROFILE`: the one truth about a user. */
export interface User {
  readonly uid: string;
  /** Canonical address. */
  readonly email: string;
  readonly status: UserStatus;
  /** Session version: a session or token with a smaller one is dead. */
  readonly sv: number;
  /** Counts changes of password or address; equal to the credential's. */
  readonly pv: number;
  /** Scopes granted one by one, beyond the default ones. Sorted. */
  readonly scopes: readonly string[];
  readonly profile: ProfileValues;
  readonly createdAt: number;
}

/** `EMAIL#<canonical>/CREDENTIAL`: the password, and the lock on the address. */
export interface Credential {
  readonly email: string;
  readonly uid: string;
  /** PHC string. */
  readonly passwordHash: string;
  readonly pv: number;
}

export type SessionState = 'live' | 'ended';

/** One login. */
export interface Session {
  readonly sid: string;
  readonly uid: string;
  /** Id of the refresh key that this session's tokens are made with. */
  readonly kv: string;
  /** 256 random bits, base64url. */
  readonly salt: string;
  /** Current generation of the refresh token; the first is 0. */
  readonly n: number;
  /** When each of the latest generations was superseded, newest first, not older than the grace: entry 0 belongs to n - 1. */
  readonly superseded: readonly number[];
  /** Whose use made generation `of`: generation `n`, first used at `at`. Says nothing unless `of` is the current one. Absent before the first refresh. */
  readonly parent?: { readonly of: number; readonly n: number; readonly at: number };
  readonly state: SessionState;
  /** The user's version when it was opened: it lives while the two are equal. */
  readonly sv: number;
  readonly amr: readonly string[];
  /** Epoch seconds. */
  readonly authTime: number;
  readonly createdAt: number;
  readonly lastUsedAt: number;
  /** Absolute end. */
  readonly expiresAt: number;
  /** End unless refreshed before. */
  readonly idleExpiresAt: number;
  /** From the User-Agent, at most 64 characters: shown to the owner. */
  readonly device: string;
}

/** What replacing its current generation changes in a session. The absolute end never moves, and the version stays the one it was opened with. */
export type NextGeneration = Required<Pick<Session, 'n' | 'superseded' | 'parent' | 'lastUsedAt' | 'idleExpiresAt'>>;

/** What the authorizer knows of a user: one item, one strong read. */
export interface Revocations {
  /** Tokens with a smaller `sv` are dead. 0 when nothing was ever revoked. */
  readonly minSv: number;
  /** Ended sessions whose access tokens may still be alive. */
  readonly sids: ReadonlySet<string>;
}

/** One-time secrets. */
export interface Ticket {
  /** SHA-256 of the secret, base64url. */
  readonly hash: string;
  readonly kind: 'invitation';
  /** Canonical address that the ticket is bound to. */
  readonly email: string;
  readonly scopes: readonly string[];
  readonly expiresAt: number;
}

export type SigningAlgorithm = (typeof SIGNING_ALGORITHMS)[number];

/** A public key in the published set. */
export interface PublishedKey {
  /** RFC 7638 thumbprint. */
  readonly kid: string;
  readonly alg: SigningAlgorithm;
  /** Public members only, with kid, use and alg. */
  readonly jwk: Readonly<Record<string, string>>;
  /** When it first stood in the published set. */
  readonly publishedAt: number;
  readonly state: 'active' | 'next' | 'retired';
  /** Only retired keys: when it leaves the set. */
  readonly removeAt?: number;
  /** Who keeps the private key; absent for a key of the rotating keyset. */
  readonly keeper?: KeyKeeper;
  /** Only with the keeper `kms`: the key that signs. */
  readonly keyArn?: string;
}

/** Keeps keys of which this service reads a list and makes none: KMS, or a secret that the team fills. */
export type KeyKeeper = 'kms' | 'existing-secret';

/** The public half of a key on such a list. */
export type ListedKey = Pick<PublishedKey, 'kid' | 'alg' | 'jwk' | 'keyArn'>;

/** `KEYS#signing` in Revocations. */
export interface PublishedKeySet {
  /** Grows by one with every change of the secret's keyset. */
  readonly version: number;
  readonly keys: readonly PublishedKey[];
  readonly updatedAt: number;
  /** Kids that an emergency took out, newest first: no list and no former keyset brings them back. */
  readonly withdrawn?: readonly string[];
}

/** A private key in the signing secret. */
export interface SigningKey {
  readonly kid: string;
  readonly alg: SigningAlgorithm;
  readonly privateJwk: Readonly<Record<string, string>>;
  readonly createdAt: number;
}

/** The signing secret's value. Format `v: 1`. */
export interface SigningKeyset {
  readonly v: 1;
  /** Same number as the published set made from it. */
  readonly version: number;
  readonly active: SigningKey;
  readonly next: SigningKey;
  /** Newest first. Only the newest ones keep a private part, while their successor is too young to sign. */
  readonly retired: readonly RetiredKey[];
}

export interface RetiredKey {
  readonly kid: string;
  readonly alg: SigningAlgorithm;
  readonly publicJwk: Readonly<Record<string, string>>;
  readonly privateJwk?: Readonly<Record<string, string>>;
  readonly createdAt: number;
  readonly retiredAt: number;
  readonly removeAt: number;
}

/** One key of the refresh secret. */
export interface RefreshKey {
  /** Eight characters of [a-z0-9], random. */
  readonly kv: string;
  /** 256 random bits, base64url. */
  readonly key: string;
  readonly createdAt: number;
  /** When a newer key took over; absent for the current one. */
  readonly retiredAt?: number;
}

/** The refresh secret's value. Format `v: 1`; `keys[0]` is current, newest first. */
export interface RefreshKeyset {
  readonly v: 1;
  readonly keys: readonly RefreshKey[];
  /** The restore floor: what carries a smaller one is of a time that a restore undid. Absent is 0. */
  readonly ep?: number;
}

/** The caller as the authorizer verified it. */
export interface Principal {
  readonly uid: string;
  readonly sid: string;
  readonly sv: number;
  readonly jti: string;
  readonly scope: string;
  /** Epoch seconds. */
  readonly authTime: number;
  readonly amr: readonly string[];
}
