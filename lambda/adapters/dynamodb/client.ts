import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { ConfiguredRetryStrategy } from '@smithy/core/retry';
import { Crypto } from '../../ports/crypto';
import { endingWithTheRequest } from '../deadline';

/** What the stores share. */
export interface DynamoDb {
  readonly client: DynamoDBDocumentClient;
  /** Ids that let a write recognise its own earlier success. */
  readonly ids: Pick<Crypto, 'randomUuid'>;
  /** Waits between two tries of a write that collided with another one. */
  readonly pause: (milliseconds: number) => Promise<void>;
}

/** How long one call may take in all: tries, each with its time-out, and the longest pauses between them. */
export const PATIENCE = { attempts: 3, requestTimeoutMs: 800, firstPauseMs: 100 } as const;

/**
 * Region, endpoint and credentials come from the function's environment. A request that takes longer than this is lost: with all tries
 * of it the caller has a 503 of ours within three seconds. The pauses are ours for the same reason: after throttling the SDK waits up to
 * 1.5 s in all, paid for and with a caller at the other end who was told nothing yet.
 */
export function createDynamoDb(ids: Pick<Crypto, 'randomUuid'>): DynamoDb {
  return dynamoDbOver(new DynamoDBClient({
    retryStrategy: new ConfiguredRetryStrategy(PATIENCE.attempts, (retry) => jittered(ids, PATIENCE.firstPauseMs * 2 ** (retry - 1))),
    // Without `throwOnRequestTimeout` the SDK only warns and waits on.
    requestHandler: { connectionTimeout: 500, requestTimeout: PATIENCE.requestTimeoutMs, throwOnRequestTimeout: true },
  }), ids);
}

/** Between a quarter of the pause and all of it, so that those who collided do not meet again. */
export function jittered(ids: Pick<Crypto, 'randomUuid'>, longestMs: number): number {
  const random = parseInt(ids.randomUuid().slice(0, 8), 16) / 0xffffffff;
  return Math.round(longestMs * (0.25 + 0.75 * random));
}

/** The stores' view of a client that someone else configured. */
export function dynamoDbOver(client: DynamoDBClient, ids: Pick<Crypto, 'randomUuid'>, pause: DynamoDb['pause'] = sleep): DynamoDb {
  return { client: DynamoDBDocumentClient.from(endingWithTheRequest(client), { marshallOptions: { removeUndefinedValues: true } }), ids, pause };
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
