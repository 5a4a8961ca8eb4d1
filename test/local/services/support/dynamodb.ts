import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { startDynamoDb, StartedDynamoDb } from '../../../../local/services/dynamodb/start';

export const NOW = Date.parse('2026-11-22T00:00:00Z');

export interface Bench {
  readonly db: StartedDynamoDb;
  readonly client: DynamoDBClient;
  /** Moves on request only. */
  readonly clock: { time: number; now(): number };
  stop(): Promise<void>;
}

/** The real SDK client against the store, without retries so that a test sees every answer. */
export async function startBench(): Promise<Bench> {
  const clock = { time: NOW, now: () => clock.time };
  const db = await startDynamoDb({ clock });
  const client = clientOf(db.endpoint);
  return {
    db,
    client,
    clock,
    stop: async () => {
      client.destroy();
      await db.stop();
    },
  };
}

export const clientOf = (endpoint: string): DynamoDBClient => new DynamoDBClient({
  endpoint, region: 'us-east-1', maxAttempts: 1, credentials: { accessKeyId: 'person', secretAccessKey: 'secret' },
});

const attribute = (name: string): object => ({ AttributeName: name, AttributeType: 'S' });

/** Key `pk`, and `by-owner` on `owner` with the given projection. */
export const tableWithIndex = (projection: object = { ProjectionType: 'KEYS_ONLY' }): Record<string, unknown> => ({
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  AttributeDefinitions: [attribute('pk'), attribute('owner')],
  GlobalSecondaryIndexes: [{ IndexName: 'by-owner', KeySchema: [{ AttributeName: 'owner', KeyType: 'HASH' }], Projection: projection }],
});

/** Key `pk` only. */
export const plainTable: Record<string, unknown> = {
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  AttributeDefinitions: [attribute('pk')],
};

/** Key `pk` and `sk`. */
export const sortedTable: Record<string, unknown> = {
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }, { AttributeName: 'sk', KeyType: 'RANGE' }],
  AttributeDefinitions: [attribute('pk'), attribute('sk')],
};

/** An item of exactly so many bytes: `pk` has 2 bytes of name, `text` 4. */
export function itemOf(pk: string, bytes: number, more: Record<string, { S: string }> = {}): Record<string, { S: string }> {
  const others = Object.entries(more).reduce((sum, [name, { S: value }]) => sum + name.length + value.length, 0);
  return { pk: { S: pk }, text: { S: 'x'.repeat(bytes - 2 - pk.length - 4 - others) }, ...more };
}
