import { AMR_PASSWORD } from '../../domain/claims';
import { deviceLabel } from '../../domain/device-label';
import { RefreshKey, Session, User } from '../../domain/model';
import { newSession } from '../../domain/session';
import { SessionStore } from '../../ports/sessions';
import { IssuedTokens } from './issued-tokens';
import { issueTokens, IssueTokensDeps } from './issue-tokens';

export interface OpenSessionDeps extends IssueTokensDeps {
  readonly sessions: Pick<SessionStore, 'create'>;
}

export interface OpenSessionInput {
  /** `sv` is stamped into the session: what ends sessions after it was read ends this one too. */
  readonly user: Pick<User, 'uid' | 'sv' | 'scopes'>;
  readonly refreshKey: RefreshKey;
  readonly userAgent: string | undefined;
  readonly now: number;
}

/** A session of its own id, never one that the client brought along (SE-13), with its first tokens. */
export async function openSession(deps: OpenSessionDeps, input: OpenSessionInput): Promise<{ readonly session: Session; readonly tokens: IssuedTokens }> {
  const { user, refreshKey, now } = input;
  const session = newSession(
    {
      sid: deps.crypto.randomToken(16),
      salt: deps.crypto.randomToken(32),
      kv: refreshKey.kv,
      user,
      amr: [AMR_PASSWORD],
      device: deviceLabel(input.userAgent),
      ttlMs: deps.tokens.sessionTtl * 1000,
      idleTtlMs: deps.tokens.sessionIdleTtl * 1000,
    },
    now,
  );
  // Signed before it is stored: no session is left behind that nobody holds a token of.
  const tokens = await issueTokens(deps, { session, user, refreshKey, now });
  await deps.sessions.create(session);
  return { session, tokens };
}
