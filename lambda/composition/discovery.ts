import { Env } from '../../src/contract/environment';
import { CachedOfferedKeys } from '../adapters/keys/offered-keys';
import type { ApiDeps } from '../http/api';
import type { DiscoveryDocumentDeps } from '../use-cases/discovery-document';
import type { HealthDeps } from '../use-cases/health';
import type { JwksDeps } from '../use-cases/jwks';
import { openFront } from './front';
import { observability } from './observability';
import { processEnvironment } from './process-environment';
import { signingAlgorithm } from './settings';
import { Stores } from './stores';

export function composeDiscovery(env = processEnvironment()): ApiDeps & DiscoveryDocumentDeps & JwksDeps & HealthDeps {
  const base = observability(env);
  const { revocations } = new Stores(env);
  return {
    ...base,
    ...openFront(env, base),
    revocations,
    offeredKeys: new CachedOfferedKeys(revocations, base.clock),
    issuer: env.text(Env.ISSUER),
    signingAlgorithm: signingAlgorithm(env),
  };
}
