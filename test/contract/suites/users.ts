import { Ticket, User } from '../../../lambda/domain/model';
import { aCredential, aUser, countOf, FAR_TTL, HOUR, MakeStores, parallel, sessionAfterChange, START, Stores, unique } from './stores';

/** What every `UserStore` holds. */
export function describeUserStore(name: string, makeStores: MakeStores): void {
  describe(`UserStore of ${name}`, () => {
    let stores: Stores;
    beforeAll(async () => {
      stores = await makeStores();
    });

    async function stored(overrides: Partial<User> = {}): Promise<User> {
      const user = aUser(overrides);
      expect(await stores.users.createUser(user, aCredential(user))).toBe('created');
      return user;
    }

    async function anInvitation(email: string, overrides: Partial<Ticket> = {}): Promise<Ticket> {
      const ticket: Ticket = { hash: unique('hash-'), kind: 'invitation', email, scopes: ['read'], expiresAt: START + HOUR, ...overrides };
      await stores.tickets.create(ticket);
      return ticket;
    }

    describe('createUser', () => {
      test('stores profile and credential as given', async () => {
        const user = await stored({ scopes: ['a', 'b'], profile: { locale: 'de', age: 42, news: false }, status: 'disabled', sv: 3, pv: 2 });
        expect(await stores.users.readUser(user.uid)).toEqual(user);
        expect(await stores.users.readCredential(user.email)).toEqual(aCredential(user));
      });

      test('keeps one account per address, and leaves nothing of the second', async () => {
        const first = await stored();
        const second = aUser({ email: first.email });
        expect(await stores.users.createUser(second, aCredential(second))).toBe('email_taken');
        expect(await stores.users.readUser(second.uid)).toBeUndefined();
        expect((await stores.users.readCredential(first.email))?.uid).toBe(first.uid);
      });

      test('takes the same call repeated for its own earlier success', async () => {
        const user = await stored();
        expect(await stores.users.createUser(user, aCredential(user))).toBe('created');
      });

      test('never puts a user in the place of another one, and keeps the invitation', async () => {
        const owner = await stored();
        const user = aUser({ uid: owner.uid, email: `${unique('other')}@example.com` });
        const { hash } = await anInvitation(user.email);
        await expect(stores.users.createUser(user, aCredential(user), { invitation: { hash, now: START } })).rejects.toMatchObject({ name: 'UnavailableError', dependency: 'users' });
        expect(await stores.users.readUser(owner.uid)).toEqual(owner);
        expect(await stores.users.readCredential(user.email)).toBeUndefined();
        expect((await stores.tickets.read(hash))).toMatchObject({ hash });
      });

      test('lets one of many racers win (T01)', async () => {
        const email = `${unique('race')}@example.com`;
        const results = await parallel(10, async () => {
          const user = aUser({ email });
          return stores.users.createUser(user, aCredential(user));
        });
        expect(countOf(results, 'created')).toBe(1);
        expect(countOf(results, 'email_taken')).toBe(9);
      });

      test('consumes the invitation with the account, once', async () => {
        const user = aUser();
        const ticket = await anInvitation(user.email);
        expect(await stores.users.createUser(user, aCredential(user), { invitation: { hash: ticket.hash, now: START } })).toBe('created');
        expect(await stores.tickets.read(ticket.hash)).toBeUndefined();
        const other = aUser();
        expect(await stores.users.createUser(other, aCredential(other), { invitation: { hash: ticket.hash, now: START } })).toBe('invitation_invalid');
        expect(await stores.users.readUser(other.uid)).toBeUndefined();
      });

      test('AA-02 clears the counters of the address with the account, and leaves them where there is none', async () => {
        const [rule, key] = [{ perHour: 10, stopAt: 100 }, unique('key-')];
        const reserve = () => stores.attempts.reserve(key, rule, START);
        const wrong = await reserve();
        if (!wrong.allowed) throw new Error('refused');
        const user = aUser();
        expect(await stores.users.createUser(user, aCredential(user), { counters: [key, unique('key-')] })).toBe('created');
        // AND one that was under way is no failure of the account
        expect(await stores.attempts.recordFailure(wrong, rule, START)).toBe(0);
        expect(await reserve()).toMatchObject({ count: 1, streak: 0 });
        const other = aUser({ email: user.email });
        expect(await stores.users.createUser(other, aCredential(other), { counters: [key] })).toBe('email_taken');
        expect(await reserve()).toMatchObject({ count: 2 });
      });

      test('takes an invited call repeated for its own earlier success', async () => {
        const user = aUser();
        const ticket = await anInvitation(user.email);
        const invitation = { hash: ticket.hash, now: START };
        expect(await stores.users.createUser(user, aCredential(user), { invitation })).toBe('created');
        expect(await stores.users.createUser(user, aCredential(user), { invitation })).toBe('created');
      });

      test.each([
        ['unknown', undefined],
        ['of another address', { email: 'someone-else@example.com' }],
        ['expired, though the item still lies there (T15)', { expiresAt: START }],
      ])('refuses an invitation that is %s', async (_, overrides) => {
        const user = aUser();
        const hash = overrides === undefined ? unique('hash-') : (await anInvitation(user.email, overrides)).hash;
        expect(await stores.users.createUser(user, aCredential(user), { invitation: { hash, now: START } })).toBe('invitation_invalid');
        expect(await stores.users.readUser(user.uid)).toBeUndefined();
        expect(await stores.users.readCredential(user.email)).toBeUndefined();
      });

      test('keeps the invitation when the address is taken', async () => {
        const owner = await stored();
        const ticket = await anInvitation(owner.email);
        const user = aUser({ email: owner.email });
        expect(await stores.users.createUser(user, aCredential(user), { invitation: { hash: ticket.hash, now: START } })).toBe('email_taken');
        expect(await stores.tickets.read(ticket.hash)).toEqual(ticket);
      });
    });

    describe('reads', () => {
      test('of names that nobody has are undefined', async () => {
        expect(await stores.users.readUser(unique('nobody'))).toBeUndefined();
        expect(await stores.users.readCredential(`${unique('nobody')}@example.com`)).toBeUndefined();
        expect(await stores.users.findByEmail(`${unique('nobody')}@example.com`)).toEqual([]);
      });

      test('findByEmail gives the whole user', async () => {
        const user = await stored({ profile: { locale: 'fr' } });
        expect(await stores.users.findByEmail(user.email)).toEqual([user]);
      });
    });

    describe('updateProfile', () => {
      test('replaces the values and nothing else', async () => {
        const user = await stored({ profile: { locale: 'de', age: 4 } });
        expect(await stores.users.updateProfile(user.uid, user, { locale: 'it' })).toBe('updated');
        expect(await stores.users.readUser(user.uid)).toEqual({ ...user, profile: { locale: 'it' } });
      });

      test('can empty a profile and fill it again', async () => {
        const user = await stored({ profile: { locale: 'de' } });
        expect(await stores.users.updateProfile(user.uid, user, {})).toBe('updated');
        const emptied = await stores.users.readUser(user.uid);
        expect(emptied?.profile).toEqual({});
        expect(await stores.users.updateProfile(user.uid, emptied!, { age: 5 })).toBe('updated');
        expect((await stores.users.readUser(user.uid))?.profile).toEqual({ age: 5 });
      });

      test('refuses a change made from a stale read', async () => {
        const user = await stored({ profile: { locale: 'de' } });
        await stores.users.updateProfile(user.uid, user, { locale: 'it' });
        expect(await stores.users.updateProfile(user.uid, user, { locale: 'fr' })).toBe('changed_meanwhile');
        expect((await stores.users.readUser(user.uid))?.profile).toEqual({ locale: 'it' });
      });

      test('takes the same call repeated for its own earlier success', async () => {
        const user = await stored({ profile: { locale: 'de' } });
        await stores.users.updateProfile(user.uid, user, { locale: 'it' });
        expect(await stores.users.updateProfile(user.uid, user, { locale: 'it' })).toBe('updated');
      });

      test('loses no change of two racers', async () => {
        const user = await stored();
        const results = await parallel(2, (i) => stores.users.updateProfile(user.uid, user, { [`racer${i}`]: true }));
        expect(results.sort()).toEqual(['changed_meanwhile', 'updated']);
      });

      test('does not bring back a user who is gone', async () => {
        const user = await stored();
        await stores.users.deleteUser(user, FAR_TTL);
        expect(await stores.users.updateProfile(user.uid, user, { locale: 'it' })).toBe('changed_meanwhile');
        expect(await stores.users.readUser(user.uid)).toBeUndefined();
      });
    });

    describe('rehash', () => {
      test('stores the better hash of the same password', async () => {
        const user = await stored();
        await stores.users.rehash(aCredential(user), '$test$better');
        expect(await stores.users.readCredential(user.email)).toEqual(aCredential(user, { passwordHash: '$test$better' }));
      });

      test('never restores a password that was changed meanwhile (PW-10)', async () => {
        const user = await stored();
        await stores.users.changePassword(user, '$test$changed', FAR_TTL, sessionAfterChange(user));
        await stores.users.rehash(aCredential(user), '$test$old-password-rehashed');
        expect((await stores.users.readCredential(user.email))?.passwordHash).toBe('$test$changed');
      });

      test('ID-07 never reaches the next owner of the address, whose pv is the same', async () => {
        const former = await stored();
        await stores.users.deleteUser(former, FAR_TTL);
        const owner = aUser({ email: former.email });
        await stores.users.createUser(owner, aCredential(owner, { passwordHash: '$test$of-the-next-owner' }));
        await stores.users.rehash(aCredential(former), '$test$of-the-former-owner');
        expect(await stores.users.readCredential(owner.email)).toEqual(aCredential(owner, { passwordHash: '$test$of-the-next-owner' }));
        // not even where the two chose the same hash
        await stores.users.rehash(aCredential(former, { passwordHash: '$test$of-the-next-owner' }), '$test$of-the-former-owner');
        expect((await stores.users.readCredential(owner.email))?.passwordHash).toBe('$test$of-the-next-owner');
      });

      test('ID-07 is made from the hash that was verified, and from no other', async () => {
        const user = await stored();
        await stores.users.rehash(aCredential(user, { passwordHash: '$test$not-the-stored-one' }), '$test$better');
        expect((await stores.users.readCredential(user.email))?.passwordHash).toBe('$test$first');
      });

      test('makes no credential for an address without one', async () => {
        const email = `${unique('nobody')}@example.com`;
        await stores.users.rehash(aCredential(aUser({ email })), '$test$x');
        expect(await stores.users.readCredential(email)).toBeUndefined();
      });
    });

    describe('changePassword', () => {
      test('SE-10 changes credential, profile and minimum session version, and opens the session, together', async () => {
        const user = await stored();
        const session = sessionAfterChange(user);
        expect(await stores.users.changePassword(user, '$test$second', FAR_TTL, session)).toBe('changed');
        expect(await stores.users.readCredential(user.email)).toEqual(aCredential(user, { passwordHash: '$test$second', pv: 2 }));
        expect(await stores.users.readUser(user.uid)).toEqual({ ...user, pv: 2, sv: 2 });
        expect(await stores.sessions.read(session.sid)).toEqual(session);
        expect((await stores.revocations.readRevocations(user.uid)).minSv).toBe(2);
      });

      test.each<[string, Partial<User>]>([['password', { pv: 0 }], ['session', { sv: 0 }]])('refuses a stale %s version and changes nothing', async (_, stale) => {
        const user = await stored();
        const session = sessionAfterChange(user);
        expect(await stores.users.changePassword({ ...user, ...stale }, '$test$second', FAR_TTL, session)).toBe('changed_meanwhile');
        expect(await stores.sessions.read(session.sid)).toBeUndefined();
        expect(await stores.users.readCredential(user.email)).toEqual(aCredential(user));
        expect(await stores.users.readUser(user.uid)).toEqual(user);
        expect((await stores.revocations.readRevocations(user.uid)).minSv).toBe(0);
      });

      test('takes the same call repeated for its own earlier success', async () => {
        const user = await stored();
        const session = sessionAfterChange(user);
        await stores.users.changePassword(user, '$test$second', FAR_TTL, session);
        expect(await stores.users.changePassword(user, '$test$second', FAR_TTL, session)).toBe('changed');
        expect((await stores.users.readUser(user.uid))?.sv).toBe(2);
        expect(await stores.sessions.read(session.sid)).toEqual(session);
      });

      test('puts its session in the place of no other, and then changes nothing', async () => {
        const user = await stored();
        const session = sessionAfterChange(user);
        await stores.sessions.create({ ...session, uid: unique('uid-') });
        expect(await stores.users.changePassword(user, '$test$second', FAR_TTL, session)).toBe('changed_meanwhile');
        expect(await stores.users.readUser(user.uid)).toEqual(user);
        expect(await stores.users.readCredential(user.email)).toEqual(aCredential(user));
        expect((await stores.sessions.read(session.sid))?.uid).not.toBe(user.uid);
      });

      test('lets one of many racers win', async () => {
        const user = await stored();
        const sessions = Array.from({ length: 5 }, () => sessionAfterChange(user));
        const results = await parallel(5, (i) => stores.users.changePassword(user, `$test$racer-${i}`, FAR_TTL, sessions[i]!));
        expect(countOf(results, 'changed')).toBe(1);
        for (const [i, { sid }] of sessions.entries()) expect(await stores.sessions.read(sid)).toEqual(results[i] === 'changed' ? sessions[i] : undefined);
        expect(await stores.users.readUser(user.uid)).toMatchObject({ pv: 2, sv: 2 });
      });

      test('of a user who is gone changes nothing', async () => {
        const user = aUser();
        const session = sessionAfterChange(user);
        expect(await stores.users.changePassword(user, '$test$second', FAR_TTL, session)).toBe('changed_meanwhile');
        expect(await stores.users.readUser(user.uid)).toBeUndefined();
        expect(await stores.sessions.read(session.sid)).toBeUndefined();
        expect(await stores.users.readCredential(user.email)).toBeUndefined();
      });
    });

    describe('endAllSessions', () => {
      test('raises the session version and its minimum together', async () => {
        const user = await stored();
        expect(await stores.users.endAllSessions(user.uid, 1, FAR_TTL)).toBe('ended');
        expect(await stores.users.readUser(user.uid)).toEqual({ ...user, sv: 2 });
        expect((await stores.revocations.readRevocations(user.uid)).minSv).toBe(2);
      });

      test('counts once for many racers and for a repeated call', async () => {
        const user = await stored();
        const results = await parallel(5, () => stores.users.endAllSessions(user.uid, 1, FAR_TTL));
        expect(results).toContain('ended');
        await stores.users.endAllSessions(user.uid, 1, FAR_TTL);
        expect((await stores.users.readUser(user.uid))?.sv).toBe(2);
      });

      test('makes nothing for a user who is gone', async () => {
        const uid = unique('nobody');
        expect(await stores.users.endAllSessions(uid, 1, FAR_TTL)).toBe('changed_meanwhile');
        expect(await stores.users.readUser(uid)).toBeUndefined();
        expect((await stores.revocations.readRevocations(uid)).minSv).toBe(0);
      });

      test('never lowers the minimum, and forgets single sessions where it is larger already', async () => {
        const former = await stored({ sv: 5 });
        await stores.users.deleteUser(former, FAR_TTL);
        const user = await stored({ uid: former.uid });
        await stores.revocations.revokeSession(user.uid, 'sid-a', FAR_TTL, FAR_TTL);
        expect(await stores.users.endAllSessions(user.uid, 1, FAR_TTL - 1)).toBe('ended');
        expect(await stores.revocations.readRevocations(user.uid)).toEqual({ minSv: 6, sids: new Set() });
      });

      // The listed sessions have smaller versions, so the minimum covers them; kept, they would push each later logout over the limit.
      test('forgets single sessions, which the minimum covers', async () => {
        const user = await stored();
        await stores.revocations.revokeSession(user.uid, 'sid-a', FAR_TTL, FAR_TTL);
        await stores.revocations.revokeSession(user.uid, 'sid-b', FAR_TTL, FAR_TTL);
        await stores.users.endAllSessions(user.uid, 1, FAR_TTL);
        expect(await stores.revocations.readRevocations(user.uid)).toEqual({ minSv: 2, sids: new Set() });
        expect(await stores.revocations.revokeSession(user.uid, 'sid-c', FAR_TTL, FAR_TTL)).toEqual({ count: 1 });
        expect(await stores.revocations.readRevocations(user.uid)).toEqual({ minSv: 2, sids: new Set(['sid-c']) });
      });
    });

    describe('administer', () => {
      test('changes the status and ends the sessions together', async () => {
        const user = await stored({ scopes: ['a'] });
        expect(await stores.users.administer(user, { status: 'disabled' }, true, FAR_TTL)).toBe('changed');
        expect(await stores.users.readUser(user.uid)).toEqual({ ...user, status: 'disabled', sv: 2 });
        expect((await stores.revocations.readRevocations(user.uid)).minSv).toBe(2);
      });

      test('changes the scopes without ending sessions', async () => {
        const user = await stored({ scopes: ['a'] });
        expect(await stores.users.administer(user, { scopes: ['a', 'b'] }, false, FAR_TTL)).toBe('changed');
        expect(await stores.users.readUser(user.uid)).toEqual({ ...user, scopes: ['a', 'b'] });
        expect((await stores.revocations.readRevocations(user.uid)).minSv).toBe(0);
      });

      test('can take the last scope away', async () => {
        const user = await stored({ scopes: ['a'] });
        expect(await stores.users.administer(user, { scopes: [] }, true, FAR_TTL)).toBe('changed');
        expect((await stores.users.readUser(user.uid))?.scopes).toEqual([]);
      });

      test.each([true, false])('refuses a stale session version (endSessions %s)', async (endSessions) => {
        const user = await stored();
        await stores.users.endAllSessions(user.uid, 1, FAR_TTL);
        expect(await stores.users.administer(user, { status: 'disabled' }, endSessions, FAR_TTL)).toBe('changed_meanwhile');
        expect(await stores.users.readUser(user.uid)).toEqual({ ...user, sv: 2 });
      });

      test('makes nothing for a user who is gone', async () => {
        const user = aUser();
        expect(await stores.users.administer(user, { status: 'disabled' }, true, FAR_TTL)).toBe('changed_meanwhile');
        expect(await stores.users.administer(user, { status: 'disabled' }, false, FAR_TTL)).toBe('changed_meanwhile');
        expect(await stores.users.readUser(user.uid)).toBeUndefined();
      });
    });

    describe('deleteUser', () => {
      test('removes profile and credential and kills every token', async () => {
        const user = await stored();
        expect(await stores.users.deleteUser(user, FAR_TTL)).toBe('deleted');
        expect(await stores.users.readUser(user.uid)).toBeUndefined();
        expect(await stores.users.readCredential(user.email)).toBeUndefined();
        expect((await stores.revocations.readRevocations(user.uid)).minSv).toBeGreaterThan(user.sv);
      });

      test('takes the same call repeated for its own earlier success', async () => {
        const user = await stored();
        await stores.users.deleteUser(user, FAR_TTL);
        expect(await stores.users.deleteUser(user, FAR_TTL)).toBe('deleted');
      });

      test('frees the address, and a repeated deletion leaves the new owner alone (T45)', async () => {
        const old = await stored();
        await stores.users.deleteUser(old, FAR_TTL);
        const fresh = await stored({ email: old.email });
        await stores.users.deleteUser(old, FAR_TTL);
        expect(await stores.users.readUser(fresh.uid)).toEqual(fresh);
        expect((await stores.users.readCredential(old.email))?.uid).toBe(fresh.uid);
        expect((await stores.revocations.readRevocations(fresh.uid)).minSv).toBe(0);
      });

      test.each<[string, Partial<User>]>([['password', { pv: 0 }], ['session', { sv: 0 }]])('refuses a stale %s version and removes nothing', async (_, stale) => {
        const user = await stored();
        expect(await stores.users.deleteUser({ ...user, ...stale }, FAR_TTL)).toBe('changed_meanwhile');
        expect(await stores.users.readUser(user.uid)).toEqual(user);
        expect(await stores.users.readCredential(user.email)).toEqual(aCredential(user));
      });
    });
  });
}
