import { Limits } from '../../../src/contract/limits';
import { logout } from '../../../lambda/use-cases/logout';
import { revokeToken } from '../../../lambda/use-cases/revoke-token';
import { IssuedTokens } from '../../../lambda/use-cases/steps/issued-tokens';
import { livingTokens, loginUser, outcome, refreshWith, sidOf, signedIn, tally } from '../support/actions';
import { Gate } from '../support/barrier';
import { createWorld, World } from '../support/world';

describe('logout', () => {
  let world: World;
  let tokens: IssuedTokens;
  let uid: string;
  beforeEach(async () => {
    world = await createWorld();
    ({ uid, ...tokens } = await signedIn(world));
  });

  test('ends the session and every access token of it, by the refresh token', async () => {
    const second = await refreshWith(world, tokens);
    await logout(world, { refreshToken: second.refreshToken });
    expect(await livingTokens(world, tokens)).toEqual([]);
    expect(await livingTokens(world, second)).toEqual([]);
  });

  test('leaves other sessions of the user alone', async () => {
    const other = await loginUser(world);
    await logout(world, { refreshToken: tokens.refreshToken });
    expect(await livingTokens(world, other)).toEqual(['access', 'refresh']);
  });

  test('reads once and writes twice, the revocation first', async () => {
    await logout(world, { refreshToken: tokens.refreshToken });
    expect(world.calls.writes()).toEqual(['revocations.revokeSession', 'sessions.markEnded']);
    expect(world.calls.reads().filter((name) => /^(users|sessions)\./.test(name))).toEqual(['sessions.read']);
    expect(world.audit.events).toEqual([expect.objectContaining({ event: 'logout_succeeded', uid, metrics: ['SessionEnded'] })]);
  });

  test('takes an older generation of the refresh token too', async () => {
    const second = await refreshWith(world, tokens);
    world.clock.advance(3600);
    await logout(world, { refreshToken: tokens.refreshToken });
    expect(await livingTokens(world, second)).toEqual([]);
    expect(world.audit.count('refresh_reuse')).toBe(0);
  });

  test('takes a generation that a restored table does not know yet', async () => {
    const restored = world.tables.sessions.get(sidOf(tokens))!;
    const second = await refreshWith(world, tokens);
    world.tables.sessions.set(restored.sid, restored);
    await logout(world, { refreshToken: second.refreshToken });
    expect(await livingTokens(world, tokens)).toEqual([]);
  });

  test('takes an access token, also an expired one (SE-09)', async () => {
    world.clock.advance(86400);
    await logout(world, { accessToken: tokens.accessToken });
    expect(await outcome(refreshWith(world, tokens))).toBe('session_revoked');
  });

  test('is idempotent', async () => {
    await logout(world, { refreshToken: tokens.refreshToken });
    await logout(world, { refreshToken: tokens.refreshToken });
    await logout(world, { accessToken: tokens.accessToken });
    expect(tally(world.audit.names())).toEqual({ logout_succeeded: 3 });
  });

  test('takes a good access token beside a stale cookie', async () => {
    await logout(world, { refreshToken: 'rt1.stale', accessToken: tokens.accessToken });
    expect(await livingTokens(world, tokens)).toEqual([]);
  });

  test('refuses what is not ours and ends nothing', async () => {
    const forgedRefresh = tokens.refreshToken.replace(/[^.]+$/, 'A'.repeat(43));
    const forgedAccess = tokens.accessToken.replace(/[^.]+$/, 'A'.repeat(86));
    for (const input of [{ refreshToken: forgedRefresh }, { accessToken: forgedAccess }, { refreshToken: forgedRefresh, accessToken: forgedAccess }, {}]) {
      expect(await outcome(logout(world, input))).toBe('invalid_token');
    }
    expect(world.calls.writes()).toEqual([]);
    expect(tally(world.audit.names())).toEqual({ logout_refused: 4 });
    expect(await livingTokens(world, tokens)).toEqual(['access', 'refresh']);
  });

  test('a revocation outlives every token that it kills', async () => {
    await logout(world, { refreshToken: tokens.refreshToken });
    const item = world.tables.revocations.get(uid)!;
    const needed = world.clock.now() / 1000 + 900 + 2 * Limits.CLOCK_LEEWAY_SECONDS + world.revocation.longestTimeoutSeconds;
    expect(item.ttl).toBeGreaterThanOrEqual(needed);
    expect(item.sids.get(sidOf(tokens))).toBeGreaterThanOrEqual(needed);
  });

  test('T04: parallel with a refresh, 200 rounds: afterwards no token of the session lives', async () => {
    for (let round = 1; round <= 200; round += 1) {
      world = await createWorld({ seed: round });
      ({ ...tokens } = await signedIn(world));
      const [refreshed] = await Promise.allSettled([
        refreshWith(world, tokens),
        logout(world, round % 2 === 0 ? { refreshToken: tokens.refreshToken } : { accessToken: tokens.accessToken }),
        refreshWith(world, tokens),
      ]);
      expect(await livingTokens(world, tokens)).toEqual([]);
      if (refreshed.status === 'fulfilled') expect(await livingTokens(world, refreshed.value)).toEqual([]);
      else expect(refreshed.reason).toMatchObject({ code: 'session_revoked' });
      expect(world.audit.count('refresh_reuse')).toBe(0);
    }
  });

  test('T04: a refresh that rotates between revocation and mark gives nothing that lives', async () => {
    const gate = new Gate();
    let refreshed: IssuedTokens | undefined;
    world.calls.before('sessions.markEnded', async () => {
      refreshed = await refreshWith(world, tokens);
      gate.open();
    });
    await logout(world, { refreshToken: tokens.refreshToken });
    await gate.opened;
    expect(await livingTokens(world, refreshed!)).toEqual([]);
  });

  test('T33: whichever write fails, the retry completes it; nothing lives after a 204', async () => {
    for (const moment of ['before', 'after'] as const) {
      for (const k of [1, 2]) {
        world = await createWorld();
        ({ ...tokens } = await signedIn(world));
        world.calls.failWrite(k, moment);
        expect(await outcome(logout(world, { refreshToken: tokens.refreshToken }))).toBe('unavailable');
        expect(await outcome(logout(world, { refreshToken: tokens.refreshToken }))).toBe('ok');
        expect(await livingTokens(world, tokens)).toEqual([]);
      }
    }
  });

  test('a key store that is down is an outage, not a bad token', async () => {
    world.calls.failNext('refreshKeys.find');
    expect(await outcome(logout(world, { refreshToken: tokens.refreshToken, accessToken: tokens.accessToken }))).toBe('unavailable');
    world.calls.failNext('verificationKeys.find');
    expect(await outcome(logout(world, { accessToken: tokens.accessToken }))).toBe('unavailable');
  });

  describe('of many sessions', () => {
    async function openAndClose(times: number): Promise<void> {
      for (let i = 0; i < times; i += 1) {
        const opened = await loginUser(world);
        await logout(world, { refreshToken: opened.refreshToken });
      }
    }

    test('ends all of them above the limit of single revocations, once', async () => {
      await openAndClose(Limits.REVOKED_SESSIONS_PER_USER);
      expect(await livingTokens(world, tokens)).toEqual(['access', 'refresh']);
      const beyond = await loginUser(world);
      await logout(world, { refreshToken: beyond.refreshToken });
      expect(await world.revocations.readRevocations(uid)).toEqual({ minSv: 2, sids: new Set() });
      expect(await livingTokens(world, beyond)).toEqual([]);
      expect(await livingTokens(world, tokens)).toEqual([]);
      const fresh = await loginUser(world);
      await openAndClose(1);
      expect(await livingTokens(world, fresh)).toEqual(['access', 'refresh']);
    });

    test('first forgets revocations whose tokens have expired', async () => {
      await openAndClose(Limits.REVOKED_SESSIONS_PER_USER);
      world.clock.advance(3600);
      await openAndClose(3);
      expect((await world.revocations.readRevocations(uid)).minSv).toBe(0);
      expect(await outcome(refreshWith(world, tokens))).toBe('ok');
    });
  });
});

describe('token revocation (RFC 7009)', () => {
  let world: World;
  let tokens: IssuedTokens;
  beforeEach(async () => {
    world = await createWorld();
    ({ ...tokens } = await signedIn(world));
  });

  test.each(['refreshToken', 'accessToken'] as const)('by %s ends the session', async (kind) => {
    await revokeToken(world, { token: tokens[kind] });
    expect(await livingTokens(world, tokens)).toEqual([]);
    expect(world.audit.events[0]).toMatchObject({ event: 'token_revoked', outcome: 'success' });
  });

  test('of an unknown or forged token is no error and ends nothing', async () => {
    for (const token of ['', 'nonsense', tokens.refreshToken.replace(/[^.]+$/, 'A'.repeat(43)), `${tokens.accessToken}A`]) {
      await revokeToken(world, { token });
    }
    expect(tally(world.audit.names())).toEqual({ token_revocation_ignored: 4 });
    expect(await livingTokens(world, tokens)).toEqual(['access', 'refresh']);
  });

  test('twice is no error', async () => {
    await revokeToken(world, { token: tokens.accessToken });
    await revokeToken(world, { token: tokens.accessToken });
  });

  test('in an outage says so: a client must not believe that the token is dead', async () => {
    world.calls.failAll('revocations');
    expect(await outcome(revokeToken(world, { token: tokens.refreshToken }))).toBe('unavailable');
    world.calls.reset();
    expect(await livingTokens(world, tokens)).toEqual(['access', 'refresh']);
  });
});
