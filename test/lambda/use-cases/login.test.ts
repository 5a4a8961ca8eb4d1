import { disableUser } from '../../../lambda/use-cases/admin/disable-user';
import { unlockUser } from '../../../lambda/use-cases/admin/unlock-user';
import { knownDevice } from '../../../lambda/use-cases/steps/known-device';
import { formerDeviceMacFields } from '../../../lambda/domain/device-token';
import { verifyAccessToken } from '../../../lambda/domain/access-token';
import { EMAIL, livingTokens, loginUser, OTHER_PASSWORD, outcome, PASSWORD, principalOf, refreshWith, registerUser, tally } from '../support/actions';
import { Call } from '../support/calls';
import { sessionAfterChange } from '../../contract/suites/stores';
import { createWorld, NOW, World } from '../support/world';

const WRONG = 'not the right password at all';

/** As the release before made it, for the address. */
function formerDeviceToken(world: World): string {
  const { kv, key } = world.refreshKey;
  const parts = { kv, deviceId: world.crypto.randomToken(16), exp: Math.floor(world.clock.now() / 1000) + world.tokens.sessionTtl };
  return ['dt1', kv, parts.deviceId, parts.exp, world.crypto.mac(key, formerDeviceMacFields(parts, EMAIL))].join('.');
}

describe('login', () => {
  let world: World;
  let uid: string;
  beforeEach(async () => {
    world = await createWorld();
    ({ uid } = await registerUser(world, { profile: { locale: 'de' } }));
    world.calls.reset();
    world.audit.events.length = 0;
  });

  /** By somebody else: another device, another person. */
  async function changeStoredPassword(password: string): Promise<void> {
    const user = world.tables.profiles.get(uid)!;
    await world.users.changePassword(user, await world.hasher.hash(password), 9e9, sessionAfterChange(user));
  }

  test('gives tokens that work', async () => {
    const tokens = await loginUser(world, { userAgent: 'curl/8.5.0' });
    expect(await principalOf(world, tokens)).toMatchObject({ uid, sv: 1, scope: 'profile', authTime: NOW / 1000, amr: ['pwd'] });
    expect(await refreshWith(world, tokens)).toMatchObject({ expiresIn: 900, refreshExpiresIn: 14 * 86400 });
    expect(world.audit.names()).toEqual(['login_succeeded', 'refresh_succeeded']);
    expect(world.audit.events[0]).toMatchObject({ uid, metrics: ['LoginSucceeded'] });
  });

  test('puts nothing personal and nothing secret into token or audit (JT-10, LG-02)', async () => {
    const tokens = await loginUser(world);
    const { principal } = await verifyAccessToken(
      { keys: world.verificationKeys, signatures: world.signatures },
      tokens.accessToken,
      { issuers: world.verification.issuers, audiences: world.verification.audiences, maxTtlSeconds: 900 },
      NOW,
    );
    const payload = Buffer.from(tokens.accessToken.split('.')[1]!, 'base64url').toString();
    for (const secret of [EMAIL, PASSWORD, 'de"']) expect(payload).not.toContain(secret);
    const events = JSON.stringify(world.audit.events);
    for (const secret of [EMAIL, PASSWORD, principal.sid, tokens.refreshToken, tokens.deviceToken]) expect(events).not.toContain(secret);
  });

  test('stores nothing from which the refresh token can be made (SE-02)', async () => {
    const tokens = await loginUser(world);
    const mac = tokens.refreshToken.split('.')[4]!;
    const stored = JSON.stringify([...world.tables.sessions.values()]);
    expect(stored).not.toContain(mac);
    expect(stored).not.toContain(world.refreshKey.key);
  });

  test('reads twice; writes the attempt, gives it back, and the session', async () => {
    await loginUser(world);
    expect(world.calls.writes()).toEqual(['attempts.reserve', 'attempts.recordSuccess', 'sessions.create']);
    expect(world.calls.reads().filter((name) => name.startsWith('users.'))).toEqual(['users.readCredential', 'users.readUser']);
  });

  test('computes the hash while the profile is being read', async () => {
    let verifiedBeforeProfileAnswered = -1;
    world.calls.before('users.readUser', async () => {
      for (let turn = 0; turn < 10; turn += 1) await undefined;
      verifiedBeforeProfileAnswered = world.hasher.verified;
    });
    await loginUser(world);
    expect(verifiedBeforeProfileAnswered).toBe(1);
  });

  test('gives every login a session of its own (SE-13)', async () => {
    const [first, second] = [await loginUser(world), await loginUser(world)];
    expect((await principalOf(world, first)).sid).not.toBe((await principalOf(world, second)).sid);
    expect(await livingTokens(world, first)).toEqual(['access', 'refresh']);
  });

  test('ends the session whose token came along, and no other (SE-13)', async () => {
    const [first, bystander] = [await loginUser(world), await loginUser(world)];
    const second = await loginUser(world, { refreshToken: first.refreshToken });
    expect(await livingTokens(world, first)).toEqual([]);
    await loginUser(world, { refreshToken: bystander.refreshToken.replace(/.{43}$/, 'A'.repeat(43)) });
    for (const tokens of [second, bystander]) expect(await livingTokens(world, tokens)).toEqual(['access', 'refresh']);
  });

  test('never hashes what is over the length cap (PW-02)', async () => {
    expect(await outcome(loginUser(world, { password: 'x'.repeat(1_000_000) }))).toBe('password_too_long');
    expect(world.hasher.verified).toBe(0);
    expect(world.calls.names()).toEqual([]);
  });

  describe('a refusal', () => {
    async function trace(overrides: { readonly email?: string; readonly password?: string }): Promise<{ error: unknown; calls: string[]; verified: number }> {
      world.calls.reset();
      const before = world.hasher.verified;
      const error: unknown = await loginUser(world, overrides).catch((thrown: unknown) => thrown);
      return { error, calls: world.calls.names(), verified: world.hasher.verified - before };
    }

    test('is alike for unknown address, wrong password and disabled user: error, calls, hashes (EN-01, EN-02)', async () => {
      const wrong = await trace({ password: WRONG });
      const unknown = await trace({ email: 'nobody@example.com' });
      await disableUser(world, { uid });
      const disabled = await trace({ password: PASSWORD });
      for (const refusal of [wrong, unknown, disabled]) {
        expect(refusal.error).toMatchObject({ code: 'invalid_credentials', retryAfter: undefined, detail: undefined, errors: undefined });
        expect(refusal.calls).toEqual(wrong.calls);
        expect(refusal.verified).toBe(1);
      }
      expect(world.audit.events.filter((event) => event.event === 'login_failed').map((event) => event.reason)).toEqual(['password_wrong', 'address_unknown', 'user_disabled']);
    });

    test('reads a profile key for an unknown address that differs by address and cannot be guessed from it', async () => {
      const keys: unknown[] = [];
      world.calls.before('users.readUser', (call: Call) => void keys.push(call.args[0]));
      for (const email of ['a@example.com', 'b@example.com', 'a@example.com']) await outcome(loginUser(world, { email }));
      expect(new Set(keys).size).toBe(2);
      expect(keys).not.toContain(world.crypto.sha256('a@example.com'));
    });

    test('of an address without a canonical form depends on nothing stored', async () => {
      expect(await outcome(loginUser(world, { email: 'mi\u212Ae@example.com' }))).toBe('validation_failed');
      expect(world.calls.names()).toEqual([]);
    });
  });

  describe('the limiter', () => {
    test('T05: of 200 parallel wrong passwords at most 10 are hashed', async () => {
      for (let seed = 1; seed <= 5; seed += 1) {
        world = await createWorld({ seed });
        await registerUser(world);
        const before = world.hasher.verified;
        const attempts = Array.from({ length: 200 }, (_, i) => outcome(loginUser(world, { password: i === 150 ? PASSWORD : WRONG })));
        const results = tally(await Promise.all(attempts));
        expect(world.hasher.verified - before).toBeLessThanOrEqual(10);
        expect((results.invalid_credentials ?? 0) + (results.ok ?? 0)).toBe(10);
        expect(results.rate_limited).toBe(190);
      }
    });

    test('counts all spellings of an address together (AA-06), known or not (AA-09)', async () => {
      for (const email of [EMAIL, 'unknown@example.com']) {
        const results: string[] = [];
        for (let i = 0; i < 12; i += 1) {
          results.push(await outcome(loginUser(world, { email: i % 2 === 0 ? email : email.toUpperCase(), password: WRONG })));
        }
        // Five failures, then the soft lock.
        expect(tally(results)).toEqual({ invalid_credentials: 5, rate_limited: 7 });
      }
    });

    test('waits 30 s after the fifth failure, then doubles, and says so', async () => {
      for (let i = 0; i < 5; i += 1) await outcome(loginUser(world, { password: WRONG }));
      await expect(loginUser(world)).rejects.toMatchObject({ code: 'rate_limited', retryAfter: 30 });
      expect(world.audit.last).toMatchObject({ event: 'login_limited', reason: 'limit_locked' });
      world.clock.advance(30);
      expect(await outcome(loginUser(world, { password: WRONG }))).toBe('invalid_credentials');
      await expect(loginUser(world)).rejects.toMatchObject({ code: 'rate_limited', retryAfter: 60 });
      world.clock.advance(60);
      await loginUser(world);
      // What strangers failed shows strangers nothing of the success: the next failure waits as if there had been none.
      expect(await outcome(loginUser(world, { password: WRONG }))).toBe('invalid_credentials');
      await expect(loginUser(world)).rejects.toMatchObject({ retryAfter: 120 });
      // The next day begins anew.
      world.clock.advance(86_400);
      expect(await outcome(loginUser(world, { password: WRONG }))).toBe('invalid_credentials');
      await loginUser(world);
    });

    test.each([7, 10])('AA-04 a wave of %i parallel wrong guesses locks as long as the last of them would', async (guesses) => {
      world = await createWorld({ limits: { perHour: 20 } });
      await registerUser(world);
      await Promise.all(Array.from({ length: guesses }, () => outcome(loginUser(world, { password: WRONG }))));
      await expect(loginUser(world)).rejects.toMatchObject({ code: 'rate_limited', reason: 'limit_locked', retryAfter: 30 * 2 ** (guesses - 5) });
    });

    test('AA-03 a success whose answer was lost makes no room for a guess more', async () => {
      world = await createWorld({ limits: { perHour: 2 } });
      await registerUser(world);
      await outcome(loginUser(world, { password: WRONG }));
      world.calls.failNext('attempts.recordSuccess', 'after');
      expect(await outcome(loginUser(world))).toBe('unavailable');
      const results = await Promise.all(Array.from({ length: 5 }, () => outcome(loginUser(world, { password: WRONG }))));
      expect(tally(results)).toEqual({ invalid_credentials: 1, rate_limited: 4 });
    });

    test('T06: a stranger who fails 1000 times locks out neither a known device nor a living session', async () => {
      const owner = await loginUser(world);
      for (let i = 0; i < 1000; i += 1) {
        await outcome(loginUser(world, { password: WRONG }));
        world.clock.advance(10);
      }
      expect(await outcome(loginUser(world))).toBe('rate_limited');
      const again = await loginUser(world, { deviceToken: owner.deviceToken });
      expect(await livingTokens(world, again)).toEqual(['access', 'refresh']);
      expect(await outcome(refreshWith(world, owner))).toBe('ok');
    });

    test('AA-02: stops after 100 failures in a row however slowly they come, until an administrator unlocks', async () => {
      for (let i = 0; i < 130; i += 1) {
        await outcome(loginUser(world, { password: WRONG }));
        world.clock.advance(3600);
      }
      expect(world.audit.count('login_failed')).toBe(100);
      expect(await outcome(loginUser(world))).toBe('rate_limited');
      await unlockUser(world, { email: EMAIL });
      await loginUser(world);
    });

    test('a known device has a limit of its own too', async () => {
      const { deviceToken } = await loginUser(world);
      const results: string[] = [];
      for (let i = 0; i < 12; i += 1) results.push(await outcome(loginUser(world, { password: WRONG, deviceToken })));
      expect(tally(results)).toEqual({ invalid_credentials: 5, rate_limited: 7 });
      // The device's failures are not the account's.
      await loginUser(world);
    });

    test.each([
      ['of another account', async (): Promise<string> => {
        await registerUser(world, { email: 'other@example.com' });
        return (await loginUser(world, { email: 'other@example.com' })).deviceToken;
      }],
      ['with a changed device', async (): Promise<string> => {
        return (await loginUser(world)).deviceToken.replace(/[\w-]{22}(?=\.\d{10}\.)/, 'AAAAAAAAAAAAAAAAAAAAAA');
      }],
      ['with a changed version of the password', async (): Promise<string> => {
        const { deviceToken } = await loginUser(world);
        await changeStoredPassword(PASSWORD);
        return deviceToken.replace('.1.0.', '.2.0.');
      }],
      ['of the password before (ID-07)', async (): Promise<string> => {
        const { deviceToken } = await loginUser(world);
        await changeStoredPassword(PASSWORD);
        return deviceToken;
      }],
      ['of the former owner of the address (ID-07)', async (): Promise<string> => {
        const { deviceToken } = await loginUser(world);
        await world.users.deleteUser(world.tables.profiles.get(uid)!, 9e9);
        await registerUser(world);
        return deviceToken;
      }],
      ['of the release before, of a former owner of the address (ID-07)', async (): Promise<string> => {
        const deviceToken = formerDeviceToken(world);
        world.clock.advance(1);
        await world.users.deleteUser(world.tables.profiles.get(uid)!, 9e9);
        await registerUser(world);
        return deviceToken;
      }],
      ['of the release before, of the password before (ID-07)', async (): Promise<string> => {
        await changeStoredPassword(PASSWORD);
        return formerDeviceToken(world);
      }],
      ['that is nonsense', async (): Promise<string> => 'dt2.nonsense'],
    ])('a device token %s is no known device', async (_, makeToken) => {
      const deviceToken = await makeToken();
      for (let i = 0; i < 5; i += 1) await outcome(loginUser(world, { password: WRONG }));
      expect(await outcome(loginUser(world, { deviceToken }))).toBe('rate_limited');
    });

    test('ID-07 no counter of a device is opened for a token that is not of the account', async () => {
      const { deviceToken } = await loginUser(world);
      await changeStoredPassword(OTHER_PASSWORD);
      const before = world.tables.attempts.size;
      await outcome(loginUser(world, { password: WRONG, deviceToken }));
      expect(world.tables.attempts.size).toBe(before);
    });

    test('ID-07 a token below the restore floor is no known device, one without a floor is of floor 0', async () => {
      const { deviceToken } = await loginUser(world);
      const restored = await createWorld({ floor: 1 });
      const deps = { ...restored, users: world.users, refreshKeys: { ...world.refreshKeys, find: world.refreshKeys.find, floor: restored.refreshKeys.floor } };
      expect(await knownDevice(world, EMAIL, deviceToken, world.clock.now())).toMatchObject({ deviceId: deviceToken.split('.')[5] });
      expect(await knownDevice(deps, EMAIL, deviceToken, world.clock.now())).toBeUndefined();
    });

    test('a device token of the release before stands for its device while the account has its first password', async () => {
      const deviceToken = formerDeviceToken(world);
      for (let i = 0; i < 5; i += 1) await outcome(loginUser(world, { password: WRONG }));
      expect(await outcome(loginUser(world))).toBe('rate_limited');
      const { deviceToken: next } = await loginUser(world, { deviceToken });
      expect(next).toMatch(new RegExp(`^dt2\\.${world.refreshKey.kv}\\.${uid}\\.1\\.0\\.${deviceToken.split('.')[2]}\\.`));
    });

    test('a token that is not ours is not looked up: whoever makes one up reads nothing', async () => {
      const forged = (await loginUser(world)).deviceToken.replace(/[^.]+$/, 'A'.repeat(43));
      world.calls.reset();
      expect(await knownDevice(world, EMAIL, forged, world.clock.now())).toBeUndefined();
      expect(world.calls.names()).toEqual(['refreshKeys.find']);
    });

    test('a known device costs no read more', async () => {
      const { deviceToken } = await loginUser(world);
      world.calls.reset();
      await loginUser(world, { deviceToken });
      expect(world.calls.count('users.readCredential')).toBe(1);
    });

    test('a device token runs out with the session it came with', async () => {
      const { deviceToken, deviceTokenExpiresIn } = await loginUser(world);
      world.clock.advance(deviceTokenExpiresIn);
      for (let i = 0; i < 5; i += 1) await outcome(loginUser(world, { password: WRONG }));
      expect(await outcome(loginUser(world, { deviceToken }))).toBe('rate_limited');
    });

    test('every success gives back its reservation: as many as there are take nothing from the hour', async () => {
      const results: string[] = [];
      for (let i = 0; i < 30; i += 1) results.push(await outcome(loginUser(world)));
      for (let i = 0; i < 4; i += 1) await outcome(loginUser(world, { password: WRONG }));
      results.push(await outcome(loginUser(world)));
      expect(tally(results)).toEqual({ ok: 31 });
    });

    test('AA-04 a known device that failed a hundred times is no better than a stranger: what unlocks the account unlocks it there', async () => {
      const { deviceToken } = await loginUser(world);
      for (let i = 0; i < 100; i += 1) {
        await outcome(loginUser(world, { password: WRONG, deviceToken }));
        world.clock.advance(3600);
      }
      expect(world.audit.count('login_failed')).toBe(100);
      for (let i = 0; i < 100; i += 1) {
        await outcome(loginUser(world, { password: WRONG }));
        world.clock.advance(3600);
      }
      await expect(loginUser(world, { deviceToken })).rejects.toMatchObject({ reason: 'limit_stopped' });
      await unlockUser(world, { email: EMAIL });
      const again = await loginUser(world, { deviceToken });
      // AND it is another device from now on, with a counter of its own.
      expect(again.deviceToken.split('.')[5]).not.toBe(deviceToken.split('.')[5]);
      await loginUser(world, { deviceToken: again.deviceToken });
    });
  });

  describe('a password that changes between the two reads', () => {
    test('is read and verified once more', async () => {
      let changed = false;
      world.calls.before('users.readUser', async () => {
        if (changed) return;
        changed = true;
        const user = world.tables.profiles.get(uid)!;
        await world.users.changePassword(user, await world.hasher.hash(OTHER_PASSWORD), 9e9, sessionAfterChange(user));
      });
      expect(await outcome(loginUser(world))).toBe('invalid_credentials');
      expect(world.hasher.verified).toBe(2);
      expect(world.calls.count('sessions.create')).toBe(0);
    });

    test('again and again is an outage, not a wrong password', async () => {
      world.calls.before('users.readUser', async () => {
        const user = world.tables.profiles.get(uid)!;
        await world.users.changePassword(user, await world.hasher.hash(OTHER_PASSWORD), 9e9, sessionAfterChange(user));
      });
      expect(await outcome(loginUser(world))).toBe('unavailable');
      expect(world.calls.count('sessions.create')).toBe(0);
    });
  });

  describe('faults', () => {
    test.each(['signer', 'refreshKeys', 'lookup'])('T32: %s down: 503 before anything is written', async (port) => {
      world.calls.failAll(port);
      expect(await outcome(loginUser(world))).toBe('unavailable');
      expect(world.calls.writes()).toEqual([]);
      expect(world.audit.names()).toEqual([]);
    });

    test('a signer that fails at the last moment leaves no session', async () => {
      world.calls.failNext('signer.sign');
      expect(await outcome(loginUser(world))).toBe('unavailable');
      expect(world.tables.sessions.size).toBe(0);
    });

    test('T30: each store call that fails is a 503, and the next try succeeds', async () => {
      for (const name of ['attempts.reserve', 'users.readCredential', 'users.readUser', 'sessions.create']) {
        for (const moment of ['before', 'after'] as const) {
          world.calls.reset();
          world.calls.failNext(name, moment);
          expect(await outcome(loginUser(world))).toBe('unavailable');
          expect(await outcome(loginUser(world))).toBe('ok');
        }
      }
    });

    test('a failure that cannot be recorded is a 503: the streak must not be lost', async () => {
      world.calls.failNext('attempts.recordFailure');
      expect(await outcome(loginUser(world, { password: WRONG }))).toBe('unavailable');
    });
  });

  describe('rehash (PW-10)', () => {
    test('stores a stronger hash once and records it', async () => {
      world.hasher.strength = 2;
      await loginUser(world);
      expect([...world.tables.credentials.values()][0]?.passwordHash).toMatch(/^\$fake\$2\$/);
      expect(world.audit.names().sort()).toEqual(['login_succeeded', 'password_rehashed']);
      world.calls.reset();
      await loginUser(world);
      expect(world.calls.count('users.rehash')).toBe(0);
    });

    test('that fails does not fail the login', async () => {
      world.hasher.strength = 2;
      world.calls.failNext('users.rehash');
      const tokens = await loginUser(world);
      expect(await livingTokens(world, tokens)).toEqual(['access', 'refresh']);
      expect(world.audit.names()).toContain('login_succeeded');
      expect(world.audit.names()).not.toContain('password_rehashed');
    });

    test('ID-07 that hangs while the account is deleted and registered by somebody else changes nothing of theirs', async () => {
      world.hasher.strength = 2;
      world.calls.before('users.rehash', async () => {
        await world.users.deleteUser(world.tables.profiles.get(uid)!, 9e9);
        await registerUser(world, { password: OTHER_PASSWORD });
      });
      await loginUser(world);
      world.calls.reset();
      expect(await outcome(loginUser(world))).toBe('invalid_credentials');
      expect(await outcome(loginUser(world, { password: OTHER_PASSWORD }))).toBe('ok');
    });

    test('never restores the old password when it races a change', async () => {
      world.hasher.strength = 2;
      world.calls.before('users.rehash', async () => {
        const user = world.tables.profiles.get(uid)!;
        await world.users.changePassword(user, await world.hasher.hash(OTHER_PASSWORD), 9e9, sessionAfterChange(user));
      });
      const tokens = await loginUser(world);
      expect(await outcome(loginUser(world))).toBe('invalid_credentials');
      expect(await outcome(loginUser(world, { password: OTHER_PASSWORD }))).toBe('ok');
      // The session was opened by the old password, so the change ended it.
      expect(await livingTokens(world, tokens)).toEqual([]);
    });
  });
});
