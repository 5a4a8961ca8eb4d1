import { nodeCrypto } from '../adapters/node-crypto/crypto';
import type { LastResortDeps } from '../http/last-resort';
import type { Crypto } from '../ports/crypto';
import type { Deadline } from '../ports/deadline';
import type { UserStore } from '../ports/users';
import type { AdministerDeps } from '../use-cases/admin/administer-deps';
import type { InviteUserDeps } from '../use-cases/admin/invite-user';
import type { UnlockUserDeps } from '../use-cases/admin/unlock-user';
import type { KeyListDeps, KeyOperationDeps, ListedKeyDeps } from '../use-cases/rotate-keys/deps';
import { keyOperations } from './key-operations';
import { lookup } from './keys';
import { observability } from './observability';
import { processEnvironment } from './process-environment';
import { revocationTimes } from './settings';
import { Stores } from './stores';

type Administration = LastResortDeps & AdministerDeps & InviteUserDeps & UnlockUserDeps & (KeyOperationDeps | ListedKeyDeps | KeyListDeps) & {
  readonly deadline: Deadline;
  readonly users: UserStore;
  readonly crypto: Crypto;
};

export function composeAdmin(env = processEnvironment()): Administration {
  const { users, tickets, attempts, revocations } = new Stores(env);
  const base = observability(env);
  return {
    ...base,
    ...keyOperations(env, base, revocations),
    users,
    tickets,
    attempts,
    crypto: nodeCrypto,
    lookup: lookup(env, base),
    revocation: revocationTimes(env),
  };
}
