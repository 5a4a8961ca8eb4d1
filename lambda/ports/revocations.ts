import { PublishedKeySet, Revocations } from '../domain/model';

/** Reads of what is revoked and of the published keys. Throws `UnavailableError('revocations')` without a definite answer. */
export interface RevocationReader {
  /** One strong read. */
  readRevocations(uid: string): Promise<Revocations>;

  /** One strong read. `undefined` when no set was ever published. */
  readPublishedKeys(): Promise<PublishedKeySet | undefined>;
}

export interface RevocationWriter {
  /**
   * Adds a session to the user's revoked ones, idempotent. Answers with how many the user's item holds, so that the caller
   * can end all sessions instead above the limit. `ttl` and `expires` in epoch seconds; the item's TTL only grows.
   */
  revokeSession(uid: string, sid: string, expires: number, ttl: number): Promise<{ readonly count: number }>;

  /** Removes entries that expired before `now` (epoch seconds); answers with how many remain. */
  pruneExpired(uid: string, now: number): Promise<{ readonly count: number }>;
}

export interface PublishedKeyWriter {
  /** Conditional on the stored version being smaller; equal version and content is this very write repeated: `published`. */
  publish(set: PublishedKeySet): Promise<'published' | 'newer_exists'>;
}
