import { PublishedKey, PublishedKeySet } from '../../../lambda/domain/model';
import { aCredential, aUser, FAR_TTL, MakeStores, parallel, START, Stores, unique } from './stores';

/** What every `RevocationReader` and `RevocationWriter` holds. */
export function describeRevocationStore(name: string, makeStores: MakeStores): void {
  describe(`RevocationReader and RevocationWriter of ${name}`, () => {
    let stores: Stores;
    beforeAll(async () => {
      stores = await makeStores();
    });

    test('a user of whom nothing was revoked', async () => {
      expect(await stores.revocations.readRevocations(unique('nobody'))).toEqual({ minSv: 0, sids: new Set() });
    });

    test('a revoked session shows at once, counted once however often it is revoked', async () => {
      const uid = unique('uid-');
      expect(await stores.revocations.revokeSession(uid, 'sid-a', FAR_TTL, FAR_TTL)).toEqual({ count: 1 });
      expect(await stores.revocations.revokeSession(uid, 'sid-a', FAR_TTL + 5, FAR_TTL + 5)).toEqual({ count: 1 });
      expect(await stores.revocations.revokeSession(uid, 'sid-b', FAR_TTL, FAR_TTL)).toEqual({ count: 2 });
      expect(await stores.revocations.readRevocations(uid)).toEqual({ minSv: 0, sids: new Set(['sid-a', 'sid-b']) });
    });

    test('racers lose no session', async () => {
      const uid = unique('uid-');
      const sids = Array.from({ length: 20 }, (_, i) => `sid-${i}`);
      await Promise.all(sids.map((sid) => stores.revocations.revokeSession(uid, sid, FAR_TTL, FAR_TTL)));
      expect((await stores.revocations.readRevocations(uid)).sids).toEqual(new Set(sids));
    });

    test('session ids of any base64url text and a minimum stand side by side (T41)', async () => {
      const user = aUser();
      await stores.users.createUser(user, aCredential(user));
      await stores.users.endAllSessions(user.uid, 1, FAR_TTL);
      const sids = ['-_-_AZaz09', '_leading', '-leading', 'minSv', 'ttl', 'key'];
      for (const sid of sids) await stores.revocations.revokeSession(user.uid, sid, FAR_TTL, FAR_TTL);
      expect(await stores.revocations.readRevocations(user.uid)).toEqual({ minSv: 2, sids: new Set(sids) });
    });

    test('pruning removes what has expired and keeps the rest and the minimum', async () => {
      const user = aUser();
      await stores.users.createUser(user, aCredential(user));
      await stores.users.endAllSessions(user.uid, 1, FAR_TTL);
      await stores.revocations.revokeSession(user.uid, 'sid-old', FAR_TTL - 100, FAR_TTL);
      await stores.revocations.revokeSession(user.uid, 'sid-new', FAR_TTL + 100, FAR_TTL);
      expect(await stores.revocations.pruneExpired(user.uid, FAR_TTL)).toEqual({ count: 1 });
      expect(await stores.revocations.readRevocations(user.uid)).toEqual({ minSv: 2, sids: new Set(['sid-new']) });
    });

    test('pruning keeps a session that was revoked again with a later expiry', async () => {
      const uid = unique('uid-');
      await stores.revocations.revokeSession(uid, 'sid-a', FAR_TTL - 100, FAR_TTL);
      await stores.revocations.revokeSession(uid, 'sid-a', FAR_TTL + 100, FAR_TTL);
      expect(await stores.revocations.pruneExpired(uid, FAR_TTL)).toEqual({ count: 1 });
    });

    test('pruning where there is nothing makes nothing', async () => {
      const uid = unique('nobody');
      expect(await stores.revocations.pruneExpired(uid, FAR_TTL)).toEqual({ count: 0 });
      expect(await stores.revocations.readRevocations(uid)).toEqual({ minSv: 0, sids: new Set() });
    });
  });
}

/** What every `PublishedKeyWriter` with its reader holds. Needs tables in which no key set was ever published. */
export function describePublishedKeys(name: string, makeStores: MakeStores): void {
  describe(`PublishedKeyWriter of ${name}`, () => {
    let stores: Stores;
    beforeEach(async () => {
      stores = await makeStores();
    });

    function aSet(version: number, kid = `kid-${version}`): PublishedKeySet {
      const key: PublishedKey = { kid, alg: 'ES256', jwk: { kty: 'EC', crv: 'P-256', x: 'eA', y: 'eQ', kid, use: 'sig', alg: 'ES256' }, publishedAt: START, state: 'active' };
      const retired: PublishedKey = { ...key, kid: `${kid}-old`, state: 'retired', removeAt: START + 1 };
      return { version, keys: [key, retired], updatedAt: START };
    }

    test('nothing before the first publication, then the latest one', async () => {
      expect(await stores.revocations.readPublishedKeys()).toBeUndefined();
      expect(await stores.publishedKeys.publish(aSet(1))).toBe('published');
      expect(await stores.publishedKeys.publish(aSet(2))).toBe('published');
      expect(await stores.revocations.readPublishedKeys()).toEqual(aSet(2));
    });

    test('an older version never replaces a newer one', async () => {
      await stores.publishedKeys.publish(aSet(2));
      expect(await stores.publishedKeys.publish(aSet(1))).toBe('newer_exists');
      expect(await stores.revocations.readPublishedKeys()).toEqual(aSet(2));
    });

    test('the same publication repeated is its own earlier success, another of the same version is not', async () => {
      await stores.publishedKeys.publish(aSet(1));
      expect(await stores.publishedKeys.publish(aSet(1))).toBe('published');
      expect(await stores.publishedKeys.publish(aSet(1, 'kid-other'))).toBe('newer_exists');
      expect(await stores.revocations.readPublishedKeys()).toEqual(aSet(1));
    });

    test('a member that is undefined is one that is not there', async () => {
      const [key, ...others] = aSet(1).keys;
      const set: PublishedKeySet = { ...aSet(1), keys: [{ ...key!, removeAt: undefined! }, ...others] };
      expect([await stores.publishedKeys.publish(set), await stores.publishedKeys.publish(set)]).toEqual(['published', 'published']);
      expect(await stores.publishedKeys.publish(aSet(1))).toBe('published');
    });

    test('one of many racers wins', async () => {
      const results = await parallel(5, (i) => stores.publishedKeys.publish(aSet(1, `kid-racer-${i}`)));
      expect(results.filter((result) => result === 'published')).toHaveLength(1);
    });
  });
}
