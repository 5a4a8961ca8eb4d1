import { AMR_PASSWORD } from '../../domain/claims';
import { deviceLabel } from '../../domain/device-label';
import { RefreshKey, Session, User } from '../../domain/model';
import { newSession } from '../../domain/session';
import { IssuedTokens } from './issued-tokens';
import { issueTokens, IssueTokensDeps } from './issue-tokens';

export interface OpenSessionInput {
  /** `sv` is stamped into the session: what ends sessions after it was read ends this one too. */
  readonly user: Pick<User, 'uid' | 'sv' | 'scopes'>;
  readonly refreshKey: RefreshKey;
  readonly userAgent: string | undefined;
  readonly now: number;
  /** The session counts as begun no earlier, whatever the clock says. */
  readonly notBefore?: number;
}

export interface Draft {
  readonly session: Session;
  readonly tokens: IssuedTokens;
}

/**
 * A session of its own id, never one that the client brought along (SE-13), with its first tokens. Nothing is stored yet: signed first, no
 * session is left behind that nobody holds a token of.
 */
export async function draftSession(deps: IssueTokensDeps, input: OpenSessionInput): Promise<Draft> {
  const { user, refreshKey, now, notBefore } = input;
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
      ...(notBefore === undefined ? {} : { notBefore }),
    },
    now,
  );
  return { session, tokens: await issueTokens(deps, { session, user, refreshKey, now }) };
}
