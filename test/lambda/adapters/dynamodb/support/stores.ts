import type { DynamoDb } from '../../../../../lambda/adapters/dynamodb';
import { DynamoAttemptStore, DynamoHourlyCounters, DynamoRevocationStore, DynamoSessionStore, DynamoTicketStore, DynamoUserStore } from '../../../../../lambda/adapters/dynamodb';
import type { Stores } from '../../../../contract/suites';
import type { TableNames } from './tables';

/** The adapters of all five tables over one client. */
export function dynamoStores(db: DynamoDb, names: TableNames): Stores {
  const revocations = new DynamoRevocationStore(db, names.revocations);
  return {
    users: new DynamoUserStore(db, names),
    sessions: new DynamoSessionStore(db, names.sessions),
    revocations,
    publishedKeys: revocations,
    attempts: new DynamoAttemptStore(db, names.attempts),
    counters: new DynamoHourlyCounters(db, names.attempts),
    tickets: new DynamoTicketStore(db, names.tickets),
  };
}
