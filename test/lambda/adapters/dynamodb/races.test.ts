import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { requestDeadline } from '../../../../lambda/adapters/deadline';
import { dynamoDbOver, DynamoUserStore } from '../../../../lambda/adapters/dynamodb';
import { nodeCrypto } from '../../../../lambda/adapters/node-crypto/crypto';
import { aCredential, aUser, countOf, FAR_TTL, parallel, sessionAfterChange, START } from '../../../contract/suites/stores';
import { startTables, StartedTables } from './support/tables';

/** More than a busy machine needs. How many tries that is, is its affair; in production the function's time-out decides. */
const LONG_MS = 300_000;
const request = <T>(work: () => Promise<T>): Promise<T> => requestDeadline.run(LONG_MS, work);

/** With the pauses of production, each in a request of its own, which has time: a crowd on one item ends in decisions, not in 503. */
describe('fifty at once on one item', () => {
  let tables: StartedTables;
  let client: DynamoDBClient;
  let users: DynamoUserStore;
  beforeAll(async () => {
    tables = await startTables({ clock: { now: () => START } });
    client = new DynamoDBClient({ endpoint: tables.endpoint, region: 'us-east-1', credentials: { accessKeyId: 'TEST', secretAccessKey: 'test' } });
    users = new DynamoUserStore(dynamoDbOver(client, nodeCrypto), tables.names);
  });
  afterAll(async () => {
    client.destroy();
    await tables.stop();
  });

  test('registrations of one address: one account (T01)', async () => {
    const results = await parallel(50, () => {
      const user = aUser({ email: 'mike@example.com' });
      return request(() => users.createUser(user, aCredential(user)));
    });
    expect(countOf(results, 'created')).toBe(1);
    expect(countOf(results, 'email_taken')).toBe(49);
    expect(await users.findByEmail('mike@example.com')).toHaveLength(1);
  });

  test('password changes of one user: one wins (T12)', async () => {
    const user = aUser();
    await users.createUser(user, aCredential(user));
    const results = await parallel(50, (i) => request(() => users.changePassword(user, `$test$${i}`, FAR_TTL, sessionAfterChange(user))));
    expect(countOf(results, 'changed')).toBe(1);
    expect(countOf(results, 'changed_meanwhile')).toBe(49);
    expect(await users.readUser(user.uid)).toMatchObject({ pv: 2, sv: 2 });
  });
});
