import { Limits } from '../../src/contract/limits';
import { Session, User } from './model';
import { RevocationTimes, revocationLifeSeconds } from './revocation';

export interface NewSession {
  /** 128 random bits, base64url. */
  readonly sid: string;
  /** 256 random bits, base64url. */
  readonly salt: string;
  /** Id of the current refresh key. */
  readonly kv: string;
  readonly user: Pick<User, 'uid' | 'sv'>;
  /** RFC 8176 values. */
  readonly amr: readonly string[];
  readonly device: string;
  readonly ttlMs: number;
  readonly idleTtlMs: number;
  /** It counts as begun no earlier, whatever the clock says. */
  readonly notBefore?: number;
}

/** A session of generation 0. `user.sv` is the one read last, so whatever ends sessions after that read ends this one too. */
export function newSession(input: NewSession, now: number): Session {
  const expiresAt = now + input.ttlMs;
  return {
    sid: input.sid,
    uid: input.user.uid,
    kv: input.kv,
    salt: input.salt,
    n: 0,
    superseded: [],
    state: 'live',
    sv: input.user.sv,
    amr: [...input.amr],
    authTime: Math.floor(now / 1000),
    createdAt: Math.max(now, input.notBefore ?? now),
    lastUsedAt: now,
    expiresAt,
    idleExpiresAt: Math.min(now + input.idleTtlMs, expiresAt),
    device: input.device,
  };
}

/** When a session ends unless it is refreshed before: what every answer says of it, in epoch milliseconds (SE-06). */
export function sessionEnd({ expiresAt, idleExpiresAt }: Pick<Session, 'expiresAt' | 'idleExpiresAt'>): number {
  return Math.min(expiresAt, idleExpiresAt);
}

/** Expiry is decided here and never by the table's TTL, which may lag for days (SE-08). */
export function sessionStatus(session: Pick<Session, 'state' | 'expiresAt' | 'idleExpiresAt'>, now: number): 'live' | 'ended' | 'expired' {
  if (session.state === 'ended') {
    return 'ended';
  }
  return now >= sessionEnd(session) ? 'expired' : 'live';
}

/** Newest first. Sessions of the same millisecond have an order too, the same one for whoever asks. */
export function newestFirst(a: Pick<Session, 'sid' | 'createdAt'>, b: Pick<Session, 'sid' | 'createdAt'>): number {
  return b.createdAt - a.createdAt || (a.sid < b.sid ? 1 : -1);
}

/** Whether an access token of it may still be alive: the last one was signed when it was last used, or in the grace after that for a racer. */
export function mayHaveTokens(session: Pick<Session, 'lastUsedAt'>, times: RevocationTimes, now: number): boolean {
  return now - session.lastUsedAt < (revocationLifeSeconds(times) + Limits.REFRESH_GRACE_MAX_SECONDS) * 1000;
}
