import { Principal, Session } from '../domain/model';
import { newestFirst, sessionEnd, sessionStatus } from '../domain/session';
import { beyond, SessionPlace } from '../domain/session-page';
import { Clock } from '../ports/clock';
import { SessionStore } from '../ports/sessions';

export interface ListSessionsDeps {
  readonly sessions: Pick<SessionStore, 'listByUser' | 'readMany'>;
  readonly clock: Clock;
}

export interface ListSessionsInput {
  readonly principal: Principal;
  /** How many at most. */
  readonly limit: number;
  /** The last one of the page before. */
  readonly after?: SessionPlace;
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
  /** Where the next page goes on; absent when no living session is left. */
  readonly next?: SessionPlace;
}

/**
 * The caller's living sessions, newest first, in pages (SE-12). Ended ones are dropped before they are counted: a page is short only when it is the
 * last, and none of them hides a living one (SE-16).
 */
export async function listSessions(deps: ListSessionsDeps, input: ListSessionsInput): Promise<ListSessionsOutput> {
  const { principal: { uid, sid, sv }, limit, after } = input;
  const now = deps.clock.now();
  const entries = beyond(await deps.sessions.listByUser(uid), after);
  const living: Session[] = [];
  // One more than the page shows says whether there is another page.
  for (let from = 0; from < entries.length && living.length <= limit; from += limit + 1) {
    const read = await deps.sessions.readMany(entries.slice(from, from + limit + 1).map((entry) => entry.sid));
    // The authorizer has just found the caller's version alive, so it is the user's: a session of any other is dead.
    living.push(...read.filter((session) => session.sv === sv && sessionStatus(session, now) === 'live').sort(newestFirst));
  }
  const page = living.slice(0, limit);
  return { sessions: page.map((session) => view(session, sid)), ...(living.length > limit ? { next: page.at(-1)! } : {}) };
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
