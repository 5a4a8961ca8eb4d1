import { nodeCrypto } from '../adapters/node-crypto/crypto';
import type { ApiDeps } from '../http/api';
import type { LoginDeps } from '../use-cases/login';
import { openFront } from './front';
import { passwordHasher } from './hashing';
import { issuingKeys, lookup } from './keys';
import { observability } from './observability';
import { processEnvironment } from './process-environment';
import { loginLimits, revocationTimes, tokenSettings } from './settings';
import { Stores } from './stores';

export function composeLogin(env = processEnvironment()): ApiDeps & LoginDeps {
  const base = observability(env);
  const { users, sessions, attempts, counters, revocations } = new Stores(env);
  return {
    ...base,
    ...openFront(env, base),
    users,
    sessions,
    attempts,
    counters,
    revocations,
    hasher: passwordHasher(env, base.audit),
    crypto: nodeCrypto,
    ...issuingKeys(env, base, revocations),
    lookup: lookup(env, base),
    tokens: tokenSettings(env),
    limits: loginLimits(env),
    revocation: revocationTimes(env),
  };
}
