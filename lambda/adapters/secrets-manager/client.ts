import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { endingWithTheRequest } from '../deadline';

/** Region, endpoint and credentials come from the function's environment. */
export function createSecretsManagerClient(): SecretsManagerClient {
  return endingWithTheRequest(new SecretsManagerClient({
    maxAttempts: 3,
    // Without `throwOnRequestTimeout` the SDK only warns and waits on.
    requestHandler: { connectionTimeout: 500, requestTimeout: 1500, throwOnRequestTimeout: true },
  }));
}
