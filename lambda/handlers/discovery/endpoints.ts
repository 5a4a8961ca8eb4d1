import { Limits } from '../../../src/contract/limits';
import type { Endpoint } from '../../http/endpoint';
import { publicEndpoint } from '../../http/endpoint';
import type { DiscoveryDocumentDeps } from '../../use-cases/discovery-document';
import { discoveryDocument } from '../../use-cases/discovery-document';
import type { HealthDeps } from '../../use-cases/health';
import { health } from '../../use-cases/health';
import type { JwksDeps } from '../../use-cases/jwks';
import { jwks } from '../../use-cases/jwks';

export type DiscoveryEndpointsDeps = DiscoveryDocumentDeps & JwksDeps & HealthDeps;

/** A page anywhere may verify a token or show who issues it. */
const PUBLIC = { readers: 'everybody' } as const;

/** No longer than signers wait before they use a key that they published: who keeps to it knows every key in time (JT-14). */
const kept = (seconds: number) => ({ 'cache-control': `public, max-age=${seconds}` });

export function discoveryEndpoints(deps: DiscoveryEndpointsDeps): Endpoint[] {
  return [
    publicEndpoint('GET /.well-known/jwks.json', PUBLIC, async () => {
      const { document, maxAge } = await jwks(deps);
      return { status: 200, headers: kept(maxAge), body: document };
    }),
    publicEndpoint('GET /.well-known/openid-configuration', PUBLIC, async () => ({ status: 200, headers: kept(Limits.KEYSET_CACHE_SECONDS), body: await discoveryDocument(deps) })),
    publicEndpoint('GET /health', {}, async () => ({ status: 200, body: await health(deps) })),
  ];
}
