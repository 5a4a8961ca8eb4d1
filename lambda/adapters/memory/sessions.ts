import { UnavailableError } from '../../domain/errors';
import { NextGeneration, Session } from '../../domain/model';
import { SessionEntry, SessionStore } from '../../ports/sessions';
import { MemoryTables } from './tables';

export class MemorySessionStore implements SessionStore {
  constructor(private readonly tables: MemoryTables) {}

  create(session: Session): Promise<void> {
    return this.tables.call(() => {
      const stored = this.tables.sessions.get(session.sid);
      // Without its salt it is another session; with it this very call, repeated after its response was lost.
      if (stored !== undefined && stored.salt !== session.salt) throw new UnavailableError('sessions', new Error('a session id was drawn twice'));
      if (stored === undefined) this.tables.sessions.set(session.sid, session);
    });
  }

  read(sid: string): Promise<Session | undefined> {
    return this.tables.call(() => this.tables.sessions.get(sid));
  }

  rotate(session: Session, next: NextGeneration): Promise<{ readonly rotated: boolean; readonly current: Session | undefined }> {
    return this.tables.call(() => {
      const current = this.tables.sessions.get(session.sid);
      const rotates = current !== undefined && current.n === session.n && current.state === 'live' && current.expiresAt > next.lastUsedAt;
      if (!rotates) return { rotated: false, current };
      const { n, superseded, parent, lastUsedAt, idleExpiresAt } = next;
      const rotated = { ...current, n, superseded, parent, lastUsedAt, idleExpiresAt };
      this.tables.sessions.set(session.sid, rotated);
      return { rotated: true, current: rotated };
    });
  }

  markEnded(sid: string): Promise<void> {
    return this.tables.call(() => {
      const session = this.tables.sessions.get(sid);
      if (session !== undefined) this.tables.sessions.set(sid, { ...session, state: 'ended' });
    });
  }

  endUnused({ sid, n }: Session): Promise<boolean> {
    return this.tables.call(() => {
      const session = this.tables.sessions.get(sid);
      if (session?.n === n) this.tables.sessions.set(sid, { ...session, state: 'ended' });
      return this.tables.sessions.get(sid)?.state !== 'live';
    });
  }

  forget({ sid, n }: Session): Promise<void> {
    return this.tables.call(() => {
      if (this.tables.sessions.get(sid)?.n === n) this.tables.sessions.delete(sid);
    });
  }

  listByUser(uid: string, atMost?: number): Promise<SessionEntry[]> {
    return this.tables.call(() => this.tables.sessionsOfUser(uid).slice(0, atMost).map(({ sid, createdAt }) => ({ sid, createdAt })));
  }

  readMany(sids: readonly string[]): Promise<Session[]> {
    return this.tables.call(() => sids.map((sid) => this.tables.sessions.get(sid)).filter((session) => session !== undefined));
  }
}
