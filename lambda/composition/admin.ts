import { nodeCrypto } from '../adapters/node-crypto/crypto';
import { createKeyFactory } from '../adapters/node-crypto/key-factory';
import { createSecretsManagerClient } from '../adapters/secrets-manager/client';
import { SecretsManagerSecret } from '../adapters/secrets-manager/versioned-secret';
import type { LastResortDeps } from '../http/last-resort';
import type { Crypto } from '../ports/crypto';
import type { UserStore } from '../ports/users';
import type { AdministerDeps } from '../use-cases/admin/administer-deps';
import type { InviteUserDeps } from '../use-cases/admin/invite-user';
import type { UnlockUserDeps } from '../use-cases/admin/unlock-user';
import type { KeyOperationDeps } from '../use-cases/rotate-keys/deps';
import { observability } from './observability';
import { processEnvironment } from './process-environment';
import { keySettings, revocationTimes } from './settings';
import { Stores } from './stores';

type Administration = LastResortDeps & AdministerDeps & InviteUserDeps & UnlockUserDeps & KeyOperationDeps & {
  readonly users: UserStore;
  readonly crypto: Crypto;
};

export function composeAdmin(env = processEnvironment()): Administration {
  const { users, tickets, attempts, revocations } = new Stores(env);
  return {
    ...observability(env),
    users,
    tickets,
    attempts,
    crypto: nodeCrypto,
    revocation: revocationTimes(env),
    secrets: new SecretsManagerSecret(createSecretsManagerClient()),
    published: revocations,
    factory: createKeyFactory(),
    settings: keySettings(env),
  };
}
