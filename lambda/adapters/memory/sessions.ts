import { UnavailableError } from '../../domain/errors';
import { NextGeneration, Session } from '../../domain/model';
import { SessionStore } from '../../ports/sessions';
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

  async listByUser(uid: string): Promise<Session[]> {
    const sids = await this.tables.call(() => this.tables.sidsByUser(uid));
    const sessions = await Promise.all(sids.map((sid) => this.read(sid)));
    return sessions.filter((session) => session !== undefined);
  }
}
