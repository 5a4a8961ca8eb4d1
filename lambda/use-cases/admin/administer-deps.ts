import { RevocationTimes } from '../../domain/revocation';
import { Audit } from '../../ports/audit';
import { Clock } from '../../ports/clock';
import { Crypto } from '../../ports/crypto';
import { UserStore } from '../../ports/users';

/** What changing a user's status, scopes or sessions takes. */
export interface AdministerDeps {
  readonly users: Pick<UserStore, 'readUser' | 'administer' | 'endAllSessions'>;
  readonly crypto: Pick<Crypto, 'sha256'>;
  readonly clock: Clock;
  readonly audit: Audit;
  readonly revocation: RevocationTimes;
}

export interface UidInput {
  readonly uid: string;
}
