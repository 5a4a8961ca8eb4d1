import { nodeCrypto } from '../adapters/node-crypto/crypto';
import type { ApiDeps } from '../http/api';
import type { UserStore } from '../ports/users';
import type { UpdateProfileDeps } from '../use-cases/update-profile';
import { guardedFront } from './front';
import { observability } from './observability';
import { processEnvironment } from './process-environment';
import { profileAttributes } from './settings';
import { Stores } from './stores';
import { verification } from './verification';

export function composeProfile(env = processEnvironment()): ApiDeps & UpdateProfileDeps & { readonly users: UserStore } {
  const base = observability(env);
  const stores = new Stores(env);
  return {
    ...base,
    ...guardedFront(env, base, () => verification(env, base, stores.revocations)),
    users: stores.users,
    crypto: nodeCrypto,
    profileAttributes: profileAttributes(env),
  };
}
