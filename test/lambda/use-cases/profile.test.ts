import { Principal } from '../../../lambda/domain/model';
import { getProfile } from '../../../lambda/use-cases/get-profile';
import { updateProfile } from '../../../lambda/use-cases/update-profile';
import { EMAIL, outcome, principalOf, signedIn } from '../support/actions';
import { createWorld, NOW, World } from '../support/world';

describe('the caller\'s profile', () => {
  let world: World;
  let principal: Principal;
  beforeEach(async () => {
    world = await createWorld();
    principal = await principalOf(world, await signedIn(world));
    world.calls.reset();
  });

  test('is read by one strong read and shows nothing internal', async () => {
    expect(await getProfile(world, { principal })).toEqual({ uid: principal.uid, email: EMAIL, scopes: [], profile: {}, createdAt: NOW });
    expect(world.calls.names()).toEqual(['users.readUser']);
  });

  test('changes by what is named; null removes, the rest stays', async () => {
    await updateProfile(world, { principal, profile: { locale: 'de', age: 4 } });
    expect((await updateProfile(world, { principal, profile: { locale: null, news: true } })).profile).toEqual({ age: 4, news: true });
    expect((await getProfile(world, { principal })).profile).toEqual({ age: 4, news: true });
    expect(world.audit.names()).toEqual(['profile_changed', 'profile_changed']);
  });

  test.each([
    ['an undeclared attribute', { sv: 7 }],
    ['a wrong type', { age: '4' }],
    ['a privileged field (T25)', { status: 'active' }],
    ['a prototype', JSON.parse('{"__proto__":{"isAdmin":true}}') as Record<string, unknown>],
  ])('refuses %s and changes nothing', async (_, profile) => {
    expect(await outcome(updateProfile(world, { principal, profile }))).toBe('validation_failed');
    expect(world.calls.writes()).toEqual([]);
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
    expect(world.audit.last).toMatchObject({ event: 'profile_change_refused' });
  });

  test('two changes at once lose neither', async () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      world = await createWorld({ seed });
      principal = await principalOf(world, await signedIn(world));
      await Promise.all([updateProfile(world, { principal, profile: { locale: 'de' } }), updateProfile(world, { principal, profile: { age: 4 } })]);
      expect((await getProfile(world, { principal })).profile).toEqual({ locale: 'de', age: 4 });
    }
  });

  test('that others keep changing is a conflict, not a loss', async () => {
    let age = 0;
    world.calls.before('users.updateProfile', () => {
      age += 1;
      const user = world.tables.profiles.get(principal.uid)!;
      world.tables.profiles.set(user.uid, { ...user, profile: { age } });
    });
    expect(await outcome(updateProfile(world, { principal, profile: { locale: 'de' } }))).toBe('conflict');
    expect(age).toBe(3);
  });

  test('T30: after a lost response the same change succeeds', async () => {
    world.calls.failNext('users.updateProfile', 'after');
    expect(await outcome(updateProfile(world, { principal, profile: { age: 4 } }))).toBe('unavailable');
    expect((await updateProfile(world, { principal, profile: { age: 4 } })).profile).toEqual({ age: 4 });
  });

  test('of a user who is gone, disabled or logged out everywhere is refused', async () => {
    const user = world.tables.profiles.get(principal.uid)!;
    for (const changed of [undefined, { ...user, status: 'disabled' as const }, { ...user, sv: 2 }]) {
      if (changed === undefined) world.tables.profiles.delete(user.uid);
      else world.tables.profiles.set(user.uid, changed);
      expect(await outcome(getProfile(world, { principal }))).toBe('session_revoked');
      expect(await outcome(updateProfile(world, { principal, profile: { age: 1 } }))).toBe('session_revoked');
    }
  });
});
