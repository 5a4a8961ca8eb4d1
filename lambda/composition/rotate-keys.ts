import { PresignedUrlReporter } from '../adapters/cloudformation/deployment-reporter';
import { nodeCrypto } from '../adapters/node-crypto/crypto';
import { createKeyFactory } from '../adapters/node-crypto/key-factory';
import { createSecretsManagerClient } from '../adapters/secrets-manager/client';
import { SecretsManagerSecret } from '../adapters/secrets-manager/versioned-secret';
import type { RequestScope } from '../ports/request-scope';
import type { DeploymentDeps } from '../use-cases/rotate-keys/deployment';
import { observability } from './observability';
import { processEnvironment } from './process-environment';
import { keySettings } from './settings';
import { Stores } from './stores';

export function composeRotateKeys(env = processEnvironment()): DeploymentDeps & { readonly scope: RequestScope } {
  return {
    ...observability(env),
    secrets: new SecretsManagerSecret(createSecretsManagerClient()),
    published: new Stores(env).revocations,
    factory: createKeyFactory(),
    crypto: nodeCrypto,
    reporter: new PresignedUrlReporter(),
    settings: keySettings(env),
  };
}
