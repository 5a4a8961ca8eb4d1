import { Credential, Session, User } from '../../../lambda/domain/model';
import { AttemptStore } from '../../../lambda/ports/attempts';
import { HourlyCounters } from '../../../lambda/ports/hourly-counters';
import { PublishedKeyWriter, RevocationReader, RevocationWriter } from '../../../lambda/ports/revocations';
import { SessionStore } from '../../../lambda/ports/sessions';
import { TicketStore } from '../../../lambda/ports/tickets';
import { UserStore } from '../../../lambda/ports/users';

/** One set of adapters over the same tables. The suites use fresh random names, so the tables may be shared and kept between tests. */
export interface Stores {
  readonly users: UserStore;
  readonly sessions: SessionStore;
  readonly revocations: RevocationReader & RevocationWriter;
  readonly publishedKeys: PublishedKeyWriter;
  readonly attempts: AttemptStore;
  readonly counters: HourlyCounters;
  readonly tickets: TicketStore;
}

export type MakeStores = () => Promise<Stores>;

/** Sunday 2026-11-01 00:00 UTC: the start of an hour. Times that the suites pass in are near it, except those of TTL attributes. */
export const START = Date.UTC(2026, 10, 1);
export const HOUR = 3_600_000;

/** Epoch seconds in the far future, for TTL attributes: no sweep may interfere. */
export const FAR_TTL = Math.floor(Date.UTC(2029, 0, 1) / 1000);

let counter = 0;

/** Unique in this process and, with its random part, in tables shared by several. */
export function unique(prefix: string): string {
  counter += 1;
  return `${prefix}${counter}x${Math.random().toString(36).slice(2, 10)}`;
}

export function aUser(overrides: Partial<User> = {}): User {
  const uid = overrides.uid ?? unique('uid-');
  return {
    uid,
    email: `${uid}@example.com`,
    status: 'active',
    sv: 1,
    pv: 1,
    scopes: [],
    profile: {},
    createdAt: START,
    ...overrides,
  };
}

export function aCredential(user: User, overrides: Partial<Credential> = {}): Credential {
  return { email: user.email, uid: user.uid, pv: user.pv, passwordHash: '$test$first', ...overrides };
}

export function aSession(overrides: Partial<Session> = {}): Session {
  return {
    sid: unique('sid-'),
    uid: unique('uid-'),
    kv: 'k0000001',
    salt: 'c2FsdA',
    n: 0,
    superseded: [],
    state: 'live',
    sv: 1,
    amr: ['pwd'],
    authTime: START / 1000,
    createdAt: START,
    lastUsedAt: START,
    expiresAt: Date.UTC(2029, 0, 1),
    idleExpiresAt: Date.UTC(2028, 0, 1),
    device: 'Firefox on Linux',
    ...overrides,
  };
}

/** The session that a change of the user's password opens. */
export function sessionAfterChange(user: Pick<User, 'uid' | 'sv'>): Session {
  return aSession({ uid: user.uid, sv: user.sv + 1 });
}

/** Runs `task` so many times at once. */
export function parallel<T>(times: number, task: (index: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: times }, (_, index) => task(index)));
}

export function countOf<T>(values: readonly T[], wanted: T): number {
  return values.filter((value) => value === wanted).length;
}
