import { MemoryAttemptStore, MemoryRevocationStore, MemorySessionStore, MemoryTables, MemoryTicketStore, MemoryUserStore } from '../../lambda/adapters/memory';
import { describeStores } from './suites';

describeStores('memory', async () => {
  const tables = new MemoryTables();
  const revocations = new MemoryRevocationStore(tables);
  return {
    users: new MemoryUserStore(tables),
    sessions: new MemorySessionStore(tables),
    revocations,
    publishedKeys: revocations,
    attempts: new MemoryAttemptStore(tables),
    tickets: new MemoryTicketStore(tables),
  };
});
