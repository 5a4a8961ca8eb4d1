import { MemoryTables } from '../../lambda/adapters/memory';
import { memoryStores } from '../lambda/support/world';
import { describeStores } from './suites';
import { aCredential, aUser } from './suites/stores';

describeStores('memory', async () => memoryStores(new MemoryTables()));

test('findByEmail of memory gives nobody who has another address by now, whatever a late index says', async () => {
  const tables = new MemoryTables();
  const { users } = memoryStores(tables);
  const user = aUser();
  await users.createUser(user, aCredential(user));
  tables.freezeIndexes();
  tables.profiles.set(user.uid, { ...user, email: 'moved@example.com' });
  expect(await users.findByEmail(user.email)).toEqual([]);
});
