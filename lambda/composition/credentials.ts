import { nodeCrypto } from '../adapters/node-crypto/crypto';
import type { ApiDeps } from '../http/api';
import type { UserStore } from '../ports/users';
import type { ChangePasswordDeps } from '../use-cases/change-password';
import type { DeleteAccountDeps } from '../use-cases/delete-account';
import { guardedFront } from './front';
import { passwordHasher } from './hashing';
import { issuingKeys, lookup } from './keys';
import { observability } from './observability';
import { processEnvironment } from './process-environment';
import { attemptSettings, passwordPolicy, revocationTimes, tokenSettings } from './settings';
import { Stores } from './stores';
import { verification } from './verification';

export function composeCredentials(env = processEnvironment()): ApiDeps & ChangePasswordDeps & DeleteAccountDeps & { readonly users: UserStore } {
  const base = observability(env);
  const { users, attempts, revocations } = new Stores(env);
  return {
    ...base,
    ...guardedFront(env, base, () => verification(env, base, revocations)),
    users,
    attempts,
    hasher: passwordHasher(env, base.audit),
    crypto: nodeCrypto,
    ...issuingKeys(env, base, revocations),
    lookup: lookup(env, base),
    tokens: tokenSettings(env),
    limits: attemptSettings(env),
    passwords: passwordPolicy(env),
    revocation: revocationTimes(env),
  };
}
