import { Session } from '../../domain/model';
import { mayHaveTokens, newestFirst, sessionStatus } from '../../domain/session';
import { SessionStore } from '../../ports/sessions';
import { LoginLimits } from '../settings';
import { Draft, draftSession, OpenSessionInput } from './draft-session';
import { IssueTokensDeps } from './issue-tokens';
import { retireSession, RetireSessionDeps } from './retire-session';

export interface SessionCapDeps extends RetireSessionDeps {
  readonly sessions: RetireSessionDeps['sessions'] & Pick<SessionStore, 'listByUser' | 'readMany' | 'forget'>;
  readonly limits: Pick<LoginLimits, 'maxSessionsPerUser'>;
}

export type OpenSessionDeps = IssueTokensDeps & SessionCapDeps & {
  readonly sessions: Pick<SessionStore, 'create'> & SessionCapDeps['sessions'];
};

/** Entries beyond the cap that one login looks at, sessions that it ends, and dead ones that it deletes. What is left over, the next login finds. */
const LOOKED_AT_BEYOND = 2000;
const MOST_ENDED = 200;
const MOST_DELETED = 500;
const DELETED_AT_ONCE = 10;

/**
 * Opens a session, and ends the oldest ones while the user has more than the cap (SE-12). It is stored first: of logins at the same time, the last one
 * to look sees all of them.
 */
export async function openSession(deps: OpenSessionDeps, input: OpenSessionInput): Promise<Draft> {
  const draft = await draftSession(deps, input);
  const newest = await store(deps, draft.session);
  if (newest === undefined) return draft;
  // The clock of this function is behind those that opened the others, or all of it was within one millisecond.
  // Once: whoever is overtaken then, is by a login at the same time.
  const again = await draftSession(deps, { ...input, notBefore: newest.createdAt + 1 });
  await store(deps, again.session);
  return again;
}

/** What fails on the way leaves no session that counts and that nobody holds a token of. */
async function store(deps: OpenSessionDeps, session: Session): Promise<Session | undefined> {
  try {
    await deps.sessions.create(session);
    return await endOldest(deps, session);
  } catch (error) {
    await deps.sessions.markEnded(session.sid).catch(() => undefined);
    throw error;
  }
}

/**
 * Below the cap, one look at the keys of the index decides: it names ended sessions too until they are swept, so it only ever counts too many.
 * Above it the sessions themselves decide. Dead ones that are in the way are deleted, once nothing of them can come back that they would be needed for.
 *
 * @returns the newest session if the one just opened is itself beyond the cap, and was ended
 */
async function endOldest(deps: SessionCapDeps, opened: Session): Promise<Session | undefined> {
  const most = deps.limits.maxSessionsPerUser;
  const isOther = ({ sid }: { readonly sid: string }): boolean => sid !== opened.sid;
  const first = (await deps.sessions.listByUser(opened.uid, most + 1)).filter(isOther);
  if (first.length < most) return undefined;

  const others = (await deps.sessions.listByUser(opened.uid, most + LOOKED_AT_BEYOND)).filter(isOther);
  // The one just opened too: by now another login may have ended it, and then it takes nobody's place.
  const sessions = await deps.sessions.readMany([opened.sid, ...others.map(({ sid }) => sid)]);
  const now = deps.clock.now();
  const living = sessions.filter((session) => session.sv === opened.sv && sessionStatus(session, now) === 'live').sort(newestFirst);
  // Of a larger version: the login itself is dead, and says nothing about others.
  const dead = sessions.filter((session) => (session.sv < opened.sv || sessionStatus(session, now) !== 'live') && !mayHaveTokens(session, deps.revocation, now));
  const excess = living.slice(most).reverse().slice(0, MOST_ENDED);
  // One after the other: what fails has ended none that is younger than one that lives.
  for (const session of excess) await retireSession(deps, session, 'too_many_sessions');
  await forgetAll(deps, dead.slice(0, MOST_DELETED));
  return excess.some((session) => !isOther(session)) ? living[0] : undefined;
}

async function forgetAll(deps: SessionCapDeps, sessions: readonly Session[]): Promise<void> {
  for (let start = 0; start < sessions.length; start += DELETED_AT_ONCE) {
    await Promise.all(sessions.slice(start, start + DELETED_AT_ONCE).map((session) => deps.sessions.forget(session)));
  }
}
