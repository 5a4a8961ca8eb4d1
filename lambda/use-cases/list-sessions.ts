import { Principal, Session } from '../domain/model';
import { newestFirst, sessionEnd, sessionStatus } from '../domain/session';
import { Clock } from '../ports/clock';
import { SessionStore } from '../ports/sessions';

export interface ListSessionsDeps {
  readonly sessions: Pick<SessionStore, 'listByUser' | 'readMany'>;
  readonly clock: Clock;
}

export interface ListSessionsInput {
  readonly principal: Principal;
}

/** One session as its owner sees it. Times in epoch milliseconds. */
export interface SessionView {
  readonly sid: string;
  readonly device: string;
  readonly createdAt: number;
  readonly lastUsedAt: number;
  /** End unless refreshed before. */
  readonly expiresAt: number;
  /** Whether the caller's own token belongs to it. */
  readonly current: boolean;
}

export interface ListSessionsOutput {
  readonly sessions: SessionView[];
}

/** The caller's living sessions, newest first (SE-12). */
export async function listSessions(deps: ListSessionsDeps, input: ListSessionsInput): Promise<ListSessionsOutput> {
  const { uid, sid, sv } = input.principal;
  const now = deps.clock.now();
  const entries = await deps.sessions.listByUser(uid);
  const sessions = (await deps.sessions.readMany(entries.map((entry) => entry.sid))).sort(newestFirst);
  return {
    // The authorizer has just found the caller's version alive, so it is the user's: a session of any other is dead.
    sessions: sessions.filter((session) => session.sv === sv && sessionStatus(session, now) === 'live').map((session) => view(session, sid)),
  };
}

function view(session: Session, currentSid: string): SessionView {
  return {
    sid: session.sid,
    device: session.device,
    createdAt: session.createdAt,
    lastUsedAt: session.lastUsedAt,
    expiresAt: sessionEnd(session),
    current: session.sid === currentSid,
  };
}
