import fc from 'fast-check';
import { decideGeneration, GenerationDecision, nextGeneration } from '../../../lambda/domain/generation';
import { Session } from '../../../lambda/domain/model';
import { newSession } from '../../../lambda/domain/session';

const NOW = 1_800_000_000_000;
const GRACE = 10_000;
const WINDOW = 3_600_000;
const DAY = 86_400_000;
const IDLE = 7 * DAY;

const session: Session = newSession(
  { sid: 'AAAAAAAAAAAAAAAAAAAAAA', salt: 's'.repeat(43), kv: 'a1b2c3d4', user: { uid: 'u', sv: 3 }, amr: ['pwd'], device: 'Firefox on Linux', ttlMs: 30 * DAY, idleTtlMs: IDLE },
  NOW,
);

const RULES = { grace: GRACE, lostAnswerWindow: WINDOW };

/** Without a window. */
function decide(from: Session, presented: number, now: number, grace: number): GenerationDecision {
  return decideGeneration(from, presented, now, { grace, lostAnswerWindow: 0 });
}

function rotated(from: Session, now: number, grace = GRACE): Session {
  return { ...from, ...nextGeneration(from, from.n, now, { grace, lostAnswerWindow: 0 }, IDLE) };
}

/** The state after a token was presented, and the generation that was handed out. */
function present(from: Session, presented: number, now: number, rules = RULES): { readonly session: Session; readonly got?: number; readonly ended?: boolean } {
  switch (decideGeneration(from, presented, now, rules)) {
    case 'rotate':
    case 'replace': {
      const next = { ...from, ...nextGeneration(from, presented, now, rules, IDLE) };
      return { session: next, got: next.n };
    }
    case 'successor':
      return { session: from, got: from.n };
    case 'reuse':
      return { session: { ...from, state: 'ended' }, ended: true };
    default:
      return { session: from };
  }
}

describe('generations, when no answer is taken for lost', () => {
  test('SE-03 the current generation rotates', () => {
    expect(decide(session, 0, NOW, GRACE)).toBe('rotate');
    expect(rotated(session, NOW + 1).n).toBe(1);
  });

  test('SE-05 T02 the one before is given the same successor within the grace, and is reuse at its end', () => {
    const current = rotated(session, NOW);
    expect(decide(current, 0, NOW, GRACE)).toBe('successor');
    expect(decide(current, 0, NOW + GRACE - 1, GRACE)).toBe('successor');
    expect(decide(current, 0, NOW + GRACE, GRACE)).toBe('reuse');
  });

  test('SE-05 an older one within the grace is superseded, and each generation has its own grace', () => {
    const current = rotated(rotated(session, NOW), NOW + 4000);
    expect(decide(current, 0, NOW + 5000, GRACE)).toBe('superseded');
    expect(decide(current, 1, NOW + 5000, GRACE)).toBe('successor');
    expect(decide(current, 0, NOW + GRACE, GRACE)).toBe('reuse');
    expect(decide(current, 1, NOW + GRACE, GRACE)).toBe('successor');
  });

  test('SE-04 T03 replay within the same second, after the grace and after 29 days is reuse', () => {
    const current = rotated(rotated(session, NOW, 0), NOW, 0);
    expect(decide(current, 0, NOW, 0)).toBe('reuse');
    expect(decide(current, 1, NOW, 0)).toBe('reuse');
    const later = rotated(rotated(session, NOW), NOW + 60_000);
    expect(decide(later, 0, NOW + 60_000, GRACE)).toBe('reuse');
    expect(decide(later, 0, NOW + 29 * DAY, GRACE)).toBe('reuse');
  });

  test('a generation above the stored one is unknown: the table was restored', () => {
    expect(decide(session, 1, NOW, GRACE)).toBe('unknown');
    expect(decide(session, 999_999_999, NOW, 0)).toBe('unknown');
  });

  test('a grace that was shortened holds for what is stored already', () => {
    expect(decide(rotated(session, NOW, 60_000), 0, NOW + 5000, 1000)).toBe('reuse');
  });

  test('SE-06 SE-07 rotation moves the idle end, never the absolute one, and not beyond it', () => {
    const moved = rotated(session, NOW + DAY);
    expect(moved.idleExpiresAt).toBe(NOW + 8 * DAY);
    expect(moved.expiresAt).toBe(NOW + 30 * DAY);
    expect(moved.lastUsedAt).toBe(NOW + DAY);
    expect(rotated(session, NOW + 29 * DAY).idleExpiresAt).toBe(NOW + 30 * DAY);
    expect(moved.sv).toBe(session.sv);
  });

  test('at most 16 superseded times are kept, and none that the grace no longer needs', () => {
    let burst = session;
    for (let step = 0; step < 40; step++) {
      burst = rotated(burst, NOW + step);
    }
    expect(burst.superseded).toHaveLength(16);
    expect(decide(burst, 24, NOW + 40, GRACE)).toBe('superseded');
    expect(decide(burst, 23, NOW + 40, GRACE)).toBe('reuse');
    expect(rotated(burst, NOW + DAY).superseded).toEqual([NOW + DAY]);
    expect(rotated(session, NOW, 0).superseded).toEqual([]);
  });

  test('SE-05 a container whose clock is behind takes no grace from the others', () => {
    const skewed = rotated(rotated(rotated(session, NOW), NOW - 3000), NOW + 8000);
    expect(decide(skewed, 0, NOW + 8001, GRACE)).toBe('superseded');
    expect(decide(skewed, 1, NOW + 8001, GRACE)).toBe('reuse');
    expect(decide(skewed, 2, NOW + 8001, GRACE)).toBe('successor');
  });

  test('SE-05 whatever the order of clocks: exactly the generations superseded less than a grace ago are forgiven', () => {
    const steps = fc.array(fc.integer({ min: -2000, max: 9000 }), { minLength: 1, maxLength: 15 });
    fc.assert(
      fc.property(steps, fc.integer({ min: 0, max: 20_000 }), (gaps, wait) => {
        let now = NOW;
        let current = session;
        const times: number[] = [];
        for (const gap of gaps) {
          now += gap;
          times.push(now);
          current = rotated(current, now);
        }
        const asked = Math.max(...times) + wait;
        times.forEach((supersededAt, n) => {
          const decision = decide(current, n, asked, GRACE);
          const forgiven = asked - supersededAt < GRACE;
          expect(decision).toBe(!forgiven ? 'reuse' : n === current.n - 1 ? 'successor' : 'superseded');
        });
        expect(decide(current, current.n, asked, GRACE)).toBe('rotate');
      }),
    );
  });
});

describe('SE-17 SE-04 T39 an answer that was lost', () => {
  // Generation 1 was used at NOW and made 2, which nobody has used. Ten minutes later 1 came back: 2 is burnt, 3 in its place.
  const used = rotated(rotated(session, NOW - DAY), NOW);
  const LATE = 600_000;
  const replaced = present(used, 1, NOW + LATE).session;

  test.each<[string, Session, number, number, GenerationDecision]>([
    ['the current one', used, 2, LATE, 'rotate'],
    ['its parent, a racer', used, 1, 0, 'successor'],
    ['its parent at the end of the grace', used, 1, GRACE - 1, 'successor'],
    ['its parent after the grace', used, 1, GRACE, 'replace'],
    ['its parent at the end of the window', used, 1, WINDOW - 1, 'replace'],
    ['its parent after the window', used, 1, WINDOW, 'reuse'],
    ['its grandparent within the window', used, 0, LATE, 'reuse'],
    ['one that was never made', used, 3, LATE, 'unknown'],
    ['the new one', replaced, 3, LATE + 1, 'rotate'],
    ['the parent again, a racer of the late one', replaced, 1, LATE + GRACE - 1, 'successor'],
    ['the parent again after that grace', replaced, 1, LATE + GRACE, 'replace'],
    ['the parent again, the window counted from its first use', replaced, 1, WINDOW - 1, 'replace'],
    ['the parent again after the window', replaced, 1, WINDOW, 'reuse'],
    ['the burnt one, replaced a moment ago', replaced, 2, LATE + GRACE - 1, 'superseded'],
    ['the burnt one after the grace', replaced, 2, LATE + GRACE, 'reuse'],
    ['older than the parent', replaced, 0, LATE + 1, 'reuse'],
    ['one that was never made yet', replaced, 4, LATE + 1, 'unknown'],
  ])('%s', (_, from, presented, after, decision) => {
    expect(decideGeneration(from, presented, NOW + after, RULES)).toBe(decision);
  });

  test('leaves the parent and its first use as they were, and is superseded like any generation', () => {
    expect(replaced).toMatchObject({ n: 3, parent: { of: 3, n: 1, at: NOW }, lastUsedAt: NOW + LATE, superseded: [NOW + LATE] });
    expect(present(replaced, 3, NOW + LATE + 1000).session).toMatchObject({ n: 4, parent: { of: 4, n: 3, at: NOW + LATE + 1000 } });
  });

  test('a parent between two graces has had its answer: once its successor was used it is never answered again', () => {
    const { session: later } = present(replaced, 3, NOW + LATE + 1000);
    for (const after of [LATE + 1000 + GRACE, WINDOW - 1, WINDOW]) expect(decideGeneration(later, 1, NOW + after, RULES)).toBe('reuse');
    expect(decideGeneration(later, 1, NOW + LATE + 1001, RULES)).toBe('reuse');
    expect(decideGeneration(later, 2, NOW + LATE + 1001, RULES)).toBe('superseded');
  });

  test.each([
    ['of another generation, left by a release that does not know it', { of: 1, n: 0, at: NOW }],
    ['absent, as a release writes it that does not know it', undefined],
  ])('a parent that is %s says nothing: the one before counts', (_, parent) => {
    const { parent: _own, ...rest } = used;
    const foreign: Session = { ...rest, ...(parent === undefined ? {} : { parent }) };
    expect(decideGeneration(foreign, 1, NOW + GRACE, RULES)).toBe('replace');
    expect(decideGeneration(foreign, 0, NOW + GRACE, RULES)).toBe('reuse');
    expect(present(foreign, 1, NOW + LATE).session.parent).toEqual({ of: 3, n: 1, at: NOW });
  });

  test('the first token of a session is nobody\'s child', () => {
    expect(decideGeneration(session, 0, NOW, RULES)).toBe('rotate');
    expect(decideGeneration({ ...session, n: 1 }, 0, NOW, RULES)).toBe('reuse');
  });

  test('a window of 0 forbids it; a grace of 0 forbids everything (RFC 9700 section 4.14.2)', () => {
    expect(decideGeneration(used, 1, NOW + GRACE, { grace: GRACE, lostAnswerWindow: 0 })).toBe('reuse');
    for (const after of [0, GRACE, LATE]) expect(decideGeneration(used, 1, NOW + after, { grace: 0, lostAnswerWindow: WINDOW })).toBe('reuse');
  });

  describe('whatever an owner and a thief do who hold the same token', () => {
    interface Position {
      readonly session: Session;
      readonly now: number;
      readonly owner: number;
      readonly thief: readonly number[];
      /** Who succeeded, one letter each time: a racer within the grace gets what the other has got, and is not counted. */
      readonly successes: string;
    }

    /** Every order of uses, at every distance that makes a difference. The thief keeps all tokens, the owner the last one. */
    function explore(depth: number, check: (position: Position, ended: boolean) => void): number {
      const seen = new Set<string>();
      const visit = (position: Position, left: number): void => {
        const key = JSON.stringify([position, left]);
        if (left === 0 || seen.has(key)) return;
        seen.add(key);
        for (const wait of [GRACE + 1000, WINDOW / 4, WINDOW]) {
          const now = position.now + wait;
          for (const who of ['O', 'T'] as const) {
            for (const presented of who === 'O' ? [position.owner] : position.thief) {
              const { session: after, got, ended = false } = present(position.session, presented, now);
              const successes = got === undefined ? position.successes : position.successes + who;
              const base = { session: after, now, successes };
              if (got === undefined) {
                check({ ...position, ...base }, ended);
                if (!ended) visit({ ...position, ...base }, left - 1);
                continue;
              }
              const thief = who === 'T' ? [...new Set([...position.thief, got])] : position.thief;
              const next = { ...base, owner: who === 'O' ? got : position.owner, thief };
              check(next, false);
              visit(next, left - 1);
            }
          }
        }
      };
      visit({ session, now: NOW, owner: 0, thief: [0], successes: '' }, depth);
      return seen.size;
    }

    test('SE-04 they never both succeed twice in turn: somebody is found out', () => {
      expect(explore(8, ({ successes }) => expect(successes).not.toMatch(/O.*T.*O.*T|T.*O.*T.*O/))).toBeGreaterThan(1000);
    });

    test('the owner alone is never logged out within the window, however many answers are lost', () => {
      const walk = (state: Session, held: number, first: number, now: number, left: number): void => {
        if (left === 0) return;
        for (const wait of [0, 1000, GRACE, GRACE + 1000, WINDOW / 4]) {
          const at = now + wait;
          // The owner is within the window of the first use of what it holds, or has an answer.
          if (held !== state.n && at - first >= WINDOW) continue;
          const { session: after, got } = present(state, held, at);
          expect(got).toBeDefined();
          walk(after, got!, Infinity, at, left - 1);
          walk(after, held, held === state.n ? at : first, at, left - 1);
        }
      };
      walk(session, 0, Infinity, NOW, 4);
    });
  });
});
