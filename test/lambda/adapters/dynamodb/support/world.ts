import { nodeCrypto } from '../../../../../lambda/adapters/node-crypto/crypto';
import { createWorld, NOW, World, WorldOptions } from '../../../support/world';
import { dynamoStores } from './stores';
import { startTables, StartedTables } from './tables';

export interface DynamoWorld {
  readonly world: World;
  readonly tables: StartedTables;
  stop(): Promise<void>;
}

/** The world of the use cases with its stores on DynamoDB. */
export async function createDynamoWorld(options: WorldOptions = {}): Promise<DynamoWorld> {
  const tables = await startTables({ clock: { now: () => NOW } });
  const stores = dynamoStores(tables.connect(nodeCrypto), tables.names);
  const memory = await createWorld(options);
  await stores.publishedKeys.publish((await memory.revocations.readPublishedKeys())!);
  // The use cases see the ports only; that the memory adapters are classes is of no concern to them.
  return { world: { ...memory, ...stores } as unknown as World, tables, stop: () => tables.stop() };
}
