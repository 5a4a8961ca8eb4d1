import { Env } from '../../src/contract/environment';
import { withKeyAge } from '../adapters/keys/key-age';
import { SecretRefreshKeys } from '../adapters/keys/refresh-keys';
import { SecretTokenSigner } from '../adapters/keys/token-signer';
import { createTokenSigning } from '../adapters/node-crypto/token-signing';
import type { Clock } from '../ports/clock';
import type { RefreshKeys, TokenSigner } from '../ports/keys';
import type { RevocationReader } from '../ports/revocations';
import type { Environment } from './environment';
import type { Observability } from './observability';
import { secretReader } from './signed-http';

/**
 * The keys that issue tokens. They are asked for during init, which has a whole CPU to itself and warms the connections; a failure
 * then means nothing, the first request asks again.
 */
export function issuingKeys(
  env: Environment,
  { clock, gauges }: Pick<Observability, 'clock' | 'gauges'>,
  published: Pick<RevocationReader, 'readPublishedKeys'>,
): { readonly signer: TokenSigner; readonly refreshKeys: RefreshKeys } {
  const secrets = secretReader(env);
  const signer = new SecretTokenSigner(secrets, env.text(Env.SIGNING_SECRET), withKeyAge(published, gauges, clock), createTokenSigning(), clock);
  const refreshKeys = new SecretRefreshKeys(secrets, env.text(Env.REFRESH_SECRET), clock);
  warm(signer.ready(), refreshKeys.current());
  return { signer, refreshKeys };
}

/** Where sessions are only ended. */
export function checkingKeys(env: Environment, clock: Clock): RefreshKeys {
  const refreshKeys = new SecretRefreshKeys(secretReader(env), env.text(Env.REFRESH_SECRET), clock);
  warm(refreshKeys.current());
  return refreshKeys;
}

function warm(...loads: readonly Promise<unknown>[]): void {
  for (const load of loads) load.catch(() => undefined);
}
