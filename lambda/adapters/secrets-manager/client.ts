import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

/** Region, endpoint and credentials come from the function's environment. */
export function createSecretsManagerClient(): SecretsManagerClient {
  return new SecretsManagerClient({
    maxAttempts: 3,
    // Without `throwOnRequestTimeout` the SDK only warns and waits on.
    requestHandler: { connectionTimeout: 500, requestTimeout: 1500, throwOnRequestTimeout: true },
  });
}
