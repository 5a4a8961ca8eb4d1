import { AuthError, UnavailableError } from '../domain/errors';
import { RefreshKey, Session, User } from '../domain/model';
import { decideGeneration, GenerationRules, nextGeneration } from '../domain/generation';
import { RevocationTimes } from '../domain/revocation';
import { sessionStatus } from '../domain/session';
import { Audit } from '../ports/audit';
import { Clock } from '../ports/clock';
import { Crypto } from '../ports/crypto';
import { RefreshKeys, TokenSigner } from '../ports/keys';
import { RevocationWriter } from '../ports/revocations';
import { SessionStore } from '../ports/sessions';
import { UserStore } from '../ports/users';
import { TokenSettings } from './settings';
import { audited, Trail } from './steps/audited';
import { closeSession } from './steps/close-session';
import { genuineRefreshToken } from './steps/genuine-refresh-token';
import { IssuedTokens } from './steps/issued-tokens';
import { issueTokens } from './steps/issue-tokens';

export interface RefreshDeps {
  readonly sessions: Pick<SessionStore, 'read' | 'rotate' | 'markEnded'>;
  readonly users: Pick<UserStore, 'readUser' | 'endAllSessions'>;
  readonly revocations: RevocationWriter;
  readonly refreshKeys: Pick<RefreshKeys, 'find'>;
  readonly signer: Pick<TokenSigner, 'sign'>;
  readonly crypto: Crypto;
  readonly clock: Clock;
  readonly audit: Audit;
  readonly tokens: TokenSettings;
  readonly revocation: RevocationTimes;
}

export interface RefreshInput {
  readonly refreshToken: string;
}

/** A rotation that lost its race decides again by what it was shown; the second look always decides. */
const LOOKS = 3;

/**
 * Replaces a refresh token and issues an access token, also for a token that comes back because its answer was lost. Throws `invalid_token`
 * for what is not ours, `session_expired`, `session_revoked` (also for reuse: then the session ends, RFC 9700 section 4.14.2) and `refresh_superseded`.
 */
export async function refresh(deps: RefreshDeps, input: RefreshInput): Promise<IssuedTokens> {
  return audited(deps, { success: 'refresh_succeeded', refusal: 'refresh_refused' }, async (trail) => {
    const token = await genuineRefreshToken(deps, input.refreshToken);
    trail.uid = token.session.uid;
    trail.sid = token.session.sid;
    assertLive(token.session, deps.clock.now());
    const user = await readLiveUser(deps, token.session);

    let session = token.session;
    for (let look = 1; look <= LOOKS; look += 1) {
      const outcome = await decide(deps, trail, { session, user, n: token.n, refreshKey: token.refreshKey });
      if ('tokens' in outcome) return outcome.tokens;
      session = outcome.current;
      assertLive(session, deps.clock.now());
    }
    throw new UnavailableError('sessions');
  });
}

interface Presented {
  readonly session: Session;
  readonly user: User;
  readonly n: number;
  readonly refreshKey: RefreshKey;
}

async function decide(deps: RefreshDeps, trail: Trail, presented: Presented): Promise<{ readonly tokens: IssuedTokens } | { readonly current: Session }> {
  const { session, user, n, refreshKey } = presented;
  const now = deps.clock.now();
  const rules = generationRules(deps.tokens);
  const decision = decideGeneration(session, n, now, rules);
  switch (decision) {
    case 'rotate':
    case 'replace': {
      const next = nextGeneration(session, n, now, rules, deps.tokens.sessionIdleTtl * 1000);
      // Signed before the write: a key store that is down rotates nothing.
      const tokens = await issueTokens(deps, { session: { ...session, ...next }, user, refreshKey, now });
      const { rotated, current } = await deps.sessions.rotate(session, next);
      if (rotated) {
        if (decision === 'replace') trail.success = 'refresh_answer_replaced';
        return { tokens };
      }
      if (current === undefined) throw new AuthError('session_revoked', { reason: 'session_gone' });
      return { current };
    }
    case 'successor':
      trail.reason = 'successor_repeated';
      return { tokens: await issueTokens(deps, { session, user, refreshKey, now }) };
    case 'superseded':
      throw new AuthError('refresh_superseded', { reason: 'superseded_within_grace' });
    case 'reuse':
      await closeSession(deps, session);
      trail.refusal = 'refresh_reuse';
      throw new AuthError('session_revoked', { reason: 'refresh_reuse' });
    case 'unknown':
      throw new AuthError('invalid_token', { reason: 'generation_unknown' });
  }
}

function generationRules({ refreshGrace, lostAnswerWindow }: TokenSettings): GenerationRules {
  return { grace: refreshGrace * 1000, lostAnswerWindow: lostAnswerWindow * 1000 };
}

/** An ended session never raises reuse: its tokens may come back from a tab that slept through the logout. */
function assertLive(session: Session, now: number): void {
  switch (sessionStatus(session, now)) {
    case 'ended':
      throw new AuthError('session_revoked', { reason: 'session_ended' });
    case 'expired':
      throw new AuthError('session_expired');
    case 'live':
  }
}

/** The user as it is now, by a strong read (SE-15). A session of a larger version than the user's is as dead as one of a smaller: nothing would end it. */
async function readLiveUser(deps: RefreshDeps, session: Session): Promise<User> {
  const user = await deps.users.readUser(session.uid);
  if (user === undefined) throw new AuthError('session_revoked', { reason: 'user_gone' });
  if (user.status !== 'active') throw new AuthError('session_revoked', { reason: 'user_disabled' });
  if (user.sv !== session.sv) throw new AuthError('session_revoked', { reason: 'version_ended' });
  return user;
}
