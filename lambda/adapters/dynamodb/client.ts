import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { Crypto } from '../../ports/crypto';

/** What the stores share. */
export interface DynamoDb {
  readonly client: DynamoDBDocumentClient;
  /** Ids that let a write recognise its own earlier success. */
  readonly ids: Pick<Crypto, 'randomUuid'>;
  /** Waits between two tries of a write that collided with another one. */
  readonly pause: (milliseconds: number) => Promise<void>;
}

/**
 * Region, endpoint and credentials come from the function's environment. A request that takes a second is lost: three of them still
 * end within the time-out of every function, so the caller gets a 503 of ours.
 */
export function createDynamoDb(ids: Pick<Crypto, 'randomUuid'>): DynamoDb {
  return dynamoDbOver(new DynamoDBClient({
    maxAttempts: 3,
    // Without `throwOnRequestTimeout` the SDK only warns and waits on.
    requestHandler: { connectionTimeout: 500, requestTimeout: 1000, throwOnRequestTimeout: true },
  }), ids);
}

/** The stores' view of a client that someone else configured. */
export function dynamoDbOver(client: DynamoDBClient, ids: Pick<Crypto, 'randomUuid'>, pause: DynamoDb['pause'] = sleep): DynamoDb {
  return { client: DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } }), ids, pause };
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
