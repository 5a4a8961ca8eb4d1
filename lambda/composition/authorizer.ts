import { Env } from '../../src/contract/environment';
import { PublishedVerificationKeys } from '../adapters/keys/verification-keys';
import { nodeCrypto } from '../adapters/node-crypto/crypto';
import { createSignatureVerifier } from '../adapters/node-crypto/signature-verifier';
import { SignedHttpRevocationReader } from '../adapters/signed-http';
import type { LastResortDeps } from '../http/last-resort';
import type { AuthorizeDeps } from '../use-cases/authorize';
import { observability } from './observability';
import { processEnvironment } from './process-environment';
import { verificationSettings } from './settings';
import { signedTransport } from './signed-http';

export function composeAuthorizer(env = processEnvironment()): AuthorizeDeps & LastResortDeps {
  const base = observability(env);
  const revocations = new SignedHttpRevocationReader(signedTransport(env, 'dynamodb'), env.text(Env.REVOCATIONS_TABLE));
  const verificationKeys = new PublishedVerificationKeys(revocations, base.clock);
  // During init, with a whole CPU: opens the connection that every later call uses. A failure means nothing, the first call asks again.
  verificationKeys.ready().catch(() => undefined);
  return {
    ...base,
    revocations,
    verificationKeys,
    signatures: createSignatureVerifier(),
    crypto: nodeCrypto,
    verification: verificationSettings(env),
  };
}
