import { nodeCrypto } from '../adapters/node-crypto/crypto';
import type { ApiDeps } from '../http/api';
import type { RefreshDeps } from '../use-cases/refresh';
import { openFront } from './front';
import { issuingKeys } from './keys';
import { observability } from './observability';
import { processEnvironment } from './process-environment';
import { revocationTimes, tokenSettings } from './settings';
import { Stores } from './stores';

export function composeRefresh(env = processEnvironment()): ApiDeps & RefreshDeps {
  const base = observability(env);
  const { users, sessions, revocations } = new Stores(env);
  return {
    ...base,
    ...openFront(env, base),
    users,
    sessions,
    revocations,
    crypto: nodeCrypto,
    ...issuingKeys(env, base, revocations),
    tokens: tokenSettings(env),
    revocation: revocationTimes(env),
  };
}
