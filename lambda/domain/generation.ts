import { NextGeneration, Session } from './model';

/**
 * What a presented generation of a genuine refresh token means:
 * `rotate` it is the current one · `successor` it made the current one, which was issued a moment ago: hand out the same once more ·
 * `replace` it made the current one, whose answer seems lost: make a new one in its place · `superseded` older, or replaced without ever having been
 * used, a moment ago: 409, nobody is harmed · `reuse` probably stolen · `unknown` never made by this state of the table, for example after a restore.
 */
export type GenerationDecision = 'rotate' | 'successor' | 'replace' | 'superseded' | 'reuse' | 'unknown';

/** Milliseconds. */
export interface GenerationRules {
  /** How long requests with one token count as concurrent. 0: every older generation is reuse, whatever the window. */
  readonly grace: number;
  /** How long after its first use a token may come back for an answer that was lost. 0: only within the grace. */
  readonly lostAnswerWindow: number;
}

type Generations = Pick<Session, 'n' | 'superseded' | 'parent'>;

/** Superseded times kept in a session. */
const SUPERSEDED_MAX = 16;

/**
 * The parent is the generation whose use made the current one. It may come back: within the grace as a racer, within the window because the
 * answer was lost. Then the current generation, which nobody has used, is burnt and a new one issued: whoever holds the burnt one, owner or
 * thief, is found out at its next use (RFC 9700 section 4.14.2). Handed out twice instead, one successor would let both go on for a whole window.
 */
export function decideGeneration(session: Generations, presented: number, now: number, rules: GenerationRules): GenerationDecision {
  if (presented === session.n) return 'rotate';
  if (presented > session.n) return 'unknown';
  const parent = parentOf(session);
  if (presented !== parent.n) {
    return within(rules.grace, session.superseded[session.n - 1 - presented], now) ? 'superseded' : 'reuse';
  }
  if (within(rules.grace, issuedAt(session), now)) return 'successor';
  return rules.grace > 0 && within(rules.lostAnswerWindow, parent.at, now) ? 'replace' : 'reuse';
}

/** The session's changes when `presented` makes its next generation: the current one by its use, or the parent of an unused one. */
export function nextGeneration(session: Session, presented: number, now: number, rules: GenerationRules, idleTtlMs: number): NextGeneration {
  const times = [now, ...session.superseded].slice(0, SUPERSEDED_MAX);
  // The position of a time is its generation, so only the tail is dropped, also when two containers' clocks differ.
  const kept = times.reduce((length, time, index) => (within(rules.grace, time, now) ? index + 1 : length), 0);
  const n = session.n + 1;
  return {
    n,
    superseded: times.slice(0, kept),
    parent: { of: n, ...(presented === session.n ? { n: presented, at: now } : parentOf(session)) },
    lastUsedAt: now,
    idleExpiresAt: Math.min(now + idleTtlMs, session.expiresAt),
  };
}

/** A release that does not know of parents leaves the one of an earlier generation: in its sessions each generation was made by the one before. */
function parentOf(session: Generations): { readonly n: number; readonly at: number } {
  const { parent } = session;
  return parent?.of === session.n ? { n: parent.n, at: parent.at } : { n: session.n - 1, at: issuedAt(session) };
}

/** The current generation was made when the one before was superseded: entry 0. Without a grace no time is kept: then long ago. */
function issuedAt(session: Generations): number {
  return session.superseded[0] ?? 0;
}

function within(duration: number, since: number | undefined, now: number): boolean {
  return since !== undefined && duration > 0 && now - since < duration;
}
