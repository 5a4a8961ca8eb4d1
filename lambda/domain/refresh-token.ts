import { NextGeneration, Session } from './model';

/** The parts of `rt1.<kv>.<sid>.<n>.<mac>`. */
export interface RefreshToken {
  /** Id of the refresh key. */
  readonly kv: string;
  readonly sid: string;
  /** Generation. */
  readonly n: number;
  /** base64url of HMAC-SHA-256 over `macFields`. */
  readonly mac: string;
}

/**
 * What a presented generation of a genuine token means:
 * `rotate` it is the current one · `successor` it was replaced a moment ago, hand out the same successor again · `superseded` older, but
 * replaced within the grace: 409, nobody is harmed · `reuse` replaced before the grace: probably stolen · `unknown` never made by this
 * state of the table, for example after a restore.
 */
export type GenerationDecision = 'rotate' | 'successor' | 'superseded' | 'reuse' | 'unknown';

const PREFIX = 'rt1';
/** Superseded times kept in a session. */
const SUPERSEDED_MAX = 16;
/** The generation fits a safe integer and has one spelling; sid is 128 bits, so its last character carries two of them. */
const FORMAT = /^rt1\.([a-z0-9]{8})\.([A-Za-z0-9_-]{21}[AQgw])\.(0|[1-9][0-9]{0,8})\.([A-Za-z0-9_-]{43})$/;
const MAX_LENGTH = 96;

export function formatRefreshToken(token: RefreshToken): string {
  return `${PREFIX}.${token.kv}.${token.sid}.${token.n}.${token.mac}`;
}

/** The parts of a token, or undefined when the text is not the one spelling of a refresh token. Says nothing about its MAC. */
export function parseRefreshToken(text: string): RefreshToken | undefined {
  const [, kv, sid, n, mac] = (text.length <= MAX_LENGTH && FORMAT.exec(text)) || [];
  return kv && sid && n && mac ? { kv, sid, n: Number(n), mac } : undefined;
}

/**
 * What the MAC covers. The session's salt is one of the fields, so neither the table nor the key alone makes a token; `Crypto.mac`
 * prefixes every field with its length, so no two lists of fields make the same input.
 */
export function macFields(token: Pick<RefreshToken, 'kv' | 'sid' | 'n'>, salt: string): string[] {
  return [PREFIX, token.kv, token.sid, String(token.n), salt];
}

/** Decides by the stored generation and by when generation `n` was superseded. `graceMs` 0: every older generation is reuse. */
export function decideGeneration(session: Pick<Session, 'n' | 'superseded'>, n: number, now: number, graceMs: number): GenerationDecision {
  if (n === session.n) {
    return 'rotate';
  }
  if (n > session.n) {
    return 'unknown';
  }
  // Entry 0 belongs to the generation just before the current one.
  const age = session.n - 1 - n;
  const supersededAt: number | undefined = session.superseded[age];
  if (supersededAt === undefined || !withinGrace(supersededAt, now, graceMs)) {
    return 'reuse';
  }
  return age === 0 ? 'successor' : 'superseded';
}

/** The session's changes when its current generation is replaced at `now`. The absolute end never moves. */
export function nextGeneration(
  session: Session,
  now: number,
  graceMs: number,
  idleTtlMs: number,
): NextGeneration {
  const times = [now, ...session.superseded].slice(0, SUPERSEDED_MAX);
  // The position of a time is its generation, so only the tail is dropped, also when two containers' clocks differ.
  const kept = times.reduce((length, time, index) => (withinGrace(time, now, graceMs) ? index + 1 : length), 0);
  return {
    n: session.n + 1,
    superseded: times.slice(0, kept),
    lastUsedAt: now,
    idleExpiresAt: Math.min(now + idleTtlMs, session.expiresAt),
  };
}

function withinGrace(supersededAt: number, now: number, graceMs: number): boolean {
  return graceMs > 0 && now - supersededAt < graceMs;
}
