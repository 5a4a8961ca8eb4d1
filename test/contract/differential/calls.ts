import type { Credential, NextGeneration, PublishedKeySet, Session, Ticket, User } from '../../../lambda/domain/model';
import type { AttemptRule, Reservation, Reserved } from '../../../lambda/ports/attempts';
import type { UserStore } from '../../../lambda/ports/users';
import type { Stores } from '../suites';
import { aSession } from '../suites/stores';
import type { Draw } from './pool';
import { COUNTERS, EMAILS, HASHES, LIVES, PROFILES, SALTS, SCOPES, SIDS, TICKETS, UIDS } from './pool';

/** What one implementation answered so far that later calls go by. */
export interface Side {
  readonly stores: Stores;
  readonly reservations: Reserved[];
}

/** One call of a store, with everything that it goes by but what is stored. */
export interface StoreCall {
  readonly text: string;
  run(side: Side): Promise<unknown>;
}

type Change = Parameters<UserStore['administer']>[1];

const RULE: AttemptRule = { perHour: 4, stopAt: 6 };
/** Of the latest reservations, one that is not told apart by its id. */
const LATEST = 5;

/** The calls, each with the store and method that it is of. A method of a port that is not here fails the suite. */
export const CALLS: Readonly<Record<string, (draw: Draw, now: number) => StoreCall>> = {
  'users.createUser': (draw, now) => {
    const user = aUser(draw, now);
    const credential: Credential = { email: user.email, uid: user.uid, pv: 1, passwordHash: draw.of(HASHES) };
    const invitation = draw.once(3) ? { hash: draw.of(TICKETS), now } : undefined;
    const given = { ...invitation && { invitation }, ...draw.once(2) && { counters: [draw.of(COUNTERS)] } };
    return call({ user, credential, given }, ({ stores }) => stores.users.createUser(user, credential, given));
  },
  'users.readCredential': (draw) => {
    const email = draw.of(EMAILS);
    return call({ email }, ({ stores }) => stores.users.readCredential(email));
  },
  'users.readUser': (draw) => {
    const uid = draw.of(UIDS);
    return call({ uid }, ({ stores }) => stores.users.readUser(uid));
  },
  'users.findByEmail': (draw) => {
    const email = draw.of(EMAILS);
    return call({ email }, async ({ stores }) => sorted(await stores.users.findByEmail(email), ({ uid }) => uid));
  },
  'users.updateProfile': (draw, now) => {
    const [profile, stale] = [draw.of(PROFILES), draw.once(3) ? draw.of(PROFILES) : undefined];
    return ofUser(draw, now, { profile, stale }, ({ users }, user) =>
      users.updateProfile(user.uid, { ...user, profile: stale ?? user.profile }, profile));
  },
  'users.rehash': (draw) => {
    const [email, hash] = [draw.of(EMAILS), draw.of(HASHES)];
    const other: Partial<Credential> = draw.once(3) ? draw.of([{ pv: 3 }, { uid: draw.of(UIDS) }, { passwordHash: draw.of(HASHES) }]) : {};
    return call({ email, hash, other }, async ({ stores: { users } }) => {
      const credential = await users.readCredential(email) ?? { email, uid: UIDS[0]!, pv: 1, passwordHash: HASHES[0]! };
      return users.rehash({ ...credential, ...other }, hash);
    });
  },
  'users.changePassword': (draw, now) => {
    const [hash, ttl, session] = [draw.of(HASHES), aTtl(draw, now), aSessionOf(draw, now)];
    return ofUser(draw, now, { hash, ttl, session }, ({ users }, user) =>
      users.changePassword(user, hash, ttl, { ...session, uid: user.uid, sv: user.sv + 1 }));
  },
  'users.endAllSessions': (draw, now) => {
    const ttl = aTtl(draw, now);
    return ofUser(draw, now, { ttl }, ({ users }, { uid, sv }) => users.endAllSessions(uid, sv, ttl));
  },
  'users.administer': (draw, now) => {
    const [ttl, ends] = [aTtl(draw, now), draw.once(2)];
    const scopes = draw.of(SCOPES);
    const change = draw.of<Change>([{}, { status: 'disabled' }, { status: 'active' }, { scopes }, { status: 'active', scopes }]);
    return ofUser(draw, now, { change, ends, ttl }, ({ users }, user) => users.administer(user, change, ends, ttl));
  },
  'users.deleteUser': (draw, now) => {
    const ttl = aTtl(draw, now);
    return ofUser(draw, now, { ttl }, ({ users }, user) => users.deleteUser(user, ttl));
  },

  'sessions.create': (draw, now) => {
    const session = aSessionOf(draw, now);
    return call({ session }, ({ stores }) => stores.sessions.create(session));
  },
  'sessions.read': (draw) => {
    const sid = draw.of(SIDS);
    return call({ sid }, ({ stores }) => stores.sessions.read(sid));
  },
  'sessions.rotate': (draw, now) => {
    const [sid, by, late] = [draw.of(SIDS), draw.of([0, 0, 0, 1, -1]), draw.of([0, 0, 40 * 86_400_000])];
    const lastUsedAt = now + late;
    return call({ sid, by, lastUsedAt }, async ({ stores: { sessions } }) => {
      const stored = await sessions.read(sid) ?? aSession({ sid });
      const n = stored.n + by;
      const next: NextGeneration = { n: n + 1, superseded: [now], parent: { of: n + 1, n, at: now }, lastUsedAt, idleExpiresAt: lastUsedAt + 1000 };
      return sessions.rotate({ ...stored, n }, next);
    });
  },
  'sessions.markEnded': (draw) => {
    const sid = draw.of(SIDS);
    return call({ sid }, ({ stores }) => stores.sessions.markEnded(sid));
  },
  'sessions.endUnused': (draw) => ofSession(draw, ({ sessions }, session) => sessions.endUnused(session)),
  'sessions.forget': (draw) => ofSession(draw, ({ sessions }, session) => sessions.forget(session)),
  'sessions.listByUser': (draw) => {
    const [uid, atMost] = [draw.of(UIDS), draw.of([undefined, undefined, 1, 2, 9])];
    return call({ uid, atMost }, async ({ stores }) => {
      const listed = await stores.sessions.listByUser(uid, atMost);
      // Which of those of one moment are cut off, neither of them says.
      return atMost === undefined ? listed : listed.map(({ createdAt }) => createdAt);
    });
  },
  'sessions.readMany': (draw) => {
    const sids = [...new Set([draw.of(SIDS), draw.of(SIDS), draw.of(SIDS)])];
    return call({ sids }, async ({ stores }) => sorted(await stores.sessions.readMany(sids), ({ sid }) => sid));
  },

  'revocations.readRevocations': (draw) => {
    const uid = draw.of(UIDS);
    return call({ uid }, async ({ stores }) => {
      const { minSv, sids } = await stores.revocations.readRevocations(uid);
      return { minSv, sids: [...sids].sort() };
    });
  },
  'revocations.readPublishedKeys': () => call({}, ({ stores }) => stores.revocations.readPublishedKeys()),
  'revocations.revokeSession': (draw, now) => {
    const [uid, sid, expires, ttl] = [draw.of(UIDS), draw.of(SIDS), aTtl(draw, now), aTtl(draw, now)];
    return call({ uid, sid, expires, ttl }, ({ stores }) => stores.revocations.revokeSession(uid, sid, expires, ttl));
  },
  'revocations.pruneExpired': (draw, now) => {
    const uid = draw.of(UIDS);
    return call({ uid, now }, ({ stores }) => stores.revocations.pruneExpired(uid, Math.floor(now / 1000)));
  },
  'revocations.publish': (draw, now) => {
    const [version, kid] = [1 + draw.below(4), 'A'.repeat(42) + draw.of(['A', 'Q'])];
    const { jwk, alg } = { jwk: { kty: 'EC', kid }, alg: 'ES256' as const };
    const set: PublishedKeySet = { version, keys: [{ kid, alg, jwk, publishedAt: now, state: 'active', removeAt: undefined! }], updatedAt: now };
    return call({ set }, ({ stores }) => stores.publishedKeys.publish(set));
  },

  'attempts.reserve': (draw, now) => {
    const key = draw.of(COUNTERS);
    return call({ key, now }, async ({ stores, reservations }) => {
      const reservation = await stores.attempts.reserve(key, RULE, now);
      if (reservation.allowed) reservations.push(reservation);
      return withoutId(reservation);
    });
  },
  'attempts.recordFailure': (draw, now) => ofReservation(draw, { now }, ({ attempts }, reserved) => attempts.recordFailure(reserved, RULE, now)),
  'attempts.recordSuccess': (draw, now) => ofReservation(draw, { now }, ({ attempts }, reserved) => attempts.recordSuccess(reserved, now)),
  'attempts.raiseLock': (draw, now) => {
    const [key, failures, until] = [draw.of(COUNTERS), draw.below(4), now + draw.of(LIVES)];
    return call({ key, failures, until }, ({ stores }) => stores.attempts.raiseLock(key, failures, now, until));
  },
  'attempts.isStopped': (draw) => {
    const key = draw.of(COUNTERS);
    return call({ key }, ({ stores }) => stores.attempts.isStopped(key));
  },
  'attempts.clear': (draw) => {
    const key = draw.of(COUNTERS);
    return call({ key }, ({ stores }) => stores.attempts.clear(key));
  },

  'counters.count': (draw, now) => {
    const [key, perHour] = [draw.of(COUNTERS), 1 + draw.below(3)];
    return call({ key, perHour, now }, ({ stores }) => stores.counters.count(key, perHour, now));
  },
  'counters.read': (draw, now) => {
    const key = draw.of(COUNTERS);
    return call({ key, now }, ({ stores }) => stores.counters.read(key, now));
  },

  'tickets.create': (draw, now) => {
    const ticket: Ticket = { hash: draw.of(TICKETS), kind: 'invitation', email: draw.of(EMAILS), scopes: draw.of(SCOPES), expiresAt: now + draw.of(LIVES) };
    return call({ ticket }, ({ stores }) => stores.tickets.create(ticket));
  },
  'tickets.read': (draw) => {
    const hash = draw.of(TICKETS);
    return call({ hash }, ({ stores }) => stores.tickets.read(hash));
  },
};

function call(given: object, run: StoreCall['run']): StoreCall {
  return { text: JSON.stringify(given), run };
}

/** Of a user as stored, or as somebody knows them who read too early. */
function ofUser(draw: Draw, now: number, given: object, run: (stores: Stores, user: User) => Promise<unknown>): StoreCall {
  const invented = aUser(draw, now);
  const stale = draw.once(4) ? draw.of<Partial<User>>([{ sv: 1 }, { pv: 1 }, { sv: 9 }, { email: draw.of(EMAILS) }]) : {};
  const { uid } = invented;
  return call({ uid, stale, ...given }, async ({ stores }) => run(stores, { ...await stores.users.readUser(uid) ?? invented, ...stale }));
}

/** Of a session as stored, or as somebody knows it who read it a generation ago. */
function ofSession(draw: Draw, run: (stores: Stores, session: Session) => Promise<unknown>): StoreCall {
  const [sid, by] = [draw.of(SIDS), draw.of([0, 0, -1])];
  return call({ sid, by }, async ({ stores }) => {
    const stored = await stores.sessions.read(sid) ?? aSession({ sid });
    return run(stores, { ...stored, n: stored.n + by });
  });
}

function ofReservation(draw: Draw, given: object, run: (stores: Stores, reserved: Reserved) => Promise<unknown>): StoreCall {
  const back = 1 + draw.below(LATEST);
  return call({ back, ...given }, async ({ stores, reservations }) => {
    const reserved = reservations.at(-back);
    return reserved && run(stores, reserved);
  });
}

function withoutId(reservation: Reservation): unknown {
  return reservation.allowed ? { ...reservation, id: undefined } : reservation;
}

function aUser(draw: Draw, now: number): User {
  return { uid: draw.of(UIDS), email: draw.of(EMAILS), status: 'active', sv: 1, pv: 1, scopes: draw.of(SCOPES), profile: draw.of(PROFILES), createdAt: now };
}

function aSessionOf(draw: Draw, now: number): Session {
  const expiresAt = now + draw.of(LIVES);
  return aSession({ sid: draw.of(SIDS), uid: draw.of(UIDS), salt: draw.of(SALTS), createdAt: now, lastUsedAt: now, expiresAt, idleExpiresAt: expiresAt });
}

/** Epoch seconds. */
function aTtl(draw: Draw, now: number): number {
  return Math.ceil((now + draw.of(LIVES)) / 1000);
}

function sorted<T>(values: readonly T[], by: (value: T) => string): T[] {
  return [...values].sort((a, b) => by(a).localeCompare(by(b)));
}
