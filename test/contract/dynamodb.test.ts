import { nodeCrypto } from '../../lambda/adapters/node-crypto/crypto';
import { DynamoAttemptStore, DynamoRevocationStore, DynamoSessionStore, DynamoTicketStore, DynamoUserStore } from '../../lambda/adapters/dynamodb';
import { startTables, StartedTables } from '../lambda/adapters/dynamodb/support/tables';
import { describeStores } from './suites';
import { START } from './suites/stores';

// The tables live as long as the file; `describePublishedKeys` asks for empty ones before each test.
const started: StartedTables[] = [];
afterAll(() => Promise.all(started.map((tables) => tables.stop())));

describeStores('DynamoDB', async () => {
  const tables = await startTables({ clock: { now: () => START } });
  started.push(tables);
  const { names } = tables;
  const db = tables.connect(nodeCrypto);
  const revocations = new DynamoRevocationStore(db, names.revocations);
  return {
    users: new DynamoUserStore(db, names),
    sessions: new DynamoSessionStore(db, names.sessions),
    revocations,
    publishedKeys: revocations,
    attempts: new DynamoAttemptStore(db, names.attempts),
    tickets: new DynamoTicketStore(db, names.tickets),
  };
});
