import { Env } from '../../src/contract/environment';
import { SecretKeyList } from '../adapters/keys/secret-key-list';
import { nodeCrypto } from '../adapters/node-crypto/crypto';
import { createKeyFactory } from '../adapters/jose/key-factory';
import { provenPublicHalves } from '../adapters/jose/proven-jwks';
import { createSecretsManagerClient } from '../adapters/secrets-manager/client';
import { SecretsManagerSecret } from '../adapters/secrets-manager/versioned-secret';
import type { CommonKeyDeps, KeyListDeps, KeyOperationDeps, ListedKeyDeps } from '../use-cases/rotate-keys/deps';
import type { Environment } from './environment';
import type { Observability } from './observability';
import { commonKeySettings, keySettings, signingAlgorithm, signingKeysKind } from './settings';

/** What keys are looked after with. Who reads the public halves of keys of KMS adds their list. */
export function keyOperations(
  env: Environment,
  { clock, audit }: Pick<Observability, 'clock' | 'audit'>,
  published: CommonKeyDeps['published'],
): KeyOperationDeps | ListedKeyDeps | KeyListDeps {
  const secrets = new SecretsManagerSecret(createSecretsManagerClient());
  const common: CommonKeyDeps = { secrets, published, factory: createKeyFactory(), crypto: nodeCrypto, clock, audit, settings: commonKeySettings(env) };
  const kind = signingKeysKind(env);
  switch (kind) {
    case 'rotating':
      return { ...common, settings: keySettings(env) };
    case 'existing-secret':
      return { ...common, keeper: kind, list: new SecretKeyList(secrets, env.text(Env.SIGNING_SECRET), signingAlgorithm(env), provenPublicHalves) };
    case 'kms':
      return { ...common, keeper: kind };
  }
}
