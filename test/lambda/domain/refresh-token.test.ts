import fc from 'fast-check';
import { Session } from '../../../lambda/domain/model';
import { decideGeneration, formatRefreshToken, macFields, nextGeneration, parseRefreshToken } from '../../../lambda/domain/refresh-token';
import { newSession, sessionStatus } from '../../../lambda/domain/session';

const NOW = 1_800_000_000_000;
const DAY = 86_400_000;
const GRACE = 10_000;
const IDLE = 7 * DAY;
const token = { kv: 'a1b2c3d4', sid: 'AAAAAAAAAAAAAAAAAAAAAA', n: 7, mac: 'm'.repeat(43) };
const text = `rt1.a1b2c3d4.AAAAAAAAAAAAAAAAAAAAAA.7.${'m'.repeat(43)}`;

const session: Session = newSession(
  { sid: token.sid, salt: 's'.repeat(43), kv: token.kv, user: { uid: 'u', sv: 3 }, amr: ['pwd'], device: 'Firefox on Linux', ttlMs: 30 * DAY, idleTtlMs: IDLE },
  NOW,
);

function rotated(from: Session, now: number, graceMs = GRACE): Session {
  return { ...from, ...nextGeneration(from, now, graceMs, IDLE) };
}

describe('format', () => {
  test('SE-01 a token is written and read back', () => {
    expect(formatRefreshToken(token)).toBe(text);
    expect(parseRefreshToken(text)).toEqual(token);
  });

  test.each([
    ['another prefix', text.replace('rt1', 'rt2')],
    ['a device token', text.replace('rt1', 'dt1')],
    ['a leading zero', text.replace('.7.', '.07.')],
    ['a sign', text.replace('.7.', '.+7.')],
    ['a negative generation', text.replace('.7.', '.-1.')],
    ['an exponent', text.replace('.7.', '.1e3.')],
    ['a fraction', text.replace('.7.', '.7.0.')],
    ['a generation beyond its length', text.replace('.7.', '.1234567890.')],
    ['no generation', text.replace('.7.', '..')],
    ['a sid of 21 characters', text.replace('AAAA.', 'AAA.')],
    ['a sid with more than 128 bits', text.replace('A.7', 'B.7')],
    ['an upper-case key id', text.replace('a1b2', 'A1b2')],
    ['a short MAC', text.slice(0, -1)],
    ['a long MAC', `${text}m`],
    ['a padded MAC', `${text}=`],
    ['a space before', ` ${text}`],
    ['a line break after', `${text}\n`],
    ['a sixth part', `${text}.x`],
    ['ten thousand characters', text + 'm'.repeat(10_000)],
    ['a JWT', 'eyJhbGciOiJub25lIn0.e30.'],
    ['nothing', ''],
  ])('T19 T47 refuses %s', (_, malformed) => {
    expect(parseRefreshToken(malformed)).toBeUndefined();
  });

  test('T17b what is read has one spelling', () => {
    const nearly = fc
      .tuple(fc.nat(text.length), fc.string({ unit: 'binary', maxLength: 2 }), fc.nat(2))
      .map(([at, junk, cut]) => text.slice(0, at) + junk + text.slice(at + cut));
    fc.assert(
      fc.property(fc.oneof(nearly, fc.string({ unit: 'binary' })), (given) => {
        const parsed = parseRefreshToken(given);
        expect(parsed === undefined || formatRefreshToken(parsed) === given).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test('SE-02 the MAC covers kind, key, session, generation and the session\'s salt', () => {
    expect(macFields(token, 'salt')).toEqual(['rt1', token.kv, token.sid, '7', 'salt']);
  });
});

describe('generations', () => {
  test('SE-03 the current generation rotates', () => {
    expect(decideGeneration(session, 0, NOW, GRACE)).toBe('rotate');
    expect(rotated(session, NOW + 1).n).toBe(1);
  });

  test('SE-05 T02 the one before is given the same successor within the grace, and is reuse at its end', () => {
    const current = rotated(session, NOW);
    expect(decideGeneration(current, 0, NOW, GRACE)).toBe('successor');
    expect(decideGeneration(current, 0, NOW + GRACE - 1, GRACE)).toBe('successor');
    expect(decideGeneration(current, 0, NOW + GRACE, GRACE)).toBe('reuse');
  });

  test('SE-05 an older one within the grace is superseded, and each generation has its own grace', () => {
    const current = rotated(rotated(session, NOW), NOW + 4000);
    expect(decideGeneration(current, 0, NOW + 5000, GRACE)).toBe('superseded');
    expect(decideGeneration(current, 1, NOW + 5000, GRACE)).toBe('successor');
    expect(decideGeneration(current, 0, NOW + GRACE, GRACE)).toBe('reuse');
    expect(decideGeneration(current, 1, NOW + GRACE, GRACE)).toBe('successor');
  });

  test('SE-04 T03 replay within the same second, after the grace and after 29 days is reuse', () => {
    const current = rotated(rotated(session, NOW, 0), NOW, 0);
    expect(decideGeneration(current, 0, NOW, 0)).toBe('reuse');
    expect(decideGeneration(current, 1, NOW, 0)).toBe('reuse');
    const later = rotated(rotated(session, NOW), NOW + 60_000);
    expect(decideGeneration(later, 0, NOW + 60_000, GRACE)).toBe('reuse');
    expect(decideGeneration(later, 0, NOW + 29 * DAY, GRACE)).toBe('reuse');
  });

  test('a generation above the stored one is unknown: the table was restored', () => {
    expect(decideGeneration(session, 1, NOW, GRACE)).toBe('unknown');
    expect(decideGeneration(session, 999_999_999, NOW, 0)).toBe('unknown');
  });

  test('a grace that was shortened holds for what is stored already', () => {
    expect(decideGeneration(rotated(session, NOW, 60_000), 0, NOW + 5000, 1000)).toBe('reuse');
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
    expect(decideGeneration(burst, 24, NOW + 40, GRACE)).toBe('superseded');
    expect(decideGeneration(burst, 23, NOW + 40, GRACE)).toBe('reuse');
    expect(rotated(burst, NOW + DAY).superseded).toEqual([NOW + DAY]);
    expect(rotated(session, NOW, 0).superseded).toEqual([]);
  });

  test('SE-05 a container whose clock is behind takes no grace from the others', () => {
    const skewed = rotated(rotated(rotated(session, NOW), NOW - 3000), NOW + 8000);
    expect(decideGeneration(skewed, 0, NOW + 8001, GRACE)).toBe('superseded');
    expect(decideGeneration(skewed, 1, NOW + 8001, GRACE)).toBe('reuse');
    expect(decideGeneration(skewed, 2, NOW + 8001, GRACE)).toBe('successor');
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
          const decision = decideGeneration(current, n, asked, GRACE);
          const forgiven = asked - supersededAt < GRACE;
          expect(decision).toBe(!forgiven ? 'reuse' : n === current.n - 1 ? 'successor' : 'superseded');
        });
        expect(decideGeneration(current, current.n, asked, GRACE)).toBe('rotate');
      }),
    );
  });
});

describe('session', () => {
  test('a new session is live at generation 0 with the versions it was given', () => {
    expect(session).toMatchObject({ n: 0, superseded: [], state: 'live', sv: 3, uid: 'u', authTime: NOW / 1000, createdAt: NOW, lastUsedAt: NOW });
    expect(session.expiresAt).toBe(NOW + 30 * DAY);
    expect(session.idleExpiresAt).toBe(NOW + IDLE);
  });

  test('SE-08 T15 expiry is decided by the times in the item', () => {
    expect(sessionStatus(session, NOW + IDLE - 1)).toBe('live');
    expect(sessionStatus(session, NOW + IDLE)).toBe('expired');
    expect(sessionStatus({ ...session, idleExpiresAt: NOW + 40 * DAY }, NOW + 30 * DAY)).toBe('expired');
    expect(sessionStatus({ ...session, state: 'ended' }, NOW)).toBe('ended');
    expect(sessionStatus({ ...session, state: 'ended' }, NOW + 90 * DAY)).toBe('ended');
  });
});
