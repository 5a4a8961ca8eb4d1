import { Env } from '../../src/contract/environment';
import { CloudFrontOriginHeader } from '../adapters/cloudfront/origin-header';
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
import { cloudFrontTransport } from './signed-http';
import { Stores } from './stores';

export function composeRotateKeys(env = processEnvironment()): DeploymentDeps & { readonly scope: RequestScope } {
  const settings = keySettings(env);
  return {
    ...observability(env),
    secrets: new SecretsManagerSecret(createSecretsManagerClient()),
    published: new Stores(env).revocations,
    ...(settings.originSecret === undefined ? {} : { originHeader: new CloudFrontOriginHeader(cloudFrontTransport(env), env.text(Env.DISTRIBUTION_ID)) }),
    factory: createKeyFactory(),
    crypto: nodeCrypto,
    reporter: new PresignedUrlReporter(),
    settings,
  };
}
