import { nodeCrypto } from '../../lambda/adapters/node-crypto/crypto';
import { dynamoStores } from '../lambda/adapters/dynamodb/support/stores';
import { startTables, StartedTables } from '../lambda/adapters/dynamodb/support/tables';
import { describeStores } from './suites';
import { START } from './suites/stores';

// The tables live as long as the file; `describePublishedKeys` asks for empty ones before each test.
const started: StartedTables[] = [];
afterAll(() => Promise.all(started.map((tables) => tables.stop())));

describeStores('DynamoDB', async () => {
  const tables = await startTables({ clock: { now: () => START } });
  started.push(tables);
  return dynamoStores(tables.connect(nodeCrypto), tables.names);
});
