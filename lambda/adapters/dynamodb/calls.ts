import { AttributeValue, CancellationReason, ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  BatchGetCommandInput,
  DeleteCommand,
  DeleteCommandInput,
  GetCommand,
  PutCommand,
  PutCommandInput,
  QueryCommand,
  QueryCommandInput,
  TransactWriteCommand,
  TransactWriteCommandInput,
  UpdateCommand,
  UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { UnavailableError } from '../../domain/errors';
import { requestDeadline } from '../deadline';
import { decodeItem } from './attribute-values';
import { DynamoDb, jittered } from './client';
import { failureOf } from './failures';

export type Item = Readonly<Record<string, unknown>>;

/** A conditional write: done, or refused by the item as it stands (`undefined`: there is none). */
export type Conditional = { readonly done: true; readonly item: Item | undefined } | { readonly done: false; readonly item: Item | undefined };

/** A transaction: done, or for each of its items what refused it (`undefined`: its condition held). */
export type Transacted = { readonly done: true } | { readonly done: false; readonly refused: readonly ({ readonly item: Item | undefined } | undefined)[] };

type Batch = NonNullable<BatchGetCommandInput['RequestItems']>;

/** DynamoDB takes no more. */
const KEYS_OF_A_BATCH = 100;

export type TransactItems = NonNullable<TransactWriteCommandInput['TransactItems']>;

/**
 * A write that collides with a transaction on the same item is tried until the time of its request is over: a crowd on one item ends in
 * decisions, not in 503. So many times where there is no request.
 */
const TRIES_WITHOUT_DEADLINE = 60;
const FIRST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 250;

/** What passes by itself: another transaction holds the item, or the table is short of capacity for a moment. */
const PASSING_REASONS: readonly (string | undefined)[] = ['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'];
const PASSING_ERRORS: readonly string[] = ['TransactionConflictException', 'TransactionInProgressException'];

/**
 * The calls of one store. Whatever is not a definite answer of DynamoDB becomes `UnavailableError`, unless the request itself was wrong
 * (`failureOf`). Neither says anything about a user.
 */
export class Calls {
  constructor(private readonly db: DynamoDb, private readonly dependency: string) {}

  /** Strongly consistent. */
  async get(table: string, key: Item): Promise<Item | undefined> {
    const { Item: item } = await this.answered(() => this.db.client.send(new GetCommand({ TableName: table, Key: key, ConsistentRead: true })));
    return item;
  }

  /** Half as dear, and may not show what was written a moment ago. */
  async getEventually(table: string, key: Item): Promise<Item | undefined> {
    const { Item: item } = await this.answered(() => this.db.client.send(new GetCommand({ TableName: table, Key: key, ConsistentRead: false })));
    return item;
  }

  /** Strongly consistent, in no particular order; what is not there is left out. */
  async getMany(table: string, keys: readonly Item[]): Promise<Item[]> {
    const found: Item[] = [];
    for (let start = 0; start < keys.length; start += KEYS_OF_A_BATCH) {
      let wanted: Batch = { [table]: { Keys: keys.slice(start, start + KEYS_OF_A_BATCH), ConsistentRead: true } };
      for (let attempt = 1; ; attempt += 1) {
        const batch = await this.answered(() => this.db.client.send(new BatchGetCommand({ RequestItems: wanted })));
        found.push(...(batch.Responses?.[table] ?? []));
        // What did not fit into 16 MB, or for which the table is short of capacity for a moment.
        const unread = batch.UnprocessedKeys ?? {};
        if (unread[table] === undefined) break;
        if (this.givesUp(attempt)) throw this.unreadable('keys of a batch stay unread');
        wanted = unread;
        await this.backOff(attempt);
      }
    }
    return found;
  }

  /** All pages: what is filtered afterwards must not have been cut off before (SE-16). `atMost`: so many items and no more, for who counts them. */
  async query(input: QueryCommandInput, atMost = Infinity): Promise<Item[]> {
    const found: Item[] = [];
    let start = input.ExclusiveStartKey;
    do {
      const limit = Number.isFinite(atMost) ? { Limit: atMost - found.length } : {};
      const page = await this.answered(() => this.db.client.send(new QueryCommand({ ...input, ...limit, ExclusiveStartKey: start })));
      found.push(...(page.Items ?? []));
      start = page.LastEvaluatedKey;
    } while (start !== undefined && found.length < atMost);
    return found;
  }

  update(input: UpdateCommandInput): Promise<Conditional> {
    return this.conditional(() => this.db.client.send(new UpdateCommand({ ...input, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' })));
  }

  put(input: PutCommandInput): Promise<Conditional> {
    return this.conditional(() => this.db.client.send(new PutCommand({ ...input, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' })));
  }

  delete(input: DeleteCommandInput): Promise<Conditional> {
    return this.conditional(() => this.db.client.send(new DeleteCommand({ ...input, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' })));
  }

  /** All or nothing. Every try carries the same token, so that one whose response was lost is not done twice. */
  async transact(items: TransactItems): Promise<Transacted> {
    const token = this.newId();
    const input = { TransactItems: items.map(withOldItem), ClientRequestToken: token };
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.db.client.send(new TransactWriteCommand(input));
        return { done: true };
      } catch (error) {
        const reasons = error instanceof TransactionCanceledException ? error.CancellationReasons ?? [] : [];
        // A refused condition is an answer, whatever else stood in the way.
        if (reasons.some((reason) => reason.Code === 'ConditionalCheckFailed')) return { done: false, refused: reasons.map(refusalOf) };
        const passing = reasons.some((reason) => PASSING_REASONS.includes(reason.Code)) || isPassing(error);
        if (!passing || this.givesUp(attempt)) throw failureOf(this.dependency, error);
        await this.backOff(attempt);
      }
    }
  }

  newId(): string {
    return this.db.ids.randomUuid();
  }

  /** The item is not as this release knows it, or a call answered what it cannot answer. */
  unreadable(what: string): UnavailableError {
    return new UnavailableError(this.dependency, new Error(what));
  }

  private async conditional(send: () => Promise<{ readonly Attributes?: Item }>): Promise<Conditional> {
    try {
      const { Attributes: item } = await this.answered(send);
      return { done: true, item };
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return { done: false, item: itemOf(error.Item) };
      throw error;
    }
  }

  private async answered<T>(send: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await send();
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) throw error;
        if (!isPassing(error) || this.givesUp(attempt)) throw failureOf(this.dependency, error);
        await this.backOff(attempt);
      }
    }
  }

  private givesUp(attempt: number): boolean {
    return requestDeadline.signal === undefined ? attempt >= TRIES_WITHOUT_DEADLINE : requestDeadline.isOver;
  }

  /** Doubling. */
  private backOff(attempt: number): Promise<void> {
    return this.db.pause(jittered(this.db.ids, Math.min(FIRST_PAUSE_MS * 2 ** attempt, LONGEST_PAUSE_MS)));
  }
}

function isPassing(error: unknown): boolean {
  return error instanceof Error && PASSING_ERRORS.includes(error.name);
}

function withOldItem(item: TransactItems[number]): TransactItems[number] {
  const [kind, request] = Object.entries(item)[0]!;
  return { [kind]: { ...request, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } };
}

function refusalOf(reason: CancellationReason): { readonly item: Item | undefined } | undefined {
  return reason.Code === 'ConditionalCheckFailed' ? { item: itemOf(reason.Item) } : undefined;
}

function itemOf(attributes: Record<string, AttributeValue> | undefined): Item | undefined {
  return attributes && decodeItem(attributes);
}
