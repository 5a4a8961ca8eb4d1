import { decodeBase64Url, decodeUtf8 } from './encoding';
import { newestFirst } from './session';

/** A place in the order of a user's sessions: that of one which stood there, whether it still lives or not. */
export interface SessionPlace {
  readonly createdAt: number;
  readonly sid: string;
}

const PLACE = /^(\d{1,15})\.([A-Za-z0-9_-]{22})$/;

/** What a client hands back to go on after this session. It holds nothing but what the page before has shown. */
export function encodePlace({ createdAt, sid }: SessionPlace): string {
  return Buffer.from(`${createdAt}.${sid}`).toString('base64url');
}

/** Undefined for whatever `encodePlace` did not make. */
export function decodePlace(text: string): SessionPlace | undefined {
  const bytes = decodeBase64Url(text);
  const [, createdAt, sid] = PLACE.exec((bytes && decodeUtf8(bytes)) ?? '') ?? [];
  return sid === undefined || encodePlace({ createdAt: Number(createdAt), sid }) !== text ? undefined : { createdAt: Number(createdAt), sid };
}

/** Those that come after the place, in the order that they have. */
export function beyond<T extends SessionPlace>(entries: readonly T[], place: SessionPlace | undefined): readonly T[] {
  return place ? entries.filter((entry) => entry.sid !== place.sid && newestFirst(place, entry) < 0) : entries;
}
