import { Session, User } from './model';

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
    createdAt: now,
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
