import { Session } from '../../../lambda/domain/model';
import { newSession, sessionStatus } from '../../../lambda/domain/session';

const NOW = 1_800_000_000_000;
const DAY = 86_400_000;
const IDLE = 7 * DAY;

const session: Session = newSession(
  { sid: 'AAAAAAAAAAAAAAAAAAAAAA', salt: 's'.repeat(43), kv: 'a1b2c3d4', user: { uid: 'u', sv: 3 }, amr: ['pwd'], device: 'Firefox on Linux', ttlMs: 30 * DAY, idleTtlMs: IDLE },
  NOW,
);

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
