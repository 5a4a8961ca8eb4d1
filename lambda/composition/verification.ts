import { PublishedVerificationKeys } from '../adapters/keys/verification-keys';
import { nodeCrypto } from '../adapters/node-crypto/crypto';
import { createSignatureVerifier } from '../adapters/jose/signature-verifier';
import type { Crypto } from '../ports/crypto';
import type { RevocationReader } from '../ports/revocations';
import type { AuthorizeDeps } from '../use-cases/authorize';
import type { Environment } from './environment';
import type { Observability } from './observability';
import { verificationSettings } from './settings';

export interface Verification<R extends RevocationReader = RevocationReader> extends AuthorizeDeps {
  readonly verificationKeys: PublishedVerificationKeys;
  readonly revocations: R;
  readonly crypto: Crypto;
}

/** What verifies access tokens, over any reader of the Revocations table. */
export function verification<R extends RevocationReader>(
  env: Environment,
  { clock, audit }: Pick<Observability, 'clock' | 'audit'>,
  revocations: R,
): Verification<R> {
  return {
    clock,
    audit,
    revocations,
    verificationKeys: new PublishedVerificationKeys(revocations, clock),
    signatures: createSignatureVerifier(),
    crypto: nodeCrypto,
    verification: verificationSettings(env),
  };
}
