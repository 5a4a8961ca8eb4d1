import { NextGeneration, Session } from '../domain/model';

/** Where a session is found: what the index knows of it. */
export type SessionEntry = Pick<Session, 'sid' | 'createdAt'>;

/** Sessions. Reads are strongly consistent except `listByUser`. Methods throw `UnavailableError('sessions')` without a definite answer. */
export interface SessionStore {
  create(session: Session): Promise<void>;

  read(sid: string): Promise<Session | undefined>;

  /**
   * Replaces generation `session.n` by `next.n`, conditional on generation, state and the absolute end. When the condition fails, answers with the session
   * as it is now (or undefined if there is none), so that a racer or a retry after a lost response can re-derive the successor.
   */
  rotate(session: Session, next: NextGeneration): Promise<{ readonly rotated: boolean; readonly current: Session | undefined }>;

  /** Marks, never deletes. Idempotent. Leaves the TTL as it is. */
  markEnded(sid: string): Promise<void>;

  /** Marks unless its current generation is another than `session.n` by now. False: it was used meanwhile and lives. True also where somebody else ended it. */
  endUnused(session: Session): Promise<boolean>;

  /** Deletes unless its current generation is another than `session.n` by now: for what is dead and would only be in the way. */
  forget(session: Session): Promise<void>;

  /**
   * The user's sessions in the order of `newestFirst`, ended and expired ones included (SE-16). Read through the index, which may not show what was
   * written a moment ago.
   *
   * @param atMost so many of the newest, of the last millisecond among them any; all where it is left out
   */
  listByUser(uid: string, atMost?: number): Promise<SessionEntry[]>;

  /** Those of the sessions that are there, in no particular order. */
  readMany(sids: readonly string[]): Promise<Session[]>;
}
