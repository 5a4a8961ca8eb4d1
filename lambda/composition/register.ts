import { nodeCrypto } from '../adapters/node-crypto/crypto';
import type { ApiDeps } from '../http/api';
import type { RegisterDeps } from '../use-cases/register';
import { openFront } from './front';
import { passwordHasher } from './hashing';
import { lookup } from './keys';
import { observability } from './observability';
import { processEnvironment } from './process-environment';
import { passwordPolicy, profileAttributes, registrationSettings } from './settings';
import { Stores } from './stores';

export function composeRegister(env = processEnvironment()): ApiDeps & RegisterDeps {
  const base = observability(env);
  const { users, tickets, counters } = new Stores(env);
  return {
    ...base,
    ...openFront(env, base),
    users,
    tickets,
    counters,
    hasher: passwordHasher(env, base.audit),
    crypto: nodeCrypto,
    lookup: lookup(env, base),
    registration: registrationSettings(env),
    passwords: passwordPolicy(env),
    profileAttributes: profileAttributes(env),
  };
}
