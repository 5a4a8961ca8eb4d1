import { Env } from '../../src/contract/environment';
import { withKeyAge } from '../adapters/keys/key-age';
import { SecretLookup } from '../adapters/keys/lookup';
import { SecretRefreshKeys } from '../adapters/keys/refresh-keys';
import { existingForm, ROTATING_FORM } from '../adapters/keys/secret-forms';
import { SecretTokenSigner } from '../adapters/keys/token-signer';
import { KmsTokenSigner } from '../adapters/kms/token-signer';
import { readPrivateJwks } from '../adapters/jose/private-jwks';
import { createTokenSigning } from '../adapters/jose/token-signing';
import type { Clock } from '../ports/clock';
import type { RefreshKeys, SecretReader, TokenSigner } from '../ports/keys';
import type { Lookup } from '../ports/lookup';
import type { RevocationReader } from '../ports/revocations';
import type { Environment } from './environment';
import type { Observability } from './observability';
import { signingKeysKind } from './settings';
import { kms, secretReader } from './signed-http';

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
  const signer = tokenSigner(env, clock, secrets, withKeyAge(published, gauges, clock));
  const refreshKeys = new SecretRefreshKeys(secrets, env.text(Env.REFRESH_SECRET), clock);
  warm(signer.ready(), refreshKeys.current());
  return { signer, refreshKeys };
}

function tokenSigner(env: Environment, clock: Clock, secrets: SecretReader, published: Pick<RevocationReader, 'readPublishedKeys'>): TokenSigner {
  switch (signingKeysKind(env)) {
    case 'rotating':
      return new SecretTokenSigner(secrets, env.text(Env.SIGNING_SECRET), ROTATING_FORM, published, createTokenSigning(), clock);
    case 'existing-secret':
      return new SecretTokenSigner(secrets, env.text(Env.SIGNING_SECRET), existingForm(readPrivateJwks), published, createTokenSigning(), clock);
    case 'kms':
      return new KmsTokenSigner(kms(env), published, clock);
  }
}

/** Where sessions are only ended. */
export function checkingKeys(env: Environment, clock: Clock): RefreshKeys {
  const refreshKeys = new SecretRefreshKeys(secretReader(env), env.text(Env.REFRESH_SECRET), clock);
  warm(refreshKeys.current());
  return refreshKeys;
}

/** What turns names of counters into keys. */
export function lookup(env: Environment, { clock }: Pick<Observability, 'clock'>): Lookup {
  const secret = new SecretLookup(secretReader(env), env.text(Env.LOOKUP_SECRET), clock);
  warm(secret.ready());
  return secret;
}

function warm(...loads: readonly Promise<unknown>[]): void {
  for (const load of loads) load.catch(() => undefined);
}
