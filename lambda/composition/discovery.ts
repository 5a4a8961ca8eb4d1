import { Env } from '../../src/contract/environment';
import type { ApiDeps } from '../http/api';
import type { DiscoveryDocumentDeps } from '../use-cases/discovery-document';
import type { JwksDeps } from '../use-cases/jwks';
import { openFront } from './front';
import { observability } from './observability';
import { processEnvironment } from './process-environment';
import { signingAlgorithm } from './settings';
import { Stores } from './stores';

export function composeDiscovery(env = processEnvironment()): ApiDeps & DiscoveryDocumentDeps & JwksDeps {
  const base = observability(env);
  const { revocations } = new Stores(env);
  return {
    ...base,
    ...openFront(env, base),
    revocations,
    issuer: env.text(Env.ISSUER),
    signingAlgorithm: signingAlgorithm(env),
  };
}
