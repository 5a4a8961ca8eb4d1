import type { MemoryTables } from '../../../lambda/adapters/memory';
import { hourOf } from '../../../lambda/domain/hours';
import { RevocationsTable } from '../../../src/contract/tables';
import type { Item } from '../../interleavings/dynamodb/conditions';
import type { DynamoDb } from '../../interleavings/dynamodb/dynamodb';

/** What the tables hold, in the words of the ports: what is stored only so that a write knows itself again is left out. */
export interface Contents {
  readonly profiles: Readonly<Record<string, unknown>>;
  readonly credentials: Readonly<Record<string, unknown>>;
  readonly sessions: Readonly<Record<string, unknown>>;
  readonly revocations: Readonly<Record<string, unknown>>;
  readonly publishedKeys: unknown;
  readonly attempts: Readonly<Record<string, unknown>>;
  readonly counters: Readonly<Record<string, unknown>>;
  readonly tickets: Readonly<Record<string, unknown>>;
}

export function contentsOfMemory(tables: MemoryTables, now: number): Contents {
  return plain({
    profiles: Object.fromEntries(tables.profiles),
    credentials: Object.fromEntries(tables.credentials),
    sessions: Object.fromEntries(tables.sessions),
    revocations: Object.fromEntries([...tables.revocations].map(([uid, { minSv, sids, ttl }]) => [uid, { minSv, sids: Object.fromEntries(sids), ttl }])),
    publishedKeys: tables.publishedKeys,
    attempts: Object.fromEntries([...tables.attempts].map(([key, { hours, days, open, streak, lockedUntil, ttl }]) => [key, {
      hours: Object.fromEntries([...hours].filter(([hour]) => isRecent(hour, now))),
      days: Object.fromEntries([...days].filter(([day]) => isRecent(day * 24 + 23, now))),
      open: [...open.values()].filter((hour) => isRecent(hour, now)).sort(),
      streak, lockedUntil, ttl,
    }])),
    counters: Object.fromEntries(tables.counters),
    tickets: Object.fromEntries(tables.tickets),
  });
}

export function contentsOfDynamoDb(db: DynamoDb, now: number): Contents {
  const attempts = db.all('Attempts');
  const published = db.item('Revocations', RevocationsTable.SIGNING_KEYS);
  const users = (kind: string): readonly Item[] => db.all('Users').filter(({ sk }) => sk === kind);
  return plain({
    profiles: byKey(users('PROFILE'), 'uid', (item) => without(item, 'pk', 'sk', 'v', 'op')),
    credentials: Object.fromEntries(users('CREDENTIAL').map(({ pk, uid, hash, pv }) => {
      const email = String(pk).slice('EMAIL#'.length);
      return [email, { email, uid, passwordHash: hash, pv }];
    })),
    sessions: byKey(db.all('Sessions'), 'sid', (item) => without(item, 'v', 'ttl')),
    revocations: Object.fromEntries(db.all('Revocations').filter((item) => item !== published).map((item) => [
      String(item.key).slice(RevocationsTable.USER_PREFIX.length), { minSv: item.minSv ?? 0, sids: namedWith(item, 's#'), ttl: item.ttl },
    ])),
    publishedKeys: published && JSON.parse(String(published.set)),
    attempts: byKey(attempts.filter(({ n }) => n === undefined), 'key', (item) => ({
      hours: Object.fromEntries(Object.entries(namedWith(item, 'h')).filter(([hour]) => isRecent(Number(hour), now))),
      days: Object.fromEntries(Object.entries(namedWith(item, 'd')).filter(([day]) => isRecent(Number(day) * 24 + 23, now))),
      open: Object.entries(item).filter(([name]) => /^r[0-9a-f]{8}$/.test(name)).map(([, hour]) => Number(hour)).filter((hour) => isRecent(hour, now)).sort(),
      streak: item.streak ?? 0, lockedUntil: item.locked ?? 0, ttl: item.ttl,
    })),
    counters: byKey(attempts.filter(({ n }) => n !== undefined), 'key', ({ n }) => n),
    tickets: byKey(db.all('Tickets'), 'hash', (item) => without(item, 'v', 'ttl')),
  });
}

/** Hours that are over are swept now and then, and nobody asks for them. */
function isRecent(hour: number, now: number): boolean {
  return hour >= hourOf(now) - 1;
}

function byKey(items: readonly Item[], name: string, content: (item: Item) => unknown): Record<string, unknown> {
  return Object.fromEntries(items.map((item) => [String(item[name]), content(item)]));
}

function namedWith(item: Item, prefix: string): Record<string, unknown> {
  const named = Object.entries(item).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(named.map(([name, value]) => [name.slice(prefix.length), value]));
}

function without(item: Item, ...names: readonly string[]): Item {
  return Object.fromEntries(Object.entries(item).filter(([name]) => !names.includes(name)));
}

/** Members that are undefined are not stored. */
function plain<T>(value: T): T {
  return JSON.parse(JSON.stringify(value));
}
