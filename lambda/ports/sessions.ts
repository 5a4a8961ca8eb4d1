import { NextGeneration, Session } from '../domain/model';

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

  /** Newest first, all of them, ended and expired ones included (SE-16); read through the index, then item by item. */
  listByUser(uid: string): Promise<Session[]>;
}
