import { nodeCrypto } from '../adapters/node-crypto/crypto';
import type { ApiDeps } from '../http/api';
import type { UserStore } from '../ports/users';
import type { DeleteAccountDeps } from '../use-cases/delete-account';
import type { UpdateProfileDeps } from '../use-cases/update-profile';
import { observability } from './observability';
import { processEnvironment } from './process-environment';
import { httpSettings, profileAttributes, revocationTimes } from './settings';
import { Stores } from './stores';

export function composeProfile(env = processEnvironment()): ApiDeps & DeleteAccountDeps & UpdateProfileDeps & { readonly users: UserStore } {
  const { users } = new Stores(env);
  return {
    ...observability(env),
    http: httpSettings(env),
    users,
    crypto: nodeCrypto,
    revocation: revocationTimes(env),
    profileAttributes: profileAttributes(env),
  };
}
