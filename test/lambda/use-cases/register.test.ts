import { inviteUser } from '../../../lambda/use-cases/admin/invite-user';
import { EMAIL, loginUser, outcome, PASSWORD, registerUser, tally } from '../support/actions';
import { createWorld, World } from '../support/world';

describe('register', () => {
  let world: World;
  beforeEach(async () => {
    world = await createWorld();
  });

  test('makes an account that can log in, and records it', async () => {
    const { uid } = await registerUser(world, { profile: { locale: 'de', news: true } });
    expect(await world.users.readUser(uid)).toMatchObject({ uid, email: EMAIL, status: 'active', sv: 1, pv: 1, scopes: [], profile: { locale: 'de', news: true } });
    expect(world.audit.events).toEqual([expect.objectContaining({ event: 'registration_succeeded', outcome: 'success', uid })]);
    await loginUser(world);
  });

  test('costs the counter of the source and one transaction, no read', async () => {
    await registerUser(world);
    expect(world.calls.names()).toEqual(['lookup.digest', 'counters.count', 'lookup.unkeyedBefore', 'lookup.digest', 'users.createUser']);
  });

  test('stores the password only as a hash of its NFKC form (PW-05)', async () => {
    const { uid } = await registerUser(world, { password: 'caf\u00e9 and fifteen more' });
    expect(JSON.stringify([...world.tables.credentials.values()])).not.toContain('fifteen');
    expect((await world.users.readUser(uid))?.email).toBe(EMAIL);
    await loginUser(world, { password: 'cafe\u0301 and fifteen more' });
    await registerUser(world, { email: 'other@example.com', password: 'cafe\u0301 and fifteen more' });
    await loginUser(world, { email: 'other@example.com', password: 'caf\u00e9 and fifteen more' });
  });

  test('T01: 50 racers with one address in five spellings make one account', async () => {
    for (let seed = 1; seed <= 10; seed += 1) {
      world = await createWorld({ seed, registration: { perHour: 1000 } });
      const spellings = ['mike@example.com', 'MIKE@example.com', 'mike@EXAMPLE.com', 'Mike@Example.Com', 'mIKE@eXAMPLE.cOM'];
      const results = await Promise.all(Array.from({ length: 50 }, (_, i) => outcome(registerUser(world, { email: spellings[i % 5]! }))));
      expect(tally(results)).toEqual({ ok: 1, email_taken: 49 });
      expect(world.tables.profiles.size).toBe(1);
      expect(world.tables.credentials.size).toBe(1);
      expect(world.audit.count('registration_succeeded')).toBe(1);
      expect(world.audit.count('registration_refused')).toBe(49);
    }
  });

  test('T14: an index that lags lets no second account through', async () => {
    world.tables.freezeIndexes();
    await registerUser(world);
    expect(await world.users.findByEmail(EMAIL)).toEqual([]);
    expect(await outcome(registerUser(world))).toBe('email_taken');
  });

  test.each([
    ['an address that is not accepted', { email: 'mi\u212Ae@example.com' }, 'validation_failed'],
    ['a short password', { password: 'fourteen chars' }, 'password_too_short'],
    ['the local part in the password', { email: 'hortensia@example.com', password: 'hortensia likes trains' }, 'password_personal'],
    ['an undeclared attribute (T25)', { profile: { sv: 9 } }, 'validation_failed'],
    ['an unknown invitation', { invitation: 'nonsense' }, 'invitation_invalid'],
  ])('refuses %s before it hashes', async (_, overrides, code) => {
    expect(await outcome(registerUser(world, overrides))).toBe(code);
    expect(world.hasher.hashed).toBe(0);
    expect(world.tables.profiles.size).toBe(0);
    expect(world.audit.events).toEqual([expect.objectContaining({ event: 'registration_refused', outcome: 'failure' })]);
  });

  test('never hashes what is over the length cap (PW-02)', async () => {
    expect(await outcome(registerUser(world, { password: 'x'.repeat(129) }))).toBe('password_too_long');
    expect(await outcome(registerUser(world, { password: 'x'.repeat(1_000_000) }))).toBe('password_too_long');
    expect(world.hasher.hashed).toBe(0);
  });

  test('limits the accounts of one source, and the next hour admits again', async () => {
    world = await createWorld({ registration: { perHour: 2 } });
    const from = (n: number, sourceIp: string): Promise<string> => outcome(registerUser(world, { email: `user${n}@example.com`, sourceIp }));
    expect([await from(1, '2001:db8::1'), await from(2, '2001:db8::ffff:2')]).toEqual(['ok', 'ok']);
    // The same /64 is the same subscriber (T27).
    await expect(registerUser(world, { email: 'user3@example.com', sourceIp: '2001:db8:0:0:7::3' })).rejects.toMatchObject({ code: 'rate_limited', retryAfter: 3600 });
    expect(await from(3, '2001:db8:0:1::1')).toBe('ok');
    world.clock.advance(3600);
    expect(await from(4, '2001:db8::1')).toBe('ok');
  });

  test('closed: nobody registers and nothing is called', async () => {
    world = await createWorld({ registration: { mode: 'closed' } });
    expect(await outcome(registerUser(world))).toBe('registration_closed');
    expect(world.calls.names()).toEqual([]);
  });

  describe('by invitation', () => {
    beforeEach(async () => {
      world = await createWorld({ registration: { mode: 'invite' } });
    });

    test('needs one', async () => {
      expect(await outcome(registerUser(world))).toBe('invitation_invalid');
    });

    test('admits the invited address once, with the scopes of the invitation', async () => {
      const { invitation } = await inviteUser(world, { email: EMAIL.toUpperCase(), scopes: ['write', 'read', 'write'] });
      expect(JSON.stringify([...world.tables.tickets.values()])).not.toContain(invitation);
      const { uid } = await registerUser(world, { invitation });
      expect((await world.users.readUser(uid))?.scopes).toEqual(['read', 'write']);
      expect(await outcome(registerUser(world, { email: 'other@example.com', invitation }))).toBe('invitation_invalid');
      expect(await outcome(registerUser(world, { invitation }))).toBe('invitation_invalid');
    });

    test('refuses another address, and after a week everybody (T15)', async () => {
      const { invitation, expiresAt } = await inviteUser(world, { email: EMAIL });
      expect(await outcome(registerUser(world, { email: 'other@example.com', invitation }))).toBe('invitation_invalid');
      world.clock.advance((expiresAt - world.clock.now()) / 1000);
      expect(await outcome(registerUser(world, { invitation }))).toBe('invitation_invalid');
      expect(world.hasher.hashed).toBe(0);
    });

    test('16 parallel uses of one invitation make one account', async () => {
      for (let seed = 1; seed <= 10; seed += 1) {
        world = await createWorld({ seed, registration: { mode: 'invite' } });
        const { invitation } = await inviteUser(world, { email: EMAIL });
        const results = await Promise.all(Array.from({ length: 16 }, () => outcome(registerUser(world, { invitation }))));
        expect(results.filter((result) => result === 'ok')).toHaveLength(1);
        expect(world.tables.profiles.size).toBe(1);
        expect(world.tables.tickets.size).toBe(0);
      }
    });
  });

  test('T33: whichever write fails, profile and credential are both there or both not', async () => {
    for (const moment of ['before', 'after'] as const) {
      for (const k of [1, 2]) {
        world = await createWorld();
        world.calls.failWrite(k, moment);
        expect(await outcome(registerUser(world))).toBe('unavailable');
        expect(world.tables.profiles.size).toBe(world.tables.credentials.size);
        // The client tries again and ends with an account either way.
        expect(await outcome(registerUser(world))).toBe(k === 2 && moment === 'after' ? 'email_taken' : 'ok');
        expect(await outcome(loginUser(world, { password: PASSWORD }))).toBe('ok');
      }
    }
  });
});
