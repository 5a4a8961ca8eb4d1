import { isDeepStrictEqual } from 'node:util';
import { PublishedKeySet, Revocations } from '../../domain/model';
import { PublishedKeyWriter, RevocationReader, RevocationWriter } from '../../ports/revocations';
import { MemoryTables } from './tables';

export class MemoryRevocationStore implements RevocationReader, RevocationWriter, PublishedKeyWriter {
  constructor(private readonly tables: MemoryTables) {}

  readRevocations(uid: string): Promise<Revocations> {
    return this.tables.call(() => {
      const item = this.tables.revocations.get(uid);
      return { minSv: item?.minSv ?? 0, sids: new Set(item?.sids.keys()) };
    });
  }

  readPublishedKeys(): Promise<PublishedKeySet | undefined> {
    return this.tables.call(() => this.tables.publishedKeys);
  }

  revokeSession(uid: string, sid: string, expires: number, ttl: number): Promise<{ readonly count: number }> {
    return this.tables.call(() => {
      const item = this.tables.revocations.get(uid) ?? { minSv: 0, sids: new Map<string, number>(), ttl: 0 };
      item.sids.set(sid, Math.max(expires, item.sids.get(sid) ?? 0));
      item.ttl = Math.max(ttl, item.ttl);
      this.tables.revocations.set(uid, item);
      return { count: item.sids.size };
    });
  }

  pruneExpired(uid: string, now: number): Promise<{ readonly count: number }> {
    return this.tables.call(() => {
      const item = this.tables.revocations.get(uid);
      if (item === undefined) return { count: 0 };
      for (const [sid, expires] of item.sids) {
        if (expires < now) item.sids.delete(sid);
      }
      return { count: item.sids.size };
    });
  }

  publish(given: PublishedKeySet): Promise<'published' | 'newer_exists'> {
    // As it is stored: without members that are undefined.
    const set = JSON.parse(JSON.stringify(given)) as PublishedKeySet;
    return this.tables.call(() => {
      const stored = this.tables.publishedKeys;
      if (stored !== undefined && stored.version >= set.version) {
        return isDeepStrictEqual(stored, set) ? 'published' : 'newer_exists';
      }
      this.tables.publishedKeys = set;
      return 'published';
    });
  }
}
