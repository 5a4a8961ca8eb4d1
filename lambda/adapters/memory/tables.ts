import { Credential, PublishedKeySet, Session, Ticket, User } from '../../domain/model';
import { newestFirst } from '../../domain/session';

/** Counters of one key of Attempts. */
export interface AttemptItem {
  /** Attempts by hour since the epoch. */
  readonly hours: Map<number, number>;
  /** Failures by day since the epoch. */
  readonly days: Map<number, number>;
  /** Reservations whose outcome was not recorded: id to hour. */
  readonly open: Map<string, number>;
  streak: number;
  lockedUntil: number;
  /** Epoch seconds at which the run of failures counts as forgotten. None once it stopped the account. */
  ttl: number | undefined;
}

/** `U#<uid>` of Revocations. */
export interface RevocationItem {
  minSv: number;
  /** Session id to the epoch second at which the entry may go. */
  sids: Map<string, number>;
  ttl: number;
}

/** Lets other work run in between, as a network call does. */
export type Pause = () => Promise<void>;

const oneTurn: Pause = () => Promise.resolve();

/**
 * The five tables in this process's memory. Every store method pauses before and after it touches them and is atomic in between,
 * so that concurrent use cases interleave as they do over a network, and conditions are decided as DynamoDB decides them.
 */
export class MemoryTables {
  readonly profiles = new Map<string, User>();
  readonly credentials = new Map<string, Credential>();
  readonly sessions = new Map<string, Session>();
  readonly revocations = new Map<string, RevocationItem>();
  readonly attempts = new Map<string, AttemptItem>();
  /** By key and hour. */
  readonly counters = new Map<string, number>();
  readonly tickets = new Map<string, Ticket>();
  publishedKeys: PublishedKeySet | undefined;

  private emailIndex: ReadonlyMap<string, User> | undefined;
  private userIndex: ReadonlyMap<string, Session> | undefined;

  constructor(private readonly pause: Pause = oneTurn) {}

  /** One call: request, atomic step, response. */
  async call<T>(step: () => T): Promise<T> {
    await this.pause();
    const result = step();
    await this.pause();
    return result;
  }

  /** From now on the indexes show what the tables held at this moment: an index that lags. */
  freezeIndexes(): void {
    this.emailIndex = new Map(this.profiles);
    this.userIndex = new Map(this.sessions);
  }

  /** The indexes catch up. */
  thawIndexes(): void {
    this.emailIndex = undefined;
    this.userIndex = undefined;
  }

  /** Ids of the users whose profile has this address, as the index knows it. */
  uidsByEmail(email: string): string[] {
    return [...(this.emailIndex ?? this.profiles).values()].filter((user) => user.email === email).map((user) => user.uid);
  }

  /** A user's sessions, newest first, as the index knows them. */
  sessionsOfUser(uid: string): Session[] {
    return [...(this.userIndex ?? this.sessions).values()].filter((session) => session.uid === uid).sort(newestFirst);
  }

  /**
   * Raises the least session version that lives. Session ids listed so far belong to smaller versions, so they go: otherwise a user
   * above the limit of listed sessions would stay above it, and each later logout would end all sessions again. Neither the minimum nor the
   * TTL ever falls.
   */
  raiseMinimumSv(uid: string, minSv: number, ttl: number): void {
    const item = this.revocations.get(uid);
    this.revocations.set(uid, { minSv: Math.max(minSv, item?.minSv ?? 0), sids: new Map(), ttl: Math.max(ttl, item?.ttl ?? 0) });
  }
}
