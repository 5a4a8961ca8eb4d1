import { Env } from '../../src/contract/environment';
import { createDynamoDb, DynamoAttemptStore, DynamoHourlyCounters, DynamoRevocationStore, DynamoSessionStore, DynamoTicketStore, DynamoUserStore } from '../adapters/dynamodb';
import { nodeCrypto } from '../adapters/node-crypto/crypto';
import type { Environment } from './environment';

/** The stores over one client; each is made when it is asked for, so that a function needs only the tables it was given. */
export class Stores {
  private readonly db = createDynamoDb(nodeCrypto);

  constructor(private readonly env: Environment) {}

  get users(): DynamoUserStore {
    const { env } = this;
    // Its transactions reach into four more tables; not every function runs all of them, or may.
    return new DynamoUserStore(this.db, {
      users: env.text(Env.USERS_TABLE),
      get revocations() { return env.text(Env.REVOCATIONS_TABLE); },
      get tickets() { return env.text(Env.TICKETS_TABLE); },
      get sessions() { return env.text(Env.SESSIONS_TABLE); },
      get attempts() { return env.text(Env.ATTEMPTS_TABLE); },
    });
  }

  get sessions(): DynamoSessionStore {
    return new DynamoSessionStore(this.db, this.env.text(Env.SESSIONS_TABLE));
  }

  get revocations(): DynamoRevocationStore {
    return new DynamoRevocationStore(this.db, this.env.text(Env.REVOCATIONS_TABLE));
  }

  get attempts(): DynamoAttemptStore {
    return new DynamoAttemptStore(this.db, this.env.text(Env.ATTEMPTS_TABLE));
  }

  get counters(): DynamoHourlyCounters {
    return new DynamoHourlyCounters(this.db, this.env.text(Env.ATTEMPTS_TABLE));
  }

  get tickets(): DynamoTicketStore {
    return new DynamoTicketStore(this.db, this.env.text(Env.TICKETS_TABLE));
  }
}
