import { Env } from '../../src/contract/environment';
import type { ApiDeps } from '../http/api';
import type { DiscoveryDocumentDeps } from '../use-cases/discovery-document';
import type { JwksDeps } from '../use-cases/jwks';
import { observability } from './observability';
import { processEnvironment } from './process-environment';
import { httpSettings, signingAlgorithm } from './settings';
import { Stores } from './stores';

export function composeDiscovery(env = processEnvironment()): ApiDeps & DiscoveryDocumentDeps & JwksDeps {
  const { revocations } = new Stores(env);
  return {
    ...observability(env),
    http: httpSettings(env),
    revocations,
    issuer: env.text(Env.ISSUER),
    signingAlgorithm: signingAlgorithm(env),
  };
}
