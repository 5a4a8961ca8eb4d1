import { Env } from '../../src/contract/environment';
import { PublishedVerificationKeys } from '../adapters/keys/verification-keys';
import { nodeCrypto } from '../adapters/node-crypto/crypto';
import { createSignatureVerifier } from '../adapters/node-crypto/signature-verifier';
import { DynamoDbTransport, SignedHttpRevocationReader } from '../adapters/signed-http';
import type { LastResortDeps } from '../http/last-resort';
import type { AuthorizeDeps } from '../use-cases/authorize';
import type { Environment } from './environment';
import { observability } from './observability';
import { processEnvironment } from './process-environment';
import { verificationSettings } from './settings';

export function composeAuthorizer(env = processEnvironment()): AuthorizeDeps & LastResortDeps {
  const base = observability(env);
  const revocations = new SignedHttpRevocationReader(transport(env), env.text(Env.REVOCATIONS_TABLE));
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

/** What the SDK would take from the environment, which is where Lambda puts it. */
function transport(env: Environment): DynamoDbTransport {
  return new DynamoDbTransport({
    region: env.text('AWS_REGION'),
    endpoint: env.optional('AWS_ENDPOINT_URL_DYNAMODB') ?? env.optional('AWS_ENDPOINT_URL'),
    credentials: () => ({
      accessKeyId: env.text('AWS_ACCESS_KEY_ID'),
      secretAccessKey: env.text('AWS_SECRET_ACCESS_KEY'),
      sessionToken: env.optional('AWS_SESSION_TOKEN'),
    }),
  });
}
