import { DynamoAttemptStore, DynamoRevocationStore, DynamoSessionStore, DynamoTicketStore, DynamoUserStore } from '../../../../../lambda/adapters/dynamodb';
import { nodeCrypto } from '../../../../../lambda/adapters/node-crypto/crypto';
import { createWorld, NOW, World, WorldOptions } from '../../../support/world';
import { startTables, StartedTables } from './tables';

export interface DynamoWorld {
  readonly world: World;
  readonly tables: StartedTables;
  stop(): Promise<void>;
}

/** The world of the use cases with its stores on DynamoDB. */
export async function createDynamoWorld(options: WorldOptions = {}): Promise<DynamoWorld> {
  const tables = await startTables({ clock: { now: () => NOW } });
  const db = tables.connect(nodeCrypto);
  const { names } = tables;
  const memory = await createWorld(options);
  const revocations = new DynamoRevocationStore(db, names.revocations);
  await revocations.publish((await memory.revocations.readPublishedKeys())!);
  const stores = {
    users: new DynamoUserStore(db, names),
    sessions: new DynamoSessionStore(db, names.sessions),
    revocations,
    publishedKeys: revocations,
    attempts: new DynamoAttemptStore(db, names.attempts),
    tickets: new DynamoTicketStore(db, names.tickets),
  };
  // The use cases see the ports only; that the memory adapters are classes is of no concern to them.
  return { world: { ...memory, ...stores } as unknown as World, tables, stop: () => tables.stop() };
}
